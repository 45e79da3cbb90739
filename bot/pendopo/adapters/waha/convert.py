"""Converts stored deliveries into events: pure, no I/O."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pendopo.adapters.contract import Incoming
from pendopo.adapters.foreign_json import UNKNOWN_TIME, find_value, get_degrees, get_list, get_number, get_text, get_time
from pendopo.adapters.waha.ids import (
    MessageId,
    find_mentioned,
    get_push_name,
    holds_unread_content,
    is_forwarded,
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
"""The status of each acknowledgement number; 0, still on its way, makes no event."""
_NUMBERED = re.compile(r"(\d{1,2})\. ")


class _EventSource:
    """One delivery, with the fields all its events share."""

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
            # An event without a time of its own gets the time at which the gateway made it.
            "at": get_time(payload, "timestamp") or get_time(self.native, "timestamp") or UNKNOWN_TIME,
            "account": sender,
            "raw": self.native,
        }

    def make_account(self, jid: object) -> Account | None:
        return make_account(normalise_jid(jid), self.stored.phones, get_push_name(self.native))

    def find_sender(self, payload: Any) -> Account | None:
        """The sender: in a group the participant, None if that is missing; in a private chat also `from`."""
        jid = find_value(payload, "participant") or find_value(payload, "author")
        jid = jid or MessageId.parse(get_text(payload, "id")).participant or find_value(payload, "from")
        return None if is_group(normalise_jid(jid)) else self.make_account(jid)


def convert_incoming(adapter: str, incoming: Incoming) -> Sequence[Event]:
    """The events of a delivery. Raises on anything `receive` would have refused."""
    return _CONVERTERS[incoming.kind](_EventSource(adapter, incoming))


def _convert_message(source: _EventSource) -> Sequence[Event]:
    payload = source.payload
    cards = [parse_card(each) for each in get_list(payload, "vCards") if isinstance(each, str)]
    text = get_text(payload, "body")
    if cards and (not text or text.startswith("BEGIN:VCARD")):  # some engines put the card itself into the text
        text = "\n".join(each.text for each in cards)
    mentioned = find_mentioned(source.native)
    files, place = find_attachments(payload, source.key), _parse_location(payload)
    missing = not (text or files or place) and holds_unread_content(source.native)
    if not (text or files or place or missing):
        return []  # no content: the frame of an album, a key exchange
    return [
        Message(
            **source.make_common(source.find_sender(payload), payload),
            text=text,
            attachments=files,
            location=place,
            mentions=(*_make_mentions(mentioned, source.stored), *(each.mention for each in cards)),
            reply_to=_get_reply_to(source),
            album=source.album,
            addressed=bool(source.me & set(mentioned)),
            forwarded=is_forwarded(source.native),
            missing=missing,
        )
    ]


def _get_reply_to(source: _EventSource) -> str:
    """The id of the message this one answers. Quotes hold bare ids; those of other people are completed."""
    quote = find_value(source.payload, "replyTo")
    id_, author = get_text(quote, "id"), normalise_jid(find_value(quote, "participant"))
    chat = MessageId.parse(source.key).chat
    if not id_ or MessageId.parse(id_).chat or not author or not chat or author in source.me:
        return make_reference(id_)
    return f"false_{chat}_{id_}" + (f"_{author}" if is_group(chat) else "")


def _make_mentions(jids: Sequence[str], stored: StoredEvent) -> list[Mention]:
    # The text has the number as the sender's phone wrote it after the @, hidden or not.
    pairs = [(f"@{jid.partition('@')[0]}", list_aliases(jid, stored.phones)) for jid in jids]
    return [Mention(text, names[0]) for text, names in pairs if names]


def _parse_location(payload: Any) -> Location | None:
    degrees = get_degrees(payload, "location")
    if degrees is None:
        return None
    place = find_value(payload, "location")
    return Location(*degrees, get_text(place, "name") or get_text(place, "description") or get_text(place, "address"))


def _convert_reaction(source: _EventSource) -> Sequence[Event]:
    reaction = find_value(source.payload, "reaction")
    common = source.make_common(source.find_sender(source.payload), source.payload)
    return [Reaction(**common, message=make_reference(get_text(reaction, "messageId")), emoji=get_text(reaction, "text"))]


def _convert_edit(source: _EventSource) -> Sequence[Event]:
    """The event has the bare id of the edited message; only its author can edit it, so the rest of the id is known."""
    payload = source.payload
    bare = get_text(payload, "editedMessageId")
    common = source.make_common(source.find_sender(payload), payload)
    return [MessageEdited(**common, message=_make_sibling_id(get_text(payload, "id"), bare), text=get_text(payload, "body"))]


def _convert_revoked(source: _EventSource) -> Sequence[Event]:
    """A message deleted for everyone becomes an edit to an empty text."""
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
    """Convert a vote into a press of the button it stands for, if this process made the poll.

    After a restart the poll is unknown, but its options are numbered, and a number that quotes a message of ours finds its
    choice in the database. A withdrawn vote changes nothing.
    """
    vote, poll = find_value(source.payload, "vote"), get_text(source.payload, "poll", "id")
    chosen = [option for option in get_list(vote, "selectedOptions") if isinstance(option, str)]
    if len(chosen) != 1:
        return []
    # In a group, `from` is the voter in some engines and the group in others.
    common = source.make_common(source.find_sender(vote), vote)
    asked = make_reference(poll)
    if source.stored.token:
        return [ButtonPress(**common, token=source.stored.token, message=asked)]
    number = _NUMBERED.match(chosen[0])
    return [Message(**common, text=number[1], reply_to=asked)] if number else []


def _convert_lost_vote(source: _EventSource) -> Sequence[Event]:
    """Convert a vote that the gateway could not read: somebody chose, and nobody knows what."""
    vote = find_value(source.payload, "vote")
    common = source.make_common(source.find_sender(vote), vote)
    return [Message(**common, reply_to=make_reference(get_text(source.payload, "poll", "id")), missing=True)]


def _convert_members(source: _EventSource) -> Sequence[Event]:
    type_ = get_text(source.payload, "type")
    if type_ not in ("join", "leave"):
        return []  # promoted or demoted: group admins have no special rights here
    jids = [normalise_jid(find_value(each, "id")) for each in get_list(source.payload, "participants")]
    return [event for jid in jids for event in _make_member_events(source, jid, type_ == "join")]


def _convert_own_membership(source: _EventSource, present: bool) -> Sequence[Event]:
    return _make_member_events(source, normalise_jid(find_value(source.native, "me", "id")), present, of_bot=True)


def _make_member_events(source: _EventSource, jid: str, present: bool, of_bot: bool = False) -> Sequence[Event]:
    mine = of_bot or jid in source.me
    member = make_account(jid, source.stored.phones) or (Account(("waha:bot",), service=True) if of_bot else None)
    if member is None:
        return []
    common = source.make_common(None, source.payload)
    common["key"] = f"{source.key} {jid}"
    return [MemberChanged(**common, member=member, present=present, of_bot=mine)]


_CONVERTERS: Mapping[str, Callable[[_EventSource], Sequence[Event]]] = {
    "message": _convert_message,
    "reaction": _convert_reaction,
    "edited": _convert_edit,
    "revoked": _convert_revoked,
    "ack": _convert_ack,
    "vote": _convert_vote,
    "lost_vote": _convert_lost_vote,
    "members": _convert_members,
    "joined": partial(_convert_own_membership, present=True),
    "left": partial(_convert_own_membership, present=False),
}
