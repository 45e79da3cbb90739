"""Who wrote, and where: from whichever of `from`, `from_user_id` and `contacts` came along.

Since 2026 people with a user name may show no phone number, and older senders have no user id; each may be missing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.model import Account, Chat, ChatKind

from .fields import bsuid, native_id, part, phone, text

UNKNOWN = "unknown"
"""The chat of whom nobody can name: nothing is granted there, and nothing can be sent."""


def contact_of(message: Mapping[str, Any], contacts: Sequence[Any], alone: bool) -> Mapping[str, Any]:
    """The contact of a message's sender; `alone`: no other message came with it, so a single contact is its sender.

    A contact that contradicts the message in one of the ids is somebody else's.
    """
    number, user = phone(message.get("from")), bsuid(message.get("from_user_id"))
    for contact in contacts:
        if not isinstance(contact, dict):
            continue
        same = [
            mine == theirs
            for mine, theirs in ((number, phone(contact.get("wa_id"))), (user, bsuid(contact.get("user_id"))))
            if mine and theirs
        ]
        if same and all(same):
            return contact
    if not number and not user and alone and len(contacts) == 1 and isinstance(contacts[0], dict):
        return contacts[0]
    return {}


def account_of(message: Mapping[str, Any], contact: Mapping[str, Any]) -> Account | None:
    """The sender with every name known of them, the phone number first; None when there is none."""
    number = phone(message.get("from")) or phone(contact.get("wa_id"))
    users = [
        bsuid(message.get("from_user_id")) or bsuid(contact.get("user_id")),
        bsuid(message.get("from_parent_user_id")) or bsuid(contact.get("parent_user_id")),
    ]
    profile = part(contact, "profile")
    return account(number, users, text(profile, "name"), text(profile, "username"))


def account(number: str, users: Sequence[str], name: str = "", username: str = "") -> Account | None:
    """An account of these ids, those that are not empty."""
    aliases = [f"whatsapp:{number}"] if number else []
    aliases += dict.fromkeys(f"bsuid:{user}" for user in users if user)
    return Account(tuple(aliases), name, username.removeprefix("@")) if aliases else None


def chat_of(adapter: str, message: Mapping[str, Any], contact: Mapping[str, Any]) -> Chat:
    """Where a message was written: the group, or the private chat that is named by its person."""
    if group := native_id(message.get("group_id")):
        return Chat(adapter, group, ChatKind.GROUP)
    return Chat(
        adapter,
        phone(message.get("from"))
        or phone(contact.get("wa_id"))
        or bsuid(message.get("from_user_id"))
        or bsuid(contact.get("user_id"))
        or UNKNOWN,
    )


def chat_of_status(adapter: str, status: Mapping[str, Any]) -> Chat:
    """Where something of ours was sent; `recipient_id` is missing when it went to a business-scoped user id."""
    if status.get("recipient_type") == "group" and (group := native_id(status.get("recipient_id"))):
        return Chat(adapter, group, ChatKind.GROUP)
    return Chat(adapter, phone(status.get("recipient_id")) or bsuid(status.get("recipient_user_id")) or UNKNOWN)
