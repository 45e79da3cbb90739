"""What can happen: a closed union of frozen structs that read back from JSON after an upgrade."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from pendopo.model.chat import Chat
from pendopo.model.content import Location
from pendopo.model.identity import Account


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A file that came with a message; `ref` is the messenger's handle, `blob` the SHA-256 once we hold the bytes."""

    kind: str  # photo | document | audio | video | sticker
    ref: str
    name: str = ""
    mime: str = ""
    size: int = 0  # bytes, 0 when the messenger does not say
    blob: str = ""


class Mention(Struct, frozen=True, omit_defaults=True):
    """Somebody named in a text; `alias` may be empty where the messenger gives only a visible name."""

    text: str
    alias: str = ""


class _Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`key` is the messenger's own id of this event, unique with its kind; `at` is when it happened, UTC."""

    key: str
    chat: Chat
    at: datetime
    account: Account | None = None
    raw: dict[str, Any] = {}


class Message(_Event, frozen=True, kw_only=True, tag="message", omit_defaults=True):
    """Words, files or a place; captions are `text`. `addressed`: the text names the bot itself.

    `quoted` are the words of what it answers (or the part somebody marked), where the messenger brings them along.
    `continues` is set where parts of an album came after the album was handled: the key of its first message. It is `key`
    itself where the words came last, and then this is the album once more, whole.
    """

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    mentions: tuple[Mention, ...] = ()
    reply_to: str = ""
    album: str = ""
    addressed: bool = False
    quoted: str = ""
    continues: str = ""


class ButtonPress(_Event, frozen=True, kw_only=True, tag="press", omit_defaults=True):
    """Somebody touched a button (or voted in the poll that stands for one); `token` is what we gave the messenger."""

    token: str
    message: str = ""


class MessageEdited(_Event, frozen=True, kw_only=True, tag="edited", omit_defaults=True):
    """A message changed after it was sent; commands in it do not run again. A place that moves is one that changes."""

    message: str
    text: str = ""
    location: Location | None = None


class Reaction(_Event, frozen=True, kw_only=True, tag="reaction", omit_defaults=True):
    """An emoji put on a message, or taken away when `emoji` is empty."""

    message: str
    emoji: str = ""


class MemberChanged(_Event, frozen=True, kw_only=True, tag="member", omit_defaults=True):
    """Somebody (`of_bot`: the bot itself) came into a chat or left it."""

    member: Account
    present: bool
    of_bot: bool = False


class ChatMigrated(_Event, frozen=True, kw_only=True, tag="migrated", omit_defaults=True):
    """The chat goes on under another id.

    `aliases`: what the account behind a private chat is called from now on. Nobody acts in its person's name, under the old
    names or the new ones, before that is confirmed.
    """

    new_id: str
    aliases: tuple[str, ...] = ()


class DeliveryReport(_Event, frozen=True, kw_only=True, tag="report", omit_defaults=True):
    """The messenger tells what became of something we sent: sent | delivered | read | failed.

    `failure` says what a failure means, as the errors of a send do: "window" (the time for free text was over), "closed" (the
    person cannot be reached there), "undelivered" (this message cannot), "passing" (try again), "account" (nobody can be
    written to for now), "" (it will never be taken). `tracker`: our own key, where the messenger returns it, so that a send
    whose answer got lost is known to have arrived.
    """

    message: str
    status: str
    error: str = ""
    failure: str = ""
    tracker: str = ""


class JobDue(_Event, frozen=True, kw_only=True, tag="due", omit_defaults=True):
    """The time of a plan has come; `due` is when it was planned for, so `at - due` is how late it is."""

    route: str
    due: datetime
    args: dict[str, Any] = {}
    person: int = 0


Event = Message | ButtonPress | MessageEdited | Reaction | MemberChanged | ChatMigrated | DeliveryReport | JobDue
