"""The dispatcher drains the lanes of the inbox; each event becomes one committed unit of work, or a dead letter."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

import msgspec
import structlog

from pendopo.adapters.contract import Incoming
from pendopo.engine.attachments.prefetch import Prefetch
from pendopo.engine.contexts import ContextFactory
from pendopo.engine.inbound import albums
from pendopo.engine.inbound.commit import CommitStep, HandlerCommit
from pendopo.engine.inbound.inbox import Inbox
from pendopo.engine.inbound.invocation import HandlerRefusedError, Invocation
from pendopo.engine.inbound.loop_guard import LoopGuard
from pendopo.engine.inbound.resolver import EventResolver
from pendopo.engine.inbound.throttle import LONGEST_WAIT_MS, Throttle
from pendopo.engine.inbound.watchdog import Watchdog
from pendopo.engine.lanes.lanes import YIELD, Keeper, Yield
from pendopo.engine.operations.account_doubts import doubt_account
from pendopo.engine.outbound.delivery_reports import Reports
from pendopo.engine.runtime import Runtime
from pendopo.engine.telemetry.tracing import StepLogging, bind_route, bound_route, new_error_code, trace_step
from pendopo.errors import PluginError, StaleError, StoreError, SupersededError, UserError
from pendopo.model import ButtonPress, Chat, DeliveryReport, Event, JobDue, Message, Person, Text, pick_delay
from pendopo.model.cleaning import clean_texts
from pendopo.model.ids import parse_lane_key
from pendopo.plugin import Context, phrase
from pendopo.plugin.context import effects_of
from pendopo.plugin.values import ENGINE
from pendopo.store import Connection
from pendopo.store.queries import accounts, chats
from pendopo.store.queries import inbox as store
from pendopo.store.queries.inbox import InboxRow

log = structlog.get_logger(__name__)

TRIES = 3
"""Runs of a failing handler before its event is a dead letter."""
MISTAKES = (
    TypeError,
    AttributeError,
    NameError,
    ZeroDivisionError,
    AssertionError,
    NotImplementedError,
    ImportError,
    PluginError,
)
"""Errors in the code itself, which another try does not mend."""
BACK_OFF = (0.5, 3.0)
"""Seconds before a failed handler runs again. Its chat waits, since order matters; other chats do not."""
STALE_TRIES = 10
"""Runs of a handler whose rows are changed by others each time, before that counts as a failure."""
PATIENCE = 60.0
"""Seconds a handler may run."""
HOLDS = 2
"""How often an event may hold the loop of a process before it is set aside instead of handed to the next one."""

_jobs = msgspec.json.Decoder(JobDue)


class RateLimitedError(Exception):
    """A person asked for more than is done at once; `first`: they have not been told in this flood."""

    def __init__(self, first: bool, wait_ms: int) -> None:
        super().__init__()
        self.first = first
        self.wait_ms = wait_ms

    @property
    def waits(self) -> bool:
        """Whether the request has a place in the queue; otherwise it is not done."""
        return self.wait_ms <= LONGEST_WAIT_MS


class Dispatcher:
    """The station between inbox and outbox."""

    def __init__(
        self,
        runtime: Runtime,
        contexts: ContextFactory,
        prefetch: Prefetch,
        resolver: EventResolver,
        committer: HandlerCommit,
        reports: Reports,
        keeper: Keeper | None,
    ) -> None:
        self._runtime = runtime
        self._contexts = contexts
        self._resolver = resolver
        self._work = committer
        self._reports = reports
        self.inbox = Inbox(runtime, prefetch, self.handle_lane, keeper)
        self.throttle = Throttle(*runtime.rates)
        self.guard = LoopGuard(partial(store.note_held, runtime.database))
        self.watchdog = Watchdog(PATIENCE, self._show_typing)
        self._courtesies: set[asyncio.Task[None]] = set()

    async def handle_lane(self, lane: str) -> int | Yield | None:
        """Handles all due rows of a lane; returns when the next one is due, if any is left."""
        backlog = self.inbox.backlog
        while rows := await backlog.read_head(lane):
            part = albums.collect_parts(rows)
            due = max(rows[0].due_at, albums.complete_at(part))
            if due > self._runtime.now_ms():
                return due
            with self.guard.watch_event(rows[0].id):
                handled = await self._handle_delivery(part)
            if handled:
                backlog.remove_done(lane, [row.id for row in part])
                if self.inbox.lanes.is_pressed():
                    return YIELD
            else:
                backlog.forget_lane(lane)  # it failed and waits, and so does everything after it
        return None

    async def _handle_delivery(self, rows: Sequence[InboxRow]) -> bool:
        """Handles one delivery or one album; False when it must be tried again later."""
        row = rows[0]
        if max(each.held for each in rows) >= HOLDS:
            await self._bury_unreadable(rows, f"quarantined: it held the event loop {HOLDS} times", new_error_code())
            return True
        try:
            events = albums.merge_album([event for r in rows for event in self._convert_delivery(r)])
            if row.album:
                handled = await store.read_handled_parts(self._runtime.database, row)
                events = albums.continue_album([event for r in handled for event in self._convert_delivery(r)], events)
        except Exception as error:
            log.exception("a delivery could not be read", event_name="unreadable", adapter=row.adapter, key=row.native_id)
            await self._bury_unreadable(rows, f"unreadable: {self._runtime.redact_error(error)}", new_error_code())
            return True
        if row.step >= len(events):  # nothing in it, or all of it handled before
            await self._runtime.database.write(lambda c: store.mark_handled(c, [r.id for r in rows]))
        for step, event in enumerate(events, 1):
            if step > row.step and not await self._try_event(event, rows, step, step == len(events)):
                return False
        return True

    def _convert_delivery(self, row: InboxRow) -> Sequence[Event]:
        if row.adapter == ENGINE:
            return [_jobs.decode(row.body)]
        chat = parse_lane_key(row.lane).chat
        converted = self._runtime.adapters[row.adapter].convert(Incoming(row.native_id, row.kind, chat, row.body, row.album))
        return [clean_texts(event) for event in converted]

    async def _try_event(self, event: Event, rows: Sequence[InboxRow], step: int, last: bool) -> bool:
        def mark(connection: Connection) -> None:
            store.advance_step(connection, [r.id for r in rows], step, last)

        with trace_step(self._runtime.spans, "handle", rows[0].id, adapter=rows[0].adapter):
            return await self._try_commit(event, rows, mark)

    async def _try_commit(self, event: Event, rows: Sequence[InboxRow], mark: CommitStep) -> bool:
        begun = time.perf_counter()
        try:
            await self.commit_event(event, rows[0], mark)
        except SupersededError:
            log.warning("another process was faster", event_name="superseded", event_id=rows[0].id)
            return False
        except StoreError:
            raise  # not the event's fault: the lane waits until the database is back
        except RateLimitedError as flood:
            await self._defer_request(event, rows, flood)
            return False
        except Exception as error:
            self._runtime.metrics.handled["failed"] += 1
            return await self._handle_failure(event, rows, error)
        self._runtime.metrics.handled["ok"] += 1
        self._runtime.metrics.handling.add(time.perf_counter() - begun)
        return True

    async def commit_event(self, event: Event, row: InboxRow, mark: CommitStep) -> None:
        """Handles one event: runs its handler until what it read is still true at commit. `mark` joins the transaction."""
        for _ in range(STALE_TRIES):
            ctx = await self._run_handler(event)
            effects_of(ctx).over = True
            try:
                await self._work.commit(ctx, row, mark)
            except StaleError:
                await self._runtime.directory.refresh(self._runtime.clock.now())
                continue
            self._record_metrics(ctx, row)
            return
        raise StaleError(f"{STALE_TRIES} times in a row somebody else was faster")

    def _record_metrics(self, ctx: Context, row: InboxRow) -> None:
        if route := bound_route():
            seen = any(outgoing.kind != "answer" or outgoing.content != Text() for outgoing in effects_of(ctx).outgoing)
            self._runtime.metrics.record_request(row.id, route, row.received_at, seen)
        if StepLogging.enabled:
            log.debug("handled", event_name="handled", adapter=row.adapter, deliveries=len(effects_of(ctx).outgoing))

    async def _run_handler(self, event: Event) -> Context:
        """Runs the handler and returns its effects; after a refusal only the sentence that says why."""
        ctx = await self._make_context(event)
        try:
            await self.watchdog.run(self._route_event(ctx), ctx.chat)
        except HandlerRefusedError as refused:
            ctx = await self._make_context(event)
            self._resolver.reply_error(ctx, refused)
            ctx.acknowledge_press()
        except UserError as error:
            ctx = await self._make_context(event)
            self._resolver.reply_phrase(ctx, phrase(error.key, **error.words))
        except RateLimitedError as flood:
            if flood.waits:
                raise
            ctx = await self._tell_limited(event, flood, "throttled", "umum.terlalu_banyak")
        return ctx

    async def _defer_request(self, event: Event, rows: Sequence[InboxRow], flood: RateLimitedError) -> None:
        """Lets a request wait for its sender's turn, while the rest of the chat goes on."""
        ctx = await self._tell_limited(event, flood, "waited", "umum.terlalu_sering")
        await self._work.commit_deferral(ctx, rows[0], [row.id for row in rows], self._runtime.now_ms() + flood.wait_ms)

    async def _tell_limited(self, event: Event, flood: RateLimitedError, outcome: str, key: str) -> Context:
        ctx = await self._make_context(event)
        self._runtime.metrics.handled[outcome] += 1
        if flood.first:
            self._resolver.reply_phrase(ctx, phrase(key, detik=-(-flood.wait_ms // 1000)))
        ctx.acknowledge_press()
        return ctx

    async def _make_context(self, event: Event) -> Context:
        known = event.account is not None and not event.account.service and not event.account.anonymous
        person = self._runtime.people.by_alias(event.account.aliases) if event.account and known else None
        if isinstance(event, JobDue) and event.person:
            person = self._runtime.people.find_person(event.person)
        ctx = self._contexts.open(event, person)
        if person is not None and event.account is not None and len(event.account.aliases) > 1:
            self._learn_aliases(ctx, event.account.aliases, person)
        if person is None and known and event.account is not None:
            for owner in self._runtime.people.find_contradicted(event.account.aliases):
                await doubt_account(self._runtime, ctx, event.account, owner)
        return ctx

    def _learn_aliases(self, ctx: Context, aliases: Sequence[str], person: Person) -> None:
        """Links the aliases that a messenger gives together, since it may later give only one of them."""
        people, now = self._runtime.people, self._runtime.now_ms()
        known = next(alias for alias in aliases if alias in people.aliases)
        for alias in aliases:
            if alias not in people.aliases:
                people.add_alias(alias, person)
                effects_of(ctx).unit.later.append(
                    partial(accounts.learn_account, alias=alias, beside=known, person=person.id, now_ms=now)
                )

    async def _route_event(self, ctx: Context) -> None:
        if isinstance(ctx.event, DeliveryReport):
            await self._reports.record_report(ctx.event)
        calls = await self._resolver.resolve_event(ctx)
        self.guard.name_route(" ".join(call.route.name for call in calls[:3]))
        if len(calls) == 1 and calls[0].route.kind != "on" and isinstance(ctx.event, (Message, ButtonPress)):
            bind_route(calls[0].route.name)
        self._check_rate(ctx, calls)
        for call in calls:
            if len(calls) == 1:
                await self._resolver.invoke(ctx, call)
            elif heard := await self._run_listener(ctx.event, call):
                effects_of(ctx).merge(effects_of(heard))
        if not effects_of(ctx).outgoing and all(call.route.kind == "on" for call in calls):
            await self._resolver.answer_silence(ctx)
            self._check_rate(ctx, [])
        ctx.acknowledge_press()

    def _check_rate(self, ctx: Context, calls: Sequence[Invocation]) -> None:
        """Raises `RateLimitedError` when a person asks too much. Messages not meant for the bot do not count.

        What the bot has asked for (a press, a choice, an answer to a question) counts for the person, and not for the chat.
        """
        event, replies = ctx.event, effects_of(ctx).outgoing
        if not isinstance(event, (Message, ButtonPress)) or not (replies or any(c.route.kind != "on" for c in calls)):
            return
        sender, now = event.account.id if event.account else "", self._runtime.now_ms()
        asked = isinstance(event, ButtonPress) or any(call.state.token or call.dialog for call in calls)
        chat = "" if asked else ctx.chat.key
        if wait := self.throttle.reserve_request(sender, chat, now, f"{ctx.chat.key}:{event.key}"):
            raise RateLimitedError(self.throttle.should_tell(sender, now, wait), wait)

    async def _run_listener(self, event: Event, call: Invocation) -> Context | None:
        """Runs one of several listeners of an event; its failure does not affect the others."""
        ctx = await self._make_context(event)
        try:
            await self._resolver.invoke(ctx, call)
        except HandlerRefusedError as refused:
            ctx = await self._make_context(event)
            self._resolver.reply_error(ctx, refused)
        except Exception as error:
            log.exception("a listener failed", event_name="listener_failed", route=call.route.name, code=new_error_code())
            self._runtime.gate.report_failure(error)
            self._runtime.metrics.handled["failed"] += 1
            return None
        return ctx

    def _show_typing(self, chat: Chat) -> None:
        """Shows the person that an answer is being made."""
        adapter = self._runtime.adapters.get(chat.adapter)
        if adapter is not None:
            task = asyncio.get_running_loop().create_task(adapter.show_typing(chat))
            self._courtesies.add(task)
            task.add_done_callback(self._courtesies.discard)

    async def _handle_failure(self, event: Event, rows: Sequence[InboxRow], error: Exception) -> bool:
        """Schedules another try; after `TRIES` of them the event is a dead letter, and the person is told its code.

        A mistake in the code is the same each time: it is tried once.
        """
        row = rows[0]
        self._runtime.gate.report_failure(error)
        log.exception("a handler failed", event_name="handler_failed", event_id=row.id, attempt=row.attempts + 1)
        reason = self._runtime.redact_error(error)
        if row.attempts + 1 < TRIES and not isinstance(error, MISTAKES):
            due = self._runtime.now_ms() + int(pick_delay(BACK_OFF, row.attempts) * 1000)
            await self._runtime.database.write(lambda c: store.postpone_event(c, row.id, due, reason))
            return False
        code = new_error_code()
        self._runtime.metrics.handled["dead"] += 1
        log.error("an event is dead", event_name="event_dead", event_id=row.id, code=code, error=reason)
        await self._notify_failure(event, rows, reason, code)
        return True

    async def _notify_failure(self, event: Event, rows: Sequence[InboxRow], reason: str, code: str) -> None:
        ctx = await self._make_context(event)
        if isinstance(event, (Message, ButtonPress)):
            self._resolver.reply_phrase(ctx, phrase("umum.galat", kode=code))
        await self._work.commit(ctx, rows[0], lambda c: store.mark_rows_dead(c, [r.id for r in rows], reason, code))

    async def _bury_unreadable(self, rows: Sequence[InboxRow], error: str, code: str) -> None:
        """Makes what cannot be read a dead letter; a known person hears of it in their private chat."""
        row, now = rows[0], self._runtime.clock.now()
        owner = await chats.find_owner(self._runtime.database, row.lane) or 0
        chat = Chat(row.adapter, parse_lane_key(row.lane).chat)
        ctx = await self._make_context(JobDue(key=row.native_id, chat=chat, at=now, route="", due=now, person=owner))
        if ctx.sender is not None:
            self._resolver.reply_phrase(ctx, phrase("umum.tidak_terbaca", kode=code))
        await self._work.commit(ctx, row, lambda c: store.mark_rows_dead(c, [r.id for r in rows], error, code))
