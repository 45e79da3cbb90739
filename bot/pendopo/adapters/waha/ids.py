"""WhatsApp's ids as WAHA writes them.

Chats and people: `6281…@c.us` (a phone), `120363…@g.us` (a group), `382…@lid` (a person whose number the group hides).
Messages: `{fromMe}_{chat}_{id}[_{participant}]`, in quotes and edits only the bare `id` (WAHA 2026.7.1, OpenAPI description).

A group may hide its members' phones behind LIDs. The event has no field for the phone (WAHA issue #993); the raw data of the
engine usually has it: GOWS in `_data.Info.SenderAlt`, NOWEB in `_data.key.participantAlt` and `remoteJidAlt`.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from pendopo.adapters.foreign_json import JsonObject, find_value, get_int, get_list, get_object, get_text
from pendopo.model import Account, Chat, ChatKind
from pendopo.model.containers import RecentDict

_MESSAGE = re.compile(r"(true|false)_([^_\s]+@[^_\s]+)_([^_\s]+)(?:_(\S+))?")
_DEVICE = re.compile(r":\d+(?=@)")
_CHATS = ("@c.us", "@g.us", "@lid")

PhonesByLid = Mapping[str, str]
"""The phones of hidden numbers, as far as known: `…@lid` to `…@c.us`."""
REMEMBERED = 50_000
"""LIDs kept in memory at most; the oldest go first."""
ASK_AGAIN_SECONDS = 300.0
"""Seconds before the gateway is asked again for a LID it did not know."""
_PAIRS = (
    (("payload", "_data", "Info", "Sender"), ("payload", "_data", "Info", "SenderAlt")),
    (("payload", "_data", "key", "participant"), ("payload", "_data", "key", "participantAlt")),
    (("payload", "_data", "key", "remoteJid"), ("payload", "_data", "key", "remoteJidAlt")),
    (("me", "lid"), ("me", "id")),
)
_SENDERS = (
    ("payload", "from"),
    ("payload", "participant"),
    ("payload", "author"),
    ("payload", "vote", "from"),
    ("payload", "vote", "participant"),
    ("payload", "after", "participant"),
)


class MessageId(Struct, frozen=True):
    """The parts of a message id; only `bare` is always there."""

    bare: str
    chat: str = ""
    mine: bool = False
    participant: str = ""

    @classmethod
    def parse(cls, text: str) -> "MessageId":
        """Split an id; anything but a full id counts as bare."""
        parts = _MESSAGE.fullmatch(text)
        if parts is None:
            return cls(text)
        return cls(parts[3], normalise_jid(parts[2]), parts[1] == "true", normalise_jid(parts[4] or ""))


def normalise_jid(jid: object) -> str:
    """One spelling for each chat or person: engines differ in the domain, and some add the device; "" for no id."""
    if not isinstance(jid, str) or "@" not in jid:
        return ""
    return _DEVICE.sub("", jid.strip()).replace("@s.whatsapp.net", "@c.us")


def make_reference(text: str) -> str:
    """The id for referring to a message: the bare one for ours, which is all that quotes are sure to hold."""
    parsed = MessageId.parse(text)
    return parsed.bare if parsed.mine else text


def make_full_id(chat: str, native_id: str) -> str:
    """The full id of a message of ours, as the gateway's paths require it."""
    return native_id if MessageId.parse(native_id).chat else f"true_{chat}_{native_id}"


def derive_message_id(session: str, chat: str, key: str) -> str:
    """The message id of a delivery, the same for every attempt, in the format of WhatsApp's own clients."""
    return "3EB0" + hashlib.sha256(f"{session}\n{chat}\n{key}".encode()).hexdigest()[:18].upper()


def is_conversation(chat: str) -> bool:
    """Whether a chat is a private chat or group, not a channel, status or broadcast list."""
    return chat.endswith(_CHATS)


def is_group(chat: str) -> bool:
    """Whether a chat is a group."""
    return chat.endswith("@g.us")


def resolve_phone(jid: str, phones: PhonesByLid) -> str:
    """The phone of a hidden number if known, so that a private chat has one id and not two."""
    return phones.get(jid, jid)


def make_chat(adapter: str, jid: str) -> Chat:
    """The chat with this id, a group or private."""
    return Chat(adapter, jid, ChatKind.GROUP if is_group(jid) else ChatKind.PRIVATE)


def list_aliases(jid: str, phones: PhonesByLid) -> tuple[str, ...]:
    """The aliases of a person: by phone if it is known, and by LID. Empty for ids that are no person."""
    user, _, domain = jid.partition("@")
    if not user.isdecimal():
        return ()
    if domain == "c.us":
        return (f"whatsapp:{user}",)
    if domain != "lid":
        return ()
    return (*list_aliases(phones.get(jid, ""), {}), f"lid:{user}")


def make_account(jid: str, phones: PhonesByLid, name: str = "") -> Account | None:
    """The account of a sender; None if the id is no person."""
    names = list_aliases(jid, phones)
    return Account(names, name) if names else None


def find_lid_pairs(native: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The pairs of LID and phone in an event."""
    pairs = [(find_value(native, *one), find_value(native, *other)) for one, other in _PAIRS]
    for place in (("payload", "participants"), ("payload", "group", "participants")):
        pairs += [(find_value(each, "id"), find_value(each, "pn")) for each in get_list(native, *place)]
    for one, other in pairs:
        lid, phone = sorted((normalise_jid(one), normalise_jid(other)), key=lambda jid: not jid.endswith("@lid"))
        if lid.endswith("@lid") and phone.endswith("@c.us"):
            yield lid, phone


def find_hidden(native: Mapping[str, Any]) -> set[str]:
    """The LIDs of the people in an event: senders, people mentioned, members who came or left."""
    jids = [find_value(native, *place) for place in _SENDERS]
    jids += [find_value(each, "id") for each in get_list(native, "payload", "participants")]
    jids += find_mentioned(native)
    return {jid for jid in map(normalise_jid, jids) if jid.endswith("@lid")}


def find_mentioned(native: Mapping[str, Any]) -> list[str]:
    """The people mentioned with an @; only the raw data has them, in a different place in each engine."""
    data = find_value(native, "payload", "_data")
    jids = [*get_list(data, "mentionedJidList"), *get_list(data, "mentionedIds")]
    for context in _list_contexts(data):
        jids += [*get_list(context, "mentionedJID"), *get_list(context, "mentionedJid")]
    return [jid for jid in dict.fromkeys(map(normalise_jid, jids)) if jid]


def is_forwarded(native: Mapping[str, Any]) -> bool:
    """Whether a message was passed on: WEBJS says so in `_data`, the other engines in the `contextInfo` of the content."""
    data = find_value(native, "payload", "_data")
    return any(
        each.get("isForwarded") is True or (get_int(each, "forwardingScore") or 0) > 0
        for each in (get_object(data), *_list_contexts(data))
    )


MADE_BY_PHONES = frozenset(
    {
        *(
            "protocolMessage",
            "senderKeyDistributionMessage",
            "fastRatchetKeySenderKeyDistributionMessage",
            "messageContextInfo",
        ),
        *(
            "albumMessage",
            "reactionMessage",
            "encReactionMessage",
            "pollUpdateMessage",
            "keepInChatMessage",
            "pinInChatMessage",
        ),
        *("deviceSentMessage", "stickerSyncRmrMessage", "messageHistoryBundle", "placeholderMessage", "editedMessage"),
        *("encEventResponseMessage", "encCommentMessage", "secretEncryptedMessage", "call", "bcallMessage", "pinInChatMessage"),
        *("protocol", "e2e_notification", "notification", "notification_template", "gp2", "ciphertext", "call_log", "album"),
        *("reaction", "broadcast_notification", "revoked", "pinned_message", "chat", "conversation", "extendedTextMessage"),
    }
)
"""Names of content that phones exchange by themselves, and of words, which are empty then; nobody sent it by hand."""


def holds_unread_content(native: Mapping[str, Any]) -> bool:
    """Whether a person sent something that is not read here (a poll, an event, a view-once photo), also of a kind to come."""
    data = find_value(native, "payload", "_data")
    flags = [find_value(data, "key", "isViewOnce"), find_value(data, "isViewOnce"), find_value(data, "Info", "IsViewOnce")]
    named = {name[:1].lower() + name[1:] for key in ("Message", "message") for name in get_object(data, key)}
    kind = "" if named else get_text(data, "type")
    return True in flags or bool(named - MADE_BY_PHONES) or (kind != "" and kind not in MADE_BY_PHONES)


def _list_contexts(data: Any) -> list[JsonObject]:
    """The `contextInfo` of each part of a message's content; the engines write the first letter differently."""
    contents = [get_object(data, name) for name in ("Message", "message")]
    return [get_object(part, "contextInfo") for content in contents for part in content.values()]


def get_push_name(native: Mapping[str, Any]) -> str:
    """The name the sender chose for themselves."""
    data = find_value(native, "payload", "_data")
    return get_text(data, "Info", "PushName") or get_text(data, "pushName") or get_text(data, "notifyName")


def get_album(native: Mapping[str, Any]) -> str:
    """The album of a picture, else "". Only the raw data of newer phones has it; older ones send single pictures."""
    data = find_value(native, "payload", "_data")
    for message in (find_value(data, "Message"), find_value(data, "message")):
        parent = find_value(message, "messageContextInfo", "messageAssociation", "parentMessageKey")
        if id_ := get_text(parent, "ID") or get_text(parent, "id"):
            return id_
    return ""


class LidCache:
    """The LIDs whose phones this process has learnt, and those the gateway does not know."""

    def __init__(self) -> None:
        self._phones: RecentDict[str, str] = RecentDict(REMEMBERED)
        self.nobody: OrderedDict[str, float] = OrderedDict()
        """LIDs the gateway does not know, with the Unix time of the last question."""

    def learn_phone(self, lid: str, phone: str) -> None:
        """Record the phone of a LID."""
        self.nobody.pop(lid, None)
        self._phones[lid] = phone

    def mark_unknown(self, lid: str, at: float) -> None:
        """Record that the gateway has no phone for a LID: its sender has no rights, and the operator is told."""
        self.nobody[lid] = at
        if len(self.nobody) > REMEMBERED:
            self.nobody.popitem(last=False)

    def get_phones(self, lids: Iterable[str]) -> dict[str, str]:
        """The known phones of these LIDs."""
        return {lid: self._phones[lid] for lid in lids if lid in self._phones}

    def select_to_ask(self, lids: Iterable[str], at: float) -> list[str]:
        """The LIDs to ask the gateway about now."""
        asked = {lid: self.nobody.get(lid, -ASK_AGAIN_SECONDS) for lid in lids if lid not in self._phones}
        return [lid for lid, instant in asked.items() if at - instant >= ASK_AGAIN_SECONDS]
