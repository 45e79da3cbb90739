"""The parts of a message, wherever Telegram puts them."""

from bot.model import Account, Location, Mention

from .account import account_of, full_name, user_alias
from .entities import mentions, rich_words
from .fields import Object, decimal, mapping, objects, whole, words

ENVELOPE = frozenset(
    {
        *("message_id", "from", "chat", "sender_chat", "date", "edit_date", "message_thread_id", "is_topic_message"),
        *("reply_to_message", "quote", "external_reply", "via_bot", "has_protected_content", "author_signature"),
        *("sender_boost_count", "sender_tag", "forward_origin", "is_automatic_forward", "media_group_id", "reply_markup"),
    }
)
"""Fields of a message that are about it and not in it."""


def sender_of(message: Object) -> Account | None:
    return account_of(mapping(message, "from"), mapping(message, "sender_chat"), mapping(message, "chat"))


def words_of(message: Object) -> tuple[str, list[Mention]]:
    """The words of a message, wherever they stand, and whom they name."""
    for field, entities in (("text", "entities"), ("caption", "caption_entities")):
        if text := words(message, field):
            return text, list(mentions(text, objects(message, entities)))
    if "rich_message" in message:
        return rich_words(message["rich_message"]), []
    card = mapping(message, "contact")
    name = full_name(card)
    user = whole(card, "user_id")
    mention = [Mention(name, user_alias(user))] if name and user is not None else []
    return f"{name} {words(card, 'phone_number')}".strip(), mention


def place_of(message: Object) -> Location | None:
    venue = mapping(message, "venue")
    place = mapping(message, "location") or mapping(venue, "location")
    latitude, longitude = decimal(place, "latitude"), decimal(place, "longitude")
    if latitude is None or longitude is None:
        return None
    return Location(latitude, longitude, words(venue, "title"))


def topic_of(message: Object) -> str:
    """The forum topic. Ordinary replies carry a thread id too, so only `is_topic_message` tells."""
    return words(message, "message_thread_id") if message.get("is_topic_message") is True else ""


def replied_to(message: Object) -> str:
    """The message this one answers. In a topic, one that answers nothing "answers" the topic's first service message."""
    target = mapping(message, "reply_to_message")
    key = words(target, "message_id")
    if "forum_topic_created" in target or (topic_of(message) and key == topic_of(message)):
        return ""
    return key


def quoted_by(message: Object) -> str:
    """The words of what it answers: the part that was marked, else all of it; also of a message in another chat."""
    if marked := words(mapping(message, "quote"), "text"):
        return marked
    return words_of(mapping(message, "reply_to_message"))[0]


def unread(message: Object) -> str:
    """The names of what is in a message, for saying that none of it was understood."""
    return ", ".join(sorted(set(message) - ENVELOPE)) or "empty"
