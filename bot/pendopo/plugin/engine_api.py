"""What the engine lends a handler, what the handler gathers for it, and the scene both stand on."""

from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pendopo.config import Options
from pendopo.directory import Directory, People
from pendopo.errors import UserError
from pendopo.i18n import Catalogues
from pendopo.model import Account, Attachment, Chat, Document, Event, Message, Person, Photo
from pendopo.model.ids import to_ms
from pendopo.plugin.buttons import Target
from pendopo.plugin.pages.parts import Overview, View
from pendopo.plugin.phrases import encode_value
from pendopo.plugin.route import Route
from pendopo.plugin.values import CommandHelp, Item, MaintenanceReport, PluginStatus, Question, Reach, Refusal, StoredFile
from pendopo.store import Blobs, Database, Unit
from pendopo.store.queries.audit import AuditEntry
from pendopo.store.queries.deliveries import Outgoing
from pendopo.store.queries.reminders import Reminder
from pendopo.when.calendar import WorkCalendar

T = TypeVar("T")


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
    check_reachability: Callable[[Person, datetime, Chat | None], Awaitable[Reach]]
    """How what is told to a person at an instant will come; the chat is the one they write in just now."""
    find_messenger: Callable[[str], Awaitable[str]]
    """The messenger that a delivery (by its key) went to, "" where there is none."""
    find_quoted_key: Callable[[Message], Awaitable[str]]
    """The key of the delivery that a message quotes, "" when it quotes none of ours."""
    find_quoted_text: Callable[[Message], Awaitable[str]]
    """The words of the message that another one quotes, "" where they are not to be had."""
    list_quoted_files: Callable[[Message], Awaitable[list[Photo | Document]]]
    """The files of the message that a message quotes, stored. Raises `UserError` when one cannot be had."""
    list_commands: Callable[["Scene"], Awaitable[list[CommandHelp]]]
    """The commands a person may use, in the order of their plugins."""
    list_plugins: Callable[[Chat], list[PluginStatus]]
    """The plugins in use, and which of them are on in a chat."""
    find_items: Callable[["Scene", int, str], Awaitable[Sequence[Item]]]
    """What a number stands for, of all plugins or of one, as far as the person of a context may see it."""
    find_last_refusal: Callable[["Scene"], Awaitable[Refusal | None]]
    """What was last refused to the person of a context."""
    collect_overviews: Callable[["Scene", datetime, Person], Awaitable[Sequence[Overview]]]
    """What all plugins say of now to a person."""
    run_maintenance: Callable[[], Awaitable[MaintenanceReport]]
    """Remove what need not be kept any longer."""


@dataclass(slots=True)
class Effects:
    """The work of one handler, until the engine commits it."""

    unit: Unit
    action: str = ""
    """The route's name."""
    origin: str = ""
    """The key of the delivery whose button was pressed."""
    outgoing: list[Outgoing] = field(default_factory=list)
    plans: list[Reminder] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    audited: list[AuditEntry] = field(default_factory=list)
    dirty_lanes: list[str] = field(default_factory=list)
    """Lanes whose rows were changed behind the outbox's back."""
    question: Question | None = None

    @property
    def plugin(self) -> str:
        """The plugin whose route this is."""
        return self.action.partition(".")[0]

    def merge(self, other: "Effects") -> None:
        """Everything another handler of the same event wants done is done with this."""
        self.unit.include_unit(other.unit)
        self.outgoing += other.outgoing
        self.plans += other.plans
        self.cancelled += other.cancelled
        self.audited += other.audited
        self.dirty_lanes += other.dirty_lanes


class Scene:
    """Who asks what, where and when: what a context and its capabilities share."""

    __slots__ = ("_api", "_effects", "acting_as", "chat", "event", "now", "people", "sender", "view")

    def __init__(self, api: EngineApi, unit: Unit, event: Event, sender: Person | None, now: datetime) -> None:
        self._api = api
        self._effects = Effects(unit)
        self.event: Event = event
        self.chat: Chat = event.chat
        self.sender = sender
        """Who asks, where the directory knows them."""
        self.now = now
        self.people: People = api.directory.people
        """The directory as this handler decides by: persons, posts, roles, superiors. It commits only while that is so."""
        self.acting_as = ""
        """In what the person acts, as the gate found: `Sekda`, or `Plh. Sekda`."""
        self.view = View()
        """How a page is looked at: how many rows, from where on, and whether it is to be taken away."""

    @property
    def person(self) -> Person:
        """Who asks. Raises `UserError` when nobody in the directory does; under the policy `known` that cannot be."""
        if self.sender is None:
            raise UserError("gerbang.tidak_dikenal")
        return self.sender

    @property
    def account(self) -> Account | None:
        """Who the messenger says it is; None where nobody asks, as in a job."""
        return self.event.account

    def audit(self, action: str, object_: str = "", reason: str = "", **detail: Any) -> None:
        """Write a line of the audit log, in the same transaction as everything else."""
        self._effects.audited.append(AuditEntry(action, object_, encode_value(detail), reason))

    def _plan(self, at: datetime, route: str, args: Sequence[Any], key: str, chat: Chat) -> str:
        """Run a route at an instant. Returns the key to cancel it by."""
        person = self.sender.id if self.sender else 0
        self._effects.plans.append(Reminder(key, route, self._api.encode_arguments(route, args), chat, person, to_ms(at)))
        return key
