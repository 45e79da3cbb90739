"""Calls that wait for the same thing are made together: what comes while some are being made is the next group."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
MOST = 64
"""So many at most are made together, so that the first of them need not wait for ever."""


class Outcome(NamedTuple):
    """What came of one call."""

    result: Any = None
    error: BaseException | None = None


class CallBatcher(Generic[T]):
    """Makes calls in groups, a few groups at a time, each in a thread of its own. All but `make` runs in the event loop."""

    def __init__(self, pool: ThreadPoolExecutor, make: Callable[[Sequence[T]], Sequence[Outcome]], groups: int) -> None:
        self._pool = pool
        self._make = make
        self._free = groups
        self._waiting: deque[tuple[T, asyncio.Future[Any]]] = deque()

    async def call(self, what: T) -> Any:
        """The result of one call; raises what it raised."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((what, future))
        if self._free:
            self._free -= 1
            self._pool.submit(self._make_group, future.get_loop())
        return await future

    def _make_group(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: make what waits by now."""
        group: list[tuple[T, asyncio.Future[Any]]] = []
        with suppress(IndexError):  # another group may be faster
            while len(group) < MOST:
                group.append(self._waiting.popleft())
        try:
            outcomes = self._make([what for what, _ in group]) if group else ()
        except Exception as error:
            outcomes = [Outcome(error=error)] * len(group)
        with suppress(RuntimeError):  # the loop is gone: nobody waits for an answer any more
            loop.call_soon_threadsafe(self._resolve_futures, group, outcomes, loop)

    def _resolve_futures(
        self, group: Sequence[tuple[T, asyncio.Future[Any]]], outcomes: Sequence[Outcome], loop: asyncio.AbstractEventLoop
    ) -> None:
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if future.done():  # whoever waited was cancelled
                continue
            if outcome.error is not None:
                future.set_exception(outcome.error)
            else:
                future.set_result(outcome.result)
        if self._waiting:
            self._pool.submit(self._make_group, loop)
        else:
            self._free += 1
