"""What the engine lends a handler, the effects of a handler, and the scene both share."""

from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from pendopo.config import Options
from pendopo.directory import Directory, People
from pendopo.errors import PluginError, UserError
from pendopo.i18n import Catalogues
from pendopo.model import Account, Attachment, Chat, Document, Event, Message, Person, Photo
from pendopo.model.ids import to_ms
from pendopo.plugin.buttons import Target
from pendopo.plugin.page_parts import Overview, View
from pendopo.plugin.phrases import encode_value
from pendopo.plugin.route import Route
from pendopo.plugin.values import CommandHelp, Item, MaintenanceReport, PluginStatus, Question, Reach, Refusal, StoredFile
from pendopo.store import Blobs, Database, Unit
from pendopo.store.queries.audit import AuditEntry
from pendopo.store.queries.deliveries import Outgoing
from pendopo.store.queries.reminders import Reminder
from pendopo.when.calendar import WorkCalendar
from pendopo.when.quiet_hours import QuietHours

T = TypeVar("T")


class FileStore(Protocol):
    """Stores files: those that came with messages, and those the bot makes."""

    async def ingest_checked(self, adapter: str, file: Attachment) -> StoredFile:
        """Fetches, inspects and stores a file. Raises `UserError`, and then nothing of it is left."""

    async def store_unchecked(self, adapter: str, file: Attachment) -> Photo | Document:
        """Fetches a file and stores it as it is. Raises `UserError`."""

    async def store_bytes(self, data: bytes) -> str:
        """Stores bytes that the bot made; returns their SHA-256."""

    async def make_collage(self, thumbs: Sequence[str]) -> str:
        """Makes one small picture of several and stores it; returns its SHA-256."""

    async def run_in_thread(self, work: Callable[[], T], /) -> T:
        """Runs slow work in a thread."""


class EngineApi(Struct, frozen=True, kw_only=True):
    """What the engine lends its contexts, assembled once from the parts that do the work."""

    directory: Directory
    database: Database
    blobs: Blobs
    catalogues: Catalogues
    files: FileStore
    zone: ZoneInfo
    work_calendar: WorkCalendar
    quiet_hours: QuietHours
    locale: str
    """The language of the installation, for people who chose none."""
    public_url: str
    """The web app's address from outside, "" where it has none."""
    options: Mapping[type[Options], Options]
    """The options of each plugin, by their class."""
    messengers: Container[str]
    """The names of the adapters in use."""
    find_site: Callable[[Chat], str]
    """The dashboard's address for the people of a chat, "" where they cannot reach it."""
    followers: Sequence[str]
    """The jobs that run when a calendar entry changes."""
    offers: Sequence[Route]
    """The actions offered on items of other plugins."""

    route_for: Callable[[Target], Route]
    """The route of a handler. Raises `PluginError` when it has none."""
    encode_arguments: Callable[[str, Sequence[Any]], dict[str, Any]]
    """Positional arguments of a route as JSON-able data. Raises `PluginError` when they do not fit."""
    find_private_chat: Callable[[Person, str], Awaitable[Chat | None]]
    """The private chat a person used last, on another messenger than the second argument."""
    check_reachability: Callable[[Person, datetime, Chat | None], Awaitable[Reach]]
    """How a notice reaches a person at an instant; the chat is the one they are writing in."""
    find_messenger: Callable[[str], Awaitable[str]]
    """The messenger of a delivery (by its key), "" where there is none."""
    find_quoted_key: Callable[[Message], Awaitable[str]]
    """The key of the delivery that a message quotes, "" when it quotes none of the bot's."""
    find_quoted_text: Callable[[Message], Awaitable[str]]
    """The text of the message that another one quotes, "" where it cannot be had."""
    list_quoted_files: Callable[[Message], Awaitable[list[Photo | Document]]]
    """The files of the message that another one quotes, stored. Raises `UserError` when one cannot be had."""
    list_commands: Callable[["Scene"], Awaitable[list[CommandHelp]]]
    """The commands a person may use, in the order of their plugins."""
    list_plugins: Callable[[Chat], list[PluginStatus]]
    """The plugins in use, and which of them are on in a chat."""
    find_items: Callable[["Scene", int, str], Awaitable[Sequence[Item]]]
    """The items behind a number, of all plugins or of one, that the context's person may see."""
    find_last_refusal: Callable[["Scene"], Awaitable[Refusal | None]]
    """The last refusal of the context's person."""
    collect_overviews: Callable[["Scene", datetime, Person], Awaitable[Sequence[Overview]]]
    """The overviews of all plugins for a person."""
    run_maintenance: Callable[[], Awaitable[MaintenanceReport]]
    """Removes what has passed its retention."""
    make_world_id: Callable[[str, datetime], str]
    """A name unique in the world for a thing of this installation, known here since an instant."""


class Effects(Struct):
    """The effects of one handler, until the engine commits them."""

    unit: Unit
    action: str = ""
    """The route's name."""
    origin: str = ""
    """The key of the delivery whose button was pressed."""
    outgoing: list[Outgoing] = []
    plans: list[Reminder] = []
    cancelled: list[str] = []
    """Keys of planned jobs to cancel."""
    audited: list[AuditEntry] = []
    dirty_lanes: list[str] = []
    """Lanes whose rows were changed without the outbox: it reads them anew after the commit."""
    over: bool = False
    """The handler has returned: nothing more is gathered."""
    question: Question | None = None
    """A route to ask the arguments of, after this handler."""

    @property
    def plugin(self) -> str:
        """The plugin whose route this is."""
        return self.action.partition(".")[0]

    def merge(self, other: "Effects") -> None:
        """Adds the effects of another handler of the same event."""
        self.unit.include_unit(other.unit)
        self.outgoing += other.outgoing
        self.plans += other.plans
        self.cancelled += other.cancelled
        self.audited += other.audited
        self.dirty_lanes += other.dirty_lanes


class Scene:
    """Who asks what, where and when: shared by a context and its capabilities."""

    __slots__ = ("_api", "_gathered", "acting_as", "chat", "event", "now", "people", "sender", "view")

    def __init__(self, api: EngineApi, unit: Unit, event: Event, sender: Person | None, now: datetime) -> None:
        self._api = api
        self._gathered = Effects(unit)
        self.event: Event = event
        self.chat: Chat = event.chat
        self.sender = sender
        """The person who asks, where the directory knows them."""
        self.now = now
        self.people: People = api.directory.people
        """The directory by which this handler decides; it commits only while that is unchanged."""
        self.acting_as = ""
        """The capacity in which the person acts, set by the gate: `Sekda`, or `Plh. Sekda`."""
        self.view = View()
        """How a page is viewed: how many rows, from where on, and whether it is exported."""

    @property
    def _effects(self) -> Effects:
        """The effects so far. Raises `PluginError` when the handler has returned: they would be lost."""
        if self._gathered.over:
            said = f"the context of {self._gathered.action or 'a handler'} is over, since it has returned"
            raise PluginError(f"{said}: await the work in it, or let a job do it (ctx.schedule)")
        return self._gathered

    @property
    def person(self) -> Person:
        """The person who asks. Raises `UserError` for a sender outside the directory; policy `known` rules that out."""
        if self.sender is None:
            raise UserError("gerbang.tidak_dikenal")
        return self.sender

    @property
    def account(self) -> Account | None:
        """The sender's account; None where no one sent anything, as in a job."""
        return self.event.account

    def audit(self, action: str, object_: str = "", reason: str = "", **detail: Any) -> None:
        """Adds a line to the audit log, in the same transaction as all other effects."""
        self._effects.audited.append(AuditEntry(action, object_, encode_value(detail, plain=True), reason))

    def _plan(self, at: datetime, route: str, args: Sequence[Any], key: str, chat: Chat) -> str:
        """Plans a route for an instant. Returns the key to cancel it by."""
        person = self.sender.id if self.sender else 0
        self._effects.plans.append(Reminder(key, route, self._api.encode_arguments(route, args), chat, person, to_ms(at)))
        return key
