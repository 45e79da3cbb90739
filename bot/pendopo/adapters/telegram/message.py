"""Reads the parts of a message."""

import re

from pendopo.adapters.foreign_json import JsonObject, get_degrees, get_int, get_object, get_objects, get_text
from pendopo.adapters.telegram.ids import find_account, get_full_name, make_user_alias
from pendopo.adapters.telegram.markup import find_mentions, get_rich_words
from pendopo.model import Account, Location, Mention

ENVELOPE = frozenset(
    {
        *("message_id", "from", "chat", "sender_chat", "date", "edit_date", "message_thread_id", "is_topic_message"),
        *("reply_to_message", "quote", "external_reply", "via_bot", "has_protected_content", "author_signature"),
        *("sender_boost_count", "sender_tag", "forward_origin", "is_automatic_forward", "media_group_id", "reply_markup"),
    }
)
"""Fields that describe a message and are not its content."""


SERVICE = re.compile(
    r"pinned_message|message_auto_delete_timer_changed|.*_(created|closed|reopened|edited|shared|started|ended|scheduled|hidden|"
    r"unhidden|completed|added|deleted|changed|set|refunded)|new_.*|left_chat_member|delete_chat_photo|successful_payment|"
    r"connected_website|passport_data|write_access_allowed|proximity_alert_triggered|gift|unique_gift|.*_settings"
)
"""Names of content that Telegram makes by itself; nobody sent it by hand."""


def holds_unread_content(message: JsonObject) -> bool:
    """Whether a person sent something that is not read here (a die, a story, a poll), also of a kind that is yet to come."""
    return any(SERVICE.fullmatch(name) is None for name in set(message) - ENVELOPE)


def find_sender(message: JsonObject) -> Account | None:
    """The sender of a message, None if unknown."""
    return find_account(get_object(message, "from"), get_object(message, "sender_chat"), get_object(message, "chat"))


def is_forwarded(message: JsonObject) -> bool:
    """Whether the words are somebody else's: passed on, or written by an inline bot (Bot API, `Message`)."""
    return any(name in message for name in ("forward_origin", "forward_date", "via_bot"))


def get_words(message: JsonObject) -> tuple[str, list[Mention]]:
    """The text of a message (or its caption, rich text or contact card) and the people it mentions."""
    for field, entities in (("text", "entities"), ("caption", "caption_entities")):
        if text := get_text(message, field):
            return text, list(find_mentions(text, get_objects(message, entities)))
    if "rich_message" in message:
        return get_rich_words(message["rich_message"]), []
    card = get_object(message, "contact")
    name = get_full_name(card)
    user = get_int(card, "user_id")
    mention = [Mention(name, make_user_alias(user))] if name and user is not None else []
    return f"{name} {get_text(card, 'phone_number')}".strip(), mention


def get_location(message: JsonObject) -> Location | None:
    """The location or venue in a message."""
    venue = get_object(message, "venue")
    place = get_object(message, "location") or get_object(venue, "location")
    degrees = get_degrees(place)
    return Location(*degrees, get_text(venue, "title")) if degrees else None


def get_topic(message: JsonObject) -> str:
    """The forum topic, else "". Ordinary replies have a thread id too, so only `is_topic_message` tells."""
    return get_text(message, "message_thread_id") if message.get("is_topic_message") is True else ""


def get_reply_to(message: JsonObject) -> str:
    """The id of the message this one answers. In a topic, a plain message "answers" the topic's first service message."""
    target = get_object(message, "reply_to_message")
    key = get_text(target, "message_id")
    if "forum_topic_created" in target or (get_topic(message) and key == get_topic(message)):
        return ""
    return key


def get_quote(message: JsonObject) -> str:
    """The text this message answers: the quoted part if there is one, else all of it; the message may be in another chat."""
    if marked := get_text(message, "quote", "text"):
        return marked
    return get_words(get_object(message, "reply_to_message"))[0]


def describe_content(message: JsonObject) -> str:
    """The names of a message's content fields, for reporting that none was understood."""
    return ", ".join(sorted(set(message) - ENVELOPE)) or "empty"
