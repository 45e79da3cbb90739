"""The clock of the whole engine. Tests and the simulator bring their own."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Timer(Protocol):
    """A scheduled call that can be cancelled."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Tells the time and runs calls at an instant."""

    def now(self) -> datetime:
        """Returns the current instant, aware, in UTC."""

    def now_ms(self) -> int:
        """Returns the current instant in milliseconds since 1970."""

    def call_at(self, due_ms: int, call: Callable[[], None]) -> Timer:
        """Runs a call at an instant (milliseconds since 1970), or soon when that has passed."""


class SystemClock:
    """The machine's time; only the simulator moves it, by `offset`."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self._offset_ms = 0
        self._timers: dict[int, tuple[int, Callable[[], None], asyncio.TimerHandle]] = {}
        self._count = 0

    def now(self) -> datetime:
        now = datetime.now(UTC)
        return now + self.offset if self._offset_ms else now

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self._offset_ms

    def call_at(self, due_ms: int, call: Callable[[], None]) -> Timer:
        self._count += 1
        number = self._count
        self._timers[number] = (due_ms, call, self._start_timer(number, due_ms, call))
        return _Handle(self, number)

    async def shift(self, delta: timedelta) -> None:
        """Moves the time; timers that fell due meanwhile run at once."""
        self.offset += delta
        self._offset_ms = int(self.offset.total_seconds() * 1000)
        for number, (due_ms, call, handle) in list(self._timers.items()):
            handle.cancel()
            self._timers[number] = (due_ms, call, self._start_timer(number, due_ms, call))

    def forget_timer(self, number: int) -> None:
        """Cancels a timer by its number."""
        found = self._timers.pop(number, None)
        if found is not None:
            found[2].cancel()

    def _start_timer(self, number: int, due_ms: int, call: Callable[[], None]) -> asyncio.TimerHandle:
        # asyncio refuses delays beyond some months; a day is enough, since the timer is then set anew.
        delay = min(max(0.0, (due_ms - self.now_ms()) / 1000), 86_400.0)
        return asyncio.get_running_loop().call_later(delay, self._fire_timer, number)

    def _fire_timer(self, number: int) -> None:
        due_ms, call, _ = self._timers[number]
        if self.now_ms() < due_ms:
            self._timers[number] = (due_ms, call, self._start_timer(number, due_ms, call))
            return
        del self._timers[number]
        call()


class _Handle:
    __slots__ = ("_clock", "_number")

    def __init__(self, clock: SystemClock, number: int) -> None:
        self._clock, self._number = clock, number

    def cancel(self) -> None:
        self._clock.forget_timer(self._number)
