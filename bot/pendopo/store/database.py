"""One database behind one small port: jobs that write, statements that read, sessions that map rows to objects.

A *job* is a function that gets a `Connection` and does all its writing at once, without waiting for anything else; it is
committed, or undone, as a whole. How jobs are committed is the matter of each implementation (`sqlite`, `postgres`).
"""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Generic, Self, TypeVar

import msgspec
import sqlalchemy as sa
from sqlmodel import Session

T = TypeVar("T")
Record = tuple[Any, ...]
_encode = msgspec.json.Encoder().encode


def to_json(value: Any) -> str:
    """JSON, as columns hold it."""
    return _encode(value).decode()


def make_row(make: Callable[..., T], **convert: Callable[[Any], Any]) -> Callable[..., T]:
    """A function that makes a value of a row; `convert` is by the parameters of `make` that columns are converted for."""
    converters = [convert.get(name) for name in inspect.signature(make).parameters]
    return lambda *row: make(*[to(value) if to else value for to, value in zip(converters, row, strict=False)])


class Connection:
    """A connection inside a transaction; SQL is written with `?` for every parameter, on all databases."""

    __slots__ = ("_driver", "alchemy", "committing", "postgres", "told", "waking")

    def __init__(self, alchemy: sa.Connection, driver: Any, postgres: bool = False) -> None:
        self.alchemy = alchemy
        self._driver = driver
        self.postgres = postgres
        self.committing = False
        self.waking: dict[str, set[str]] = {}
        self.told: list[tuple[str, str]] = []

    def execute(self, sql: str, params: Sequence[Any] = ()) -> list[Record]:
        """Run one statement and return its rows, if it has any."""
        cursor = self._driver.execute(_with_percents(sql) if self.postgres else sql, params)
        return cursor.fetchall() if cursor.description is not None else []

    def read_first(self, make: Callable[..., T], sql: str, *params: Any) -> T | None:
        """What is made of the first row of a statement; None where there is none."""
        rows = self.execute(sql, params)
        return make(*rows[0]) if rows else None

    def insert(self, sql: str, params: Sequence[Any] = ()) -> int | None:
        """Insert one row into a table with an `id`, and return that; None when it was there already."""
        if self.postgres:
            found = self._driver.execute(_with_percents(f"{sql} RETURNING id"), params).fetchone()
            return int(found[0]) if found else None
        # SQLite knows the number without a second step through its results.
        cursor = self._driver.execute(sql, params)
        return int(cursor.lastrowid) if cursor.rowcount else None

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of many rows."""
        if self.postgres:
            with self._driver.cursor() as cursor:
                cursor.executemany(_with_percents(sql), rows)
        else:
            self._driver.executemany(sql, rows)

    def look_up(self, queries: Iterable[tuple[str, Sequence[Any]]]) -> list[list[Record]]:
        """Run several statements that read, without waiting for each (PostgreSQL)."""
        with self._driver.pipeline():
            cursors = [self._driver.execute(_with_percents(sql), params) for sql, params in queries]
            return [cursor.fetchall() for cursor in cursors]

    @property
    def lost(self) -> bool:
        """Whether the server closed it."""
        return bool(self.postgres and self._driver.closed)

    def wake_lane(self, lane: str, station: str) -> None:
        """There is work in a lane of a station (`inbox`, `outbox`): when this is committed, some process drains it.

        Where there is only one process, it sees to its lanes itself.
        """
        if self.postgres:
            self.waking.setdefault(lane, set()).add(station)

    def notify_processes(self, topic: str, text: str) -> None:
        """Let the other processes on this database know something, when this is committed."""
        if self.postgres:
            self.told.append((topic, text))

    def open_session(self) -> Session:
        """An ORM session in this transaction; its commit releases a savepoint, its failure rolls back to it."""
        return Session(self.alchemy, join_transaction_mode="create_savepoint", expire_on_commit=False)


@lru_cache(maxsize=512)
def _with_percents(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


class Joinable(ABC, Generic[T]):
    """A job that can be done together with others of its kind, by fewer statements than each of them alone."""

    __slots__ = ()

    @abstractmethod
    def __call__(self, connection: Connection) -> T: ...

    @classmethod
    @abstractmethod
    def run_together(cls, connection: Connection, jobs: Sequence[Self]) -> Sequence[T]:
        """The result of each."""


class Database(ABC):
    """A database that is open. Everything here may be called from the event loop's thread only."""

    url: str

    @abstractmethod
    async def write(self, job: Callable[[Connection], T], alone: bool = False, order: str = "") -> T:
        """Run a job in a transaction; returns its result once that is durable. Raises what the job raised, undone.

        A job may be run again when another that shared its transaction failed, unless it is `alone`: a job that writes mapped
        rows changes them by running. `order` names the one row that a small job touches: where transactions wait for each
        other's rows, only jobs that are done in such an order share one.
        """

    @abstractmethod
    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Record]:
        """Run one indexed look-up; it sees everything committed before."""

    async def read_all(self, make: Callable[..., T], sql: str, *params: Any) -> list[T]:
        """What is made of each row that a look-up finds."""
        return [make(*row) for row in await self.read(sql, params)]

    async def read_first(self, make: Callable[..., T], sql: str, *params: Any) -> T | None:
        """What is made of the first row that a look-up finds; None where there is none, or nothing in it."""
        rows = await self.read(sql, params)
        return make(*rows[0]) if rows and rows[0][0] is not None else None

    async def count_bytes(self) -> int:
        """How large the database is."""
        sqlite = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        found = await self.read("SELECT pg_database_size(current_database())" if self.postgres else sqlite)
        return int(found[0][0])

    @abstractmethod
    async def query_objects(self, query: Callable[[Session], T], session: Session | None = None) -> T:
        """Run a query that returns mapped rows, beside the event loop. `session` keeps what it read earlier."""

    @abstractmethod
    async def next_id(self, table: sa.Table) -> int:
        """The id of a row that is about to be saved; never given twice, gaps are possible."""

    @abstractmethod
    def new_session(self) -> Session:
        """A session for `objects` to read with."""

    @abstractmethod
    def make_engine(self) -> sa.Engine:
        """A SQLAlchemy engine of its own, for migrations and checks."""

    @contextmanager
    def open_engine(self) -> Iterator[sa.Engine]:
        """Such an engine, disposed of afterwards."""
        engine = self.make_engine()
        try:
            yield engine
        finally:
            engine.dispose()

    @abstractmethod
    async def close(self) -> None:
        """Finish what was begun and let go of the database."""

    @property
    def postgres(self) -> bool:
        return self.url.startswith("postgresql")
