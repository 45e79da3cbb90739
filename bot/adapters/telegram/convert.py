"""From a stored update to events: pure, no I/O, and tolerant of whatever the Bot API grows.

Facts about how updates arrive are from the Bot API's documentation and from captures kept in `tests/adapters/telegram/updates`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from bot.model import (
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

from .account import account_of, full_name, name_alias, user_alias
from .attachments import attachments
from .entities import mentions, rich_words
from .fields import Object, decimal, mapping, objects, whole, words
from .update import Update, album_of, chat_of, moment

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
CHANNEL = "channels have no conversation in them"
SKIPPED: Mapping[str, str] = {
    "channel_post": CHANNEL,
    "edited_channel_post": CHANNEL,
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
ENVELOPE = frozenset(
    "message_id from chat sender_chat date edit_date message_thread_id is_topic_message reply_to_message quote external_reply "
    "via_bot has_protected_content author_signature sender_boost_count sender_tag forward_origin is_automatic_forward "
    "media_group_id reply_markup".split()
)
"""Fields of a message that are about it and not in it."""
PRESENT = frozenset({"creator", "administrator", "member"})


class Skip(Exception):  # noqa: N818  an outcome, raised and caught in this file
    """Why an update leads to nothing."""


class Reader(Struct, frozen=True):
    """Reads the updates of one bot: `name` is the adapter's, `handle` the bot's user name in lower case where it is known."""

    name: str
    bot_id: str
    handle: str

    def events(self, update: Update) -> Sequence[Event]:
        """The events of an update; none when it is one of those that lead to nothing."""
        try:
            return self._read(update)
        except Skip:
            return []

    def skipped(self, update: Update) -> str | None:
        """Why an update leads to nothing; None when it leads to events."""
        try:
            self._read(update)
        except Skip as reason:
            return str(reason)
        return None

    def _read(self, update: Update) -> Sequence[Event]:
        kinds: Mapping[str, Callable[[Update, Chat], Sequence[Event]]] = {
            "message": self._message,
            "edited_message": self._edited,
            "callback_query": self._press,
            "message_reaction": self._reaction,
            "my_chat_member": self._member,
            "chat_member": self._member,
        }
        if update.kind in SKIPPED:
            raise Skip(SKIPPED[update.kind])
        if update.kind not in kinds:
            raise Skip(f"a kind of update this version does not know: {update.kind or 'none at all'}")
        chat = chat_of(update.data)
        if whole(chat, "id") is None:
            raise Skip("it belongs to no chat")
        if chat.get("type") == "channel":
            raise Skip(CHANNEL)
        return kinds[update.kind](update, self._chat(chat))

    # -- messages ------------------------------------------------------------------------------------------------

    def _message(self, update: Update, chat: Chat) -> Sequence[Event]:
        message = update.content
        at, account = _at(message, update), _sender(message)
        key = words(message, "message_id")
        if new_id := words(message, "migrate_to_chat_id"):
            return [ChatMigrated(key=key, chat=chat, at=at, account=account, raw=update.data, new_id=new_id)]
        if "migrate_from_chat_id" in message:
            raise Skip("the old chat has told of the move already")
        if "new_chat_members" in message or "left_chat_member" in message:
            return self._comings(update, chat)
        return [self._said(update, chat, key, at, account)]

    def _said(self, update: Update, chat: Chat, key: str, at: datetime, account: Account | None) -> Message:
        message = update.content
        text, named = _text(message)
        files, place = tuple(attachments(message)), _place(message)
        if not key:
            raise Skip("a message without an id")
        if not (text or files or place):
            rest = sorted(set(message) - ENVELOPE)
            raise Skip(f"nothing in it that is read here: {', '.join(rest) or 'empty'}")
        return Message(
            key=key,
            chat=msgspec.structs.replace(chat, topic=_topic(message)),
            at=at,
            account=account,
            raw=update.data,
            text=text,
            attachments=files,
            location=place,
            mentions=tuple(mention for mention in named if not self._is_me(mention, update.bot)),
            reply_to=_reply_to(message),
            album=album_of(update.data),
            addressed=any(self._is_me(mention, update.bot) for mention in named),
        )

    def _is_me(self, mention: Mention, bot: str) -> bool:
        handle = bot or self.handle
        return mention.alias in (user_alias_of(self.bot_id), name_alias(handle) if handle else "")

    def _edited(self, update: Update, chat: Chat) -> Sequence[Event]:
        message = update.content
        target = words(message, "message_id")
        if not target:
            raise Skip("a message without an id")
        at = moment(whole(message, "edit_date") or 0) or _at(message, update)
        text, _ = _text(message)
        return [
            MessageEdited(
                key=str(update.id),
                chat=msgspec.structs.replace(chat, topic=_topic(message)),
                at=at,
                account=_sender(message),
                raw=update.data,
                message=target,
                text=text,
            )
        ]

    # -- touches -------------------------------------------------------------------------------------------------

    def _press(self, update: Update, chat: Chat) -> Sequence[Event]:
        query = update.content
        message = mapping(query, "message")
        token, key = words(query, "data"), words(query, "id")
        if not token or not key:
            raise Skip("a button that carries nothing of ours")
        return [
            ButtonPress(
                key=key,
                chat=msgspec.structs.replace(chat, topic=_topic(message)),
                # Telegram does not say when a button was touched, only when its message was written.
                at=update.received or _at(message, update),
                account=account_of(mapping(query, "from"), {}, {}),
                raw=update.data,
                token=token,
                message=words(message, "message_id"),
            )
        ]

    def _reaction(self, update: Update, chat: Chat) -> Sequence[Event]:
        reaction = update.content
        before = {_emoji(each) for each in objects(reaction, "old_reaction")}
        after = [_emoji(each) for each in objects(reaction, "new_reaction")]
        added = [emoji for emoji in dict.fromkeys(after) if emoji not in before]
        if not added and before <= set(after):
            raise Skip("a reaction that changes nothing")
        return [
            Reaction(
                key=str(update.id) if not number else f"{update.id}.{number}",
                chat=chat,
                at=_at(reaction, update),
                account=account_of(mapping(reaction, "user"), mapping(reaction, "actor_chat"), mapping(reaction, "chat")),
                raw=update.data,
                message=words(reaction, "message_id"),
                emoji=emoji,
            )
            for number, emoji in enumerate(added or [""])
        ]

    # -- members -------------------------------------------------------------------------------------------------

    def _member(self, update: Update, chat: Chat) -> Sequence[Event]:
        change = update.content
        new, old = mapping(change, "new_chat_member"), mapping(change, "old_chat_member")
        member = account_of(mapping(new, "user"), {}, {})
        if member is None:
            raise Skip("a change of nobody's membership")
        if old and _present(old) == _present(new):
            raise Skip("other rights, but nobody came or left")
        of_bot = update.kind == "my_chat_member"
        return [self._change(update, chat, str(update.id), member, _present(new), of_bot)]

    def _comings(self, update: Update, chat: Chat) -> Sequence[Event]:
        """The service messages of a group. They come everywhere; `chat_member` only where the bot is an admin."""
        message = update.content
        came = [(user, True) for user in objects(message, "new_chat_members")]
        left = mapping(message, "left_chat_member")
        found = [
            (account, present)
            for user, present in (came or [(left, False)])
            if (account := account_of(user, {}, {})) and account.id != user_alias_of(self.bot_id)
        ]
        if not found:
            raise Skip("the bot's own coming and going is told by my_chat_member")
        return [
            self._change(update, chat, f"{update.id}.{number}", account, present, False)
            for number, (account, present) in enumerate(found)
        ]

    def _change(self, update: Update, chat: Chat, key: str, member: Account, present: bool, of_bot: bool) -> MemberChanged:
        return MemberChanged(
            key=key,
            chat=chat,
            at=_at(update.content, update),
            account=_sender(update.content),
            raw=update.data,
            member=member,
            present=present,
            of_bot=of_bot,
        )

    def _chat(self, chat: Object) -> Chat:
        private = chat.get("type") == "private"
        title = words(chat, "title") or full_name(chat)
        return Chat(self.name, words(chat, "id"), ChatKind.PRIVATE if private else ChatKind.GROUP, title)


def user_alias_of(bot_id: str) -> str:
    return user_alias(int(bot_id)) if bot_id.isdigit() else ""


def _at(content: Object, update: Update) -> datetime:
    return moment(whole(content, "date") or 0) or update.received or UNKNOWN_TIME


def _sender(message: Object) -> Account | None:
    return account_of(mapping(message, "from"), mapping(message, "sender_chat"), mapping(message, "chat"))


def _text(message: Object) -> tuple[str, list[Mention]]:
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


def _place(message: Object) -> Location | None:
    venue = mapping(message, "venue")
    place = mapping(message, "location") or mapping(venue, "location")
    latitude, longitude = decimal(place, "latitude"), decimal(place, "longitude")
    if latitude is None or longitude is None:
        return None
    return Location(latitude, longitude, words(venue, "title"))


def _topic(message: Object) -> str:
    """The forum topic. Ordinary replies carry a thread id too, so only `is_topic_message` tells."""
    return words(message, "message_thread_id") if message.get("is_topic_message") is True else ""


def _reply_to(message: Object) -> str:
    """The message this one answers. In a topic, one that answers nothing "answers" the topic's first service message."""
    target = mapping(message, "reply_to_message")
    key = words(target, "message_id")
    if "forum_topic_created" in target or (_topic(message) and key == _topic(message)):
        return ""
    return key


def _present(member: Object) -> bool:
    status = member.get("status")
    return status in PRESENT or (status == "restricted" and member.get("is_member") is True)


def _emoji(reaction: Object) -> str:
    """The emoji; for one of Telegram's own making its id."""
    return words(reaction, "emoji") or words(reaction, "custom_emoji_id") or "⭐"
