"""From stored deliveries to events: pure, no I/O."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pendopo.adapters.contract import Incoming
from pendopo.adapters.foreign_json import UNKNOWN_TIME, find_value, get_degrees, get_list, get_number, get_text, get_time
from pendopo.adapters.waha.ids import (
    MessageId,
    find_mentioned,
    get_push_name,
    is_group,
    list_aliases,
    make_account,
    make_chat,
    make_reference,
    normalise_jid,
)
from pendopo.adapters.waha.incoming import StoredEvent, unpack_incoming
from pendopo.adapters.waha.media import find_attachments
from pendopo.adapters.waha.vcards import parse_card
from pendopo.model import (
    Account,
    ButtonPress,
    DeliveryReport,
    Event,
    Location,
    MemberChanged,
    Mention,
    Message,
    MessageEdited,
    Reaction,
)

ACK_STATUS: Mapping[int, str] = {-1: "failed", 1: "sent", 2: "delivered", 3: "read", 4: "read"}
"""Acknowledgements by number; 0 is one still on its way."""
_NUMBERED = re.compile(r"(\d{1,2})\. ")


class _EventSource:
    """One delivery, with what all its events have in common."""

    def __init__(self, adapter: str, incoming: Incoming) -> None:
        self.stored = unpack_incoming(incoming.body)
        self.native = self.stored.native
        self.payload = find_value(self.native, "payload")
        self.me = {normalise_jid(find_value(self.native, "me", each)) for each in ("id", "lid")} - {""}
        self.key, self.chat, self.album = incoming.key, make_chat(adapter, incoming.chat), incoming.album

    def make_common(self, sender: Account | None, payload: Any) -> dict[str, Any]:
        return {
            "key": self.key,
            "chat": self.chat,
            # Without a time of its own: when the gateway made the event.
            "at": get_time(payload, "timestamp") or get_time(self.native, "timestamp") or UNKNOWN_TIME,
            "account": sender,
            "raw": self.native,
        }

    def make_account(self, jid: object) -> Account | None:
        return make_account(normalise_jid(jid), self.stored.phones, get_push_name(self.native))

    def find_sender(self, payload: Any) -> Account | None:
        """Who said it: in a group the participant, and nobody where that is missing; privately also `from`."""
        who = find_value(payload, "participant") or find_value(payload, "author")
        if not who:
            who = MessageId.parse(get_text(payload, "id")).participant or find_value(payload, "from")
        return None if is_group(normalise_jid(who)) else self.make_account(who)


def convert_incoming(adapter: str, incoming: Incoming) -> Sequence[Event]:
    """The events in a delivery. Raises on what `receive` would not have let in."""
    return _CONVERTERS[incoming.kind](_EventSource(adapter, incoming))


def _convert_message(source: _EventSource) -> Sequence[Event]:
    payload = source.payload
    cards = [parse_card(each) for each in get_list(payload, "vCards") if isinstance(each, str)]
    text = get_text(payload, "body")
    if cards and (not text or text.startswith("BEGIN:VCARD")):  # some engines put the card itself where words belong
        text = "\n".join(each.text for each in cards)
    called = find_mentioned(source.native)
    files, place = find_attachments(payload, source.key), _parse_location(payload)
    if not (text or files or place):
        return []  # the frame of an album, somebody's poll, a key exchange: nothing that was said to anybody
    return [
        Message(
            **source.make_common(source.find_sender(payload), payload),
            text=text,
            attachments=files,
            location=place,
            mentions=(*_make_mentions(called, source.stored), *(each.mention for each in cards)),
            reply_to=_get_reply_to(source),
            album=source.album,
            addressed=bool(source.me & set(called)),
        )
    ]


def _get_reply_to(source: _EventSource) -> str:
    """What a message answers. Quotes hold bare ids, of which those of other people get the rest of theirs back."""
    quote = find_value(source.payload, "replyTo")
    id_, who = get_text(quote, "id"), normalise_jid(find_value(quote, "participant"))
    chat = MessageId.parse(source.key).chat
    if not id_ or MessageId.parse(id_).chat or not who or not chat or who in source.me:
        return make_reference(id_)
    return f"false_{chat}_{id_}" + (f"_{who}" if is_group(chat) else "")


def _make_mentions(called: Sequence[str], stored: StoredEvent) -> list[Mention]:
    # In the text stands the number that the sender's phone wrote after the @, hidden or not.
    found = [(f"@{jid.partition('@')[0]}", list_aliases(jid, stored.phones)) for jid in called]
    return [Mention(text, names[0]) for text, names in found if names]


def _parse_location(payload: Any) -> Location | None:
    degrees = get_degrees(payload, "location")
    if degrees is None:
        return None
    at = find_value(payload, "location")
    return Location(*degrees, get_text(at, "name") or get_text(at, "description") or get_text(at, "address"))


def _convert_reaction(source: _EventSource) -> Sequence[Event]:
    reaction = find_value(source.payload, "reaction")
    common = source.make_common(source.find_sender(source.payload), source.payload)
    return [Reaction(**common, message=make_reference(get_text(reaction, "messageId")), emoji=get_text(reaction, "text"))]


def _convert_edit(source: _EventSource) -> Sequence[Event]:
    """The event names the edited message by its bare id; only its author can edit it, so the rest of its id is known."""
    payload = source.payload
    bare = get_text(payload, "editedMessageId")
    common = source.make_common(source.find_sender(payload), payload)
    return [MessageEdited(**common, message=_make_sibling_id(get_text(payload, "id"), bare), text=get_text(payload, "body"))]


def _convert_revoked(source: _EventSource) -> Sequence[Event]:
    """Deleted for everybody: the message is still there, with nothing in it."""
    after = find_value(source.payload, "after")
    bare = get_text(source.payload, "revokedMessageId") or get_text(source.payload, "before", "id")
    common = source.make_common(source.find_sender(after), after)
    return [MessageEdited(**common, message=_make_sibling_id(get_text(after, "id"), bare))]


def _make_sibling_id(id_: str, bare: str) -> str:
    """The id of another message of the same sender in the same chat."""
    known = MessageId.parse(id_)
    if not bare or not known.chat or MessageId.parse(bare).chat:
        return bare
    return id_.replace(f"_{known.bare}", f"_{bare}", 1)


def _convert_ack(source: _EventSource) -> Sequence[Event]:
    payload = source.payload
    ack = get_number(payload, "ack")
    status = ACK_STATUS.get(int(ack)) if ack is not None else None
    if status is None:
        return []
    common = source.make_common(source.make_account(find_value(payload, "participant")), payload)
    error = get_text(payload, "ackName") if status == "failed" else ""
    failure = "undelivered" if status == "failed" else ""
    return [
        DeliveryReport(
            **common, message=MessageId.parse(get_text(payload, "id")).bare, status=status, error=error, failure=failure
        )
    ]


def _convert_vote(source: _EventSource) -> Sequence[Event]:
    """A vote is a touch of the button it stands for, where this process made the poll.

    After a restart nobody knows the poll any more; but its options carry numbers, and a number that quotes a message of ours
    finds its choice in the database. A withdrawn vote changes nothing: what was chosen was chosen.
    """
    vote, poll = find_value(source.payload, "vote"), get_text(source.payload, "poll", "id")
    chosen = [option for option in get_list(vote, "selectedOptions") if isinstance(option, str)]
    if len(chosen) != 1:
        return []
    # In a group `from` is the voter with some engines and the group with others.
    common = source.make_common(source.find_sender(vote), vote)
    asked = make_reference(poll)
    if source.stored.token:
        return [ButtonPress(**common, token=source.stored.token, message=asked)]
    counted = _NUMBERED.match(chosen[0])
    return [Message(**common, text=counted[1], reply_to=asked)] if counted else []


def _convert_members(source: _EventSource) -> Sequence[Event]:
    type_ = get_text(source.payload, "type")
    if type_ not in ("join", "leave"):
        return []  # who leads a group gives no right here
    found = [normalise_jid(find_value(each, "id")) for each in get_list(source.payload, "participants")]
    return [event for jid in found for event in _make_member_events(source, jid, type_ == "join")]


def _convert_joined(source: _EventSource) -> Sequence[Event]:
    return _make_member_events(source, normalise_jid(find_value(source.native, "me", "id")), True, of_bot=True)


def _convert_left(source: _EventSource) -> Sequence[Event]:
    return _make_member_events(source, normalise_jid(find_value(source.native, "me", "id")), False, of_bot=True)


def _make_member_events(source: _EventSource, jid: str, present: bool, of_bot: bool = False) -> Sequence[Event]:
    mine = of_bot or jid in source.me
    who = make_account(jid, source.stored.phones) or (Account(("waha:bot",), service=True) if of_bot else None)
    if who is None:
        return []
    common = source.make_common(None, source.payload)
    common["key"] = f"{source.key} {jid}"
    return [MemberChanged(**common, member=who, present=present, of_bot=mine)]


_CONVERTERS: Mapping[str, Callable[[_EventSource], Sequence[Event]]] = {
    "message": _convert_message,
    "reaction": _convert_reaction,
    "edited": _convert_edit,
    "revoked": _convert_revoked,
    "ack": _convert_ack,
    "vote": _convert_vote,
    "members": _convert_members,
    "joined": _convert_joined,
    "left": _convert_left,
}
