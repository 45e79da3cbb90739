"""Two who may decide touch at the same instant, in two processes on one database: one decision, and one polite refusal."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from pendopo.engine import app
from pendopo.store import Database, open_database
from pendopo.store.queries.audit import verify_chain
from pendopo.testing.schema_cache import make_tables
from pendopo_izin import plugin as izin

from tests.chaos.deciding import hold, story_on

from .deciding import list_texts

ROOT = Path(__file__).parent.parent.parent


async def prepare(url: str) -> None:
    """The tables of the core and of the plugin."""
    database = open_database(url, exclusive=False)
    make_tables(database, [izin])
    await database.close()


async def token_of(database: Database, person: str) -> str:
    """What stands behind somebody's button to approve."""
    sql = """SELECT b.token FROM button b JOIN delivery d ON d.key = b.delivery
    WHERE b.route = 'izin.setujui' AND d.lane = ? ORDER BY d.id DESC"""
    return str((await database.read(sql, (f"memory:{person}",)))[0][0])


async def line(other: Process) -> str:
    assert other.stdout is not None
    return (await other.stdout.readline()).decode().strip()


async def say_go(other: Process) -> None:
    assert other.stdin is not None
    other.stdin.write(b"go\n")
    await other.stdin.drain()


async def let_go(other: Process) -> list[str]:
    """Let the other process commit; returns what its person sees then."""
    await say_go(other)
    told: list[str] = json.loads(await line(other))
    return told


@pytest.mark.postgres
@pytest.mark.parametrize("faster", ["here", "there"])
async def test_one_decision_and_one_polite_refusal(postgres_url: str, faster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SWEEP_SECONDS", 3600.0)  # what lies in the database is each process's own here
    await prepare(postgres_url)
    async with story_on(postgres_url, 1) as story:
        database, told = story.app.database, []
        await story.walikota.says("halo")
        await story.sekda.says("halo")
        await story.kadis.says("/izin rakor Bappenas besok jam 9", group=True)
        await story.kadis.presses("Kirim", group=True)
        arguments = [postgres_url, "walikota", await token_of(database, "walikota")]
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.chaos.deciding", *arguments, cwd=ROOT, stdin=PIPE, stdout=PIPE
        )

        assert await line(other) == "up"
        await say_go(other)

        async def both_have_decided() -> None:
            assert await line(other) == "ready"
            if faster == "there":
                told.extend(await let_go(other))

        hold(story, both_have_decided)
        await story.sekda.presses("Setujui")
        if faster == "here":
            told.extend(await let_go(other))
        assert await other.wait() == 0
        here = list_texts(story, "sekda")
        winner, loser = (here, told) if faster == "here" else (told, here)
        name = "Sekda" if faster == "here" else "Wali Kota"
        assert any(f"Disetujui {name}" in text for text in winner), (here, told)
        assert any("sudah" in text for text in loser), loser
        assert not any("galat" in text.lower() for text in [*winner, *loser])
        assert await database.read("SELECT status FROM izin") == [("disetujui",)]
        decided = await database.read("SELECT count(*) FROM izin_putusan WHERE hasil = 'setuju'")
        arrows = await database.read("SELECT count(*) FROM audit WHERE action = 'izin.setujui'")
        assert (decided, arrows) == ([(1,)], [(1,)])
        assert (await verify_chain(database)).broken_at == 0
