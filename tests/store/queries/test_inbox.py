"""What messengers deliver is stored once, however many bring it at the same time."""

import asyncio

import pytest
from pendopo.store import Database
from pendopo.store.queries.inbox import PIECES, AcceptJob, IncomingRow, read_inbox_lane


@pytest.fixture
def database(migrated: Database) -> Database:
    return migrated


def arrived(key: str, body: bytes = b"{}") -> IncomingRow:
    return IncomingRow("memory", key, "message", "memory:kadis", "", body, 1000)


async def accept(database: Database, *keys: str) -> list[int | None]:
    rows = await database.write(AcceptJob([arrived(key) for key in keys]))
    return [row.id if row else None for row in rows]


@pytest.mark.parametrize("many", [1, 3, sum(PIECES), 2 * max(PIECES) + 5])
async def test_each_of_many_that_come_at_once_has_its_own_number(database: Database, many: int) -> None:
    keys = [f"k{number}" for number in range(many)]
    found = await asyncio.gather(*(accept(database, key) for key in keys))
    rows = await read_inbox_lane(database, "memory:kadis", many + 1)
    assert {row.native_id: [row.id] for row in rows} == dict(zip(keys, found, strict=True))
    if (
        not database.postgres
    ):  # there several transactions are made side by side, and none was acknowledged before the others came
        assert [row.native_id for row in rows] == keys


async def test_of_the_same_delivery_at_the_same_moment_one_counts(database: Database) -> None:
    found = await asyncio.gather(*(accept(database, "a", "b", "a") for _ in range(20)))
    new = [number for numbers in found for number in numbers if number is not None]
    assert len(new) == 2
    assert len(await read_inbox_lane(database, "memory:kadis", 10)) == 2


async def test_the_first_bytes_of_a_delivery_stay(database: Database) -> None:
    both = AcceptJob([arrived("a", b"2"), arrived("b", b"3")])
    if database.postgres:  # where two come at the same moment, either may be the first
        first, second = await database.write(AcceptJob([arrived("a", b"1")])), await database.write(both)
    else:
        first, second = await asyncio.gather(database.write(AcceptJob([arrived("a", b"1")])), database.write(both))
    assert first[0] is not None
    assert second[0] is None
    assert [row.body for row in await read_inbox_lane(database, "memory:kadis", 10)] == [b"1", b"3"]


async def test_one_that_cannot_be_stored_takes_nothing_from_the_others(database: Database) -> None:
    broken = AcceptJob([arrived("x")._replace(lane=None)])  # type: ignore[arg-type]  # the column wants a lane
    jobs = [AcceptJob([arrived("a")]), broken, AcceptJob([arrived("b")])]
    results = await asyncio.gather(*(database.write(job) for job in jobs), return_exceptions=True)
    assert [isinstance(result, Exception) for result in results] == [False, True, False]
    stored = [row.native_id for row in await read_inbox_lane(database, "memory:kadis", 10)]
    assert (sorted(stored) if database.postgres else stored) == ["a", "b"]  # two transactions side by side end in any order
