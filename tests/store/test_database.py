"""One port, two databases: every truth here is a truth on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pendopo import Row, tables
from pendopo.errors import StaleError, StoreError
from pendopo.store import Connection, Database, Unit, open_database
from pendopo.store.database import Joinable
from sqlmodel import select


class Table(Row, registry=tables("buku")):
    """Rows under test."""


class Catatan(Table, table=True):
    """A note."""

    teks: str


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    engine = opened.make_engine()
    Table.metadata.create_all(engine)
    engine.dispose()
    yield opened
    await opened.close()


async def texts(database: Database) -> list[str]:
    return [row[0] for row in await database.read("SELECT teks FROM buku_catatan ORDER BY id")]


def insert(id_: int, text: str) -> Callable[[Connection], int]:
    def job(connection: Connection) -> int:
        connection.execute("INSERT INTO buku_catatan (id, version, teks) VALUES (?, 1, ?)", (id_, text))
        return id_

    return job


def broken(connection: Connection) -> None:
    connection.execute("INSERT INTO buku_catatan (id, version, teks) VALUES (999, 1, 'never')")
    raise ZeroDivisionError


async def test_a_job_that_fails_fails_alone_and_the_others_are_committed(database: Database) -> None:
    jobs = [insert(n, str(n)) if n % 3 else broken for n in range(30)]
    results = await asyncio.gather(*(database.write(job) for job in jobs), return_exceptions=True)
    assert [type(result) for result in results] == [int if n % 3 else ZeroDivisionError for n in range(30)]
    assert await texts(database) == [str(n) for n in range(30) if n % 3]


async def test_a_mapped_job_that_fails_beside_others_fails_alone_too(database: Database) -> None:
    units = [Unit(database) for _ in range(4)]
    for number, unit in enumerate(units):
        await unit.save(Catatan(teks=str(number)))
    units[1].later.append(broken)
    results = await asyncio.gather(*(unit.commit() for unit in units), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), ZeroDivisionError, type(None), type(None)]
    assert await texts(database) == ["0", "2", "3"]


async def test_what_a_write_committed_every_later_read_sees(database: Database) -> None:
    for number in range(5):
        await database.write(insert(number, str(number)))
        assert (await texts(database))[-1] == str(number)


async def test_a_percent_sign_and_a_question_mark_are_just_letters_in_values(database: Database) -> None:
    await database.write(insert(1, "100 % yakin?"))
    assert await texts(database) == ["100 % yakin?"]
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


async def note(database: Database, text: str = "awal") -> int:
    unit = Unit(database)
    row = await unit.save(Catatan(teks=text))
    await unit.commit()
    assert row.id is not None
    return row.id


async def test_rows_read_are_kept_with_their_changes_by_themselves(database: Database) -> None:
    id_ = await note(database)
    unit = Unit(database)
    row = await unit.get(Catatan, id_)
    assert row is not None
    row.teks = "lain"
    await unit.commit()
    assert await texts(database) == ["lain"]


async def test_a_handler_that_decides_on_a_row_somebody_changed_meanwhile_is_stale(database: Database) -> None:
    read_only, changed = await note(database, "a"), await note(database, "b")
    mine = Unit(database)
    assert await mine.get(Catatan, read_only) is not None
    row = await mine.first(select(Catatan).where(Catatan.id == changed))
    assert row is not None
    row.teks = "saya"
    other = Unit(database)
    theirs = await other.get(Catatan, read_only)
    assert theirs is not None
    theirs.teks = "anda"
    await other.commit()
    with pytest.raises(StaleError):
        await mine.commit()
    assert await texts(database) == ["anda", "b"]


async def test_a_row_somebody_deleted_meanwhile_is_stale(database: Database) -> None:
    id_ = await note(database)
    mine, other = Unit(database), Unit(database)
    row, same = await mine.get(Catatan, id_), await other.get(Catatan, id_)
    assert row is not None
    assert same is not None
    await other.delete(same)
    await other.commit()
    row.teks = "lain"
    with pytest.raises(StaleError):
        await mine.commit()
    assert await texts(database) == []


async def test_rows_and_later_jobs_are_one_thing(database: Database) -> None:
    unit = Unit(database)
    await unit.save(Catatan(teks="x"))
    unit.later.append(insert(500, "y"))
    unit.later.append(broken)
    with pytest.raises(ZeroDivisionError):
        await unit.commit()
    assert await texts(database) == []


async def test_a_row_made_and_deleted_by_the_same_handler_never_was(database: Database) -> None:
    unit = Unit(database)
    row = await unit.save(Catatan(teks="x"))
    await unit.delete(row)
    await unit.commit()
    assert await texts(database) == []


async def test_all_finds_what_was_committed_before(database: Database) -> None:
    await note(database, "a")
    await note(database, "b")
    unit = Unit(database)
    await unit.save(Catatan(teks="mine"))
    assert [row.teks for row in await unit.all(select(Catatan).order_by(Catatan.teks))] == ["a", "b"]
    assert await unit.get(Catatan, 12345) is None


async def test_a_plain_text_save_that_breaks_a_rule_of_the_database_leaves_nothing(database: Database) -> None:
    id_ = await note(database)
    unit = Unit(database)
    await unit.save(Catatan(id=id_, teks="the same id"))
    with pytest.raises(StaleError):
        await unit.commit()
    assert await texts(database) == ["awal"]


async def test_one_running_bot_a_file(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pendopo.store.postgres.LOCK_TRIES", 1)
    if database.postgres:
        await open_database(database_url).close()  # there may be as many as one likes
    else:
        with pytest.raises(StoreError, match="another pendopo"):
            open_database(database_url)
    beside = open_database(database_url, exclusive=False)
    assert await beside.read("SELECT 1") == [(1,)]
    await beside.close()


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

    await asyncio.gather(*(database.write(broken) for _ in range(3)), database.write(alone, alone=True), return_exceptions=True)
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
    jobs: list[Any] = [Write(n, str(n)) if n % 2 else insert(n, str(n)) for n in range(40)]
    results = await asyncio.gather(*(database.write(job) for job in jobs))
    assert results == [str(n) if n % 2 else n for n in range(40)]
    assert sorted(await texts(database)) == sorted(str(n) for n in range(40))
    if not database.postgres:  # the first may be done before the second is there
        assert Write.statements - before <= 3


async def test_one_of_a_kind_that_fails_fails_alone(database: Database) -> None:
    jobs = [Write(n, None if n == 5 else str(n)) for n in range(10)]
    results = await asyncio.gather(*(database.write(job) for job in jobs), return_exceptions=True)
    assert [n for n, result in enumerate(results) if isinstance(result, Exception)] == [5]
    assert await texts(database) == [str(n) for n in range(10) if n != 5]


async def test_memory_is_gone_when_it_is_closed() -> None:
    first = open_database("sqlite://")
    await first.write(lambda c: c.execute("CREATE TABLE x (id integer)"))
    second = open_database("sqlite://")
    assert await second.read("SELECT count(*) FROM sqlite_master") == [(0,)]
    await first.close()
    await second.close()


async def test_a_full_disk_says_nothing_of_the_job_and_passes(tmp_path: Path) -> None:
    opened = open_database(f"sqlite:///{tmp_path}/p.db")
    engine = opened.make_engine()
    Table.metadata.create_all(engine)
    engine.dispose()
    await opened.write(lambda c: c.execute("PRAGMA max_page_count = 1"))  # no smaller than it is already
    with pytest.raises(StoreError, match=r"cannot write into p\.db: database or disk is full"):
        await opened.write(insert(1, "x" * 50_000))
    unit = Unit(opened)
    await unit.save(Catatan(teks="x" * 50_000))
    with pytest.raises(StoreError, match=r"cannot write into p\.db"):
        await unit.commit()
    await opened.write(lambda c: c.execute("PRAGMA max_page_count = 1000"))
    await opened.write(insert(1, "x" * 50_000))
    assert len((await texts(opened))[0]) == 50_000
    await opened.close()
