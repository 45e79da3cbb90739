"""Who a sender is."""

from bot.model import Account

from .fields import Object, whole, words

GROUP_ANONYMOUS = 1087968824
"""The user under which admins write who hide behind their group (Bot API, `Message.from`)."""
CHANNEL = 136817688
"""The user under which people write who have chosen one of their channels as the sender,"""
TELEGRAM = 777000
"""and under which Telegram itself forwards the posts of a linked channel: nobody says those to the bot."""
SERVICE = frozenset({GROUP_ANONYMOUS, CHANNEL, TELEGRAM})


def user_alias(user_id: int) -> str:
    return f"telegram:{user_id}"


def name_alias(username: str) -> str:
    """How a mention by user name names somebody, and a directory may.

    It is no alias of a sender: user names change hands, so nobody is let in by one.
    """
    return f"telegram_username:{username.lower().lstrip('@')}"


def account_of(user: Object, sender_chat: Object, chat: Object) -> Account | None:
    """The sender of a message: a person, a service, or somebody who hides behind the group or a channel of theirs.

    None when nothing tells.
    """
    user_id, sender = whole(user, "id"), whole(sender_chat, "id")
    if sender is not None:
        hidden = sender == whole(chat, "id") or user_id == CHANNEL
        username = "" if hidden else words(sender_chat, "username")
        return Account((user_alias(sender),), words(sender_chat, "title"), username, service=not hidden, anonymous=hidden)
    if user_id is None:
        return None
    service = user_id in SERVICE or user.get("is_bot") is True
    return Account((user_alias(user_id),), full_name(user), words(user, "username"), service=service)


def full_name(user: Object) -> str:
    return f"{words(user, 'first_name')} {words(user, 'last_name')}".strip()
