"""The inbox stores what messengers deliver before anything else happens; only then is it acknowledged."""

import time
from collections.abc import Sequence
from functools import partial

import structlog

from pendopo.adapters.contract import Incoming
from pendopo.engine.attachments.prefetch import Prefetch
from pendopo.engine.lanes.backlog import Backlog
from pendopo.engine.lanes.lanes import Drain, Keeper, Lanes
from pendopo.engine.runtime import Runtime
from pendopo.engine.telemetry.tracing import StepLogging
from pendopo.model.ids import format_lane_key
from pendopo.plugin.values import ENGINE
from pendopo.store.queries import inbox as store
from pendopo.store.queries.inbox import AcceptJob, InboxRow, IncomingRow, list_open_lanes

log = structlog.get_logger(__name__)
CROWD = 8
"""While this many deliveries are being stored, handlers give way: a messenger that waits too long sends everything again."""

LASTS = 0.02
"""Seconds for which handlers still give way afterwards: deliveries answered together come again together."""


class Inbox:
    """The receiving station. `drain` handles the rows of a lane."""

    def __init__(self, runtime: Runtime, prefetch: Prefetch, drain: Drain, keeper: Keeper | None) -> None:
        self._runtime = runtime
        self._prefetch = prefetch
        self._listed = False
        self._storing = 0
        self._crowded = 0.0
        self.lanes = Lanes("inbox", drain, runtime.clock, keeper, lambda: time.monotonic() < self._crowded)
        self.backlog: Backlog[InboxRow] = Backlog(partial(store.read_inbox_lane, runtime.database), keeper is not None)

    async def start(self) -> None:
        """Take up what lies in the database: after a crash, a stop, or an operator's hand."""
        for lane in await list_open_lanes(self._runtime.database):
            if not self.lanes.is_running(lane):
                self.refresh_lane(lane)
        if not self._listed:
            self._listed = True
            self.backlog.mark_complete()

    async def accept(self, adapter: str, incoming: Sequence[Incoming]) -> int:
        """Stores deliveries, each once, and returns how many were new. They are durable when this returns."""
        if not incoming:
            return 0
        now = self._runtime.now_ms()
        rows = [
            IncomingRow(adapter, item.key, item.kind, format_lane_key(adapter, item.chat), item.album, item.body, now)
            for item in incoming
        ]
        self._storing += 1
        if self._storing >= CROWD:
            self._crowded = time.monotonic() + LASTS
        try:
            stored = await self._runtime.database.write(AcceptJob(rows), order=f"inbox {adapter} {incoming[0].key}")
        finally:
            self._storing -= 1
        new = (item for item, row in zip(incoming, stored, strict=True) if row is not None)
        self._prefetch.schedule(adapter, [item for item in new if item.files])
        return self.enqueue_rows([row for row in stored if row is not None])

    def refresh_lane(self, lane: str) -> None:
        """Reads a lane's rows anew, after something else changed them."""
        self.backlog.forget_lane(lane)
        self.lanes.wake(lane)

    def enqueue_rows(self, rows: Sequence[InboxRow]) -> int:
        """Hands rows that were committed to the inbox to their lanes."""
        for row in rows:
            if StepLogging.enabled:
                log.debug("stored", event_name="stored", correlation=row.id, adapter=row.adapter, key=row.native_id)
            self._runtime.metrics.accepted[row.adapter] += 1
            self.backlog.push(row.lane, row)
            self.lanes.wake(row.lane, first=row.adapter != ENGINE)
        return len(rows)
