"""WhatsApp's ids as WAHA writes them.

Chats and people: `6281…@c.us` (a phone), `120363…@g.us` (a group), `382…@lid` (somebody whose number the group hides).
Messages: `{fromMe}_{chat}_{id}[_{participant}]`, in quotes and edits only the bare `id` (WAHA 2026.7.1, OpenAPI description).
"""

import hashlib
import re
from collections.abc import Mapping

from msgspec import Struct

from pendopo.model import Account, Chat, ChatKind

_MESSAGE = re.compile(r"(true|false)_([^_\s]+@[^_\s]+)_([^_\s]+)(?:_(\S+))?")
_DEVICE = re.compile(r":\d+(?=@)")
_CHATS = ("@c.us", "@g.us", "@lid")

PhonesByLid = Mapping[str, str]
"""What is known of hidden numbers: `…@lid` to `…@c.us`."""


class MessageId(Struct, frozen=True):
    """A message id in its parts; only `bare` is sure to be there."""

    bare: str
    chat: str = ""
    mine: bool = False
    participant: str = ""

    @classmethod
    def parse(cls, text: str) -> "MessageId":
        found = _MESSAGE.fullmatch(text)
        if found is None:
            return cls(text)
        return cls(found[3], normalise_jid(found[2]), found[1] == "true", normalise_jid(found[4] or ""))


def normalise_jid(jid: object) -> str:
    """One spelling for one chat or person: engines differ in the domain, and some name the device; "" for what is no id."""
    if not isinstance(jid, str) or "@" not in jid:
        return ""
    return _DEVICE.sub("", jid.strip()).replace("@s.whatsapp.net", "@c.us")


def make_reference(text: str) -> str:
    """How a message is named by others that speak of it: ours by its bare id, which is all that quotes are sure to hold."""
    parsed = MessageId.parse(text)
    return parsed.bare if parsed.mine else text


def make_full_id(chat: str, native_id: str) -> str:
    """The whole id of a message of ours, as the gateway wants it in its addresses."""
    return native_id if MessageId.parse(native_id).chat else f"true_{chat}_{native_id}"


def derive_message_id(session: str, chat: str, key: str) -> str:
    """The message id of a delivery, the same on every attempt, in the form WhatsApp's own clients give theirs."""
    return "3EB0" + hashlib.sha256(f"{session}\n{chat}\n{key}".encode()).hexdigest()[:18].upper()


def is_conversation(chat: str) -> bool:
    """Whether a chat is one of people: no channel, no status, no broadcast list."""
    return chat.endswith(_CHATS)


def is_group(chat: str) -> bool:
    return chat.endswith("@g.us")


def resolve_phone(jid: str, phones: PhonesByLid) -> str:
    """The phone behind a hidden number where it is known, so that a private chat has one name and not two."""
    return phones.get(jid, jid)


def make_chat(adapter: str, jid: str) -> Chat:
    return Chat(adapter, jid, ChatKind.GROUP if is_group(jid) else ChatKind.PRIVATE)


def list_aliases(jid: str, phones: PhonesByLid) -> tuple[str, ...]:
    """What a person is called: by phone where it is known, and by the hidden number. Nothing for whoever is no person."""
    user, _, domain = jid.partition("@")
    if not user.isdigit():
        return ()
    if domain == "c.us":
        return (f"whatsapp:{user}",)
    if domain != "lid":
        return ()
    return (*list_aliases(phones.get(jid, ""), {}), f"lid:{user}")


def make_account(jid: str, phones: PhonesByLid, name: str = "") -> Account | None:
    """A sender; None where the gateway did not say who it was."""
    names = list_aliases(jid, phones)
    return Account(names, name) if names else None
