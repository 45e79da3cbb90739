"""Stops handlers that take too long. One look at all of them now and then costs nothing per event; a timer each would."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

LOOK_SECONDS = 2.0


class Watchdog:
    """Lets work run for so many seconds, give or take `LOOK_SECONDS`; `slow` is told of work that takes its time."""

    def __init__(self, patience: float, slow: Callable[[Any], None]) -> None:
        self._patience = patience
        self._slow = slow
        self._since: dict[asyncio.Task[Any], tuple[float, Any]] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, work: Coroutine[Any, Any, None], about: Any) -> None:
        """Await work in this task, `about` is what `slow` is told. Raises `TimeoutError` when it takes too long."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is None:
            raise RuntimeError("work runs in a task")
        self._since[task] = (loop.time(), about)
        if self._timer is None:
            self._timer = loop.call_later(LOOK_SECONDS, self._check_tasks, loop)
        try:
            await work
        except asyncio.CancelledError:
            if task not in self._late:
                raise  # somebody else stopped it: the process is ending
            self._late.discard(task)
            task.uncancel()
            raise TimeoutError(f"a handler took longer than {self._patience:.0f} seconds") from None
        finally:
            self._since.pop(task, None)
            if task in self._late:  # it would not be stopped, and finished after all
                self._late.discard(task)
                task.uncancel()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _check_tasks(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(LOOK_SECONDS, self._check_tasks, loop) if self._since else None
        for task, (since, about) in list(self._since.items()):
            if loop.time() - since > self._patience and task not in self._late:
                self._late.add(task)
                task.cancel()
            elif loop.time() - since > LOOK_SECONDS / 2:
                self._slow(about)
