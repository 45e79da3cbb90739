"""How fast a messenger may be used, counted in this process or in the database that several share."""

from typing import Protocol

from pendopo.engine.outbound.rate_limits import Limits
from pendopo.model import Capabilities
from pendopo.store import Connection, Database
from pendopo.store.cluster import take_turn


class RateLimiter(Protocol):
    """What the outbox asks before it sends. Instants in milliseconds."""

    async def reserve_slot(self, account: str, lane: str, able: Capabilities, now_ms: int, weight: int) -> int:
        """When the next delivery of a lane may go; its place is taken when that is now."""
        ...

    def paused_until(self, account: str, lane: str, now_ms: int) -> int:
        """When the pauses of an account and a lane are over."""
        ...

    async def pause_until(self, name: str, until_ms: int, now_ms: int) -> None:
        """Hold back an account or a lane until an instant, in all processes."""
        ...


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
