"""What only SQLite does: one bot a file, memory that is gone, a disk that is full."""

import os
import stat
from pathlib import Path

import pytest
from pendopo.errors import StoreError
from pendopo.store import Database, Unit, open_database

from .notebook import Catatan, Table, list_texts, make_insert


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
        await opened.write(make_insert(1, "x" * 50_000))
    unit = Unit(opened)
    await unit.save(Catatan(teks="x" * 50_000))
    with pytest.raises(StoreError, match=r"cannot write into p\.db"):
        await unit.commit()
    await opened.write(lambda c: c.execute("PRAGMA max_page_count = 1000"))
    await opened.write(make_insert(1, "x" * 50_000))
    assert len((await list_texts(opened))[0]) == 50_000
    await opened.close()


async def test_what_it_makes_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        database = open_database(f"sqlite:///{tmp_path}/var/x.db")
        await database.write(lambda c: c.execute("CREATE TABLE t (a)"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "var").iterdir()}
        await database.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert {"x.db", "x.db-wal", "x.db-shm"} <= modes.keys()
    assert set(modes.values()) == {0o600}
