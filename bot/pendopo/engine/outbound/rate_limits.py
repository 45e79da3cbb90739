"""How fast a messenger may be used: never more than so many deliveries in any stretch of so many seconds.

Counted in this process, or in the database that several share.
"""

from collections import deque
from typing import Protocol

from pendopo.model import Capabilities, Rate
from pendopo.model.containers import RecentDict
from pendopo.store import Connection, Database
from pendopo.store.cluster import take_turn

REMEMBERED = 20_000
"""Chats whose windows are kept: far more than an account can write to within the longest window."""


class SlidingWindow:
    """A sliding window; unlike a token bucket it allows no burst at its edge."""

    __slots__ = ("_rate", "_taken")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._taken: deque[int] = deque(maxlen=rate.count)

    def free_at(self, now_ms: int, weight: int) -> int:
        """Returns the earliest instant (milliseconds) at which `weight` more deliveries fit."""
        if self._taken and self._taken[-1] > now_ms:
            # The clock was set back; what it said before must not hold anything up.
            self._taken = deque((min(at, now_ms) for at in self._taken), maxlen=self._rate.count)
        over = len(self._taken) + min(weight, self._rate.count) - self._rate.count
        return max(now_ms, self._taken[over - 1] + int(self._rate.seconds * 1000)) if over > 0 else now_ms

    def record_use(self, now_ms: int, weight: int) -> None:
        """Counts deliveries sent at an instant."""
        self._taken.extend([now_ms] * weight)


class Limits:
    """The windows of all chats and accounts, and the pauses that messengers asked for."""

    def __init__(self) -> None:
        self._windows: RecentDict[str, list[SlidingWindow]] = RecentDict(REMEMBERED)
        self._pauses: dict[str, int] = {}

    def reserve_slot(self, account: str, lane: str, capabilities: Capabilities, now_ms: int, weight: int = 1) -> int:
        """Returns when the next delivery of a lane may go (milliseconds), and takes the slot when that is now."""
        windows = [*self._get_windows(account, capabilities.per_account), *self._get_windows(lane, capabilities.per_chat)]
        free = max([self.paused_until(account, lane, now_ms), *(window.free_at(now_ms, weight) for window in windows)])
        if free <= now_ms:
            for window in windows:
                window.record_use(now_ms, weight)
        return free

    def recall_sent(self, account: str, lane: str, capabilities: Capabilities, at_ms: int, weight: int) -> None:
        """Counts a delivery sent before this process started; call in the order of sending."""
        for window in [*self._get_windows(account, capabilities.per_account), *self._get_windows(lane, capabilities.per_chat)]:
            window.record_use(at_ms, weight)

    def paused_until(self, account: str, lane: str, now_ms: int) -> int:
        """Returns when the pauses of an account and a lane are over."""
        for name in (account, lane):
            if self._pauses and self._pauses.get(name, now_ms + 1) <= now_ms:
                del self._pauses[name]
        return max(now_ms, self._pauses.get(account, 0), self._pauses.get(lane, 0))

    def pause_until(self, name: str, until_ms: int) -> None:
        """Holds back an account or a lane until an instant."""
        self._pauses[name] = max(until_ms, self._pauses.get(name, 0))

    def _get_windows(self, name: str, rates: tuple[Rate, ...]) -> list[SlidingWindow]:
        if not rates:
            return []
        windows = self._windows.get(name)
        if windows is None:
            windows = self._windows[name] = [SlidingWindow(rate) for rate in rates]
        else:
            self._windows.move_to_end(name)
        return windows


class RateLimiter(Protocol):
    """What the outbox asks before it sends. Instants in milliseconds."""

    async def reserve_slot(self, account: str, lane: str, able: Capabilities, now_ms: int, weight: int) -> int:
        """When the next delivery of a lane may go; its place is taken when that is now."""

    def paused_until(self, account: str, lane: str, now_ms: int) -> int:
        """When the pauses of an account and a lane are over."""

    async def pause_until(self, name: str, until_ms: int, now_ms: int) -> None:
        """Hold back an account or a lane until an instant, in all processes."""


class LocalRateLimiter:
    """Counts in memory: the process is alone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def reserve_slot(self, account: str, lane: str, able: Capabilities, now_ms: int, weight: int) -> int:
        return self._limits.reserve_slot(account, lane, able, now_ms, weight)

    def paused_until(self, account: str, lane: str, now_ms: int) -> int:
        return self._limits.paused_until(account, lane, now_ms)

    async def pause_until(self, name: str, until_ms: int, now_ms: int) -> None:
        self._limits.pause_until(name, until_ms)


class SharedRateLimiter:
    """Counts in the database, in one step that all processes take one after the other; pauses are told to all of them."""

    def __init__(self, limits: Limits, database: Database) -> None:
        self._limits = limits
        self._database = database

    async def reserve_slot(self, account: str, lane: str, able: Capabilities, now_ms: int, weight: int) -> int:
        free = self._limits.paused_until(account, lane, now_ms)
        rates = [(account, rate) for rate in able.per_account] + [(lane, rate) for rate in able.per_chat]
        if free > now_ms or not rates:
            return free
        counts, spans = [rate.count for _, rate in rates], [int(rate.seconds * 1000) for _, rate in rates]

        def job(connection: Connection) -> int:
            return take_turn(connection, [name for name, _ in rates], counts, spans, weight, now_ms)

        return await self._database.write(job)

    def paused_until(self, account: str, lane: str, now_ms: int) -> int:
        return self._limits.paused_until(account, lane, now_ms)

    async def pause_until(self, name: str, until_ms: int, now_ms: int) -> None:
        self._limits.pause_until(name, until_ms)
        # For how long, not until when: clocks differ.
        await self._database.write(lambda connection: connection.notify_processes("pause", f"{until_ms - now_ms} {name}"))


def make_rate_limiter(limits: Limits, database: Database) -> RateLimiter:
    """Counts in the database where several processes share one, else in memory."""
    return SharedRateLimiter(limits, database) if database.postgres else LocalRateLimiter(limits)
