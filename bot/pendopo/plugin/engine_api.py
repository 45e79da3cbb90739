"""What the engine lends its contexts, and the small values that pass between the two."""

from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from pendopo.config import Options
from pendopo.directory import Directory
from pendopo.i18n import Catalogues
from pendopo.model import Attachment, Chat, Document, Message, Person, Photo, Phrase
from pendopo.plugin.buttons import RouteName, Target
from pendopo.plugin.items import Item
from pendopo.plugin.pages.parts import Overview
from pendopo.plugin.route import Route
from pendopo.store import Blobs, Database
from pendopo.when.calendar import WorkCalendar

ENGINE = "pendopo"
"""The adapter name of chats and events the engine itself makes."""
WEB = "web"
"""The adapter name of the dashboard: a person's own page, on which they act as in a private chat."""
T = TypeVar("T")

if TYPE_CHECKING:
    from pendopo.plugin.context import Context


class MessageRef(msgspec.Struct, frozen=True):
    """A message that will be sent; keep `key` in a row to edit the message later."""

    key: str


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
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


class FileStore(Protocol):
    """Takes files in: those that came with messages, and those of our own making."""

    async def ingest_checked(self, adapter: str, file: Attachment) -> StoredFile:
        """Fetch a file, inspect it, store it. Raises `UserError`, and then nothing of it is left."""
        ...

    async def store_unchecked(self, adapter: str, file: Attachment) -> Photo | Document:
        """Fetch a file and store it as it is. Raises `UserError`."""
        ...

    async def store_bytes(self, data: bytes) -> str:
        """Store bytes of our own making; returns their SHA-256."""
        ...

    async def make_collage(self, thumbs: Sequence[str]) -> str:
        """One small picture of several, stored."""
        ...

    async def run_in_thread(self, work: Callable[[], T], /) -> T:
        """Do slow work in a thread."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineApi:
    """What the engine lends its contexts: put together once, from the parts that do the work."""

    directory: Directory
    database: Database
    blobs: Blobs
    catalogues: Catalogues
    files: FileStore
    zone: ZoneInfo
    work_calendar: WorkCalendar
    locale: str
    """The language of the installation, for whoever has chosen none."""
    site: str
    """Where people reach the dashboard, "" where they cannot."""
    public_url: str
    """Where the web app is reached from outside, "" where it is not."""
    options: Mapping[type[Options], Options]
    """What the operator decided for each plugin."""
    messengers: Container[str]
    """The names of the adapters in use."""
    followers: Sequence[str]
    """The jobs that run whenever something in calendars changed."""
    offers: Sequence[Route]
    """The actions that are offered on items of other plugins."""

    route_for: Callable[[Target], Route]
    """The route of a handler. Raises `PluginError` when it is none."""
    encode_arguments: Callable[[str, Sequence[Any]], dict[str, Any]]
    """Positional arguments of a route as JSON-able data. Raises `PluginError` when they do not fit."""
    find_private_chat: Callable[[Person, str], Awaitable[Chat | None]]
    """Where a person is reached: the messenger they used last, of those that are not called by the second argument."""
    check_reachability: Callable[[Person, datetime, Chat | None], Awaitable["Reach"]]
    """How what is told to a person at an instant will come; the chat is the one they write in just now."""
    find_messenger: Callable[[str], Awaitable[str]]
    """The messenger that a delivery (by its key) went to, "" where there is none."""
    find_quoted_key: Callable[[Message], Awaitable[str]]
    """The key of the delivery that a message quotes, "" when it quotes none of ours."""
    find_quoted_text: Callable[[Message], Awaitable[str]]
    """The words of the message that another one quotes, "" where they are not to be had."""
    list_quoted_files: Callable[[Message], Awaitable[list[Photo | Document]]]
    """The files of the message that a message quotes, stored. Raises `UserError` when one cannot be had."""
    list_commands: Callable[["Context"], Awaitable[list["CommandHelp"]]]
    """The commands a person may use, in the order of their plugins."""
    list_plugins: Callable[[Chat], list["PluginStatus"]]
    """The plugins in use, and which of them are on in a chat."""
    find_items: Callable[["Context", int, str], Awaitable[Sequence[Item]]]
    """What a number stands for, of all plugins or of one, as far as the person of a context may see it."""
    find_last_refusal: Callable[["Context"], Awaitable["Refusal | None"]]
    """What was last refused to the person of a context."""
    collect_overviews: Callable[["Context", datetime, Person], Awaitable[Sequence[Overview]]]
    """What all plugins say of now to a person."""
    run_maintenance: Callable[[], Awaitable["MaintenanceReport"]]
    """Remove what need not be kept any longer."""


class PluginHealth(msgspec.Struct, frozen=True):
    """How a plugin is: whether it can do its work, with a `note` for operators. Under `code` more of it is in the log."""

    ok: bool = True
    note: str = ""
    code: str = ""


class PluginStatus(msgspec.Struct, frozen=True):
    """A plugin in use: whether it is `on` in a chat, and whether it is so `always`."""

    name: str
    on: bool
    always: bool


class CommandHelp(msgspec.Struct, frozen=True):
    """How one command is used: its words, its parameters with whether each is required, and what it does.

    `route` is what `ctx.prompt_for` takes to ask for its arguments.
    """

    plugin: str
    words: Sequence[str]
    params: Sequence[tuple[Phrase, bool]]
    summary: Phrase
    examples: Sequence[str]
    route: RouteName


class Refusal(msgspec.Struct, frozen=True):
    """What was refused to a person: the command's words (none for a button), by which rule and why, and whom to `ask`."""

    at: datetime
    words: Sequence[str]
    rule: str
    reason: Phrase
    ask: Sequence[Person]


Reach = Literal["full", "template", "waits", "none"]
"""How a notice comes: in full, only its words in a template, not before the person writes again, or nowhere."""


class MaintenanceReport(msgspec.Struct, frozen=True):
    """What the daily upkeep came to: words `removed` by kind, the head of the audit log, and the chat to tell it in."""

    removed: dict[str, int]
    line: int
    head: str
    post_to: Chat | None


class Question(msgspec.Struct, frozen=True):
    """A route to be asked for, with what is known of its arguments."""

    handler: Any
    known: dict[str, Any]
