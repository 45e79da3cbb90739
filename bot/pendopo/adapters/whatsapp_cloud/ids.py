"""Identifies senders and chats by whichever of `from`, `from_user_id` and `contacts` is present.

Since 2026 people with a user name may hide their phone number, and older senders have no user id; any of them may be missing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pendopo.adapters.foreign_json import UnreadableError, get_text
from pendopo.model import Account, Chat, ChatKind

PHONE = re.compile(r"\d{4,20}")
BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")
"""A business-scoped user id: `ID.1349…`, or `US.ENT.5068…` across linked portfolios (Meta, 2026)."""
_ID = re.compile(r"[\x21-\x7e]{1,512}")
UNKNOWN_CHAT = "unknown"
"""The chat of an unidentified sender: nothing is allowed there, and nothing can be sent."""


def parse_id(value: Any) -> str:
    """An id, which Meta's own examples write as text or number; "" if it is no id."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _ID.fullmatch(text) else ""


def parse_phone(value: Any) -> str:
    """A wa_id, digits with the country code; "" if it is none."""
    text = parse_id(value).removeprefix("+")
    return text if PHONE.fullmatch(text) else ""


def parse_bsuid(value: Any) -> str:
    """A business-scoped user id; "" if it is none."""
    text = parse_id(value)
    return text if BSUID.fullmatch(text) else ""


def require_id(of: Mapping[str, Any], name: str) -> str:
    """The id in a field. Raises `UnreadableError` if there is none."""
    if not (id_ := parse_id(of.get(name))):
        raise UnreadableError(f"there is no {name}")
    return id_


def get_own_number(what: Mapping[str, Any]) -> str:
    """The digits of our own phone number, which Meta writes with or without spaces and plus."""
    return "".join(filter(str.isdecimal, get_text(what, "metadata", "display_phone_number")))


def find_contact(message: Mapping[str, Any], contacts: Sequence[Any], alone: bool) -> Mapping[str, Any]:
    """The contact of a message's sender, {} if none fits; one that contradicts an id of the message is another person's.

    `alone` means that no other message came with it, so a single contact is its sender.
    """
    number, user = parse_phone(message.get("from")), parse_bsuid(message.get("from_user_id"))
    for contact in contacts:
        if not isinstance(contact, dict):
            continue
        same = [
            mine == theirs
            for mine, theirs in ((number, parse_phone(contact.get("wa_id"))), (user, parse_bsuid(contact.get("user_id"))))
            if mine and theirs
        ]
        if same and all(same):
            return contact
    if not number and not user and alone and len(contacts) == 1 and isinstance(contacts[0], dict):
        return contacts[0]
    return {}


def find_account(message: Mapping[str, Any], contact: Mapping[str, Any]) -> Account | None:
    """The sender with all known aliases, the phone number first; None if there is none."""
    number = parse_phone(message.get("from")) or parse_phone(contact.get("wa_id"))
    users = [
        parse_bsuid(message.get("from_user_id")) or parse_bsuid(contact.get("user_id")),
        parse_bsuid(message.get("from_parent_user_id")) or parse_bsuid(contact.get("parent_user_id")),
    ]
    return make_account(number, users, get_text(contact, "profile", "name"), get_text(contact, "profile", "username"))


def make_account(number: str, users: Sequence[str], name: str = "", username: str = "") -> Account | None:
    """An account of those ids that are not empty; None if all are."""
    aliases = [f"whatsapp:{number}"] if number else []
    aliases += dict.fromkeys(f"bsuid:{user}" for user in users if user)
    return Account(tuple(aliases), name, username.removeprefix("@")) if aliases else None


def find_chat(adapter: str, message: Mapping[str, Any], contact: Mapping[str, Any]) -> Chat:
    """The chat of a message: the group, or the private chat, whose id is the sender's phone or user id."""
    if group := parse_id(message.get("group_id")):
        return Chat(adapter, group, ChatKind.GROUP)
    return Chat(
        adapter,
        parse_phone(message.get("from"))
        or parse_phone(contact.get("wa_id"))
        or parse_bsuid(message.get("from_user_id"))
        or parse_bsuid(contact.get("user_id"))
        or UNKNOWN_CHAT,
    )


def find_status_chat(adapter: str, status: Mapping[str, Any]) -> Chat:
    """The chat a message of ours went to; `recipient_id` is missing if it was sent to a business-scoped user id."""
    if status.get("recipient_type") == "group" and (group := parse_id(status.get("recipient_id"))):
        return Chat(adapter, group, ChatKind.GROUP)
    return Chat(
        adapter, parse_phone(status.get("recipient_id")) or parse_bsuid(status.get("recipient_user_id")) or UNKNOWN_CHAT
    )
