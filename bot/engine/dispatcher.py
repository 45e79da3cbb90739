"""The dispatcher: drains the lanes of the inbox; each event becomes one committed piece of work, or a dead letter."""

import asyncio
import time
from collections.abc import Sequence

import msgspec
import structlog

from bot.adapters.adapter import Incoming
from bot.directory import links
from bot.errors import StaleError, StoreError, Superseded, UserError
from bot.model import ButtonPress, Chat, DeliveryReport, Event, JobDue, Message, Person, Text
from bot.model.ids import parse_lane_key
from bot.plugin import Context, say
from bot.plugin.host import ENGINE
from bot.store import Connection, Unit
from bot.store import inbox as store
from bot.store.inbox import Received

from . import albums
from .calls import Call, CallRefused
from .codes import new_code
from .core import Core
from .finder import Finder
from .inbox import Inbox
from .lanes import MORE, Yield
from .reports import Reports
from .spans import Steps, asked_for, asks_for, on_the_way
from .throttle import Throttle
from .watchdog import Watchdog
from .work import Mark, Work

log = structlog.get_logger(__name__)

TRIES = 3
BACK_OFF = (0.5, 3.0)
"""Seconds before a failed handler runs again. Its chat waits meanwhile, since order matters; no other chat does."""
STALE_TRIES = 10
PATIENCE = 60.0
"""Seconds a handler may take."""

_jobs = msgspec.json.Decoder(JobDue)


class Flooded(Exception):
    """Too much was asked for; `first`: it has not been said yet."""

    def __init__(self, first: bool, wait_ms: int) -> None:
        super().__init__()
        self.first = first
        self.wait_ms = wait_ms


class Dispatcher:
    """The station between inbox and outbox."""

    def __init__(self, core: Core, finder: Finder, work: Work, reports: Reports) -> None:
        self._core = core
        self._finder = finder
        self._work = work
        self._reports = reports
        self.inbox = Inbox(core, self.drain)
        self.throttle = Throttle(*core.rates)
        self.watchdog = Watchdog(PATIENCE, self._typing)
        self._courtesies: set[asyncio.Task[None]] = set()

    async def drain(self, lane: str) -> int | Yield | None:
        """Handle everything in a lane that is due; returns when the next of it is, if anything is left."""
        backlog = self.inbox.backlog
        while rows := await backlog.head(lane):
            part = albums.parts(rows)
            due = max(rows[0].due_at, albums.complete_at(part))
            if due > self._core.now_ms():
                return due
            if await self._one(part):
                backlog.done(lane, [row.id for row in part])
                if self.inbox.lanes.pressed():
                    return MORE
            else:
                backlog.forget(lane)  # it failed and waits; whatever comes after it waits too
        return None

    async def _one(self, rows: Sequence[Received]) -> bool:
        """Handle one delivery, or an album of them; False when it must be tried again later."""
        row = rows[0]
        try:
            events = albums.merge([event for r in rows for event in self._convert(r)])
            if row.album:
                handled = await store.handled(self._core.database, row)
                events = albums.go_on([event for r in handled for event in self._convert(r)], events)
        except Exception as error:
            log.exception("a delivery could not be read", event_name="unreadable", adapter=row.adapter, key=row.native_id)
            await self._bury(rows, f"unreadable: {self._core.explain(error)}", new_code())
            return True
        if row.step >= len(events):  # nothing in it, or all of it handled before
            await self._core.database.write(lambda c: store.close(c, [r.id for r in rows]))
        for step, event in enumerate(events, 1):
            if step > row.step and not await self._attempt(event, rows, step, step == len(events)):
                return False
        return True

    def _convert(self, row: Received) -> Sequence[Event]:
        if row.adapter == ENGINE:
            return [_jobs.decode(row.body)]
        chat = parse_lane_key(row.lane).chat
        return self._core.adapters[row.adapter].convert(Incoming(row.native_id, row.kind, chat, row.body, row.album))

    async def _attempt(self, event: Event, rows: Sequence[Received], step: int, last: bool) -> bool:
        def mark(connection: Connection) -> None:
            store.advance(connection, [r.id for r in rows], step, last)

        with on_the_way(self._core.spans, "handle", rows[0].id, adapter=rows[0].adapter):
            return await self._marked(event, rows, mark)

    async def _marked(self, event: Event, rows: Sequence[Received], mark: Mark) -> bool:
        begun = time.perf_counter()
        try:
            await self.event(event, rows[0], mark)
        except Superseded:
            log.warning("another process was faster", event_name="superseded", event_id=rows[0].id)
            return False
        except StoreError:
            raise  # it says nothing of the event: the lane waits until the database is back
        except Exception as error:
            self._core.metrics.handled["failed"] += 1
            return await self._failed(event, rows, error)
        self._core.metrics.handled["ok"] += 1
        self._core.metrics.handling.add(time.perf_counter() - begun)
        return True

    async def event(self, event: Event, row: Received, mark: Mark) -> None:
        """Handle one event: run it until what its handler read is still so when it commits, with `mark` in the same breath."""
        for _ in range(STALE_TRIES):
            ctx = await self._handled(event)
            try:
                await self._work.commit(ctx, row, mark)
            except StaleError:
                await self._core.directory.refresh(self._core.clock.now())
                continue
            self._note(ctx, row)
            return
        raise StaleError(f"{STALE_TRIES} times in a row somebody else was faster")

    def _note(self, ctx: Context, row: Received) -> None:
        if route := asked_for():
            seen = any(outgoing.kind != "answer" or outgoing.content != Text() for outgoing in ctx.outgoing)
            self._core.metrics.asked(row.id, route, row.received_at, seen)
        if Steps.told:
            log.debug("handled", event_name="handled", adapter=row.adapter, deliveries=len(ctx.outgoing))

    async def _handled(self, event: Event) -> Context:
        """What a handler wants done; after a refusal nothing of it, and its sentence is the answer."""
        ctx = self._context(event)
        try:
            await self.watchdog.run(self._handle(ctx), ctx.chat)
        except CallRefused as refused:
            ctx = self._context(event)
            self._finder.excuse(ctx, refused)
            ctx.release()
        except UserError as error:
            ctx = self._context(event)
            self._finder.tell(ctx, say(error.key, **error.words))
        except Flooded as flood:
            ctx = self._context(event)
            self._core.metrics.handled["throttled"] += 1
            if flood.first:
                self._finder.tell(ctx, say("umum.terlalu_sering", detik=-(-flood.wait_ms // 1000)))
            ctx.release()
        return ctx

    def _context(self, event: Event) -> Context:
        known = event.account is not None and not event.account.service and not event.account.anonymous
        person = self._core.people.by_alias(event.account.aliases) if event.account and known else None
        if isinstance(event, JobDue) and event.person:
            person = self._core.people.person(event.person)
        ctx = Context(self._core, Unit(self._core.database), event, person, self._core.clock.now())
        if person is not None and event.account is not None and len(event.account.aliases) > 1:
            self._learn(ctx, event.account.aliases, person)
        return ctx

    def _learn(self, ctx: Context, aliases: Sequence[str], person: Person) -> None:
        """Keep the names a messenger gives an account together: some day it gives only one of them."""
        people, now = self._core.people, self._core.now_ms()
        beside = next(alias for alias in aliases if alias in people.aliases)
        for alias in aliases:
            if alias not in people.aliases:
                people.learn(alias, person)
                ctx.unit.later.append(lambda c, alias=alias: links.learn(c, alias, beside, person.id, now))  # type: ignore[misc]

    async def _handle(self, ctx: Context) -> None:
        if isinstance(ctx.event, DeliveryReport):
            await self._reports.note(ctx.event)
        calls = await self._finder.calls(ctx)
        if len(calls) == 1 and calls[0].route.kind != "on" and isinstance(ctx.event, (Message, ButtonPress)):
            asks_for(calls[0].route.name)
        self._throttle(ctx, calls)
        for call in calls:
            if len(calls) == 1:
                await self._finder.run(ctx, call)
            elif heard := await self._listener(ctx.event, call):
                ctx.include(heard)
        ctx.release()

    def _throttle(self, ctx: Context, calls: Sequence[Call]) -> None:
        """Raise `Flooded` when a person or a chat asks too much; what nobody asked the bot does not count."""
        event = ctx.event
        if not isinstance(event, (Message, ButtonPress)) or not (ctx.outgoing or any(c.route.kind != "on" for c in calls)):
            return
        who, now = event.account.id if event.account else "", self._core.now_ms()
        if wait := self.throttle.wait(who, ctx.chat.key, now, f"{ctx.chat.key}:{event.key}"):
            raise Flooded(self.throttle.tell(who, now, wait), wait)

    async def _listener(self, event: Event, call: Call) -> Context | None:
        """One of several plugins that hear the same event: what it cannot do takes nothing from the others."""
        ctx = self._context(event)
        try:
            await self._finder.run(ctx, call)
        except CallRefused as refused:
            ctx = self._context(event)
            self._finder.excuse(ctx, refused)
        except Exception:
            log.exception("a listener failed", event_name="listener_failed", route=call.route.name, code=new_code())
            self._core.metrics.handled["failed"] += 1
            return None
        return ctx

    def _typing(self, chat: Chat) -> None:
        """Let the person see that the answer is being made."""
        adapter = self._core.adapters.get(chat.adapter)
        if adapter is not None:
            task = asyncio.get_running_loop().create_task(adapter.typing(chat))
            self._courtesies.add(task)
            task.add_done_callback(self._courtesies.discard)

    async def _failed(self, event: Event, rows: Sequence[Received], error: Exception) -> bool:
        """Try again later; after some tries it is a dead letter, and the person is told a code."""
        row = rows[0]
        log.exception("a handler failed", event_name="handler_failed", event_id=row.id, attempt=row.attempts + 1)
        reason = self._core.explain(error)
        if row.attempts + 1 < TRIES:
            due = self._core.now_ms() + int(BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)] * 1000)
            await self._core.database.write(lambda c: store.postpone(c, row.id, due, reason))
            return False
        code = new_code()
        self._core.metrics.handled["dead"] += 1
        log.error("an event is dead", event_name="event_dead", event_id=row.id, code=code, error=reason)
        await self._apologise(event, rows, reason, code)
        return True

    async def _apologise(self, event: Event, rows: Sequence[Received], reason: str, code: str) -> None:
        ctx = self._context(event)
        if isinstance(event, (Message, ButtonPress)):
            self._finder.tell(ctx, say("umum.galat", kode=code))
        await self._work.commit(ctx, rows[0], lambda c: store.bury(c, [r.id for r in rows], reason, code))

    async def _bury(self, rows: Sequence[Received], error: str, code: str) -> None:
        await self._core.database.write(lambda c: store.bury(c, [r.id for r in rows], error, code))
