"""The scheduler: a reminder is a row; when due, it becomes an event in the inbox in the transaction that marks it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from pendopo.engine.clock import Timer
from pendopo.engine.inbound.inbox import Inbox
from pendopo.engine.lanes.lanes import Lanes
from pendopo.engine.runtime import Runtime
from pendopo.errors import PluginError
from pendopo.model import Chat, ChatKind, JobDue
from pendopo.model.ids import from_ms, to_ms
from pendopo.plugin.route import Route
from pendopo.plugin.values import ENGINE
from pendopo.store import Connection
from pendopo.store.queries import reminders
from pendopo.store.queries.deliveries import encode
from pendopo.store.queries.inbox import InboxRow, IncomingRow, accept_row, find_next_turn, release_rows
from pendopo.store.queries.reminders import Reminder

log = structlog.get_logger(__name__)

BATCH = 50
"""Reminders claimed in one transaction."""
IN_FLIGHT = 50
BREATH = 0.1
"""While more chats than this are busy, claiming pauses for up to `BREATH` seconds: thousands of reminders due together must
not delay people who write meanwhile, and slow handlers must not delay reminders for longer."""


def parse_crontab(cron: str, zone: ZoneInfo) -> Any:
    """Returns the APScheduler trigger of a crontab line. Raises `PluginError` on one it cannot read."""
    from apscheduler.triggers.cron import CronTrigger

    # Standard crontab numbers weekdays from Sunday, APScheduler from Monday: names only (docs/architecture.md).
    try:
        minute, hour, day, month, weekday = cron.split()
        if any(letter.isnumeric() for letter in weekday):
            raise ValueError("weekdays go by their names, mon to sun")
        return CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=zone)
    except ValueError as error:
        raise PluginError(f"{cron!r} is no crontab line: {error}") from error


class Scheduler:
    """The station that claims what is due."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._timer: Timer | None = None
        self._next = 0
        self._inbox: Inbox | None = None
        self.claiming = asyncio.Event()
        """Set while this process claims what is due; only one process does."""
        self.lanes = Lanes("scheduler", self._claim_due, runtime.clock)

    async def start(self, inbox: Inbox) -> None:
        """Starts claiming; `inbox` takes the events."""
        self._inbox = inbox
        for route in self._runtime.router.routes.values():
            if route.cron:
                await self._runtime.database.write(lambda c, r=route: self._plan_cron(c, r, self._runtime.clock.now()))  # type: ignore[misc]
        self.claiming.set()
        self.lanes.wake("due")

    async def run(self, inbox: Inbox) -> None:
        """Claims until cancelled: the work of a role, where several processes share the database."""
        await self.start(inbox)
        try:
            await asyncio.Event().wait()
        finally:
            self.stop()

    def note_planned(self, due_ms: int) -> None:
        """Takes note of a reminder due at an instant (milliseconds)."""
        if not self.claiming.is_set():
            return
        if due_ms < self._next or not self._next:
            self._set_timer(due_ms)

    def check_due(self) -> None:
        """Claims what is due now, whatever the timers say: the machine may have slept, or its clock been set."""
        if self.claiming.is_set():
            self.lanes.wake("due")

    def stop(self) -> None:
        """Stops claiming."""
        self.claiming.clear()
        if self._timer is not None:
            self._timer.cancel()

    async def _claim_due(self, lane: str) -> int | None:
        now = self._runtime.now_ms()
        await self._release_waiting(now)
        while self.claiming.is_set() and (fired := await self._runtime.database.write(lambda c: self._claim_batch(c, now))):
            if self._inbox is not None:
                self._inbox.enqueue_rows([row for row in fired if row is not None])
                # Fired events are handled before more are claimed: a flood at one minute must not fill the memory.
                until = asyncio.get_running_loop().time() + BREATH
                while self._inbox.lanes.busy > IN_FLIGHT and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110  a look, no event
                    await asyncio.sleep(0.002)
        database = self._runtime.database
        dues = [due for find in (reminders.find_next_due, find_next_turn) if (due := await find(database)) is not None]
        if dues and self.claiming.is_set():
            self._set_timer(min(dues))  # `check_due` also runs every few seconds, for what other processes planned
        return None

    async def _release_waiting(self, now: int) -> None:
        """Hands back to their lanes the messages whose senders asked for much at once, and whose turn has come."""
        while self.claiming.is_set() and self._inbox is not None:
            lanes = await self._runtime.database.write(lambda c: release_rows(c, now, BATCH))
            for lane in dict.fromkeys(lanes):
                self._inbox.refresh_lane(lane)
            if len(lanes) < BATCH:
                return

    def _claim_batch(self, connection: Connection, now: int) -> list[InboxRow | None]:
        return [self._enqueue_due(connection, each, now) for each in reminders.claim_due_reminders(connection, now, BATCH)]

    def _enqueue_due(self, connection: Connection, reminder: Reminder, now: int) -> InboxRow | None:
        # A key may be planned again after it fired, so the event's id names the instant too.
        event = JobDue(
            key=f"{reminder.key}@{reminder.due_at}",
            chat=reminder.chat,
            at=from_ms(now),
            route=reminder.route,
            due=from_ms(reminder.put_off or reminder.due_at),
            args=reminder.args,
            person=reminder.person,
        )
        row = accept_row(connection, IncomingRow(ENGINE, event.key, "due", event.chat.key, "", encode(event), now))
        declared = self._runtime.router.routes.get(reminder.route)
        if declared is not None and declared.cron:
            self._plan_cron(connection, declared, event.at)
        return row

    def _plan_cron(self, connection: Connection, route: Route, now: datetime) -> None:
        """Plans the next run of a cron job; planning it twice is the same as once."""
        # Strictly later: the trigger also returns this very instant, which has just fired.
        due = parse_crontab(route.cron, self._runtime.zone).get_next_fire_time(None, now + timedelta(milliseconds=1))
        if due is None:
            return
        chat = Chat(ENGINE, route.name, ChatKind.GROUP)
        reminders.plan_recurring(connection, f"cron:{route.name}", route.name, chat, to_ms(due))

    def _set_timer(self, due_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next = due_ms
        self._timer = self._runtime.clock.call_at(due_ms, self._on_timer)

    def _on_timer(self) -> None:
        self._next = 0
        self.lanes.wake("due")
