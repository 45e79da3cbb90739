"""Lanes: one line of work a chat, side by side, each drained in order by one task at a time.

The port: after `wake(lane)` the lane's work is drained at least once, and never twice at the same time. What the work is stands
in the database, so a lane holds nothing that a crash could lose.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from .clock import Clock, Timer

log = structlog.get_logger(__name__)

Drain = Callable[[str], Awaitable[int | None]]
"""Does all of a lane's work that is due; returns when (milliseconds) the next of it is due, or None."""

RETRY_MS = 1000


class Lanes:
    """The lanes of one station, in this process."""

    def __init__(self, name: str, drain: Drain, clock: Clock) -> None:
        self._name = name
        self._drain = drain
        self._clock = clock
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._timers: dict[str, Timer] = {}
        self._closed = False

    def wake(self, lane: str) -> None:
        """See to it that a lane is drained, soon."""
        if lane in self._running:
            self._again.add(lane)
        elif not self._closed:
            self._running[lane] = asyncio.get_running_loop().create_task(self._run(lane))

    def running(self, lane: str) -> bool:
        """Whether a lane is being drained at this moment."""
        return lane in self._running

    async def idle(self) -> None:
        """Wait until no lane has anything to do now (what is due later does not count)."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    @property
    def busy(self) -> int:
        """How many lanes are being drained."""
        return len(self._running)

    async def close(self, patience: float = 5.0) -> None:
        """Let running drains finish for a while, then stop them: what they did not commit is done after the next start."""
        self._closed = True
        for timer in self._timers.values():
            timer.cancel()
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, lane: str) -> None:
        if timer := self._timers.pop(lane, None):
            timer.cancel()
        due: int | None = None
        try:
            self._again.add(lane)
            while lane in self._again and not self._closed:
                self._again.discard(lane)
                due = await self._drain(lane)
        except Exception:
            # A lane must never die: the database may be back in a second.
            log.exception("a lane failed and will be tried again", event_name="lane_failed", station=self._name, lane=lane)
            due = self._clock.now_ms() + RETRY_MS
        finally:
            self._again.discard(lane)
            del self._running[lane]
        if due is not None and not self._closed:
            self._timers[lane] = self._clock.call_at(due, lambda: self._due(lane))

    def _due(self, lane: str) -> None:
        self._timers.pop(lane, None)
        self.wake(lane)
