"""A bot that a storm must find out: it acknowledges what comes, and stores it a second later."""

import asyncio
import sys
from collections.abc import Sequence

from pendopo.adapters.contract import Incoming
from pendopo.engine.app import App

from .replica import run

LATE = 1.0

_accept = App.accept
_storing: set[asyncio.Task[None]] = set()


async def _store(app: App, adapter: str, incoming: Sequence[Incoming]) -> None:
    await asyncio.sleep(LATE)
    await _accept(app, adapter, incoming)


async def accept(self: App, adapter: str, incoming: Sequence[Incoming]) -> None:
    """Say that it is stored."""
    task = asyncio.create_task(_store(self, adapter, incoming))
    _storing.add(task)
    task.add_done_callback(_storing.discard)


if __name__ == "__main__":
    App.accept = accept  # the fault that is to be found
    sys.exit(run())
