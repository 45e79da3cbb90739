"""Stops handlers that run too long. One check of all of them every few seconds is cheaper than a timer per event."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

LOOK_SECONDS = 2.0
"""How often running handlers are checked."""


class Watchdog:
    """Runs work for at most `patience` seconds, give or take `LOOK_SECONDS`; `slow` is called for work that takes long."""

    def __init__(self, patience: float, slow: Callable[[Any], None]) -> None:
        self._patience = patience
        self._slow = slow
        self._since: dict[asyncio.Task[Any], tuple[float, Any]] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, work: Coroutine[Any, Any, None], about: Any) -> None:
        """Awaits work in this task; `about` is passed to `slow`. Raises `TimeoutError` when it takes too long."""
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
                raise  # not cancelled by the watchdog: the process is stopping
            self._late.discard(task)
            task.uncancel()
            raise TimeoutError(f"a handler took longer than {self._patience:.0f} seconds") from None
        finally:
            self._since.pop(task, None)
            if task in self._late:  # it ignored the cancellation and finished
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
