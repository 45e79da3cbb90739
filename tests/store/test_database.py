"""One port, two databases: every truth here is a truth on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pendopo.errors import StoreError
from pendopo.store import Connection, Database, Unit, open_database
from pendopo.store.database import Joinable

from .notebook import Catatan, insert_and_fail, list_texts, make_insert


async def test_a_job_that_fails_fails_alone_and_the_others_are_committed(database: Database) -> None:
    jobs = [make_insert(n, str(n)) if n % 3 else insert_and_fail for n in range(30)]
    results = await asyncio.gather(*(database.write(job) for job in jobs), return_exceptions=True)
    assert [type(result) for result in results] == [int if n % 3 else ZeroDivisionError for n in range(30)]
    assert await list_texts(database) == [str(n) for n in range(30) if n % 3]


async def test_a_mapped_job_that_fails_beside_others_fails_alone_too(database: Database) -> None:
    units = [Unit(database) for _ in range(4)]
    for number, unit in enumerate(units):
        await unit.save(Catatan(teks=str(number)))
    units[1].later.append(insert_and_fail)
    results = await asyncio.gather(*(unit.commit() for unit in units), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), ZeroDivisionError, type(None), type(None)]
    assert await list_texts(database) == ["0", "2", "3"]


async def test_what_a_write_committed_every_later_read_sees(database: Database) -> None:
    for number in range(5):
        await database.write(make_insert(number, str(number)))
        assert (await list_texts(database))[-1] == str(number)


async def test_a_percent_sign_and_a_question_mark_are_just_letters_in_values(database: Database) -> None:
    await database.write(make_insert(1, "100 % yakin?"))
    assert await list_texts(database) == ["100 % yakin?"]
    assert await database.read("SELECT count(*) FROM buku_catatan WHERE teks LIKE '100 %'") == [(1,)]


async def test_ids_are_never_given_twice(database: Database) -> None:
    table = Catatan.__table__  # type: ignore[attr-defined]  # set by SQLAlchemy
    given = [await database.next_id(table) for _ in range(3)]
    unit = Unit(database)
    row = await unit.save(Catatan(teks="x"))
    assert row.id is not None
    assert row.id not in given
    await unit.commit()
    more = await asyncio.gather(*(database.next_id(table) for _ in range(20)))
    assert len({*given, row.id, *more}) == 24


@pytest.mark.parametrize("url", ["mysql://x", "x", "", "sqlite:x"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="must begin with"):
        open_database(url)


def test_a_server_that_does_not_answer_is_said_so() -> None:
    with pytest.raises(StoreError, match="cannot reach"):
        open_database("postgresql://nobody@127.0.0.1:1/nothing")


async def test_a_job_that_shared_its_commit_may_run_again_but_one_alone_runs_once(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/x.db")
    runs = {"alone": 0}

    def alone(connection: Connection) -> None:
        runs["alone"] += 1

    await asyncio.gather(
        *(database.write(insert_and_fail) for _ in range(3)), database.write(alone, alone=True), return_exceptions=True
    )
    assert runs["alone"] == 1
    await database.close()


class Write(Joinable[str]):
    """Notes texts; together by one statement. One that is wrong breaks whatever it is done with."""

    statements = 0

    def __init__(self, id_: int, text: str | None) -> None:
        self.row = (id_, text)

    def __call__(self, connection: Connection) -> str:
        return self.run_together(connection, [self])[0]

    @classmethod
    def run_together(cls, connection: Connection, jobs: Sequence["Write"]) -> list[str]:
        cls.statements += 1
        values = [value for job in jobs for value in job.row]
        sql = "INSERT INTO buku_catatan (version, id, teks) VALUES " + ", ".join(["(1, ?, ?)"] * len(jobs))  # noqa: S608  a number of question marks
        connection.execute(sql, values)
        return [str(job.row[1]) for job in jobs]


async def test_jobs_of_a_kind_are_done_together_and_each_hears_of_its_own(database: Database) -> None:
    before = Write.statements
    jobs: list[Any] = [Write(n, str(n)) if n % 2 else make_insert(n, str(n)) for n in range(40)]
    results = await asyncio.gather(*(database.write(job) for job in jobs))
    assert results == [str(n) if n % 2 else n for n in range(40)]
    assert sorted(await list_texts(database)) == sorted(str(n) for n in range(40))
    if not database.postgres:  # the first may be done before the second is there
        assert Write.statements - before <= 3


async def test_one_of_a_kind_that_fails_fails_alone(database: Database) -> None:
    jobs = [Write(n, None if n == 5 else str(n)) for n in range(10)]
    results = await asyncio.gather(*(database.write(job) for job in jobs), return_exceptions=True)
    assert [n for n, result in enumerate(results) if isinstance(result, Exception)] == [5]
    assert await list_texts(database) == [str(n) for n in range(10) if n != 5]
