"""The lanes that this process drains for now, where several processes share a database.

A lane is taken with the very transaction that puts work into it, while there is room here; what is beyond that is queued, and
whoever has room fetches it. Inside a lane everything goes as in a single process; when nothing is left, it is let go of.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog

from pendopo.engine.clock import Clock, Timer
from pendopo.engine.lanes.backlog import Backlog
from pendopo.engine.lanes.lanes import Lanes
from pendopo.store.postgres import LaneWakeup

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Lanes that one process drains at the same time: so many that slow handlers leave room for others."""
BORN_HERE = 12
"""While it drains fewer than so many, it takes at once what it commits work to; beyond that others may be quicker."""


class Station(Protocol):
    """The inbox or the outbox."""

    lanes: Lanes
    backlog: Backlog[Any]


class _Lease:
    __slots__ = ("due", "job", "pins")

    def __init__(self, job: int) -> None:
        self.job = job
        self.pins = 0
        self.due: int | None = None


class Leases:
    """Implements `Drainer` for the database and `Keeper` for the lanes of both stations."""

    def __init__(self, clock: Clock, let_go: Callable[[str, int, int | None], None], on_wanted: Callable[[str], None]) -> None:
        self.worker: int | None = None
        self._stations: dict[str, Station] = {}
        self._clock = clock
        self._let_go = let_go
        self._held: dict[str, _Lease] = {}
        self._guard = threading.Lock()
        self._timers: dict[str, tuple[int, Timer]] = {}
        self._on_wanted = on_wanted

    def add_station(self, name: str, station: Station) -> None:
        """Drain the lanes that are held in this station too."""
        self._stations[name] = station

    # -- for the database, in its threads --------------------------------------------------------------------------

    def count_room(self) -> int:
        """While it is leaving it takes nothing new."""
        return max(0, BORN_HERE - len(self._held)) if self.worker is not None else 0

    def pin_lane(self, lane: str) -> bool:
        with self._guard:
            lease = self._held.get(lane)
            if lease is not None:
                lease.pins += 1
            return lease is not None

    def unpin_lanes(self, lanes: Sequence[str]) -> None:
        with self._guard:
            for lane in lanes:
                if lease := self._held.get(lane):
                    lease.pins = max(0, lease.pins - 1)  # it may be another one, after all were lost

    # -- in the event loop -----------------------------------------------------------------------------------------

    @property
    def places(self) -> int:
        """How many more lanes may be fetched."""
        return AT_ONCE - len(self._held) if self.worker is not None else 0

    @property
    def held(self) -> dict[str, int]:
        """The jobs of the lanes held."""
        return {lane: lease.job for lane, lease in self._held.items()}

    def handle_wakeup(self, woken: LaneWakeup) -> None:
        self.unpin_lanes(list(woken.held))
        for lane, stations in woken.held.items():
            self._wake_stations(lane, stations)
            self._release_idle(lane)
        for lane, (job, stations) in woken.taken.items():
            self.begin_lane(lane, job, stations)

    def begin_lane(self, lane: str, job: int, stations: set[str] | None = None) -> None:
        """This lane is ours now: drain it, in these stations (all)."""
        with self._guard:
            self._held[lane] = _Lease(job)
        self._wake_stations(lane, stations if stations is not None else set(self._stations))

    def holds_lane(self, lane: str) -> bool:
        return lane in self._held

    def note_drained(self, lane: str, due: int | None) -> None:
        lease = self._held.get(lane)
        if lease is None:
            return
        if due is not None:
            lease.due = min(due, lease.due or due)
        self._release_idle(lane)

    def schedule_wake(self, lane: str, due: int) -> None:
        """Look after this lane when its next work is due, if nobody else did meanwhile."""
        set_for, timer = self._timers.get(lane, (due + 1, None))
        if due < set_for:  # what was known to be due earlier may be of another station
            if timer is not None:
                timer.cancel()
            self._timers[lane] = due, self._clock.call_at(due, lambda: self._on_due(lane))

    def lose_all(self) -> None:
        """Others took this process for dead and have these lanes now."""
        with self._guard:
            self._held.clear()
        self.forget_timers()

    def forget_timers(self) -> None:
        for _, timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _wake_stations(self, lane: str, stations: set[str]) -> None:
        for name in stations:
            station = self._stations[name]
            station.backlog.forget_lane(lane)
            station.lanes.wake(lane)

    def _release_idle(self, lane: str) -> None:
        """Let go of a lane in which nothing is going on and nobody is about to put anything."""
        if any(station.lanes.is_running(lane) for station in self._stations.values()):
            return
        with self._guard:
            lease = self._held.get(lane)
            if lease is None or lease.pins:
                return
            del self._held[lane]
        self._let_go(lane, lease.job, lease.due)

    def _on_due(self, lane: str) -> None:
        self._timers.pop(lane, None)
        if self.holds_lane(lane):
            self._wake_stations(lane, set(self._stations))
        else:
            self._on_wanted(lane)
