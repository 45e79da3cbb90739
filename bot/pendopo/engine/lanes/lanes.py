"""Lanes: one queue per chat, side by side, each drained in order by one task at a time.

The contract: after `wake(lane)` the lane is drained at least once, and never twice at the same time. The work itself is in the
database, so a crash loses nothing. Where several processes share a database, a `Keeper` says which lanes this process may
drain, and is told when they are drained.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextvars import copy_context
from enum import Enum
from typing import Any, Final, Protocol

import structlog

from pendopo.engine.clock import Clock, Timer

log = structlog.get_logger(__name__)


class Yield(Enum):
    """Why a drain ended before its work did."""

    MORE = "more"


YIELD: Final = Yield.MORE
"""More work is due, but other lanes should have their turn first."""
Drain = Callable[[str], Awaitable[int | Yield | None]]
"""Does all of a lane's work that is due. Returns when (milliseconds) the next is due, None, or `YIELD`."""

RETRY_MS = 1000
"""How long a lane rests after an unexpected error, such as a database that is away."""
LANES_PER_ROUND = 3
"""Lanes started in one round of the event loop: a whole city that falls due at once must not block it."""
LANES_UNDER_PRESSURE = 1
"""Lanes started in one round while more urgent work waits; rounds then come every `PRESSURE_PAUSE` seconds."""
PRESSURE_PAUSE = 0.001
FIRST_IN_A_ROW = 3
"""Lanes in which a person waits that begin before another one does."""


class Keeper(Protocol):
    """Knows which lanes this process may drain."""

    def holds_lane(self, lane: str) -> bool: ...

    def note_drained(self, lane: str, due: int | None) -> None:
        """Takes note that a drain has ended; `due` is when (milliseconds) there is more."""


class Lanes:
    """The lanes of one station in this process. Without a `keeper` all lanes are its own.

    `is_pressed` tells whether work more urgent than lanes is waiting.
    """

    def __init__(
        self,
        name: str,
        drain: Drain,
        clock: Clock,
        keeper: Keeper | None = None,
        is_pressed: Callable[[], bool] = lambda: False,
    ) -> None:
        self._keeper = keeper
        self.is_pressed = is_pressed
        self._name = name
        self._drain = drain
        self._clock = clock
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._timers: dict[str, Timer] = {}
        self._closed = False
        self._waiting: dict[str, None] = {}
        self._first: dict[str, None] = {}
        self._in_a_row = 0
        self._begun = 0
        self._context = copy_context()

    def wake(self, lane: str, *, first: bool = False) -> None:
        """Has a lane drained soon; `first`, before most others, when a person waits for it."""
        if self._keeper is not None and not self._keeper.holds_lane(lane):
            return
        if lane in self._running:
            self._again.add(lane)
        elif not self._closed:
            self._enqueue_lane(lane, first)

    def is_running(self, lane: str) -> bool:
        """Tells whether a lane is being drained, or about to be."""
        return lane in self._running or lane in self._waiting or lane in self._first

    async def idle(self) -> None:
        """Waits until no lane has work that is due now."""
        while self.busy:
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            await asyncio.sleep(0)

    @property
    def busy(self) -> int:
        """The number of lanes being drained or waiting for it."""
        return len(self._running) + len(self._waiting) + len(self._first)

    async def close(self, patience: float = 5.0) -> None:
        """Gives running drains `patience` seconds, then cancels them: what they did not commit is done after the next start."""
        self._closed = True
        self._waiting.clear()
        self._first.clear()
        for timer in self._timers.values():
            timer.cancel()
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    @property
    def _batch_size(self) -> int:
        return LANES_UNDER_PRESSURE if self.is_pressed() else LANES_PER_ROUND

    def _enqueue_lane(self, lane: str, first: bool = False) -> None:
        """Queues a lane behind those of its kind that wait already."""
        if first:
            self._waiting.pop(lane, None)
            self._first[lane] = None
        elif lane not in self._first:
            self._waiting[lane] = None
        if self._begun < self._batch_size:
            self._start_next()

    def _start_next(self) -> None:
        """Starts as many waiting lanes as this round of the loop allows; the others follow in the next rounds."""
        loop = asyncio.get_running_loop()
        if not self._begun:
            if self.is_pressed():
                loop.call_later(PRESSURE_PAUSE, self._next_round)
            else:
                loop.call_soon(self._next_round)
        while self._begun < self._batch_size and (self._first or self._waiting):
            lane = self._take_next()
            self._begun += 1
            # In a context of its own: the log fields of the caller that woke it must not leak into the drain.
            self._running[lane] = loop.create_task(self._run_lane(lane), context=self._context.copy())

    def _take_next(self) -> str:
        take_first = bool(self._first) and (not self._waiting or self._in_a_row < FIRST_IN_A_ROW)
        self._in_a_row = self._in_a_row + 1 if take_first else 0
        queue = self._first if take_first else self._waiting
        lane = next(iter(queue))
        del queue[lane]
        return lane

    def _next_round(self) -> None:
        self._begun = 0
        if self._first or self._waiting:
            self._start_next()

    async def _run_lane(self, lane: str) -> None:
        if timer := self._timers.pop(lane, None):
            timer.cancel()
        due: int | Yield | None = None
        try:
            self._again.add(lane)
            while lane in self._again and due is not YIELD and not self._closed:
                self._again.discard(lane)
                due = await self._drain(lane)
        except Exception:
            # A lane must never die: the database may be back in a second.
            log.exception("a lane failed and will be tried again", event_name="lane_failed", station=self._name, lane=lane)
            due = self._clock.now_ms() + RETRY_MS
        finally:
            self._again.discard(lane)
            del self._running[lane]
        if due is YIELD and not self._closed:
            self._enqueue_lane(lane)
        elif self._keeper is not None:
            self._keeper.note_drained(lane, self._clock.now_ms() if due is YIELD else due)
        elif due is not None and due is not YIELD and not self._closed:
            self._timers[lane] = self._clock.call_at(due, lambda: self._wake_due(lane))

    def _wake_due(self, lane: str) -> None:
        self._timers.pop(lane, None)
        self.wake(lane)


AGAIN_SECONDS = 0.5
"""How long a cancelled task may take before it is cancelled again."""


async def cancel_tasks(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancels tasks and waits until they have ended, whatever they raise.

    One cancellation is not always enough: before Python 3.12 `asyncio.wait_for` loses it when its result arrives in the same
    moment, and libraries use it.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)
