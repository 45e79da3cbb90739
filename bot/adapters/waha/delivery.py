"""What comes of one event of the gateway at the door: kept under which key, or skipped for which reason.

Kept is what `convert` needs later: the event as it came, with what only this moment knows (`Stored`).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from bot.adapters.adapter import Incoming
from bot.errors import Refused

from .fields import find, items, words
from .ids import MessageId, Phones, canonical, is_group, resolved, speaks_to_us


class Stored(Struct, frozen=True, omit_defaults=True):
    """The body in the inbox. `phones`: LIDs resolved when it came; `token`: the choice that a vote stands for."""

    native: msgspec.Raw
    phones: dict[str, str] = {}
    token: str = ""


class Keep(Struct, frozen=True):
    """To be stored; `key` and `kind` make it one with its repeats. `files`: it brings some."""

    key: str
    kind: str
    chat: str
    files: bool = False


class Skip(Struct, frozen=True):
    """Acknowledged and of no effect, for this reason."""

    reason: str


LONGEST = 300
NO_ID = Skip("it has no id")
NO_CHAT = Skip("it does not say which chat")
OURS = Skip("an echo of our own")
SKIPPED: Mapping[str, Skip] = {
    "session.status": Skip("the session's state, for health"),
    "state.change": Skip("an engine's state, told by session.status"),
    "engine.event": Skip("an engine's raw event"),
    "message.waiting": Skip("a message not yet readable; it comes again when it is"),
    "poll.vote.failed": Skip("a vote the engine could not read"),
    "group.join": Skip("told by group.v2.join"),
    "group.leave": Skip("told by group.v2.leave"),
    "group.v2.update": Skip("a group's settings"),
    "presence.update": Skip("who is typing"),
    "chat.archive": Skip("what the phone does with its own chats"),
}
_FAMILIES = {"call.": Skip("calls are not taken"), "label.": Skip("labels of the phone"), "event.": Skip("no calendar events")}
UNKNOWN = Skip("an event that is not known")


def read(body: bytes) -> Mapping[str, Any]:
    """The event in a request. Raises `Refused` for what is none."""
    try:
        native = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refused("the request is not JSON", 400) from error
    if not isinstance(native, dict):
        raise Refused("the request is not an event", 400)
    return native


def judge(native: Mapping[str, Any]) -> Keep | Skip:
    """Whether an event is kept, by what it says of itself alone."""
    event = words(native, "event")
    if event in _KEPT:
        kept = _KEPT[event](native)
        return _checked(kept) if isinstance(kept, Keep) else kept
    return SKIPPED.get(event) or next((skip for family, skip in _FAMILIES.items() if event.startswith(family)), UNKNOWN)


def _checked(kept: Keep) -> Keep | Skip:
    if not kept.chat:
        return NO_CHAT
    if not speaks_to_us(kept.chat):
        return Skip("no chat of people: a channel, a status or a broadcast")
    # Both become keys of the database, which is not the place to find out what somebody can put into an id.
    usable = all(len(each) <= LONGEST and each.isprintable() for each in (kept.key, kept.chat))
    return kept if usable else NO_ID


def pack(body: bytes, keep: Keep, phones: Phones, token: str = "", album: str = "") -> Incoming:
    """What is handed to the engine. The lane is the chat by its phone, so that one person has one lane."""
    stored = Stored(msgspec.Raw(body), dict(phones), token)
    return Incoming(keep.key, keep.kind, resolved(keep.chat, phones), msgspec.json.encode(stored), album, keep.files)


def unpack(body: bytes) -> tuple[Mapping[str, Any], Stored]:
    """The event and what was known with it. Raises on anything but our own JSON."""
    stored = msgspec.json.decode(body, type=Stored)
    return msgspec.json.decode(stored.native, type=dict[str, Any]), stored


def _place(payload: Any) -> str:
    """The chat of a message: a group by the id, which always names it; else whoever it is from."""
    named = MessageId.of(words(payload, "id")).chat
    return named if is_group(named) else canonical(find(payload, "from")) or named


def is_ours(payload: Any) -> bool:
    """Whether we, or our own phone, said it."""
    mine = MessageId.of(words(payload, "id")).mine
    return mine or find(payload, "fromMe") is True or find(payload, "source") == "api"


def _said(kind: str) -> Callable[[Mapping[str, Any]], Keep | Skip]:
    def judged(native: Mapping[str, Any]) -> Keep | Skip:
        payload = find(native, "payload")
        id_ = words(payload, "id") or words(native, "id")
        if not id_ or not isinstance(payload, Mapping) or not payload:
            return NO_ID
        files = kind == "message" and (find(payload, "hasMedia") is True or isinstance(find(payload, "media"), Mapping))
        return OURS if is_ours(payload) else Keep(id_, kind, _place(payload), files)

    return judged


def _revoked(native: Mapping[str, Any]) -> Keep | Skip:
    payload = find(native, "payload")
    after = find(payload, "after")
    id_ = words(after, "id") or words(payload, "revokedMessageId") or words(native, "id")
    if not id_:
        return NO_ID
    return OURS if is_ours(after) else Keep(id_, "revoked", _place(after))


def _ack(native: Mapping[str, Any]) -> Keep | Skip:
    payload = find(native, "payload")
    id_ = words(payload, "id")
    if not id_:
        return NO_ID
    # One message is acknowledged many times: each state once, and in a group each by everybody.
    who = canonical(find(payload, "participant"))
    return Keep(f"{id_} {find(payload, 'ack')} {who}", "ack", MessageId.of(id_).chat or canonical(find(payload, "from")))


def _vote(native: Mapping[str, Any]) -> Keep | Skip:
    vote, poll = find(native, "payload", "vote"), find(native, "payload", "poll")
    id_ = words(vote, "id")
    if not id_:
        return NO_ID
    if find(vote, "fromMe") is True:
        return OURS
    asked = MessageId.of(words(poll, "id"))
    if find(poll, "fromMe") is not True and not asked.mine:
        return Skip("a vote in somebody else's poll")
    return Keep(id_, "vote", asked.chat or MessageId.of(id_).chat)


def _members(kind: str) -> Callable[[Mapping[str, Any]], Keep | Skip]:
    def judged(native: Mapping[str, Any]) -> Keep | Skip:
        payload = find(native, "payload")
        group = canonical(find(payload, "group", "id"))
        # Has no id of its own, and comes twice under two event ids where webhooks overlap: what it says is its id.
        who = sorted(canonical(find(each, "id")) for each in items(payload, "participants"))
        said = msgspec.json.encode([group, words(payload, "type"), str(find(payload, "timestamp")), who])
        return Keep(f"{group} {hashlib.sha256(said).hexdigest()[:32]}", kind, group) if group else NO_CHAT

    return judged


_KEPT: Mapping[str, Callable[[Mapping[str, Any]], Keep | Skip]] = {
    "message": _said("message"),
    "message.any": _said("message"),
    "message.reaction": _said("reaction"),
    "message.edited": _said("edited"),
    "message.revoked": _revoked,
    "message.ack": _ack,
    "message.ack.group": _ack,
    "poll.vote": _vote,
    "group.v2.participants": _members("members"),
    "group.v2.join": _members("joined"),
    "group.v2.leave": _members("left"),
}
_SPARED = ("message.any", "message.ack.group")
EVENTS = (*(event for event in _KEPT if event not in _SPARED), "session.status")
"""What to subscribe to.

`message.any` would bring every message twice, `message.ack.group` twice as many events as a group has members for each
message of ours. Where they come all the same they are understood.
"""
