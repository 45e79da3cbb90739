"""PostgreSQL through psycopg 3: each job a transaction on one of a few connections, in any number of processes."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec
import psycopg
import sqlalchemy as sa
import structlog
from sqlmodel import Session

from pendopo.errors import StaleError, StoreError
from pendopo.store.database import Connection, Database, Record

MOST = 64
"""So many at most are made together, so that the first of them need not wait for ever."""


T = TypeVar("T")


class Outcome(NamedTuple):
    """What came of one call."""

    result: Any = None
    error: BaseException | None = None


class CallBatcher(Generic[T]):
    """Makes calls in groups, a few groups at a time, each in a thread of its own. All but `make` runs in the event loop."""

    def __init__(self, pool: ThreadPoolExecutor, make: Callable[[Sequence[T]], Sequence[Outcome]], groups: int) -> None:
        self._pool = pool
        self._make = make
        self._free = groups
        self._waiting: deque[tuple[T, asyncio.Future[Any]]] = deque()

    async def call(self, what: T) -> Any:
        """The result of one call; raises what it raised."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((what, future))
        if self._free:
            self._free -= 1
            self._pool.submit(self._make_group, future.get_loop())
        return await future

    def _make_group(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: make what waits by now."""
        group: list[tuple[T, asyncio.Future[Any]]] = []
        with suppress(IndexError):  # another group may be faster
            while len(group) < MOST:
                group.append(self._waiting.popleft())
        try:
            outcomes = self._make([what for what, _ in group]) if group else ()
        except Exception as error:
            outcomes = [Outcome(error=error)] * len(group)
        with suppress(RuntimeError):  # the loop is gone: nobody waits for an answer any more
            loop.call_soon_threadsafe(self._resolve_futures, group, outcomes, loop)

    def _resolve_futures(
        self, group: Sequence[tuple[T, asyncio.Future[Any]]], outcomes: Sequence[Outcome], loop: asyncio.AbstractEventLoop
    ) -> None:
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if future.done():  # whoever waited was cancelled
                continue
            if outcome.error is not None:
                future.set_exception(outcome.error)
            else:
                future.set_result(outcome.result)
        if self._waiting:
            self._pool.submit(self._make_group, loop)
        else:
            self._free += 1


log = structlog.get_logger(__name__)
CONNECTIONS = 6
"""For handlers and pages; beside them stand"""
GROUPS = 2
"""for small jobs that share transactions, and as many for look-ups."""
INDEXED = "-c enable_seqscan=off"
"""For connections that look up single rows: a plan made while a table was empty would read all of it ever after."""
LOCK = 72140000
"""Held in common by every bot on a database, and alone by what may only be done while none runs."""
LOCK_TRIES = 50
TRIES = 3
CHANNEL = "pendopo"
"""On which the processes tell each other what they know of chats (docs/architecture.md)."""


class LaneWakeup(msgspec.Struct):
    """The lanes that a transaction put work into: those this process drains already, and those it now begins with."""

    held: dict[str, set[str]]
    taken: dict[str, tuple[int, set[str]]]


class Drainer(Protocol):
    """Who drains lanes in this process. `worker`, `room`, `pin` and `unpin` are asked in any thread."""

    @property
    def worker(self) -> int | None:
        """Its number among Procrastinate's workers; None while it takes nothing."""

    def count_room(self) -> int:
        """How many more lanes it would begin at once."""

    def pin_lane(self, lane: str) -> bool:
        """Keep hold of a lane until `woken` is told; False when this process does not hold it."""

    def unpin_lanes(self, lanes: Sequence[str]) -> None:
        """Nothing came of it."""

    def handle_wakeup(self, woken: LaneWakeup) -> None:
        """A transaction is committed. In the event loop."""


def with_options(address: str, options: str) -> str:
    """An address whose connections have these options beside those it names itself (its search path, say)."""
    url = sa.make_url(address)
    both = f"{url.query.get('options', '')} {options}".strip()
    written = url.update_query_dict({"options": both}).render_as_string(hide_password=False)
    head, _, query = written.rpartition("?")
    return f"{head}?{query.replace('+', '%20')}"  # to libpq a plus is a plus


class _Job(NamedTuple):
    """A small job, and its place among those that share its transaction."""

    order: str
    run: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop


class _LookUp(NamedTuple):
    sql: str
    params: Sequence[Any]


class PostgresDatabase(Database):
    """A PostgreSQL database, which any number of processes share."""

    def __init__(self, url: str, exclusive: bool = True) -> None:
        self.url = "postgresql+psycopg://" + url.split("://", 1)[1]
        self._drainer: Drainer | None = None
        self._engine = sa.create_engine(self.url, pool_size=CONNECTIONS + 1)
        self._indexed = sa.create_engine(with_options(self.url, INDEXED), pool_size=2 * GROUPS)
        self._reading = self._indexed.execution_options(isolation_level="AUTOCOMMIT")
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="postgres")
        self._shared = ThreadPoolExecutor(2 * GROUPS, thread_name_prefix="postgres-together")
        self._jobs = CallBatcher(self._shared, self._run_jobs, GROUPS)
        self._look_ups = CallBatcher(self._shared, self._run_look_ups, GROUPS)
        self._old: list[sa.Pool] = []
        self._lock = self._hold_shared_lock() if exclusive else None

    def attach_drainer(self, drainer: Drainer) -> None:
        """Give the lanes that transactions wake to who drains them in this process, as long as there is room."""
        self._drainer = drainer

    @property
    def address(self) -> str:
        """As libpq understands it."""
        return "postgresql://" + self.url.split("://", 1)[1]

    async def write(self, job: Callable[[Connection], T], alone: bool = False, order: str = "") -> T:
        loop = asyncio.get_running_loop()
        if order and not alone:
            done: T = await self._jobs.call(_Job(order, job, loop))
            return done
        return await self._in_thread(lambda: self._write_job(job, loop, self._engine, again=not alone))

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Record]:
        found: list[Record] = await self._look_ups.call(_LookUp(sql, params))
        return found

    async def query_objects(self, query: Callable[[Session], T], session: Session | None = None) -> T:
        return await self._in_thread(lambda: _query_and_release(query, session or self.new_session()))

    def new_session(self) -> Session:
        return Session(self._engine, expire_on_commit=False, autoflush=False)

    async def next_id(self, table: sa.Table) -> int:
        found = await self.read("SELECT nextval(pg_get_serial_sequence(?, 'id'))", (table.name,))
        return int(found[0][0])

    def make_engine(self) -> sa.Engine:
        return sa.create_engine(self.url, pool_size=1)

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown)
        await asyncio.to_thread(self._shared.shutdown)
        if self._lock is not None:
            self._lock.close()
        self._dispose_engines()
        self._dispose_engines()

    def _hold_shared_lock(self) -> sa.Connection:
        """Be one of the bots on this database, unless somebody has it alone. What the dead held, PostgreSQL lets go of."""
        try:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except sa.exc.OperationalError as error:
            raise StoreError(f"cannot reach the database: {error.orig}") from error
        for _ in range(LOCK_TRIES):
            if connection.exec_driver_sql(f"SELECT pg_try_advisory_lock_shared({LOCK})").scalar():
                return connection
            time.sleep(0.1)
        connection.close()
        self._pool.shutdown()
        self._shared.shutdown()
        self._dispose_engines()
        raise StoreError("the database is being restored or copied into; start again when that is done")

    def _dispose_engines(self) -> None:
        """Let go of all connections; those in use are closed when this is done again, when nobody has them any more."""
        old, engines = self._old, (self._engine, self._indexed)
        self._old = [engine.pool for engine in engines]
        for engine in engines:
            engine.dispose()
        for pool in old:
            pool.dispose()

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def _run_look_ups(self, group: Sequence[_LookUp]) -> list[Outcome]:
        try:
            return self._look_up_group(group)
        except Exception:
            # One of them failed, or the connection was an old one: each again, so that it fails alone.
            return [_capture_outcome(lambda one=one: self._look_up_group([one])[0].result) for one in group]  # type: ignore[misc]

    def _look_up_group(self, group: Sequence[_LookUp]) -> list[Outcome]:
        """All in one message to the server, if there are several."""
        with self._borrow_connection(self._reading) as connection:
            if len(group) == 1:
                return [Outcome(connection.execute(*group[0]))]
            return [Outcome(rows) for rows in connection.look_up(group)]

    def _run_jobs(self, group: Sequence[_Job]) -> list[Outcome]:
        """In one transaction, in their order, or else each in one of its own."""
        if len(group) > 1:
            try:
                return self._run_in_order(group)
            except _ConnectionLostError as gone:
                if gone.committing:
                    raise
            except Exception as error:
                log.debug("jobs are done one by one", event_name="jobs_apart", count=len(group), error=type(error).__name__)
        return [_capture_outcome(lambda one=one: self._write_job(one.run, one.loop, self._indexed)) for one in group]  # type: ignore[misc]

    def _run_in_order(self, group: Sequence[_Job]) -> list[Outcome]:
        places = sorted(range(len(group)), key=lambda place: group[place].order)
        results: dict[int, Any] = {}

        def job(connection: Connection) -> None:
            results.update((place, group[place].run(connection)) for place in places)

        self._run_transaction(job, group[0].loop, self._indexed)
        return [Outcome(results[place]) for place in range(len(group))]

    def _write_job(
        self, job: Callable[[Connection], T], loop: asyncio.AbstractEventLoop, engine: sa.Engine, again: bool = True
    ) -> T:
        for tries_left in reversed(range(TRIES)):
            try:
                return self._run_transaction(job, loop, engine)
            except _ConnectionLostError as gone:
                # Once the commit was sent nobody knows whether it came through: only what failed before it is done again.
                if gone.committing or not (again and tries_left):
                    raise
            except (psycopg.errors.DeadlockDetected, sa.exc.OperationalError) as error:
                if not isinstance(getattr(error, "orig", error), psycopg.errors.DeadlockDetected):
                    raise
                if not (again and tries_left):
                    raise StaleError("two transactions waited for each other") from error
        raise AssertionError("the last try returns or raises")

    def _run_transaction(self, job: Callable[[Connection], T], loop: asyncio.AbstractEventLoop, engine: sa.Engine) -> T:
        with self._borrow_connection(engine) as connection:
            connection.alchemy.begin()
            result = job(connection)
            for topic, text in connection.told:
                connection.execute("SELECT pg_notify(?, ?)", (CHANNEL, msgspec.json.encode([topic, text]).decode()))
            drainer, waking = self._drainer, connection.waking
            woken = LaneWakeup({lane: waking[lane] for lane in waking if drainer is not None and drainer.pin_lane(lane)}, {})
            try:
                self._wake_rest(connection, woken)
                connection.committing = True
                connection.alchemy.commit()
            except BaseException:
                if drainer is not None:
                    drainer.unpin_lanes(list(woken.held))
                raise
        if waking and drainer is not None:
            # From here, since whoever waits for the result may have been stopped meanwhile.
            loop.call_soon_threadsafe(drainer.handle_wakeup, woken)
        return result

    def _wake_rest(self, connection: Connection, woken: LaneWakeup) -> None:
        """The last thing before a commit, in the order of the lanes' names: two transactions never wait for each other."""
        drainer, waking = self._drainer, connection.waking
        if rest := sorted(waking.keys() - woken.held.keys()):
            worker, room = (drainer.worker, drainer.count_room()) if drainer is not None else (None, 0)
            found = connection.execute("SELECT lane, job FROM pendopo_wake(?, ?, ?)", (rest, worker, room))
            woken.taken = {lane: (job, waking[lane]) for lane, job in found}

    @contextmanager
    def _borrow_connection(self, engine: sa.Engine) -> Iterator[Connection]:
        """A connection for one transaction. Raises `_ConnectionLostError` when the server let go of it."""
        try:
            alchemy = engine.connect()
        except sa.exc.OperationalError as error:
            raise StoreError(f"cannot reach the database: {error.orig}") from error
        with alchemy:
            connection = Connection(alchemy, alchemy.connection.driver_connection, postgres=True)
            try:
                yield connection
            except BaseException as error:
                if connection.lost:
                    alchemy.invalidate(error)
                    self._dispose_engines()  # its other connections went with this one
                    raise _ConnectionLostError(connection.committing) from error
                raise


def _capture_outcome(call: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(call())
    except Exception as error:
        return Outcome(error=error)


class _ConnectionLostError(StoreError):
    """The server closed the connection; `committing`: nobody knows whether what was committed is."""

    def __init__(self, committing: bool) -> None:
        super().__init__("the database closed the connection")
        self.committing = committing


def _query_and_release(query: Callable[[Session], T], session: Session) -> T:
    """Give the connection back after each query, so that a slow handler holds none."""
    try:
        return query(session)
    finally:
        # Ends the transaction only: a commit would also write what the handler has changed so far.
        if transaction := session.get_transaction():
            transaction.close()
