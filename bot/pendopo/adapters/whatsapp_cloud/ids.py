"""Who wrote, and where: from whichever of `from`, `from_user_id` and `contacts` came along.

Since 2026 people with a user name may show no phone number, and older senders have no user id; each may be missing.
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
"""The chat of whom nobody can name: nothing is granted there, and nothing can be sent."""


def parse_id(value: Any) -> str:
    """An id, which Meta's own examples write as a text or a number; empty when it is none."""
    found = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return found if _ID.fullmatch(found) else ""


def parse_phone(value: Any) -> str:
    """A wa_id: digits with the country code."""
    found = parse_id(value).removeprefix("+")
    return found if PHONE.fullmatch(found) else ""


def parse_bsuid(value: Any) -> str:
    """A business-scoped user id."""
    found = parse_id(value)
    return found if BSUID.fullmatch(found) else ""


def require_id(of: Mapping[str, Any], name: str) -> str:
    """An id without which nothing can be done. Raises `UnreadableError`."""
    found = parse_id(of.get(name))
    if not found:
        raise UnreadableError(f"there is no {name}")
    return found


def get_own_number(what: Mapping[str, Any]) -> str:
    """Our own phone number, which Meta writes with or without spaces and a plus."""
    return "".join(filter(str.isdigit, get_text(what, "metadata", "display_phone_number")))


def find_contact(message: Mapping[str, Any], contacts: Sequence[Any], alone: bool) -> Mapping[str, Any]:
    """The contact of a message's sender; `alone`: no other message came with it, so a single contact is its sender.

    A contact that contradicts the message in one of the ids is somebody else's.
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
    """The sender with every name known of them, the phone number first; None when there is none."""
    number = parse_phone(message.get("from")) or parse_phone(contact.get("wa_id"))
    users = [
        parse_bsuid(message.get("from_user_id")) or parse_bsuid(contact.get("user_id")),
        parse_bsuid(message.get("from_parent_user_id")) or parse_bsuid(contact.get("parent_user_id")),
    ]
    return make_account(number, users, get_text(contact, "profile", "name"), get_text(contact, "profile", "username"))


def make_account(number: str, users: Sequence[str], name: str = "", username: str = "") -> Account | None:
    """An account of these ids, those that are not empty."""
    aliases = [f"whatsapp:{number}"] if number else []
    aliases += dict.fromkeys(f"bsuid:{user}" for user in users if user)
    return Account(tuple(aliases), name, username.removeprefix("@")) if aliases else None


def find_chat(adapter: str, message: Mapping[str, Any], contact: Mapping[str, Any]) -> Chat:
    """Where a message was written: the group, or the private chat that is named by its person."""
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
    """Where something of ours was sent; `recipient_id` is missing when it went to a business-scoped user id."""
    if status.get("recipient_type") == "group" and (group := parse_id(status.get("recipient_id"))):
        return Chat(adapter, group, ChatKind.GROUP)
    return Chat(
        adapter, parse_phone(status.get("recipient_id")) or parse_bsuid(status.get("recipient_user_id")) or UNKNOWN_CHAT
    )
