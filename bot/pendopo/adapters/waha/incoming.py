"""Decides which events of the gateway are stored, under which key, and which are skipped for which reason."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from pendopo.adapters.contract import Incoming
from pendopo.adapters.foreign_json import find_value, get_list, get_text, parse_object
from pendopo.adapters.waha.ids import MessageId, PhonesByLid, is_conversation, is_group, normalise_jid, resolve_phone
from pendopo.errors import InvalidWebhookError


class StoredEvent(Struct, frozen=True, omit_defaults=True):
    """The body in the inbox: the event, with what `convert` could not look up later."""

    native: dict[str, Any]
    phones: dict[str, str] = {}
    """The LIDs resolved on arrival, with their phones."""
    token: str = ""
    """The button's token that a vote stands for."""


class StoreDecision(Struct, frozen=True):
    """Store the event; repeats of it have the same `key` and `kind`. `files`: it brings files."""

    key: str
    kind: str
    chat: str
    files: bool = False


class SkipDecision(Struct, frozen=True):
    """Acknowledge the event without storing it, for this reason."""

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
    """The event in a request. Raises `InvalidWebhookError` if it is not a JSON object."""
    try:
        return parse_object(body)
    except ValueError as error:
        raise InvalidWebhookError("the request is not an event", 400) from error


def decide_event(native: Mapping[str, Any]) -> StoreDecision | SkipDecision:
    """Decide, from the event alone, whether it is stored."""
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
    # Both become keys in the database, so what strangers can put into an id is checked here.
    usable = all(len(each) <= LONGEST_ID and each.isprintable() for each in (kept.key, kept.chat))
    return kept if usable else NO_ID


def pack_incoming(
    native: dict[str, Any], keep: StoreDecision, phones: PhonesByLid, token: str = "", album: str = ""
) -> Incoming:
    """The delivery for the engine. Its lane is the chat by phone number, so that one person has one lane."""
    stored = StoredEvent(native, dict(phones), token)
    return Incoming(keep.key, keep.kind, resolve_phone(keep.chat, phones), msgspec.json.encode(stored), album, keep.files)


def unpack_incoming(body: bytes) -> StoredEvent:
    """The stored event. Raises on anything but our own JSON."""
    return msgspec.json.decode(body, type=StoredEvent)


def _get_chat(payload: Any) -> str:
    """The chat of a message: the group in the id, which always has it, else `from`."""
    named = MessageId.parse(get_text(payload, "id")).chat
    return named if is_group(named) else normalise_jid(find_value(payload, "from")) or named


def is_own_message(payload: Any) -> bool:
    """Whether the bot sent it, or the phone of its account."""
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
    # A message is acknowledged many times: once for each state, and in a group once by each member.
    member = normalise_jid(find_value(payload, "participant"))
    return StoreDecision(
        f"{id_} {find_value(payload, 'ack')} {member}",
        "ack",
        MessageId.parse(id_).chat or normalise_jid(find_value(payload, "from")),
    )


def _decide_vote(native: Mapping[str, Any], kind: str = "vote") -> StoreDecision | SkipDecision:
    vote, poll = find_value(native, "payload", "vote"), find_value(native, "payload", "poll")
    id_ = get_text(vote, "id")
    if not id_:
        return NO_ID
    if find_value(vote, "fromMe") is True:
        return OWN_ECHO
    asked = MessageId.parse(get_text(poll, "id"))
    if find_value(poll, "fromMe") is not True and not asked.mine:
        return SkipDecision("a vote in somebody else's poll")
    return StoreDecision(id_, kind, asked.chat or MessageId.parse(id_).chat)


def _make_members_rule(kind: str) -> Callable[[Mapping[str, Any]], StoreDecision | SkipDecision]:
    def judged(native: Mapping[str, Any]) -> StoreDecision | SkipDecision:
        payload = find_value(native, "payload")
        group = normalise_jid(find_value(payload, "group", "id"))
        # The event has no id of its own and comes under two event ids if webhooks overlap, so the content makes the key.
        members = sorted(normalise_jid(find_value(each, "id")) for each in get_list(payload, "participants"))
        content = msgspec.json.encode([group, get_text(payload, "type"), str(find_value(payload, "timestamp")), members])
        return StoreDecision(f"{group} {hashlib.sha256(content).hexdigest()[:32]}", kind, group) if group else NO_CHAT

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
    "poll.vote.failed": partial(_decide_vote, kind="lost_vote"),
    "group.v2.participants": _make_members_rule("members"),
    "group.v2.join": _make_members_rule("joined"),
    "group.v2.leave": _make_members_rule("left"),
}
_NOT_SUBSCRIBED = ("message.any", "message.ack.group")
EVENTS = (*(event for event in _RULES if event not in _NOT_SUBSCRIBED), "session.status")
"""The events to subscribe to.

`message.any` would bring every message twice, and `message.ack.group` two events per member of the group for each message of
ours. They are understood all the same if they come.
"""
