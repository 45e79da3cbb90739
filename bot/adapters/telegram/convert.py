"""From a stored update to events: pure, no I/O, and tolerant of whatever the Bot API grows.

Facts about how updates arrive are from the Bot API's documentation and from captures kept in `tests/adapters/telegram/updates`.
"""

from collections.abc import Mapping, Sequence
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
    MemberChanged,
    Mention,
    Message,
    MessageEdited,
    Reaction,
)

from .account import account_of, full_name, name_alias, user_alias
from .attachments import attachments
from .fields import Object, mapping, objects, whole, words
from .message import place_of, quoted_by, replied_to, sender_of, topic_of, unread, words_of
from .update import KINDS, Update, album_of, chat_of, moment

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
PRESENT = frozenset({"creator", "administrator", "member"})


class Skip(Exception):
    """Why an update leads to nothing."""


class Unreadable(ValueError):
    """An update without what every update of its kind has."""


class Reader(Struct, frozen=True):
    """Reads the updates of one bot: `name` is the adapter's, `handle` the bot's user name in lower case where it is known."""

    name: str
    bot_id: str
    handle: str

    def events(self, update: Update) -> Sequence[Event]:
        """The events of an update; none when it is one of those that lead to nothing. Raises `Unreadable`."""
        try:
            return self.read(update)
        except Skip:
            return []

    def skipped(self, update: Update) -> str | None:
        """Why an update leads to nothing; None when it leads to events. Raises `Unreadable`."""
        try:
            self.read(update)
        except Skip as reason:
            return str(reason)
        return None

    def read(self, update: Update) -> Sequence[Event]:
        """The events of an update. Raises `Skip` or `Unreadable` where it leads to none."""
        if update.kind not in KINDS:
            raise self._unknown(update)
        chat = chat_of(update.data)
        if whole(chat, "id") is None:
            if update.kind == "callback_query" and "message" not in update.content:
                raise Skip("a button under a message that was sent inline, in no chat of ours")
            raise Unreadable(f"a {update.kind} without a chat")
        if chat.get("type") == "channel":
            raise Skip(CHANNEL)
        return self._of_kind(update, self._chat(chat))

    @staticmethod
    def _unknown(update: Update) -> Exception:
        if update.kind in SKIPPED:
            return Skip(SKIPPED[update.kind])
        if broken := next((kind for kind in KINDS if kind in update.data), ""):
            return Unreadable(f"a {broken} that is none")
        return Skip(f"a kind of update this version does not know: {update.kind or 'none at all'}")

    def _of_kind(self, update: Update, chat: Chat) -> Sequence[Event]:
        if update.kind == "message":
            return self._message(update, chat)
        if update.kind == "edited_message":
            return self._edited(update, chat)
        if update.kind == "callback_query":
            return self._press(update, chat)
        return self._reaction(update, chat) if update.kind == "message_reaction" else self._member(update, chat)

    # -- messages ------------------------------------------------------------------------------------------------

    def _message(self, update: Update, chat: Chat) -> Sequence[Event]:
        message = update.content
        at, account = _at(message, update), sender_of(message)
        key = words(message, "message_id")
        if new_id := words(message, "migrate_to_chat_id"):
            return [ChatMigrated(key=key or str(update.id), chat=chat, at=at, account=account, raw=update.data, new_id=new_id)]
        if "migrate_from_chat_id" in message:
            raise Skip("the old chat has told of the move already")
        if "new_chat_members" in message or "left_chat_member" in message:
            return self._comings(update, chat)
        return [self._said(update, chat, key, at, account)]

    def _said(self, update: Update, chat: Chat, key: str, at: datetime, account: Account | None) -> Message:
        message = update.content
        text, named = words_of(message)
        files, place = tuple(attachments(message)), place_of(message)
        if not key:
            raise Unreadable("a message without an id")
        if not (text or files or place):
            raise Skip(f"nothing in it that is read here: {unread(message)}")
        return Message(
            key=key,
            chat=_in_topic(chat, message),
            at=at,
            account=account,
            raw=update.data,
            text=text,
            attachments=files,
            location=place,
            mentions=tuple(mention for mention in named if not self._is_me(mention, update.bot)),
            reply_to=replied_to(message),
            album=album_of(update.data),
            quoted=quoted_by(message),
            addressed=any(self._is_me(mention, update.bot) for mention in named),
        )

    def _is_me(self, mention: Mention, bot: str) -> bool:
        handle = bot or self.handle
        return mention.alias in (user_alias_of(self.bot_id), name_alias(handle) if handle else "")

    def _edited(self, update: Update, chat: Chat) -> Sequence[Event]:
        message = update.content
        target = words(message, "message_id")
        if not target:
            raise Unreadable("a message without an id")
        at = moment(whole(message, "edit_date") or 0) or _at(message, update)
        text, _ = words_of(message)
        return [
            MessageEdited(
                key=str(update.id),
                chat=_in_topic(chat, message),
                at=at,
                account=sender_of(message),
                raw=update.data,
                message=target,
                text=text,
                location=place_of(message),
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
                chat=_in_topic(chat, message),
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
            account=sender_of(update.content),
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


def _in_topic(chat: Chat, message: Object) -> Chat:
    topic = topic_of(message)
    return msgspec.structs.replace(chat, topic=topic) if topic else chat


def _at(content: Object, update: Update) -> datetime:
    return moment(whole(content, "date") or 0) or update.received or UNKNOWN_TIME


def _present(member: Object) -> bool:
    status = words(member, "status")
    return status in PRESENT or (status == "restricted" and member.get("is_member") is True)


def _emoji(reaction: Object) -> str:
    """The emoji; for one of Telegram's own making its id."""
    return words(reaction, "emoji") or words(reaction, "custom_emoji_id") or "⭐"
