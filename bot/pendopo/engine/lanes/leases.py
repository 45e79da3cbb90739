"""The lanes that this process drains for now, where several processes share a database.

A process with room takes a lane in the very transaction that puts work into it; otherwise the lane is queued, and a process
that has room fetches it. Inside a lane everything works as in a single process; an empty lane is released.
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
"""Lanes that one process drains at a time: enough that slow handlers leave room for others."""
BORN_HERE = 12
"""A process that drains fewer lanes than this takes a lane with the commit; beyond it others may be quicker."""


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
    """Implements `Drainer` for the database, and `Keeper` for the lanes of both stations."""

    def __init__(self, clock: Clock, let_go: Callable[[str, int, int | None], None], on_wanted: Callable[[str], None]) -> None:
        self.worker: int | None = None
        self._stations: dict[str, Station] = {}
        self._clock = clock
        self._let_go = let_go
        self._held: dict[str, _Lease] = {}
        self._guard = threading.Lock()
        """Pins are set in the database's threads, leases in the event loop."""
        self._timers: dict[str, tuple[int, Timer]] = {}
        self._on_wanted = on_wanted

    def add_station(self, name: str, station: Station) -> None:
        """Adds a station whose lanes are drained here."""
        self._stations[name] = station

    # -- for the database, in its threads --------------------------------------------------------------------------

    def count_room(self) -> int:
        """Returns how many more lanes a commit may take here; 0 while the process is stopping."""
        return max(0, BORN_HERE - len(self._held)) if self.worker is not None else 0

    def pin_lane(self, lane: str) -> bool:
        """Keeps a held lane until `unpin_lanes`, while work is being committed to it; False when it is not held."""
        with self._guard:
            lease = self._held.get(lane)
            if lease is not None:
                lease.pins += 1
            return lease is not None

    def unpin_lanes(self, lanes: Sequence[str]) -> None:
        """Takes back the pins of lanes, after a commit or its failure."""
        with self._guard:
            for lane in lanes:
                if lease := self._held.get(lane):
                    lease.pins = max(0, lease.pins - 1)  # perhaps a new lease, after all were lost

    # -- in the event loop -----------------------------------------------------------------------------------------

    @property
    def places(self) -> int:
        """The number of lanes that may still be fetched."""
        return AT_ONCE - len(self._held) if self.worker is not None else 0

    @property
    def held(self) -> dict[str, int]:
        """The job of each lane held."""
        return {lane: lease.job for lane, lease in self._held.items()}

    def handle_wakeup(self, woken: LaneWakeup) -> None:
        """Drains the lanes that a commit put work into: those held here already, and those it took."""
        self.unpin_lanes(list(woken.held))
        for lane, stations in woken.held.items():
            self._wake_stations(lane, stations)
            self._release_idle(lane)
        for lane, (job, stations) in woken.taken.items():
            self.begin_lane(lane, job, stations)

    def begin_lane(self, lane: str, job: int, stations: set[str] | None = None) -> None:
        """Starts draining a lane that was claimed, in these stations (None: all)."""
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
        """Has a lane claimed when its next work is due, unless another process did it."""
        set_for, timer = self._timers.get(lane, (due + 1, None))
        if due < set_for:  # what was known to be due earlier may be of another station
            if timer is not None:
                timer.cancel()
            self._timers[lane] = due, self._clock.call_at(due, lambda: self._on_due(lane))

    def lose_all(self) -> None:
        """Forgets all lanes: other processes took this one for dead and have them now."""
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
        """Releases a lane in which nothing runs and no commit is about to put work."""
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
