"""Containers that tend to themselves: the entries set last, and tasks until they are done."""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class RecentDict(OrderedDict[K, V]):
    """Keeps the entries that were set last, `most` of them."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)


class BackgroundTasks(set["asyncio.Task[Any]"]):
    """Tasks that nobody waits for, each until it is done."""

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Begin a task."""
        task = asyncio.get_running_loop().create_task(work)
        self.add(task)
        task.add_done_callback(self.discard)

    async def cancel(self) -> None:
        """End them, whatever they were doing."""
        for task in self:
            task.cancel()
        await asyncio.gather(*self, return_exceptions=True)
