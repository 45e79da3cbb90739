"""Small jobs share transactions on PostgreSQL, and nobody sees it: each succeeds or fails as if it had been alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from pendopo import Context, Plugin
from pendopo.errors import StoreError
from pendopo.store import Connection, Database, open_database
from pendopo.store.postgres import CallBatcher, Outcome
from pendopo.testing import Story

pytestmark = pytest.mark.postgres


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    found = open_database(postgres_url, exclusive=False)
    await found.write(lambda c: c.execute("CREATE TABLE thing (id integer PRIMARY KEY, made bigint)"))
    yield found
    await found.close()


def make_insert(number: int) -> Callable[[Connection], int]:
    def job(connection: Connection) -> int:
        connection.execute("INSERT INTO thing (id, made) VALUES (?, txid_current())", (number,))
        return number

    return job


async def read_things(database: Database) -> dict[int, int]:
    """Each thing, and the transaction that made it."""
    return dict(await database.read("SELECT id, made FROM thing ORDER BY id"))


async def test_jobs_with_an_order_share_transactions_and_each_hears_its_own_result(database: Database) -> None:
    numbers = [9, 3, 7, 1, 5, 8, 2, 6, 4, 0]
    assert await asyncio.gather(*(database.write(make_insert(n), order=f"thing {n}") for n in numbers)) == numbers
    found = await read_things(database)
    assert sorted(found) == sorted(numbers)
    assert len(set(found.values())) < len(numbers)


async def test_they_are_done_in_their_order_whoever_came_first(database: Database) -> None:
    done: list[int] = []

    def job(number: int) -> Callable[[Connection], None]:
        return lambda connection: done.append(number)

    hold = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait(connection: Connection) -> None:
        asyncio.run_coroutine_threadsafe(hold.wait(), loop).result()

    first = [asyncio.create_task(database.write(wait, order="a")), asyncio.create_task(database.write(wait, order="b"))]
    await asyncio.sleep(0)
    rest = [asyncio.create_task(database.write(job(n), order=f"thing {n}")) for n in (3, 1, 2)]
    await asyncio.sleep(0)
    hold.set()
    await asyncio.gather(*first, *rest)
    assert done == [1, 2, 3]


async def test_a_job_that_fails_fails_alone(database: Database) -> None:
    calls = [database.write(make_insert(n), order=f"thing {n}") for n in (1, 2, 2, 3, 4)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [each for each in results if isinstance(each, int)] == [1, 2, 3, 4]
    assert [type(each) for each in results if not isinstance(each, int)] == [psycopg.errors.UniqueViolation]
    assert list(await read_things(database)) == [1, 2, 3, 4]


async def test_a_look_up_that_fails_fails_alone(database: Database) -> None:
    await database.write(make_insert(1))
    queries = ["SELECT id FROM thing", "SELECT nothing FROM nowhere", "SELECT id + 1 FROM thing"] * 4
    results = await asyncio.gather(*(database.read(sql) for sql in queries), return_exceptions=True)
    assert [each if isinstance(each, list) else type(each) for each in results] == [
        [(1,)],
        psycopg.errors.UndefinedTable,
        [(2,)],
    ] * 4


async def test_when_nobody_knows_whether_a_commit_came_through_none_of_its_jobs_is_done_again(database: Database) -> None:
    ran: list[int] = []

    def job(number: int) -> Callable[[Connection], None]:
        def run(connection: Connection) -> None:
            ran.append(number)
            if number == 2:  # the server goes away while the commit is on its way
                connection.committing = True
                pid = connection.execute("SELECT pg_backend_pid()")[0][0]
                connection.execute(f"SELECT pg_terminate_backend({pid})")

        return run

    hold, loop = asyncio.Event(), asyncio.get_running_loop()

    def wait(connection: Connection) -> None:
        asyncio.run_coroutine_threadsafe(hold.wait(), loop).result()

    first = [asyncio.create_task(database.write(wait, order=name)) for name in "ab"]
    await asyncio.sleep(0)
    rest = [asyncio.create_task(database.write(job(n), order=f"thing {n}")) for n in (1, 2, 3)]
    await asyncio.sleep(0)
    hold.set()
    results = await asyncio.gather(*first, *rest, return_exceptions=True)
    assert ran == [1, 2]
    assert [isinstance(each, StoreError) for each in results] == [False, False, True, True, True]


async def test_a_cancelled_call_holds_up_no_other() -> None:
    pool = ThreadPoolExecutor(1)
    together: CallBatcher[int] = CallBatcher(pool, lambda group: [Outcome(n * 2) for n in group], 1)
    calls = [asyncio.create_task(together.call(n)) for n in range(5)]
    await asyncio.sleep(0)
    calls[2].cancel()
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [each for each in results if isinstance(each, int)] == [0, 2, 6, 8]
    assert await together.call(7) == 14
    pool.shutdown()


plugin = Plugin("gema", summary="Echoes", policy="anyone")


@plugin.command("gema")
async def gema(ctx: Context, teks: str) -> None:
    """Say it again."""
    await ctx.reply(teks)


async def test_no_message_costs_reading_a_whole_table(postgres_url: str) -> None:
    async with Story([plugin], database=postgres_url):
        pass
    # Now the planner knows that the tables are empty.
    await _told(postgres_url, "VACUUM ANALYZE", "SELECT pg_stat_reset()")
    async with Story([plugin], database=postgres_url) as story:
        for number in range(30):
            await story.kadis.says(f"/gema {number}")
        story.kadis.sees("29")
    sql = """SELECT relname, seq_tup_read FROM pg_stat_user_tables
        WHERE relname IN ('inbox', 'delivery', 'procrastinate_jobs') ORDER BY 1"""
    assert dict(await _told(postgres_url, sql)) == {"delivery": 0, "inbox": 0, "procrastinate_jobs": 0}


async def _told(url: str, *statements: str) -> list[Any]:
    """Run statements, each alone; returns the rows of the last."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for sql in statements:
            cursor = await connection.execute(sql)
        return list(await cursor.fetchall())
