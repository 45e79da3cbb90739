"""A backup taken while events pour in is one moment of the bot: what one handler wrote is in it whole or not at all."""

import asyncio
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pendopo.cli import main
from pendopo.store import Database, open_database
from pendopo.store.queries import audit

from .child import Table
from .server import MessengerServer

ROOT = Path(__file__).parent.parent.parent
RATE = 50
PEOPLE = 5


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A database to back up, and another to restore to."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/pendopo.db", f"sqlite:///{tmp_path}/elsewhere.db"
    else:
        yield request.getfixturevalue("postgres_url"), request.getfixturevalue("another_postgres_url")


async def test_a_backup_under_load_is_one_moment(
    tmp_path: Path, urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here, elsewhere = urls
    archives = [tmp_path / f"{number}.tar.gz" for number in range(3)]
    server, enough = MessengerServer(), asyncio.Event()
    monkeypatch.setenv("PENDOPO_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PENDOPO_DATABASE__URL", here)
    assert await asyncio.to_thread(main, ["db", "upgrade"]) == 0
    await make_table(here)
    arguments = (str(await server.start()), here, str(tmp_path), "yes")
    bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.chaos.child", *arguments, cwd=ROOT)
    try:
        pouring = asyncio.create_task(pour(server, enough))
        await server.until(lambda: len(server.screen) > 20)
        for archive in archives:
            assert await asyncio.to_thread(main, ["backup", str(archive)]) == 0
        enough.set()
        count = await pouring
        await server.until(lambda: len(server.screen) == count)
    finally:
        bot.kill()
        await bot.wait()
        await server.stop()
    monkeypatch.setenv("PENDOPO_DATABASE__URL", elsewhere)
    monkeypatch.setenv("PENDOPO_DATA_DIR", str(tmp_path / "elsewhere"))
    for archive in archives:
        assert await asyncio.to_thread(main, ["restore", str(archive), "--replace"]) == 0
        await check_moment(elsewhere, count)


async def make_table(url: str) -> None:
    """The counter's own table: on PostgreSQL no start makes any."""
    database = open_database(url, exclusive=False)
    Table.metadata.create_all(engine := database.make_engine())
    engine.dispose()
    await database.close()


async def pour(server: MessengerServer, enough: asyncio.Event) -> int:
    """Write on and on, until it is enough; returns how many messages that was."""
    for number in itertools.count():
        await server.put({"id": number, "chat": f"c{number % PEOPLE}", "text": f"t{number}"})
        await asyncio.sleep(1 / RATE)
        if enough.is_set():
            return number + 1
    raise AssertionError("there is always one more")


async def check_moment(url: str, count: int) -> None:
    """Every message that was handled has its row, its reply and its line of the log; none has only some of them."""
    database = open_database(url, exclusive=False)
    try:
        handled = await texts(database, "SELECT native_id FROM inbox WHERE kind = 'message' AND state = 'done'")
        counted = await texts(database, "SELECT teks FROM hitung ORDER BY id")
        replies = (await database.read("SELECT count(*) FROM delivery"))[0][0]
        lines = (await database.read("SELECT count(*) FROM audit WHERE action = 'hitung'"))[0][0]
        assert sorted(counted) == sorted(f"t{number}" for number in handled)
        assert len(counted) == replies == lines
        assert 20 <= len(counted) < count
        for chat in range(PEOPLE):
            order = await texts(database, "SELECT urutan FROM hitung WHERE chat = ? ORDER BY id", (f"c{chat}",))
            assert order == list(range(1, len(order) + 1))
        assert (await audit.verify_chain(database)).broken_at == 0
    finally:
        await database.close()


async def texts(database: Database, sql: str, params: tuple[Any, ...] = ()) -> list[Any]:
    return [row[0] for row in await database.read(sql, params)]
