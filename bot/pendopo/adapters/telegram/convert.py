"""Converts stored updates into events: pure, no I/O, and tolerant of additions to the Bot API.

Facts about how updates arrive come from the Bot API's documentation and the captures in `tests/adapters/telegram/updates`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from pendopo.adapters.foreign_json import (
    UNKNOWN_TIME,
    JsonObject,
    UnreadableError,
    get_degrees,
    get_int,
    get_object,
    get_objects,
    get_text,
    get_time,
)
from pendopo.adapters.telegram.ids import find_account, get_full_name, make_name_alias, make_user_alias
from pendopo.adapters.telegram.incoming import UPDATE_KINDS, Update, get_album, get_chat
from pendopo.adapters.telegram.markup import find_mentions, get_rich_words
from pendopo.adapters.telegram.media import find_attachments
from pendopo.model import (
    Account,
    ButtonPress,
    Chat,
    ChatKind,
    ChatMigrated,
    Event,
    Location,
    MemberChanged,
    Mention,
    Message,
    MessageEdited,
    Reaction,
)
from pendopo.model.numbers import parse_number

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


def is_forwarded(message: JsonObject) -> bool:
    """Whether the words are somebody else's: passed on, or written by an inline bot (Bot API, `Message`)."""
    return any(name in message for name in ("forward_origin", "forward_date", "via_bot"))


def find_sender(message: JsonObject) -> Account | None:
    """The sender of a message, None if unknown."""
    return find_account(get_object(message, "from"), get_object(message, "sender_chat"), get_object(message, "chat"))


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


CHANNEL_REASON = "channels have no conversation in them"
SKIP_REASONS: Mapping[str, str] = {
    "channel_post": CHANNEL_REASON,
    "edited_channel_post": CHANNEL_REASON,
    "message_reaction_count": "counts of anonymous reactions name nobody",
    "inline_query": "the bot is not used inline",
    "chosen_inline_result": "the bot is not used inline",
    "poll": "the bot sends no polls",
    "poll_answer": "the bot sends no polls",
    "shipping_query": "the bot sells nothing",
    "pre_checkout_query": "the bot sells nothing",
    "purchased_paid_media": "the bot sells nothing",
    "business_connection": "the bot runs nobody's business account",
    "business_message": "the bot runs nobody's business account",
    "edited_business_message": "the bot runs nobody's business account",
    "deleted_business_messages": "the bot runs nobody's business account",
    "guest_message": "the bot is no guest in chats it is not a member of",
    "managed_bot": "the bot manages no other bots",
    "chat_join_request": "who may join is decided by the group's admins",
    "chat_boost": "boosts change nothing for the bot",
    "removed_chat_boost": "boosts change nothing for the bot",
}
PRESENT_STATUSES = frozenset({"creator", "administrator", "member"})
"""`ChatMember.status` of members; "restricted" depends on `is_member` as well."""


class SkippedUpdateError(Exception):
    """An update leads to no event, for this reason."""


class UpdateConverter(Struct, frozen=True):
    """Converts the updates of one bot; `name` is the adapter's, `handle` the bot's user name in lower case, "" if unknown."""

    name: str
    bot_id: str
    handle: str

    def convert_update(self, update: Update) -> Sequence[Event]:
        """The events of an update. Raises `SkippedUpdateError`, or `UnreadableError` if it is malformed."""
        if update.kind not in UPDATE_KINDS:
            raise self._make_unknown_error(update)
        chat = get_chat(update.data)
        if get_int(chat, "id") is None:
            if update.kind == "callback_query" and "message" not in update.content:
                raise SkippedUpdateError("a button under a message that was sent inline, in no chat of ours")
            raise UnreadableError(f"a {update.kind} without a chat")
        if chat.get("type") == "channel":
            raise SkippedUpdateError(CHANNEL_REASON)
        return self._convert_kind(update, self._make_chat(chat))

    @staticmethod
    def _make_unknown_error(update: Update) -> Exception:
        if update.kind in SKIP_REASONS:
            return SkippedUpdateError(SKIP_REASONS[update.kind])
        if broken := next((kind for kind in UPDATE_KINDS if kind in update.data), ""):
            return UnreadableError(f"a {broken} that is none")
        return SkippedUpdateError(f"a kind of update this version does not know: {update.kind or 'none at all'}")

    def _convert_kind(self, update: Update, chat: Chat) -> Sequence[Event]:
        if update.kind == "message":
            return self._convert_message(update, chat)
        if update.kind == "edited_message":
            return self._convert_edit(update, chat)
        if update.kind == "callback_query":
            return self._convert_press(update, chat)
        return self._convert_reaction(update, chat) if update.kind == "message_reaction" else self._convert_member(update, chat)

    # -- messages ------------------------------------------------------------------------------------------------

    def _convert_message(self, update: Update, chat: Chat) -> Sequence[Event]:
        message = update.content
        key, account = get_text(message, "message_id"), find_sender(message)
        if new_id := get_text(message, "migrate_to_chat_id"):
            return [ChatMigrated(**_make_common(update, key or str(update.id), chat, account), new_id=new_id)]
        if "migrate_from_chat_id" in message:
            raise SkippedUpdateError("the old chat has told of the move already")
        if "new_chat_members" in message or "left_chat_member" in message:
            return self._convert_arrivals(update, chat)
        return [self._make_message(update, chat, key, account)]

    def _make_message(self, update: Update, chat: Chat, key: str, account: Account | None) -> Message:
        message = update.content
        text, named = get_words(message)
        files, place = tuple(find_attachments(message)), get_location(message)
        if not key:
            raise UnreadableError("a message without an id")
        missing = not (text or files or place) and chat.private and holds_unread_content(message)
        if not (text or files or place or missing):
            raise SkippedUpdateError(f"nothing in it that is read here: {describe_content(message)}")
        return Message(
            **_make_common(update, key, _add_topic(chat, message), account),
            text=text,
            attachments=files,
            location=place,
            mentions=tuple(mention for mention in named if not self._is_me(mention, update.bot)),
            reply_to=get_reply_to(message),
            album=get_album(update.data),
            quoted=get_quote(message),
            addressed=any(self._is_me(mention, update.bot) for mention in named),
            forwarded=is_forwarded(message),
            missing=missing,
        )

    def _is_me(self, mention: Mention, bot: str) -> bool:
        handle = bot or self.handle
        return mention.alias in (make_bot_alias(self.bot_id), make_name_alias(handle) if handle else "")

    def _convert_edit(self, update: Update, chat: Chat) -> Sequence[Event]:
        message = update.content
        target = get_text(message, "message_id")
        if not target:
            raise UnreadableError("a message without an id")
        at = get_time(message, "edit_date")
        common = _make_common(update, str(update.id), _add_topic(chat, message), find_sender(message), at)
        return [MessageEdited(**common, message=target, text=get_words(message)[0], location=get_location(message))]

    # -- presses and reactions -----------------------------------------------------------------------------------

    def _convert_press(self, update: Update, chat: Chat) -> Sequence[Event]:
        query = update.content
        message = get_object(query, "message")
        token, key = get_text(query, "data"), get_text(query, "id")
        if not token or not key:
            raise SkippedUpdateError("a button that carries nothing of ours")
        # Telegram does not say when a button was pressed, only when its message was written.
        at, account = update.received or _find_time(message, update), find_account(get_object(query, "from"), {}, {})
        common = _make_common(update, key, _add_topic(chat, message), account, at)
        return [ButtonPress(**common, token=token, message=get_text(message, "message_id"))]

    def _convert_reaction(self, update: Update, chat: Chat) -> Sequence[Event]:
        reaction = update.content
        before = {_get_emoji(each) for each in get_objects(reaction, "old_reaction")}
        after = [_get_emoji(each) for each in get_objects(reaction, "new_reaction")]
        added = [emoji for emoji in dict.fromkeys(after) if emoji not in before]
        if not added and before <= set(after):
            raise SkippedUpdateError("a reaction that changes nothing")
        account = find_account(*(get_object(reaction, name) for name in ("user", "actor_chat", "chat")))
        target = get_text(reaction, "message_id")
        keys = [str(update.id) if not number else f"{update.id}.{number}" for number in range(len(added) or 1)]
        return [
            Reaction(**_make_common(update, key, chat, account), message=target, emoji=emoji)
            for key, emoji in zip(keys, added or [""], strict=True)
        ]

    # -- members -------------------------------------------------------------------------------------------------

    def _convert_member(self, update: Update, chat: Chat) -> Sequence[Event]:
        change = update.content
        new, old = get_object(change, "new_chat_member"), get_object(change, "old_chat_member")
        member = find_account(get_object(new, "user"), {}, {})
        if member is None:
            raise SkippedUpdateError("a change of nobody's membership")
        if old and _is_present(old) == _is_present(new):
            raise SkippedUpdateError("other rights, but nobody came or left")
        of_bot = update.kind == "my_chat_member"
        return [self._make_member_change(update, chat, str(update.id), member, _is_present(new), of_bot)]

    def _convert_arrivals(self, update: Update, chat: Chat) -> Sequence[Event]:
        """Service messages about members. They come in every group, `chat_member` only where the bot is an admin."""
        message = update.content
        came = [(user, True) for user in get_objects(message, "new_chat_members")]
        left = get_object(message, "left_chat_member")
        members = [
            (account, present)
            for user, present in (came or [(left, False)])
            if (account := find_account(user, {}, {})) and account.id != make_bot_alias(self.bot_id)
        ]
        if not members:
            raise SkippedUpdateError("the bot's own coming and going is told by my_chat_member")
        return [
            self._make_member_change(update, chat, f"{update.id}.{number}", account, present, False)
            for number, (account, present) in enumerate(members)
        ]

    def _make_member_change(
        self, update: Update, chat: Chat, key: str, member: Account, present: bool, of_bot: bool
    ) -> MemberChanged:
        common = _make_common(update, key, chat, find_sender(update.content))
        return MemberChanged(**common, member=member, present=present, of_bot=of_bot)

    def _make_chat(self, chat: JsonObject) -> Chat:
        private = chat.get("type") == "private"
        title = get_text(chat, "title") or get_full_name(chat)
        return Chat(self.name, get_text(chat, "id"), ChatKind.PRIVATE if private else ChatKind.GROUP, title)


def make_bot_alias(bot_id: str) -> str:
    """The alias of the bot itself, "" while its id is unknown."""
    return "" if (number := parse_number(bot_id)) is None else make_user_alias(number)


def _add_topic(chat: Chat, message: JsonObject) -> Chat:
    topic = get_topic(message)
    return msgspec.structs.replace(chat, topic=topic) if topic else chat


def _find_time(content: JsonObject, update: Update) -> datetime:
    return get_time(content, "date") or update.received or UNKNOWN_TIME


def _make_common(update: Update, key: str, chat: Chat, account: Account | None, at: datetime | None = None) -> dict[str, Any]:
    """The fields of every event; without a time it gets that of the update."""
    at = at or _find_time(update.content, update)
    return {"key": key, "chat": chat, "at": at, "account": account, "raw": update.data}


def _is_present(member: JsonObject) -> bool:
    status = get_text(member, "status")
    return status in PRESENT_STATUSES or (status == "restricted" and member.get("is_member") is True)


def _get_emoji(reaction: JsonObject) -> str:
    """The emoji, or the id of a custom one; ⭐ is the paid reaction, which has neither."""
    return get_text(reaction, "emoji") or get_text(reaction, "custom_emoji_id") or "⭐"
