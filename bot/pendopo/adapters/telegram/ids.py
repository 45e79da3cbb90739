"""Identifies senders."""

from pendopo.adapters.foreign_json import JsonObject, get_int, get_text
from pendopo.model import Account

GROUP_ANONYMOUS = 1087968824
"""The user that stands for anonymous admins of a group (Bot API, `Message.from`)."""
CHANNEL_USER = 136817688
"""The user that stands for people who write as one of their channels."""
TELEGRAM_USER = 777000
"""The user that forwards the posts of a linked channel; they are not addressed to the bot."""
SERVICE_USERS = frozenset({GROUP_ANONYMOUS, CHANNEL_USER, TELEGRAM_USER})


def make_user_alias(user_id: int) -> str:
    """The alias of a user by their numeric id, which never changes."""
    return f"telegram:{user_id}"


def make_name_alias(username: str) -> str:
    """The alias of a user name, for mentions and directories. Senders never have it, since user names change hands."""
    return f"telegram_username:{username.lower().lstrip('@')}"


def find_account(user: JsonObject, sender_chat: JsonObject, chat: JsonObject) -> Account | None:
    """The sender of a message: a person, a service, or the group or channel a person hides behind; None if unknown."""
    user_id, sender = get_int(user, "id"), get_int(sender_chat, "id")
    if sender is not None:
        hidden = sender == get_int(chat, "id") or user_id == CHANNEL_USER
        username = "" if hidden else get_text(sender_chat, "username")
        return Account(
            (make_user_alias(sender),), get_text(sender_chat, "title"), username, service=not hidden, anonymous=hidden
        )
    if user_id is None:
        return None
    service = user_id in SERVICE_USERS or user.get("is_bot") is True
    return Account((make_user_alias(user_id),), get_full_name(user), get_text(user, "username"), service=service)


def get_full_name(user: JsonObject) -> str:
    """First and last name, "" if there is neither."""
    return f"{get_text(user, 'first_name')} {get_text(user, 'last_name')}".strip()
