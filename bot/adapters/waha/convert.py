"""From stored deliveries to events: pure, no I/O."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.adapters.adapter import Incoming
from bot.model import (
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

from .delivery import Stored, unpack
from .fields import find, items, number, words
from .ids import MessageId, account, aliases, canonical, chat_of, is_group, reference
from .media import attachments
from .people import mentioned, name
from .vcards import card

STATUS: Mapping[int, str] = {-1: "failed", 1: "sent", 2: "delivered", 3: "read", 4: "read"}
"""Acknowledgements by number; 0 is one still on its way."""
_NUMBERED = re.compile(r"(\d{1,2})\. ")


def _moment(at: float) -> datetime | None:
    """The instant of a Unix time; None for what is no time."""
    try:
        return datetime.fromtimestamp(at / 1000 if at > 1e11 else at, UTC)
    except (OverflowError, ValueError, OSError):
        return None


class _Source:
    """One delivery, with what all its events have in common."""

    def __init__(self, adapter: str, incoming: Incoming) -> None:
        self.native, self.stored = unpack(incoming.body)
        self.payload = find(self.native, "payload")
        self.me = {canonical(find(self.native, "me", each)) for each in ("id", "lid")} - {""}
        self.key, self.chat, self.album = incoming.key, chat_of(adapter, incoming.chat), incoming.album

    def common(self, sender: Account | None, timestamp: float | None) -> dict[str, Any]:
        return {"key": self.key, "chat": self.chat, "at": self._at(timestamp), "account": sender, "raw": dict(self.native)}

    def _at(self, timestamp: float | None) -> datetime:
        """Seconds, or milliseconds where an engine says those; without any, when the gateway made the event."""
        given = (timestamp, number(self.native, "timestamp"), 0.0)
        return next(moment for at in given if at is not None and (moment := _moment(at)))

    def person(self, jid: object) -> Account | None:
        return account(canonical(jid), self.stored.phones, name(self.native))

    def sender(self, payload: Any) -> Account | None:
        """Who said it: in a group the participant, and nobody where that is missing; privately also `from`."""
        who = find(payload, "participant") or find(payload, "author")
        if not who:
            who = MessageId.of(words(payload, "id")).participant or find(payload, "from")
        return None if is_group(canonical(who)) else self.person(who)


def convert(adapter: str, incoming: Incoming) -> Sequence[Event]:
    """The events in a delivery. Raises on what `receive` would not have let in."""
    return _BY_KIND[incoming.kind](_Source(adapter, incoming))


def _message(source: _Source) -> Sequence[Event]:
    payload = source.payload
    cards = [card(each) for each in items(payload, "vCards") if isinstance(each, str)]
    text = words(payload, "body")
    if cards and (not text or text.startswith("BEGIN:VCARD")):  # some engines put the card itself where words belong
        text = "\n".join(each.text for each in cards)
    called = mentioned(source.native)
    files, place = attachments(payload, source.key), _location(payload)
    if not (text or files or place):
        return []  # the frame of an album, somebody's poll, a key exchange: nothing that was said to anybody
    return [
        Message(
            **source.common(source.sender(payload), number(payload, "timestamp")),
            text=text,
            attachments=files,
            location=place,
            mentions=(*_mentions(called, source.stored), *(each.mention for each in cards)),
            reply_to=_quoted(source),
            album=source.album,
            addressed=bool(source.me & set(called)),
        )
    ]


def _quoted(source: _Source) -> str:
    """What a message answers. Quotes hold bare ids, of which those of other people get the rest of theirs back."""
    quote = find(source.payload, "replyTo")
    id_, who = words(quote, "id"), canonical(find(quote, "participant"))
    chat = MessageId.of(source.key).chat
    if not id_ or MessageId.of(id_).chat or not who or not chat or who in source.me:
        return reference(id_)
    return f"false_{chat}_{id_}" + (f"_{who}" if is_group(chat) else "")


def _mentions(called: Sequence[str], stored: Stored) -> list[Mention]:
    # In the text stands the number that the sender's phone wrote after the @, hidden or not.
    found = [(f"@{jid.partition('@')[0]}", aliases(jid, stored.phones)) for jid in called]
    return [Mention(text, names[0]) for text, names in found if names]


def _location(payload: Any) -> Location | None:
    latitude, longitude = number(payload, "location", "latitude"), number(payload, "location", "longitude")
    if latitude is None or longitude is None:
        return None
    at = find(payload, "location")
    return Location(latitude, longitude, words(at, "name") or words(at, "description") or words(at, "address"))


def _reaction(source: _Source) -> Sequence[Event]:
    reaction = find(source.payload, "reaction")
    common = source.common(source.sender(source.payload), number(source.payload, "timestamp"))
    return [Reaction(**common, message=reference(words(reaction, "messageId")), emoji=words(reaction, "text"))]


def _edited(source: _Source) -> Sequence[Event]:
    """The event names the edited message by its bare id; only its author can edit it, so the rest of its id is known."""
    payload = source.payload
    bare = words(payload, "editedMessageId")
    common = source.common(source.sender(payload), number(payload, "timestamp"))
    return [MessageEdited(**common, message=_sibling(words(payload, "id"), bare), text=words(payload, "body"))]


def _revoked(source: _Source) -> Sequence[Event]:
    """Deleted for everybody: the message is still there, with nothing in it."""
    after = find(source.payload, "after")
    bare = words(source.payload, "revokedMessageId") or words(source.payload, "before", "id")
    common = source.common(source.sender(after), number(after, "timestamp"))
    return [MessageEdited(**common, message=_sibling(words(after, "id"), bare))]


def _sibling(id_: str, bare: str) -> str:
    """The id of another message of the same sender in the same chat."""
    known = MessageId.of(id_)
    if not bare or not known.chat or MessageId.of(bare).chat:
        return bare
    return id_.replace(f"_{known.bare}", f"_{bare}", 1)


def _ack(source: _Source) -> Sequence[Event]:
    payload = source.payload
    ack = number(payload, "ack")
    status = STATUS.get(int(ack)) if ack is not None else None
    if status is None:
        return []
    common = source.common(source.person(find(payload, "participant")), number(payload, "timestamp"))
    error = words(payload, "ackName") if status == "failed" else ""
    failure = "undelivered" if status == "failed" else ""
    return [
        DeliveryReport(**common, message=MessageId.of(words(payload, "id")).bare, status=status, error=error, failure=failure)
    ]


def _vote(source: _Source) -> Sequence[Event]:
    """A vote is a touch of the button it stands for, where this process made the poll.

    After a restart nobody knows the poll any more; but its options carry numbers, and a number that quotes a message of ours
    finds its choice in the database. A withdrawn vote changes nothing: what was chosen was chosen.
    """
    vote, poll = find(source.payload, "vote"), words(source.payload, "poll", "id")
    chosen = [option for option in items(vote, "selectedOptions") if isinstance(option, str)]
    if len(chosen) != 1:
        return []
    # In a group `from` is the voter with some engines and the group with others.
    common = source.common(source.sender(vote), number(vote, "timestamp"))
    asked = reference(poll)
    if source.stored.token:
        return [ButtonPress(**common, token=source.stored.token, message=asked)]
    counted = _NUMBERED.match(chosen[0])
    return [Message(**common, text=counted[1], reply_to=asked)] if counted else []


def _members(source: _Source) -> Sequence[Event]:
    type_ = words(source.payload, "type")
    if type_ not in ("join", "leave"):
        return []  # who leads a group gives no right here
    found = [canonical(find(each, "id")) for each in items(source.payload, "participants")]
    return [event for jid in found for event in _member(source, jid, type_ == "join")]


def _joined(source: _Source) -> Sequence[Event]:
    return _member(source, canonical(find(source.native, "me", "id")), True, of_bot=True)


def _left(source: _Source) -> Sequence[Event]:
    return _member(source, canonical(find(source.native, "me", "id")), False, of_bot=True)


def _member(source: _Source, jid: str, present: bool, of_bot: bool = False) -> Sequence[Event]:
    mine = of_bot or jid in source.me
    who = account(jid, source.stored.phones) or (Account(("waha:bot",), service=True) if of_bot else None)
    if who is None:
        return []
    common = source.common(None, number(source.payload, "timestamp"))
    common["key"] = f"{source.key} {jid}"
    return [MemberChanged(**common, member=who, present=present, of_bot=mine)]


_BY_KIND: Mapping[str, Callable[[_Source], Sequence[Event]]] = {
    "message": _message,
    "reaction": _reaction,
    "edited": _edited,
    "revoked": _revoked,
    "ack": _ack,
    "vote": _vote,
    "members": _members,
    "joined": _joined,
    "left": _left,
}
