"""What the engine lends a context, and the small values that pass between the two."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from bot.config import Options
from bot.directory import People
from bot.model import Attachment, Chat, Document, Message, Person, Photo, Said
from bot.when.calendar import Calendar

from .button import RouteName, Target
from .item import Item
from .page import Overview

Chosen = TypeVar("Chosen", bound=Options)
ENGINE = "pendopo"
"""The adapter name of chats and events the engine itself makes."""
WEB = "web"
"""The adapter name of the dashboard: a person's own page, on which they act as in a private chat."""
Made = TypeVar("Made")

if TYPE_CHECKING:
    from .context import Context


class Sent(msgspec.Struct, frozen=True):
    """A message that will be sent; keep `key` in a row to edit the message later."""

    key: str


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was kept: its SHA-256 (`blob`), size and type by its bytes.

    Of a picture also: copies that tell nothing of their origin (`shared`, `thumb`), what the camera noted, and a `fingerprint`
    that is near in pictures that look alike. Only the copies are for showing.
    """

    blob: str
    size: int
    mime: str
    name: str = ""
    shared: str = ""
    thumb: str = ""
    width: int = 0
    height: int = 0
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    facts: dict[str, str] = {}
    fingerprint: int = 0


class Host(Protocol):
    """What the engine lends a context."""

    @property
    def people(self) -> People: ...
    @property
    def zone(self) -> ZoneInfo: ...
    @property
    def calendar(self) -> Calendar: ...

    def route_of(self, target: Target) -> str:
        """The name of the route that a target leads to. Raises `PluginError` when it leads to none."""
        ...

    def put_away(self, route: str, args: Sequence[Any]) -> dict[str, Any]:
        """Positional arguments of a route as JSON-able data. Raises `PluginError` when they do not fit."""
        ...

    async def private_chat(self, person: Person, beside: str = "") -> Chat | None:
        """Where this person is reached: the messenger they used last, of those that are not called `beside`."""
        ...

    async def adapter_of(self, delivery: str) -> str:
        """The messenger that a delivery (by its key) went to, "" where there is none."""
        ...

    async def items(self, ctx: "Context", number: int, plugin: str) -> Sequence[Item]:
        """What a number stands for, of all plugins or of one, as far as the person of a context may see it."""
        ...

    async def overview(self, ctx: "Context", since: datetime, person: Person) -> Sequence[Overview]:
        """What all plugins say of now to a person."""
        ...

    @property
    def site(self) -> str:
        """What the dashboard is reached under, "" where people cannot reach it."""
        ...

    @property
    def offered(self) -> Sequence[tuple[str, str]]:
        """Label and route of each action that is offered on items of other plugins."""
        ...

    async def reach(self, person: Person, at: datetime, here: Chat | None) -> "Reach":
        """How what is told to a person at an instant will come, as far as is known now; `here` they write just now."""
        ...

    def group(self, key: str) -> Chat | None:
        """The group with this key; None when its messenger is not in use."""
        ...

    def installed(self, chat: Chat) -> "Sequence[Installed]":
        """The plugins in use, and which of them are on in a chat."""
        ...

    async def usable(self, ctx: "Context") -> list["Usage"]:
        """The commands a person may use."""
        ...

    async def last_refusal(self, ctx: "Context") -> "Refusal | None":
        """What was last refused to the person of a context."""
        ...

    def options(self, model: type[Chosen]) -> Chosen:
        """What the operator decided for a plugin. Raises `PluginError` when no plugin in use declares the model."""
        ...

    def words(self, said: Said, locale: str) -> str:
        """A sentence without its styles; a locale of "" is the installation's."""
        ...

    def address(self, route: str, token: str) -> str:
        """Where the web answers for a feed, "" where the installation has no public address."""
        ...

    async def keep_file(self, data: bytes) -> str:
        """Store bytes; returns their SHA-256."""
        ...

    async def keep_attachment(self, adapter: str, file: Attachment) -> Stored:
        """Fetch a file, look at it, store it. Raises `UserError`."""
        ...

    async def keep_path(self, path: Path) -> str:
        """Store a file of our own making; returns its SHA-256."""
        ...

    async def collage(self, thumbs: Sequence[str]) -> str:
        """One small picture of several, stored."""
        ...

    async def blob_path(self, sha256: str) -> Path:
        """Where a stored file can be read."""
        ...

    async def beside(self, work: Callable[[], Made]) -> Made:
        """Do slow work in a thread."""
        ...

    async def agenda(self, person: int, start: int, end: int) -> "list[Busy]":
        """What is in a person's calendar between two instants (milliseconds)."""
        ...

    async def entry(self, key: str) -> "Marked | None":
        """What stands in calendars under a key."""
        ...

    @property
    def followers(self) -> Sequence[str]:
        """The jobs that run whenever something in calendars changed."""
        ...

    async def upkeep(self) -> "Upkeep":
        """Remove what need not be kept any longer."""
        ...

    async def quoted_text(self, message: Message) -> str:
        """The words of the message that another one quotes, "" where they are not to be had."""
        ...

    async def quoted_files(self, message: Message) -> Sequence[Photo | Document]:
        """The files of the message that a message quotes, stored. Raises `UserError` when one cannot be had."""
        ...

    async def quoted(self, message: Message) -> str:
        """The key of the delivery that a message quotes, "" when it quotes none of ours."""
        ...

    async def files(self, message: Message) -> Sequence[Photo | Document]:
        """The files of a message, stored. Raises `UserError` when one cannot be had."""
        ...


class Health(msgspec.Struct, frozen=True):
    """How a plugin is: whether it can do its work, with a `note` for operators. Under `code` more of it is in the log."""

    ok: bool = True
    note: str = ""
    code: str = ""


class Installed(msgspec.Struct, frozen=True):
    """A plugin in use: whether it is `on` in a chat, and whether it is so `always`."""

    name: str
    on: bool
    always: bool


class Usage(msgspec.Struct, frozen=True):
    """How one command is used: its words, its parameters with whether each is required, and what it does.

    `route` is what `ctx.ask` takes to ask for its arguments.
    """

    plugin: str
    words: Sequence[str]
    params: Sequence[tuple[Said, bool]]
    summary: Said
    examples: Sequence[str]
    route: RouteName


class Refusal(msgspec.Struct, frozen=True):
    """What was refused to a person: the command's words (none for a button), by which rule and why, and whom to `ask`."""

    at: datetime
    words: Sequence[str]
    rule: str
    reason: Said
    ask: Sequence[Person]


class Busy(msgspec.Struct, frozen=True):
    """An entry in somebody's calendar: which plugin put it there and under what key, from when to when, and what it is.

    `kind` is `away` or `meeting`; `title` is said to those who may know, others only learn that there is something.
    """

    key: str
    plugin: str
    kind: str
    start: datetime
    end: datetime
    title: Said


Reach = Literal["full", "template", "waits", "none"]
"""How a notice comes: in full, only its words in a template, not before the person writes again, or nowhere."""


class Marked(Busy, frozen=True):
    """An entry with everybody in whose calendar it stands (ids of persons)."""

    persons: frozenset[int] = frozenset()


class Upkeep(msgspec.Struct, frozen=True):
    """What the daily upkeep came to: words `removed` by kind, the head of the audit log, and the chat to tell it in."""

    removed: dict[str, int]
    line: int
    head: str
    post_to: Chat | None


class Plan(msgspec.Struct, frozen=True):
    """A call of a route at an instant, in a chat; `put_off` is when it was due at first, where it had to wait since."""

    key: str
    route: str
    args: dict[str, Any]
    chat: Chat
    person: int
    due_at: int
    put_off: int = 0


class Question(msgspec.Struct, frozen=True):
    """A route to be asked for, with what is known of its arguments."""

    handler: Any
    known: dict[str, Any]
