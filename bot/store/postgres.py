"""PostgreSQL through psycopg 3: each job a transaction on one of a few connections."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from bot.errors import StoreError

from .database import Connection, Database, Record

T = TypeVar("T")
CONNECTIONS = 8
LOCK = 72140000
LOCK_TRIES = 50


class PostgresDatabase(Database):
    """A PostgreSQL database, which any number of processes may share."""

    def __init__(self, url: str, exclusive: bool = True) -> None:
        self.url = "postgresql+psycopg://" + url.split("://", 1)[1]
        self._engine = sa.create_engine(self.url, pool_size=CONNECTIONS + 1, pool_pre_ping=True)
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="postgres")
        self._lock = self._hold() if exclusive else None

    async def write(self, job: Callable[[Connection], T], alone: bool = False) -> T:
        return await self._in_thread(lambda: self._transaction(job))

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Record]:
        return await self._in_thread(lambda: self._transaction(lambda connection: connection.execute(sql, params)))

    async def objects(self, query: Callable[[Session], T], session: Session | None = None) -> T:
        return await self._in_thread(lambda: _released(query, session or self.new_session()))

    def new_session(self) -> Session:
        return Session(self._engine, expire_on_commit=False, autoflush=False)

    async def next_id(self, table: sa.Table) -> int:
        found = await self.read("SELECT nextval(pg_get_serial_sequence(?, 'id'))", (table.name,))
        return int(found[0][0])

    def engine(self) -> sa.Engine:
        return sa.create_engine(self.url, poolclass=sa.NullPool)

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown)
        if self._lock is not None:
            self._lock.close()
        self._engine.dispose()

    def _hold(self) -> sa.Connection:
        """Be the one bot on this database. PostgreSQL lets go of the lock when this process dies, which may take a moment."""
        try:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except sa.exc.OperationalError as error:
            raise StoreError(f"cannot reach the database: {error.orig}") from error
        for _ in range(LOCK_TRIES):
            if connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar():
                return connection
            time.sleep(0.1)
        connection.close()
        self._pool.shutdown()
        self._engine.dispose()
        raise StoreError("another pendopo runs on this database; stop that one first")

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def _transaction(self, job: Callable[[Connection], T]) -> T:
        with self._engine.begin() as alchemy:
            return job(Connection(alchemy, alchemy.connection.driver_connection, postgres=True))


def _released(query: Callable[[Session], T], session: Session) -> T:
    """Give the connection back after each query, so that a slow handler holds none."""
    try:
        return query(session)
    finally:
        # Ends the transaction only: a commit would also write what the handler has changed so far.
        if transaction := session.get_transaction():
            transaction.close()
