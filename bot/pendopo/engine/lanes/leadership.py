"""Roles: work that only one of several processes may do at a time, such as polling a messenger or claiming reminders.

A role is a session lock of PostgreSQL. It is free as soon as its holder's connection ends; a holder that stalls sends no sign
of life on that connection, and the server ends it. A single process holds every role.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from pendopo.engine.lanes.lanes import cancel_tasks
from pendopo.store.cluster import keep_alive, release_role, take_role

if TYPE_CHECKING:
    import psycopg

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
"""How often free roles are tried and a sign of life is given."""
LOST_SECONDS = 4.0
"""A holder that was held up for longer gives its roles up, before the server can cut it off."""
CUT_OFF_SECONDS = 6
"""The server ends a silent connection after this (`idle_session_timeout`), and so frees its roles."""
RETRY_SECONDS = 1.0
"""Pause before connecting again."""

Work = Callable[[], Awaitable[None]]


class Leadership(Protocol):
    """Runs work that only one process may do."""

    async def run_exclusive(self, name: str, work: Work) -> None:
        """Runs work while this process holds the role, and waits for the role meanwhile; returns when the work does."""

    def is_standby(self, name: str) -> bool:
        """Tells whether another process holds a role that this one wants."""


class SoleLeadership:
    """The roles of a process that has its database to itself."""

    async def run_exclusive(self, name: str, work: Work) -> None:
        await work()

    def is_standby(self, name: str) -> bool:
        return False


class _Role:
    def __init__(self) -> None:
        self.gained, self.lost = asyncio.Event(), asyncio.Event()

    def set_held(self, held: bool) -> None:
        for event, now in ((self.gained, held), (self.lost, not held)):
            event.set() if now else event.clear()


class SharedLeadership:
    """The roles this process holds or wants; `run()` keeps them until it is cancelled."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._roles: dict[str, _Role] = {}
        self._over: list[str] = []
        self._asked, self._tried = asyncio.Event(), asyncio.Event()

    async def run_exclusive(self, name: str, work: Work) -> None:
        role = self._roles.setdefault(name, _Role())
        self._tried.clear()
        self._asked.set()
        try:
            while True:
                await role.gained.wait()
                if await _run_until_lost(role.lost, work):
                    return
        finally:
            self._roles.pop(name, None)
            self._over.append(name)

    def is_standby(self, name: str) -> bool:
        return name in self._roles and not self.is_leader(name)

    def is_leader(self, name: str) -> bool:
        return name in self._roles and self._roles[name].gained.is_set()

    async def wait_until_tried(self) -> None:
        """Waits until each requested role was tried once."""
        await self._tried.wait()

    async def run(self) -> None:
        """Takes and keeps the wanted roles until cancelled."""
        import psycopg  # only where there is more than one process

        while True:
            try:
                await self._hold_roles()
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("roles are lost: the database is away", event_name="roles_lost", error=str(error))
            finally:
                for role in self._roles.values():
                    role.set_held(False)
            await asyncio.sleep(RETRY_SECONDS)

    async def _hold_roles(self) -> None:
        import psycopg

        from pendopo.store.postgres import with_options

        address = with_options(self._address, f"-c idle_session_timeout={CUT_OFF_SECONDS}s")
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            seen = time.monotonic()
            while True:
                async with asyncio.timeout(LOST_SECONDS):
                    await self._try_locks(connection)
                if time.monotonic() - seen > LOST_SECONDS:
                    log.warning("this process was held up, and gives up its roles", event_name="roles_lost")
                    return
                seen = time.monotonic()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._asked.wait()

    async def _try_locks(self, connection: "psycopg.AsyncConnection[Any]") -> None:
        """Takes free roles, releases unwanted ones, and gives a sign of life in any case."""
        self._asked.clear()
        while self._over:
            await release_role(connection, self._over.pop())
        for name in [name for name in self._roles if not self.is_leader(name)]:
            if await take_role(connection, name) and name in self._roles:
                log.info("a role is ours", event_name="role_taken", role=name)
                self._roles[name].set_held(True)
        await keep_alive(connection)
        self._tried.set()


async def _run_until_lost(lost: asyncio.Event, work: Work) -> bool:
    """Runs work until it is done (True) or the role is lost. Raises what the work raises."""
    doing = asyncio.create_task(_await_work(work))
    losing = asyncio.create_task(lost.wait())
    try:
        await asyncio.wait({doing, losing}, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            await doing
            return True
        return False
    finally:
        await cancel_tasks([doing, losing])


async def _await_work(work: Work) -> None:
    await work()
