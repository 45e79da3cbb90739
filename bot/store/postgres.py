"""PostgreSQL through psycopg 3: each job a transaction on one of a few connections."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from .database import Connection, Database, Record

T = TypeVar("T")
CONNECTIONS = 8


class PostgresDatabase(Database):
    """A PostgreSQL database, which any number of processes may share."""

    def __init__(self, url: str) -> None:
        self.url = "postgresql+psycopg://" + url.split("://", 1)[1]
        self._engine = sa.create_engine(self.url, pool_size=CONNECTIONS, pool_pre_ping=True)
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="postgres")

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
        self._engine.dispose()

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
