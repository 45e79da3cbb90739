"""Events: a closed union of frozen structs that still decode from JSON after an upgrade."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from pendopo.model.chat import Chat
from pendopo.model.content import Location
from pendopo.model.identity import Account


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A file that came with a message; `ref` is the messenger's handle, `blob` the SHA-256 once it is stored."""

    kind: str  # photo | document | audio | video | sticker
    ref: str
    name: str = ""
    mime: str = ""
    size: int = 0  # bytes, 0 when the messenger does not say
    blob: str = ""


class Mention(Struct, frozen=True, omit_defaults=True):
    """A person named in a text; `alias` is empty where the messenger gives only a visible name."""

    text: str
    alias: str = ""


class _Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`key` is the messenger's id of this event, unique with its kind; `at` is when it happened, in UTC."""

    key: str
    chat: Chat
    at: datetime
    account: Account | None = None
    raw: dict[str, Any] = {}


class Message(_Event, frozen=True, kw_only=True, tag="message", omit_defaults=True):
    """A message with text, files or a place; a caption is `text`. `addressed`: the text names the bot.

    `quoted` is the text of the message it answers (or the part that was marked), where the messenger includes it. `continues`
    is set on parts that arrive after their album was handled: the key of its first message. It equals `key` where the text came
    last; this message is then the album once more, whole. `forwarded`: its words are somebody else's, passed on
    by the sender or written by another bot in their name. `missing`: the messenger did not hand over what was in it, such as a
    file that is too large or a kind of message it has no words for.
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
    forwarded: bool = False
    missing: bool = False


class ButtonPress(_Event, frozen=True, kw_only=True, tag="press", omit_defaults=True):
    """A button was pressed (or a vote cast in the poll that stands for one); `token` is the one the bot gave out."""

    token: str
    message: str = ""


class MessageEdited(_Event, frozen=True, kw_only=True, tag="edited", omit_defaults=True):
    """A message was edited; commands in it do not run again. A live location that moves is an edit too."""

    message: str
    text: str = ""
    location: Location | None = None


class Reaction(_Event, frozen=True, kw_only=True, tag="reaction", omit_defaults=True):
    """An emoji was put on a message, or removed when `emoji` is empty."""

    message: str
    emoji: str = ""


class MemberChanged(_Event, frozen=True, kw_only=True, tag="member", omit_defaults=True):
    """An account (`of_bot`: the bot itself) joined a chat or left it."""

    member: Account
    present: bool
    of_bot: bool = False


class ChatMigrated(_Event, frozen=True, kw_only=True, tag="migrated", omit_defaults=True):
    """A chat continues under another id.

    `aliases`: the new names of the account behind a private chat. Until they are confirmed, neither the old nor the new names
    act for their person.
    """

    new_id: str
    aliases: tuple[str, ...] = ()


class DeliveryReport(_Event, frozen=True, kw_only=True, tag="report", omit_defaults=True):
    """The messenger reports on a message of the bot: sent | delivered | read | failed.

    `failure` classifies a failure, as the errors of a send do: "window" (the time for free text was over), "closed" (the person
    cannot be reached there), "undelivered" (this message cannot), "passing" (try again), "account" (the account can write to no
    one for now), "" (never). `tracker`: the delivery's key, where the messenger returns it, so that a send with a lost answer
    is known to have arrived.
    """

    message: str
    status: str
    error: str = ""
    failure: str = ""
    tracker: str = ""


class JobDue(_Event, frozen=True, kw_only=True, tag="due", omit_defaults=True):
    """A scheduled job is due; `due` is when it was planned for, so `at - due` is how late it is."""

    route: str
    due: datetime
    args: dict[str, Any] = {}
    person: int = 0


Event = Message | ButtonPress | MessageEdited | Reaction | MemberChanged | ChatMigrated | DeliveryReport | JobDue
