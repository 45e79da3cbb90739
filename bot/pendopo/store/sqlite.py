"""SQLite: one writer thread that commits many jobs at once, readers beside it.

With `synchronous=FULL` a commit costs an fsync, so the writer takes all jobs that wait, runs each in a savepoint and
commits them together: forty times more writes a second than one commit each (docs/architecture.md).
"""

import asyncio
import fcntl
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from pendopo.errors import StoreError
from pendopo.store.database import Connection, Database, Joinable, Record
from pendopo.store.file_swap import finish_swap, read_plan

log = structlog.get_logger(__name__)
T = TypeVar("T")
GROUP = 256
"""At most this many jobs share a commit, so that the first of them need not wait for ever."""

NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY)
"""What says something of the disk, or of who else uses it, and nothing of the job."""

_Result = tuple[asyncio.Future[Any], Any, BaseException | None]


class _Job(NamedTuple):
    run: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    alone: bool


def create_private_file(path: Path) -> None:
    """Create an empty file that only its owner reads, if there is none: what SQLite makes beside it has the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _open_connection(path: Path, synchronous: str) -> sqlite3.Connection:
    create_private_file(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    for pragma in (
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-8000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _map_connection(driver: sqlite3.Connection) -> Connection:
    """Let SQLAlchemy use a connection whose transactions are ours: to it, one transaction is open for ever."""
    engine = sa.create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool)
    alchemy = engine.connect()
    alchemy.begin()
    return Connection(alchemy, driver)


class _BareError(Exception):
    """A job failed that has no savepoint to go back to."""


class SqliteDatabase(Database):
    """A SQLite file (or memory, for tests) used by one process at a time."""

    def __init__(self, path: Path | None, exclusive: bool = True) -> None:
        self.url = f"sqlite:///{path}" if path else "sqlite://"
        # Memory shared by several connections locks whole tables; a file that nobody syncs does not, and is as fast.
        self._scratch = None if path else TemporaryDirectory(prefix="pendopo-")
        self._path = path or Path(self._scratch.name if self._scratch else "") / "memory.db"
        self._synchronous = "FULL" if path else "OFF"
        self._lock = lock_file(path) if path and exclusive else None
        if path is not None:
            _settle_swap(path, exclusive)
        try:
            self._writer = _map_connection(_open_connection(self._path, self._synchronous))
            self._driver = self._writer._driver
            self._reader = _open_connection(self._path, self._synchronous)
            self._reader.execute("PRAGMA query_only=ON")
            self._mapper = _map_connection(_open_connection(self._path, self._synchronous))
        except sqlite3.Error as error:
            raise StoreError(f"cannot open {path}: {error}") from error
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._ids: dict[str, int] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sqlite-reader")
        self._thread = threading.Thread(target=self._run_writer, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def write(self, job: Callable[[Connection], T], alone: bool = False, order: str = "") -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(job, future, alone))
        try:
            return await future
        except (sqlite3.OperationalError, sa.exc.OperationalError) as error:
            cause = getattr(error, "orig", error)
            if isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF in NO_ROOM:
                raise StoreError(f"cannot write into {self._path.name}: {cause}") from error
            raise

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Record]:
        # An indexed look-up takes some ten microseconds, less than handing it to a thread would.
        return self._reader.execute(sql, params).fetchall()

    async def query_objects(self, query: Callable[[Session], T], session: Session | None = None) -> T:
        mine = session or self.new_session()
        return await asyncio.get_running_loop().run_in_executor(self._pool, query, mine)

    def new_session(self) -> Session:
        return Session(self._mapper.alchemy, join_transaction_mode="rollback_only", expire_on_commit=False, autoflush=False)

    async def next_id(self, table: sa.Table) -> int:
        if table.name not in self._ids:
            found = await self.read(f"SELECT coalesce(max(id), 0) FROM {table.name}")
            self._ids.setdefault(table.name, found[0][0])
        self._ids[table.name] += 1
        return self._ids[table.name]

    def make_engine(self) -> sa.Engine:
        return sa.create_engine("sqlite://", creator=lambda: _open_connection(self._path, self._synchronous))

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._pool.shutdown()
        for connection in (self._writer, self._mapper):
            connection.alchemy.invalidate()
            connection.alchemy.close()
            connection._driver.close()
        self._reader.close()
        if self._lock is not None:
            os.close(self._lock)
        if self._scratch is not None:
            self._scratch.cleanup()

    def _run_writer(self) -> None:
        while (first := self._jobs.get()) is not None:
            group = [first]
            with suppress(queue.Empty):
                while len(group) < GROUP:
                    job = self._jobs.get_nowait()
                    if job is None:
                        self._jobs.put(None)
                        break
                    group.append(job)
            self._commit_group(group)

    def _commit_group(self, group: list[_Job]) -> None:
        group.sort(key=lambda job: job.alone)  # stable: those that cannot be done again come when the others have come through
        try:
            results = self._run_group(group, self._run_by_kind)
        except Exception:
            # One of them failed: each again, in a savepoint of its own, so that it fails alone.
            results = self._run_group(group, lambda jobs: [self._run_in_savepoint(job) for job in jobs])
        with suppress(RuntimeError):  # the loop is gone: nobody waits for an answer any more
            group[0].future.get_loop().call_soon_threadsafe(_settle_futures, results)

    def _run_group(self, group: list[_Job], run: Callable[[list[_Job]], list[_Result]]) -> list[_Result]:
        """All in one transaction. Raises when one of them failed that has no savepoint, with all undone."""
        try:
            self._driver.execute("BEGIN IMMEDIATE")
            results = run(group)
            self._driver.execute("COMMIT")
        except Exception as error:
            # Where the disk is full, say, SQLite undid the whole group by itself, and what failed then is not what was wrong.
            undone = not self._driver.in_transaction
            self._driver.rollback()
            if isinstance(error, _BareError):
                raise
            told = StoreError(f"cannot write into {self._path.name}: {error}") if undone else error
            return [(job.future, None, told) for job in group]
        return results

    def _run_by_kind(self, group: list[_Job]) -> list[_Result]:
        """Those of a kind by few statements, since at each the driver gives way to the event loop and waits for its turn."""
        kinds: dict[type[Joinable[Any]], list[tuple[_Job, Joinable[Any]]]] = {}
        others = []
        for job in group:
            if isinstance(job.run, Joinable):
                kinds.setdefault(type(job.run), []).append((job, job.run))
            else:
                others.append(job)
        results = [result for kind, jobs in kinds.items() for result in self._run_joinable(kind, jobs)]
        return results + [self._run_in_savepoint(job) if job.alone else self._run_bare(job) for job in others]

    def _run_joinable(self, kind: type[Joinable[Any]], jobs: list[tuple[_Job, Joinable[Any]]]) -> list[_Result]:
        try:
            done = kind.run_together(self._writer, [run for _, run in jobs])
        except Exception as error:
            raise _BareError from error
        return [(job.future, result, None) for (job, _), result in zip(jobs, done, strict=True)]

    def _run_bare(self, job: _Job) -> _Result:
        try:
            return job.future, job.run(self._writer), None
        except Exception as error:
            raise _BareError from error

    def _run_in_savepoint(self, job: _Job) -> _Result:
        self._driver.execute("SAVEPOINT job")
        try:
            result = job.run(self._writer)
        except Exception as error:
            if not self._driver.in_transaction:
                raise
            self._driver.execute("ROLLBACK TO job")
            self._driver.execute("RELEASE job")
            return job.future, None, error
        self._driver.execute("RELEASE job")
        return job.future, result, None


def _settle_futures(results: list[_Result]) -> None:
    for future, result, error in results:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)


def _settle_swap(path: Path, exclusive: bool) -> None:
    """Finish a restore that was cut short. Raises `StoreError` where that is for somebody else to do."""
    if exclusive and (plan := finish_swap(path, datetime.now(UTC))):
        log.warning("a restore was finished", event_name="restore_finished", source=plan.source, kept=plan.aside)
    elif read_plan(path):
        raise StoreError(f"a restore of {path} was cut short: `pendopo run`, or the same `pendopo restore` again, finishes it")


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Keep bots off a SQLite file without opening it. Raises `StoreError` when one runs."""
    handle = lock_file(path)
    try:
        yield
    finally:
        os.close(handle)


def lock_file(path: Path) -> int:
    """Take the lock beside a SQLite file; closing the handle lets go of it. Raises `StoreError` when somebody has it."""
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    handle = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StoreError(f"{path} is in use by another pendopo; stop that one first, or use PostgreSQL for several") from error
    return handle
