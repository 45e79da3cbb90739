"""One database, several processes: this one's lanes, roles, pace, and what the others let it know. PostgreSQL only."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

from bot.errors import StoreError
from bot.store.postgres import PostgresDatabase

from .core import Core
from .ending import end
from .inbox import Inbox
from .outbox import Outbox
from .pace import SharedPace
from .replica import Replica
from .roles import SharedRoles
from .scheduler import Scheduler

CLAIMER, SWEEPER = "reminders", "sweep"


class Sharing:
    """Put over the stations of a process that is not alone."""

    def __init__(self, core: Core, inbox: Inbox, outbox: Outbox, scheduler: Scheduler) -> None:
        if not isinstance(core.database, PostgresDatabase):
            raise StoreError("only PostgreSQL is shared by several processes")
        self._core = core
        self._inbox, self._outbox, self._scheduler = inbox, outbox, scheduler
        self._replica = Replica(core.database, inbox, outbox, core.clock)
        self._replica.told = self._told
        outbox.trusted = self._replica.trusts
        outbox.pace = SharedPace(outbox.limits, core.database)
        self.roles = SharedRoles(core.database.address)
        self._tasks: set[asyncio.Task[object]] = set()

    async def start(self) -> None:
        """Take part."""
        await self._outbox.look_at_held()
        await self._replica.start()
        self._do(self.roles.run())
        self._do(self.roles.alone(CLAIMER, partial(self._scheduler.run, self._inbox)))
        self._do(self.roles.alone(SWEEPER, self._replica.recover))
        await asyncio.sleep(0)
        await self.roles.tried()
        if self.roles.holds(CLAIMER):
            await self._scheduler.claiming.wait()

    async def look(self) -> None:
        """Wake lanes with open work that nobody knows of."""
        await self._replica.look()

    def finish(self) -> None:
        """Take no more lanes; those held are drained to their ends."""
        self._replica.finish()

    async def stop(self) -> None:
        """Let go of every lane and role, for others to take at once."""
        await self._replica.stop()
        await end(list(self._tasks))

    async def busy(self) -> bool:
        return await self._replica.pending()

    async def idle(self) -> None:
        """Wait until no lane is held here, and none is queued that could be drained now."""
        await self._replica.idle()

    def _told(self, topic: str, text: str) -> None:
        """What another process (or this one) found out."""
        if topic == "closed":
            self._outbox.closed.add(text)
        elif topic == "held":
            self._outbox.holding.add(text)
        elif topic == "due":
            self._scheduler.poke(int(text))
        elif topic == "pause":
            for_ms, name = text.split(" ", 1)
            self._outbox.limits.pause(name, self._core.now_ms() + int(for_ms))
        elif topic == "directory":
            self._do(self._core.directory.refresh(self._core.clock.now()))

    def _do(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
