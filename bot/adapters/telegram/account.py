"""Who a sender is."""

from bot.model import Account

from .fields import Object, whole, words

GROUP_ANONYMOUS = 1087968824
"""The user under which admins write who hide behind their group (Bot API, `Message.from`)."""
SERVICE = frozenset({136817688, 777000})
"""The user under which channels write (Channel_Bot), and Telegram itself, which forwards a linked channel's posts."""


def user_alias(user_id: int) -> str:
    return f"telegram:{user_id}"


def name_alias(username: str) -> str:
    """How a mention by user name names somebody, and a directory may.

    It is no alias of a sender: user names change hands, so nobody is let in by one.
    """
    return f"telegram_username:{username.lower().lstrip('@')}"


def account_of(user: Object, sender_chat: Object, chat: Object) -> Account | None:
    """The sender of a message: a person, a service, or somebody who hides behind the group. None when nothing tells."""
    user_id, sender = whole(user, "id"), whole(sender_chat, "id")
    if sender is not None and sender == whole(chat, "id"):
        return Account((user_alias(sender),), words(sender_chat, "title"), anonymous=True)
    if sender is not None:
        return Account((user_alias(sender),), words(sender_chat, "title"), words(sender_chat, "username"), service=True)
    if user_id is None:
        return None
    service = user_id in SERVICE or user_id == GROUP_ANONYMOUS or user.get("is_bot") is True
    return Account((user_alias(user_id),), full_name(user), words(user, "username"), service=service)


def full_name(user: Object) -> str:
    return f"{words(user, 'first_name')} {words(user, 'last_name')}".strip()
