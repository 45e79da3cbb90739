"""Ends tasks for sure."""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_SECONDS = 0.5


async def cancel_tasks(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel these and wait until they have ended, whatever they raise.

    Told once is not always enough: before Python 3.12 `asyncio.wait_for` forgets that it was cancelled when what it waits for
    comes in the same moment, and libraries use it.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)
