"""What comes of one event of the gateway at the door: kept under which key, or skipped for which reason.

Kept is what `convert` needs later: the event, with what only this moment knows (`StoredEvent`).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from pendopo.adapters.contract import Incoming
from pendopo.adapters.foreign_json import find_value, get_list, get_text, parse_object
from pendopo.adapters.waha.ids import MessageId, PhonesByLid, is_conversation, is_group, normalise_jid, resolve_phone
from pendopo.errors import InvalidWebhookError


class StoredEvent(Struct, frozen=True, omit_defaults=True):
    """The body in the inbox. `phones`: LIDs resolved when it came; `token`: the choice that a vote stands for."""

    native: dict[str, Any]
    phones: dict[str, str] = {}
    token: str = ""


class StoreDecision(Struct, frozen=True):
    """To be stored; `key` and `kind` make it one with its repeats. `files`: it brings some."""

    key: str
    kind: str
    chat: str
    files: bool = False


class SkipDecision(Struct, frozen=True):
    """Acknowledged and of no effect, for this reason."""

    reason: str


LONGEST_ID = 300
NO_ID = SkipDecision("it has no id")
NO_CHAT = SkipDecision("it does not say which chat")
OWN_ECHO = SkipDecision("an echo of our own")
SKIP_DECISIONS: Mapping[str, SkipDecision] = {
    "session.status": SkipDecision("the session's state, for health"),
    "state.change": SkipDecision("an engine's state, told by session.status"),
    "engine.event": SkipDecision("an engine's raw event"),
    "message.waiting": SkipDecision("a message not yet readable; it comes again when it is"),
    "poll.vote.failed": SkipDecision("a vote the engine could not read"),
    "group.join": SkipDecision("told by group.v2.join"),
    "group.leave": SkipDecision("told by group.v2.leave"),
    "group.v2.update": SkipDecision("a group's settings"),
    "presence.update": SkipDecision("who is typing"),
    "chat.archive": SkipDecision("what the phone does with its own chats"),
}
_SKIPPED_FAMILIES = {
    "call.": SkipDecision("calls are not taken"),
    "label.": SkipDecision("labels of the phone"),
    "event.": SkipDecision("no calendar events"),
}
UNKNOWN_EVENT = SkipDecision("an event that is not known")


def parse_event(body: bytes) -> dict[str, Any]:
    """The event in a request. Raises `InvalidWebhookError` for what is none."""
    try:
        return parse_object(body)
    except ValueError as error:
        raise InvalidWebhookError("the request is not an event", 400) from error


def decide_event(native: Mapping[str, Any]) -> StoreDecision | SkipDecision:
    """Whether an event is kept, by what it says of itself alone."""
    event = get_text(native, "event")
    if event in _RULES:
        kept = _RULES[event](native)
        return _check_decision(kept) if isinstance(kept, StoreDecision) else kept
    return SKIP_DECISIONS.get(event) or next(
        (skip for family, skip in _SKIPPED_FAMILIES.items() if event.startswith(family)), UNKNOWN_EVENT
    )


def _check_decision(kept: StoreDecision) -> StoreDecision | SkipDecision:
    if not kept.chat:
        return NO_CHAT
    if not is_conversation(kept.chat):
        return SkipDecision("no chat of people: a channel, a status or a broadcast")
    # Both become keys of the database, which is not the place to find out what somebody can put into an id.
    usable = all(len(each) <= LONGEST_ID and each.isprintable() for each in (kept.key, kept.chat))
    return kept if usable else NO_ID


def pack_incoming(
    native: dict[str, Any], keep: StoreDecision, phones: PhonesByLid, token: str = "", album: str = ""
) -> Incoming:
    """What is handed to the engine. The lane is the chat by its phone, so that one person has one lane."""
    stored = StoredEvent(native, dict(phones), token)
    return Incoming(keep.key, keep.kind, resolve_phone(keep.chat, phones), msgspec.json.encode(stored), album, keep.files)


def unpack_incoming(body: bytes) -> StoredEvent:
    """The event and what was known with it. Raises on anything but our own JSON."""
    return msgspec.json.decode(body, type=StoredEvent)


def _get_chat(payload: Any) -> str:
    """The chat of a message: a group by the id, which always names it; else whoever it is from."""
    named = MessageId.parse(get_text(payload, "id")).chat
    return named if is_group(named) else normalise_jid(find_value(payload, "from")) or named


def is_own_message(payload: Any) -> bool:
    """Whether we, or our own phone, said it."""
    mine = MessageId.parse(get_text(payload, "id")).mine
    return mine or find_value(payload, "fromMe") is True or find_value(payload, "source") == "api"


def _make_message_rule(kind: str) -> Callable[[Mapping[str, Any]], StoreDecision | SkipDecision]:
    def judged(native: Mapping[str, Any]) -> StoreDecision | SkipDecision:
        payload = find_value(native, "payload")
        id_ = get_text(payload, "id") or get_text(native, "id")
        if not id_ or not isinstance(payload, Mapping) or not payload:
            return NO_ID
        files = kind == "message" and (
            find_value(payload, "hasMedia") is True or isinstance(find_value(payload, "media"), Mapping)
        )
        return OWN_ECHO if is_own_message(payload) else StoreDecision(id_, kind, _get_chat(payload), files)

    return judged


def _decide_revoked(native: Mapping[str, Any]) -> StoreDecision | SkipDecision:
    payload = find_value(native, "payload")
    after = find_value(payload, "after")
    id_ = get_text(after, "id") or get_text(payload, "revokedMessageId") or get_text(native, "id")
    if not id_:
        return NO_ID
    return OWN_ECHO if is_own_message(after) else StoreDecision(id_, "revoked", _get_chat(after))


def _decide_ack(native: Mapping[str, Any]) -> StoreDecision | SkipDecision:
    payload = find_value(native, "payload")
    id_ = get_text(payload, "id")
    if not id_:
        return NO_ID
    # One message is acknowledged many times: each state once, and in a group each by everybody.
    who = normalise_jid(find_value(payload, "participant"))
    return StoreDecision(
        f"{id_} {find_value(payload, 'ack')} {who}",
        "ack",
        MessageId.parse(id_).chat or normalise_jid(find_value(payload, "from")),
    )


def _decide_vote(native: Mapping[str, Any]) -> StoreDecision | SkipDecision:
    vote, poll = find_value(native, "payload", "vote"), find_value(native, "payload", "poll")
    id_ = get_text(vote, "id")
    if not id_:
        return NO_ID
    if find_value(vote, "fromMe") is True:
        return OWN_ECHO
    asked = MessageId.parse(get_text(poll, "id"))
    if find_value(poll, "fromMe") is not True and not asked.mine:
        return SkipDecision("a vote in somebody else's poll")
    return StoreDecision(id_, "vote", asked.chat or MessageId.parse(id_).chat)


def _make_members_rule(kind: str) -> Callable[[Mapping[str, Any]], StoreDecision | SkipDecision]:
    def judged(native: Mapping[str, Any]) -> StoreDecision | SkipDecision:
        payload = find_value(native, "payload")
        group = normalise_jid(find_value(payload, "group", "id"))
        # Has no id of its own, and comes twice under two event ids where webhooks overlap: what it says is its id.
        who = sorted(normalise_jid(find_value(each, "id")) for each in get_list(payload, "participants"))
        said = msgspec.json.encode([group, get_text(payload, "type"), str(find_value(payload, "timestamp")), who])
        return StoreDecision(f"{group} {hashlib.sha256(said).hexdigest()[:32]}", kind, group) if group else NO_CHAT

    return judged


_RULES: Mapping[str, Callable[[Mapping[str, Any]], StoreDecision | SkipDecision]] = {
    "message": _make_message_rule("message"),
    "message.any": _make_message_rule("message"),
    "message.reaction": _make_message_rule("reaction"),
    "message.edited": _make_message_rule("edited"),
    "message.revoked": _decide_revoked,
    "message.ack": _decide_ack,
    "message.ack.group": _decide_ack,
    "poll.vote": _decide_vote,
    "group.v2.participants": _make_members_rule("members"),
    "group.v2.join": _make_members_rule("joined"),
    "group.v2.leave": _make_members_rule("left"),
}
_NOT_SUBSCRIBED = ("message.any", "message.ack.group")
EVENTS = (*(event for event in _RULES if event not in _NOT_SUBSCRIBED), "session.status")
"""What to subscribe to.

`message.any` would bring every message twice, `message.ack.group` twice as many events as a group has members for each
message of ours. Where they come all the same they are understood.
"""
