"""What all stations share: database, directory, routes, catalogues, adapters and clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pendopo.adapters.contract import Adapter
from pendopo.config import (
    Options,
    RetentionSettings,
    Settings,
    StorageSettings,
    get_dashboard_url,
    get_options,
    list_secrets,
    redact_secrets,
)
from pendopo.directory import Directory, People
from pendopo.engine.clock import Clock
from pendopo.engine.routing.gate import Gate
from pendopo.engine.routing.router import Router
from pendopo.engine.telemetry.metrics import Metrics
from pendopo.engine.telemetry.tracing import NoSpans, Spans
from pendopo.i18n import CORE_SENTENCES, Catalogues
from pendopo.model import Chat, ChatKind, Phrase
from pendopo.model.ids import parse_lane_key
from pendopo.plugin import Plugin
from pendopo.plugin.arguments.signature import Param
from pendopo.plugin.buttons import RouteName
from pendopo.plugin.context import context_like
from pendopo.plugin.engine_api import Scene
from pendopo.plugin.route import Route
from pendopo.plugin.values import CommandHelp, PluginStatus
from pendopo.store import AttachmentCache, Blobs, Database
from pendopo.store.queries.settings import Installation, identify_installation
from pendopo.when.calendar import WorkCalendar
from pendopo.when.quiet_hours import QuietHours

MEGABYTE = 1_000_000


@dataclass
class Runtime:
    """The shared parts of one bot, assembled once by `make_runtime`."""

    database: Database
    directory: Directory
    router: Router
    catalogues: Catalogues
    adapters: Mapping[str, Adapter]
    blobs: Blobs
    arrivals: AttachmentCache
    clock: Clock
    zone: ZoneInfo
    locale: str = "id"
    secrets: Sequence[str] = ()
    """Texts that must not appear in logs or stored errors."""
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    quiet_hours: QuietHours = field(default_factory=lambda: QuietHours(ZoneInfo("UTC"), time(), time()))
    chosen: dict[type[Options], Options] = field(default_factory=dict)
    """The options of each plugin, by their class."""
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    post_to: str = ""
    """The key of the group in which the head of the audit log is posted; "": nowhere."""
    public_url: str = ""
    """The address of the web app from outside, "" where it has none."""
    site: str = ""
    """The same, else its address on this machine."""
    rates: tuple[int, int] = (0, 0)
    """Requests a minute allowed for one person and for one chat; 0: no limit."""

    spans: Spans = field(default_factory=NoSpans)
    installation: Installation = field(default_factory=Installation)
    """Which installation this is, known once the app has started."""

    def __post_init__(self) -> None:
        self.gate = Gate(self.router)
        self.metrics = Metrics()

    @property
    def people(self) -> People:
        """The current snapshot of the directory."""
        return self.directory.people

    def remove_partial_files(self) -> None:
        """Removes partial files that a dead process left. Must run before anything writes files."""
        for shelf in (self.blobs, self.arrivals):
            shelf.remove_partial()

    async def identify(self) -> None:
        """Learns which installation this is; the first start of a database makes that out."""
        self.installation = await identify_installation(self.database, self.clock.now())

    def make_world_id(self, name: str, since: datetime) -> str:
        return self.installation.make_world_id(name, since)

    def now_ms(self) -> int:
        return self.clock.now_ms()

    def redact_error(self, error: Exception) -> str:
        """Formats an error for logs and rows, without secrets: addresses in error texts often hold a token."""
        return redact_secrets(f"{type(error).__name__}: {error}", self.secrets)

    def register_plugin(self, plugin: Plugin, settings: Settings) -> None:
        """Registers a plugin's options, sentences and routes. Raises `PluginError` or `ConfigError`, and then adds no route."""
        if plugin.options is not None:
            self.chosen[plugin.options] = get_options(settings, plugin.name, plugin.options)
        self.catalogues.add_folder(plugin.path / "locale", plugin.name)
        self.router.add_plugin(plugin)

    async def list_commands(self, scene: Scene) -> list[CommandHelp]:
        """Returns the commands this person may use, in the order of the plugins."""
        routes = [route for route in self.router.routes.values() if route.words and not route.hidden]
        return [
            self._describe_command(route)
            for route in routes
            if await self.gate.may_begin(context_like(scene, scene.sender), route)
        ]

    def list_plugins(self, chat: Chat) -> list[PluginStatus]:
        """Returns the plugins in use, and which of them are on in a chat."""
        off = self.people.off.get(chat.key, frozenset())
        return [PluginStatus(plugin.name, plugin.name not in off, plugin.required) for plugin in self.router.plugins.values()]

    def find_site(self, chat: Chat) -> str:
        """Returns the dashboard's address for the people of a chat; one on this machine only where they sit at it."""
        near = [name for name, adapter in self.adapters.items() if getattr(adapter, "local", False)]
        local = chat.adapter in near if chat.adapter in self.adapters else len(near) == len(self.adapters)
        return self.site if self.public_url or local else ""

    def find_group(self, key: str) -> Chat | None:
        adapter, id_, _ = parse_lane_key(key)
        return Chat(adapter, id_, ChatKind.GROUP) if adapter in self.adapters else None

    def list_menu_commands(self, locale: str) -> list[tuple[str, str]]:
        """Returns the commands open to every known person, with their summaries, for a messenger's own menu."""
        routes = [r for r in self.router.routes.values() if r.words and not r.hidden and r.policy in ("anyone", "known")]
        return [(r.words[0], self.catalogues.render_text(self._describe_command(r).summary, locale)) for r in routes]

    def _describe_command(self, route: Route) -> CommandHelp:
        own = f"{route.plugin}.bantuan.{route.name.split('.')[1]}"
        summary = Phrase(own) if self.catalogues.has_key(own) else Phrase("umum.pilihan", {"teks": route.summary})
        params = [(self.label_parameter(route, param), param.required) for param in route.params]
        return CommandHelp(route.plugin, route.words, params, summary, route.examples, RouteName(route.name))

    def label_parameter(self, route: Route, param: Param) -> Phrase:
        """Returns what people call a parameter: a phrase of the plugin's catalogue, else its name."""
        own = f"{route.plugin}.arg.{param.name}"
        return Phrase(own) if self.catalogues.has_key(own) else Phrase("umum.pilihan", {"teks": param.name.replace("_", " ")})


def make_runtime(
    settings: Settings, database: Database, adapters: Mapping[str, Adapter], clock: Clock, spans: Spans
) -> Runtime:
    """Makes a runtime from the settings, with the engine's sentences; its directory is not loaded, and it has no plugins."""
    zone, folder = ZoneInfo(settings.timezone), Path(settings.data_dir)
    runtime = Runtime(
        database=database,
        directory=Directory(database, zone),
        router=Router(),
        catalogues=Catalogues(zone),
        adapters=adapters,
        blobs=_make_blobs(settings.storage, folder),
        arrivals=AttachmentCache(folder / "arrivals"),
        clock=clock,
        spans=spans,
        zone=zone,
        locale=settings.locale,
        secrets=list_secrets(settings),
        calendar=WorkCalendar(settings.calendar.country, settings.calendar.holidays, settings.calendar.working),
        quiet_hours=QuietHours(zone, settings.quiet_hours.begins, settings.quiet_hours.ends),
        retention=settings.retention,
        post_to=settings.audit.post_to,
        public_url=settings.web.public_url,
        site=get_dashboard_url(settings.web),
        rates=(settings.limits.per_person, settings.limits.per_chat),
    )
    runtime.catalogues.add_folder(CORE_SENTENCES)
    return runtime


def _make_blobs(settings: StorageSettings, folder: Path) -> Blobs:
    if not settings.url:
        return Blobs(folder / "blobs", settings.quota * MEGABYTE)
    from pendopo.store.blobs.bucket import Bucket  # only for those who have one

    return Blobs(folder / "blobs", settings.quota * MEGABYTE, Bucket(settings), settings.cache * MEGABYTE)
