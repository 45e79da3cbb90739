"""Keeps the open rows of lanes in memory while they are known to be complete, so that most need not be read back."""

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar


class NumberedRow(Protocol):
    """A row with the id the database gave it; within a lane ids only grow."""

    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=NumberedRow)
BATCH = 50
"""Rows read at a time; a lane with more is read back from the database."""
LANES = 20_000
"""Lanes kept in memory; a forgotten one is read from the database again."""


class _Lane(Generic[R]):
    __slots__ = ("last", "missed", "rows", "whole")

    def __init__(self) -> None:
        self.rows: deque[R] = deque()
        self.whole = False  # whether `rows` is all that is open in the database
        self.missed = False  # whether something came, or was changed, while the rows were being read
        self.last = 0  # the newest row taken so far: a row pushed late was read already


class Backlog(Generic[R]):
    """The open rows of one station's lanes. `read` reads a lane's oldest open rows from the database.

    Where other processes add to these lanes (`shared`), only reading tells what is open.
    """

    def __init__(self, read: Callable[[str, int], Awaitable[list[R]]], shared: bool = False) -> None:
        self._read = read
        self._lanes: OrderedDict[str, _Lane[R]] = OrderedDict()
        self._complete = False
        self._shared = shared

    def mark_complete(self) -> None:
        """Notes that all open lanes were listed: an unknown one is empty, until one is dropped for lack of room."""
        self._complete = True

    def push(self, lane: str, row: R) -> None:
        """Adds a row that was committed to a lane."""
        if self._shared:
            return
        fresh = self._complete and lane not in self._lanes
        known = self._get_lane(lane)
        known.whole = known.whole or fresh
        if known.whole and row.id > known.last:
            known.rows.append(row)
            known.last = row.id
        elif not known.whole:
            known.missed = True
        if len(known.rows) > BATCH:
            self.forget_lane(lane)

    def forget_lane(self, lane: str) -> None:
        """Makes the next look read the lane from the database: something else may have changed it."""
        known = self._get_lane(lane)
        known.whole = False
        known.missed = True
        known.rows.clear()

    async def read_head(self, lane: str) -> Sequence[R]:
        """Returns the oldest open rows of a lane, at most `BATCH`; empty when there are none."""
        known = self._get_lane(lane)
        if not known.whole:
            known.missed = False
            rows = await self._read(lane, BATCH)
            known.rows = deque(rows)
            # What was committed while this was read may not be in it; then the next look reads again.
            known.whole = len(rows) < BATCH and not known.missed
            known.last = max(known.last, rows[-1].id if rows else 0)
        return list(known.rows)

    def remove_done(self, lane: str, ids: Sequence[int]) -> None:
        """Removes rows that are settled."""
        known = self._get_lane(lane)
        if len(ids) == 1 and known.rows and known.rows[0].id == ids[0]:
            known.rows.popleft()
        else:
            known.rows = deque(row for row in known.rows if row.id not in ids)

    def _get_lane(self, name: str) -> "_Lane[R]":
        known = self._lanes.get(name)
        if known is None:
            known = self._lanes[name] = _Lane()
            if len(self._lanes) > LANES:
                self._lanes.popitem(last=False)
                self._complete = False
        return known
