"""How fast a messenger may be used: never more than so many deliveries in any stretch of so many seconds.

Counted in this process, or in the database that several share. Answers to people who asked just now go before the rest, which
waits in one line and keeps a part of the pace.
"""

from collections import deque
from typing import Protocol

from msgspec.structs import replace

from pendopo.model import Capabilities, Rate
from pendopo.model.containers import RecentDict
from pendopo.store import Connection, Database
from pendopo.store.cluster import take_turn

REMEMBERED = 20_000
"""Chats whose windows are kept: far more than an account can write to within the longest window."""
IN_LINE = 100_000
"""Chats whose place in the line is kept; another goes to its end again."""
FOR_ANSWERS, FOR_THE_REST = 4, 8
"""The parts of an account's pace (a quarter, an eighth) that are kept for answers, and for the rest while it waits."""


class SlidingWindow:
    """A sliding window; unlike a token bucket it allows no burst at its edge."""

    __slots__ = ("_rate", "_taken")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._taken: deque[int] = deque(maxlen=rate.count)

    def free_at(self, now_ms: int, weight: int, kept: int = 0) -> int:
        """Returns the earliest instant (milliseconds) at which `weight` more deliveries fit and `kept` places stay free."""
        if self._taken and self._taken[-1] > now_ms:
            # The clock was set back; what it said before must not hold anything up.
            self._taken = deque((min(at, now_ms) for at in self._taken), maxlen=self._rate.count)
        count = self._rate.count - kept
        over = len(self._taken) + min(weight, count) - count
        return max(now_ms, self._taken[over - 1] + int(self._rate.seconds * 1000)) if over > 0 else now_ms

    def record_use(self, now_ms: int, weight: int) -> None:
        """Counts deliveries sent at an instant."""
        self._taken.extend([now_ms] * weight)


class Turns:
    """Who goes when, of those that wait for one account (`rate`). Instants in milliseconds."""

    def __init__(self, rate: Rate) -> None:
        self._count, self._span = rate.count, int(rate.seconds * 1000)
        self._places: RecentDict[str, int] = RecentDict(IN_LINE)
        self._end = 0
        self._answers_until = self._rest_until = 0
        self._answers = 0
        self._rest = SlidingWindow(Rate(max(1, rate.count // FOR_THE_REST), rate.seconds))

    def find_turn(self, lane: str, now_ms: int, urgent: bool) -> int:
        """Returns when a lane may ask for a slot: at once for an answer, and else in its place in the line."""
        if urgent:
            return max(now_ms, self._rest_until if self._is_share_due(now_ms) else 0)
        if lane not in self._places and self._end > now_ms:
            self._join_line(lane, now_ms)
        return max(now_ms, self._places.get(lane, 0), 0 if self._is_share_due(now_ms) else self._answers_until)

    def count_kept(self, now_ms: int, urgent: bool) -> int:
        """Returns how many slots are not for this kind of delivery."""
        if urgent:
            return self._count // FOR_THE_REST if self._places else 0
        return 0 if self._is_share_due(now_ms) else self._count // FOR_ANSWERS

    def note_asked(self, lane: str, now_ms: int, urgent: bool, free: int, account_free: int) -> int:
        """Takes note of when a slot is free, and when it would be without the chat's own limits.

        Returns when the lane should ask again, `now_ms` when it got the slot.
        """
        if free <= now_ms:
            self._places.pop(lane, None)
            self._answers = self._answers + 1 if urgent else 0
            if not urgent:
                self._rest.record_use(now_ms, 1)
        elif account_free > now_ms:
            until = min(account_free, now_ms + self._span) + 1
            if urgent:
                self._answers_until = until
            elif self._is_share_due(now_ms):
                self._rest_until = until
            if not urgent and lane not in self._places:
                return max(free, self._join_line(lane, now_ms))
        return free

    def _is_share_due(self, now_ms: int) -> bool:
        """Tells whether the rest has not had its share lately."""
        if self._count < FOR_THE_REST:
            return self._answers >= FOR_THE_REST - 1
        return self._rest.free_at(now_ms, 1) <= now_ms

    def _join_line(self, lane: str, now_ms: int) -> int:
        step = -(-self._span // (self._count - self._count // FOR_ANSWERS))
        self._places[lane] = place = max(self._end, now_ms + step)
        self._end = place + step
        return place


class Limits:
    """The windows of all chats and accounts, and the pauses that messengers asked for."""

    def __init__(self) -> None:
        self._windows: RecentDict[str, list[SlidingWindow]] = RecentDict(REMEMBERED)
        self._pauses: dict[str, int] = {}
        self._turns: dict[str, Turns] = {}

    def reserve_slot(
        self, account: str, lane: str, capabilities: Capabilities, now_ms: int, weight: int = 1, urgent: bool = True
    ) -> int:
        """Returns when the next delivery of a lane may go (milliseconds), and takes the slot when that is now."""
        turns = self.get_turns(account, capabilities)
        if turns is not None and (turn := turns.find_turn(lane, now_ms, urgent)) > now_ms:
            return turn
        kept = turns.count_kept(now_ms, urgent) if turns is not None else 0
        of_account, of_lane = (
            self._get_windows(account, capabilities.per_account),
            self._get_windows(lane, capabilities.per_chat),
        )
        account_free = max([now_ms, *(window.free_at(now_ms, weight, kept) for window in of_account)])
        paused = self.paused_until(account, lane, now_ms)
        free = max([account_free, paused, *(window.free_at(now_ms, weight) for window in of_lane)])
        if free <= now_ms:
            for window in (*of_account, *of_lane):
                window.record_use(now_ms, weight)
        return turns.note_asked(lane, now_ms, urgent, free, account_free) if turns is not None else free

    def get_turns(self, account: str, capabilities: Capabilities) -> Turns | None:
        """Returns the line of those that wait for an account; None where it has no pace."""
        if not capabilities.per_account:
            return None
        if account not in self._turns:
            self._turns[account] = Turns(capabilities.per_account[0])
        return self._turns[account]

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

    async def reserve_slot(
        self, account: str, lane: str, able: Capabilities, now_ms: int, weight: int, urgent: bool = True
    ) -> int:
        """When the next delivery of a lane may go; its place is taken when that is now. An `urgent` one is an answer."""

    def paused_until(self, account: str, lane: str, now_ms: int) -> int:
        """When the pauses of an account and a lane are over."""

    async def pause_until(self, name: str, until_ms: int, now_ms: int) -> None:
        """Hold back an account or a lane until an instant, in all processes."""


class LocalRateLimiter:
    """Counts in memory: the process is alone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def reserve_slot(
        self, account: str, lane: str, able: Capabilities, now_ms: int, weight: int, urgent: bool = True
    ) -> int:
        return self._limits.reserve_slot(account, lane, able, now_ms, weight, urgent)

    def paused_until(self, account: str, lane: str, now_ms: int) -> int:
        return self._limits.paused_until(account, lane, now_ms)

    async def pause_until(self, name: str, until_ms: int, now_ms: int) -> None:
        self._limits.pause_until(name, until_ms)


class SharedRateLimiter:
    """Counts in the database, in one step that all processes take one after the other; pauses are told to all of them."""

    def __init__(self, limits: Limits, database: Database) -> None:
        self._limits = limits
        self._database = database

    async def reserve_slot(
        self, account: str, lane: str, able: Capabilities, now_ms: int, weight: int, urgent: bool = True
    ) -> int:
        turns = self._limits.get_turns(account, able)
        turn = turns.find_turn(lane, now_ms, urgent) if turns is not None else now_ms
        free = max(turn, self._limits.paused_until(account, lane, now_ms))
        rates = [(account, rate) for rate in able.per_account] + [(lane, rate) for rate in able.per_chat]
        if free > now_ms or not rates:
            return free
        if turns is not None and (kept := turns.count_kept(now_ms, urgent)):
            rates += [(account, replace(rate, count=max(1, rate.count - kept))) for rate in able.per_account]
        counts, spans = [rate.count for _, rate in rates], [int(rate.seconds * 1000) for _, rate in rates]

        def job(connection: Connection) -> int:
            return take_turn(connection, [name for name, _ in rates], counts, spans, weight, now_ms)

        free = await self._database.write(job)
        return turns.note_asked(lane, now_ms, urgent, free, free) if turns is not None else free

    def paused_until(self, account: str, lane: str, now_ms: int) -> int:
        return self._limits.paused_until(account, lane, now_ms)

    async def pause_until(self, name: str, until_ms: int, now_ms: int) -> None:
        self._limits.pause_until(name, until_ms)
        # For how long, not until when: clocks differ.
        await self._database.write(lambda connection: connection.notify_processes("pause", f"{until_ms - now_ms} {name}"))


def make_rate_limiter(limits: Limits, database: Database) -> RateLimiter:
    """Counts in the database where several processes share one, else in memory."""
    return SharedRateLimiter(limits, database) if database.postgres else LocalRateLimiter(limits)
