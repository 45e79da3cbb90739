"""The composition root: assembles one bot from its parts, and starts and stops them in order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
import structlog

from pendopo.adapters.contract import Adapter, AdapterHealth, Incoming
from pendopo.config import Settings, with_options
from pendopo.engine.attachments.ingestion import Ingestion
from pendopo.engine.attachments.prefetch import Prefetch
from pendopo.engine.clock import Clock
from pendopo.engine.contexts import ContextFactory
from pendopo.engine.dashboard_pages import DashboardPages
from pendopo.engine.inbound.commit import HandlerCommit
from pendopo.engine.inbound.dispatcher import Dispatcher
from pendopo.engine.inbound.resolver import EventResolver
from pendopo.engine.lanes.lanes import cancel_tasks
from pendopo.engine.lanes.leadership import Leadership, SoleLeadership
from pendopo.engine.operations.audit_guard import AuditGuard
from pendopo.engine.operations.gauges import collect_gauges
from pendopo.engine.operations.health_monitor import CHECK_SECONDS, HealthMonitor
from pendopo.engine.operations.plugin_health import PluginMonitor
from pendopo.engine.operations.retention import run_maintenance
from pendopo.engine.operations.system_audit import SystemAudit
from pendopo.engine.outbound.delivery_reports import Reports
from pendopo.engine.outbound.outbox import Outbox
from pendopo.engine.runtime import Runtime, make_runtime
from pendopo.engine.scheduler import Scheduler, parse_crontab
from pendopo.engine.telemetry.metrics import Measure, Metrics
from pendopo.engine.telemetry.tracing import NoSpans, Spans
from pendopo.errors import StoreError, UserError
from pendopo.model import Chat, pick_delay
from pendopo.model.ids import from_ms
from pendopo.plugin import Plugin
from pendopo.store import Database
from pendopo.store.migrate import Schema, check_revision, core_schema, upgrade_schema
from pendopo.store.queries import chats
from pendopo.store.queries.dead_letters import count_letters
from pendopo.store.tables import DeliveryState, InboxState

if TYPE_CHECKING:
    from pendopo.engine.cluster import Cluster
    from pendopo.engine.lanes.node import Node

log = structlog.get_logger(__name__)
SWEEP_SECONDS = 5.0
"""How often work is looked for that no notice announced: it bounds how late such work starts."""
RESTART_SECONDS = (1.0, 5.0, 30.0)
"""Pauses before an adapter that failed starts again; the last one repeats."""


class App:
    """A bot: its messengers, its plugins and the stations between them."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        adapters: Sequence[Adapter],
        plugins: Sequence[Plugin],
        clock: Clock,
        spans: Spans | None = None,
    ) -> None:
        models = {plugin.name: plugin.options for plugin in plugins if plugin.options is not None}
        self.settings = with_options(settings, models)
        self.database = database
        self.adapters: Mapping[str, Adapter] = {adapter.name: adapter for adapter in adapters}
        self.clock = clock
        self.broken: dict[str, str] = {}
        self.core = make_runtime(self.settings, database, self.adapters, clock, spans or NoSpans())
        self._plugins = plugins
        self.prefetch = Prefetch(self.core)
        self.ingestion = Ingestion(self.core, self.prefetch)
        self.contexts = ContextFactory(self.core, self.ingestion, partial(run_maintenance, self.core))
        self.dashboard_pages = DashboardPages(self.core, self.contexts)
        self.plugin_monitor = PluginMonitor(self.core, self.contexts)
        resolver = EventResolver(self.core, self.dashboard_pages)
        self._node = _make_node(database, clock)
        keeper = self._node.leases if self._node else None
        self.outbox = Outbox(self.core, keeper, self._node.owns_lane if self._node else lambda lane: True)
        self.scheduler = Scheduler(self.core)
        committer, reports = HandlerCommit(self.core, self.outbox, self.scheduler), Reports(self.core, self.outbox)
        self.dispatcher = Dispatcher(self.core, self.contexts, self.prefetch, resolver, committer, reports, keeper)
        self.inbox = self.dispatcher.inbox
        self.system_audit = SystemAudit(self.core)
        self.audit_guard = AuditGuard(self.core, Path(settings.data_dir), settings.audit.head_file)
        self.health_monitor = HealthMonitor(self.core, settings, self.outbox.enqueue)
        self.leadership: Leadership = SoleLeadership()
        self.cluster: Cluster | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.ready = False

    async def start(self) -> None:
        """Migrates or checks the database, registers the plugins, loads the directory and starts the stations."""
        with self.database.open_engine() as engine:  # one for all schemas: making it takes longer than looking at a table
            self._prepare_schema(engine, core_schema())
            await self.core.identify()
            # Plugins come before adapters: a first delivery must find every route registered.
            taken = self.register_plugins()
            await self.core.directory.load(self.clock.now())
            if self.settings.directory.file:
                await self.core.directory.import_file(Path(self.settings.directory.file), self.clock.now())
            if not self.database.postgres:
                await asyncio.to_thread(self.core.remove_partial_files)
            await self.plugin_monitor.start_plugins({p.name: (p, partial(self._create_tables, p, engine)) for p in taken})
        self.dispatcher.guard.start()
        await self.audit_guard.check_start()
        await self.system_audit.record_start(self.settings, list(self.core.router.plugins))
        for name, adapter in self.adapters.items():
            adapter.connect(_Host(self, name))
            self._tasks.append(asyncio.create_task(self._keep_running(adapter)))
        await (self._start_shared(self._node) if self._node else self._start_alone())
        self._tasks += [asyncio.create_task(self._sweep_forever()), asyncio.create_task(self._watch_health())]
        self.ready = True
        log.info("ready", event_name="ready", adapters=list(self.adapters), plugins=list(self.core.router.plugins))

    async def stop(self) -> None:
        """Accepts nothing new, gives running handlers some seconds to finish, and closes. A forced stop loses nothing."""
        self.ready = False
        await cancel_tasks(self._tasks)
        self.scheduler.stop()
        if self.cluster is not None:
            self.cluster.stop_claiming()
        await self.plugin_monitor.close()
        await self.prefetch.close()
        self.ingestion.close()
        self.dispatcher.watchdog.close()
        self.dispatcher.guard.close()
        for station in (self.scheduler, self.inbox, self.outbox):
            await station.lanes.close()
        await self.plugin_monitor.stop_plugins()
        if self.cluster is not None:
            await self.cluster.stop()
        for adapter in self.adapters.values():
            with suppress(Exception):
                await adapter.close()
        await self.database.close()
        await asyncio.to_thread(self.core.spans.close)

    async def idle(self) -> None:
        """Waits until no work is due now."""
        stations = (self.scheduler.lanes, self.inbox.lanes, self.outbox.lanes)
        while any(lanes.busy for lanes in stations) or (self.cluster is not None and await self.cluster.is_busy()):
            for lanes in stations:
                await lanes.idle()
            if self.cluster is not None:
                await self.cluster.idle()
        await self.plugin_monitor.idle()
        await self.prefetch.idle()

    async def _start_alone(self) -> None:
        """Starts the stations of a process that drains every lane and holds every role."""
        await self.outbox.start()
        await self.inbox.start()
        await self.scheduler.start(self.inbox)

    async def _start_shared(self, node: "Node") -> None:
        """Joins the processes that drain the lanes of a shared database."""
        from pendopo.engine.cluster import Cluster  # only where there is more than one process

        self.cluster = Cluster(self.core, node, self.inbox, self.outbox, self.scheduler)
        self.leadership = self.cluster.leadership
        await self.cluster.start()

    async def accept(self, adapter: str, incoming: Sequence[Incoming]) -> None:
        """Stores what a messenger delivered. The delivery may be acknowledged once this returns."""
        try:
            await self.inbox.accept(adapter, incoming)
        except Exception as error:
            self.health_monitor.note_failed_write(error)
            raise
        self.health_monitor.note_write()

    async def rescan_work(self) -> None:
        """Finds open work that was written to the database without waking this process."""
        if self.cluster is not None:
            await self.cluster.wake_open_lanes()
        else:
            await self.inbox.start()
            await self.outbox.start()

    async def feed(self, name: str, token: str) -> tuple[bytes, str] | None:
        """Returns a plugin's feed (bytes, MIME type); None when there is none or the token does not open it."""
        return await fetch_feed(self.core, self.contexts, name, token)

    @property
    def metrics(self) -> Metrics:
        return self.core.metrics

    async def gauges(self) -> list[Measure]:
        """Returns the gauges for /metrics."""
        folder = Path(self.settings.data_dir)
        return await collect_gauges(self.database, self.adapters, await self.readiness(), self.core.now_ms(), folder)

    async def readiness(self) -> dict[str, Any]:
        """Whether the bot can do its work: its database, its messengers, and what waits."""
        waiting = await count_letters(self.database, "delivery", [DeliveryState.OPEN])
        held = await count_letters(self.database, "delivery", [DeliveryState.HELD])
        dead = await count_letters(self.database, "delivery", [DeliveryState.DEAD])
        unread = await count_letters(self.database, "inbox", [InboxState.DEAD])
        queued = await count_letters(self.database, "inbox", [InboxState.WAITING])
        health = {name: self._check_adapter(name, adapter) for name, adapter in self.adapters.items()}
        faults = self.health_monitor.faults
        return {
            "ok": self.ready and all(h.ok for h in health.values()) and not any(fault.blocking for fault in faults.values()),
            "faults": {name: fault.said for name, fault in faults.items()},
            "adapters": {name: {"ok": h.ok, "seconds": h.seconds, "note": h.note} for name, h in health.items()},
            "inbox": {"dead": unread, "waiting_for_turn": queued},
            "outbox": {"waiting": waiting, "waiting_for_window": held, "dead": dead},
            "files": {"bytes": await self.core.blobs.count_bytes(), "nearly_full": await self.core.blobs.is_nearly_full()},
            "loop": self.dispatcher.guard.report(),
            "unconfirmed_accounts": len(self.core.people.unconfirmed),
            "broken_plugins": self.broken,
            "plugins": {n: msgspec.structs.asdict(h) for n, h in (await self.plugin_monitor.check_health()).items()},
        }

    def _check_adapter(self, name: str, adapter: Adapter) -> AdapterHealth:
        """Reports an adapter that another process runs as healthy, since this process cannot tell."""
        if self.leadership.is_standby(role_of(name)):
            return AdapterHealth(True, note="standing by")
        health = adapter.health()
        if health.ok and not self.health_monitor.writable:
            return AdapterHealth(False, health.seconds, "what it delivers cannot be stored")
        return health

    def _prepare_schema(self, engine: sa.Engine, schema: Schema) -> None:
        if self.database.postgres:
            check_revision(engine, schema)
        else:
            upgrade_schema(engine, schema)

    def register_plugins(self) -> list[Plugin]:
        """Registers the plugins; returns those that can be used. `broken` says why others cannot."""
        return [plugin for plugin in self._plugins if self._register_plugin(plugin)]

    def _register_plugin(self, plugin: Plugin) -> bool:
        """Registers one plugin. A broken one is reported and left out; the others start."""
        try:
            for route in plugin.list_routes():
                if route.cron:
                    parse_crontab(route.cron, self.core.zone)
            self.core.register_plugin(plugin, self.settings)
        except Exception as error:
            self.report_broken(plugin.name, error)
            return False
        return True

    def _create_tables(self, plugin: Plugin, engine: sa.Engine) -> None:
        """Creates or checks the tables of a plugin. Raises `StoreError`."""
        if (schema := plugin.schema) is None:
            return
        try:
            self._prepare_schema(engine, schema)
        finally:
            if self.ready:  # tried again later: nobody else closes what this opened
                engine.dispose()

    def report_broken(self, name: str, error: Exception) -> None:
        """Records why a plugin cannot be used."""
        self.broken[name] = str(error)
        log.error("a plugin is left out", event_name="plugin_broken", plugin=name, error=str(error))

    async def _sweep_forever(self) -> None:
        """Finds work that other processes put there, such as an operator's `retry` on the command line."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            with suppress(Exception):  # the lanes report a database that is away
                await self.core.directory.refresh(self.clock.now())
                await self.system_audit.check_clock()
                await self.audit_guard.note_head()
                await self.audit_guard.write_head()
                await (self.rescan_work() if self.cluster is None else self.outbox.load_held())
                self.scheduler.check_due()

    async def _watch_health(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            with suppress(Exception):  # told again when it is over
                await self.health_monitor.check()

    async def _keep_running(self, adapter: Adapter) -> None:
        """Runs an adapter for ever, and starts it again after a failure without stopping anything else."""
        failures = 0
        while True:
            try:
                await adapter.run()
                return
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("an adapter failed and starts again", event_name="adapter_failed", adapter=adapter.name)
                await asyncio.sleep(pick_delay(RESTART_SECONDS, failures))
                failures += 1


def _make_node(database: Database, clock: Clock) -> "Node | None":
    """Makes this process one of several where the database can be shared; None for SQLite."""
    if not database.postgres:
        return None
    from pendopo.engine.lanes.node import Node  # only where there may be more than one process
    from pendopo.store.postgres import PostgresDatabase

    if not isinstance(database, PostgresDatabase):
        raise StoreError("only PostgreSQL is shared by several processes")
    return Node(database, clock)


def role_of(adapter: str) -> str:
    """Names the role of the process that listens to a messenger."""
    return f"adapter:{adapter}"


class _Host:
    """The port through which an adapter reaches its app."""

    def __init__(self, app: App, name: str) -> None:
        self._app, self._name = app, name

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        await self._app.accept(self._name, incoming)

    async def run_exclusive(self, work: Callable[[], Awaitable[None]]) -> None:
        await self._app.leadership.run_exclusive(role_of(self._name), work)

    def get_blob_path(self, sha256: str) -> Path:
        return self._app.core.blobs.path(sha256)

    def now(self) -> datetime:
        return self._app.clock.now()

    async def get_last_seen(self, chat: Chat) -> datetime | None:
        seen = await chats.find_last_seen(self._app.database, chat.key)
        return from_ms(seen) if seen is not None else None

    def list_commands(self, locale: str) -> Sequence[tuple[str, str]]:
        return self._app.core.list_menu_commands(locale)


async def fetch_feed(runtime: Runtime, contexts: ContextFactory, name: str, token: str) -> tuple[bytes, str] | None:
    """Returns the bytes and MIME type of a feed; None when there is no such feed or its rule rejects the token."""
    route = runtime.router.routes.get(name)
    if route is None or route.kind != "feed":
        return None
    ctx = contexts.open_for_plugin(name)
    handler: Callable[..., Awaitable[tuple[bytes, str]]] = route.handler
    try:
        decision = await runtime.gate.check(ctx, route, {"token": token})
        return await handler(ctx, token) if decision.allowed else None
    except UserError:
        return None
