"""A clock that moves only when told to."""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pendopo.model.ids import to_ms

START = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)
"""Wednesday, 12 August 2026, 10.20 WIB."""


class _Timer:
    __slots__ = ("call", "cancelled")

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeClock:
    """Implements `engine.clock.Clock`. A timer that is already due is called by the next move, even one to the same time."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._timers: list[tuple[int, int, _Timer]] = []
        self._numbers = itertools.count()

    def now(self) -> datetime:
        return self._now

    def now_ms(self) -> int:
        return to_ms(self._now)

    def call_at(self, due_ms: int, call: Callable[[], None]) -> _Timer:
        timer = _Timer(call)
        heapq.heappush(self._timers, (due_ms, next(self._numbers), timer))
        return timer

    def next_due(self) -> int | None:
        """When the next timer is due, in milliseconds."""
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def move_to(self, to: datetime) -> None:
        """Set the time, never back, and call the timers due by then in order."""
        self._now = max(to, self._now)
        while (due := self.next_due()) is not None and due <= to_ms(self._now):
            heapq.heappop(self._timers)[2].call()

    def step_until(self, until: datetime) -> bool:
        """Move to the next timer up to an instant; without one move to the instant and return False."""
        due = self.next_due()
        if due is None or due > to_ms(until):
            self.move_to(until)
            return False
        self.move_to(max(self._now, datetime.fromtimestamp(due / 1000, UTC) + timedelta(microseconds=1)))
        return True
