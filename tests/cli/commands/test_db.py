"""Every owner's tables are brought up to date by themselves: one that fails is named, and the others go on."""

import asyncio
import itertools
import json
import sqlite3
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import Settings
from pendopo.store import open_database
from pendopo.store.migrate import core_schema
from pendopo.store.transfer.table_inventory import kept_tables
from pendopo.testing import Story
from pendopo_bantuan import plugin as bantuan
from pendopo_ingatkan import plugin as ingatkan
from pendopo_izin import plugin as izin

from tests.cli.conftest import Pendopo

TABLES = """
from pendopo import Plugin, Row, tables
class Table(Row, registry=tables("{name}")):
    pass
class Satu(Table, table=True):
    kata: str
plugin = Plugin("{name}", summary="", policy="known", tables=Table)
"""
HEAD = core_schema().head
BROKEN = 'revision = "0001"\ndown_revision = None\ndef upgrade():\n    raise RuntimeError("half way")\n'


def add(folder: Path, name: str, migration: str = "") -> None:
    home = folder / name
    home.mkdir()
    (home / "__init__.py").write_text(TABLES.replace("{name}", name))
    if migration:
        (home / "migrations").mkdir()
        (home / "migrations" / "0001_first.py").write_text(migration)


def test_the_tables_are_made_and_then_up_to_date(pendopo: Pendopo) -> None:
    before = pendopo("db", "current")
    assert before.code == 1
    assert "run `pendopo db upgrade`" in before.out
    assert [line.split()[-1] for line in pendopo("db", "upgrade").out.splitlines()[1:]] == ["upgraded"] * 7
    after = pendopo("db", "current")
    assert after.code == 0
    assert after.out.splitlines()[1].split() == ["core", HEAD, HEAD, "up", "to", "date"]
    assert pendopo("db", "upgrade").code == 0


def test_a_plugin_whose_migration_fails_is_reported_alone(pendopo: Pendopo, plugin_dir: Path) -> None:
    add(plugin_dir, "apel", BROKEN)
    add(plugin_dir, "batu")
    said = pendopo("db", "upgrade", "--json")
    assert said.code == 1
    steps = {step["owner"]: step for step in json.loads(said.out)}
    assert {owner: step["ok"] for owner, step in steps.items()} == {
        "core": True,
        "izin": True,
        "laporan": True,
        "disposisi": True,
        "ingatkan": True,
        "rapat": True,
        "terlewat": True,
        "apel": False,
        "batu": True,
    }
    assert "apel: its migration failed, and nothing of it was kept: half way" in steps["apel"]["said"]
    assert "Traceback" not in said.err


@pytest.mark.postgres
def test_on_postgresql_it_is_the_operators_to_do(pendopo: Pendopo, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_DATABASE__URL", postgres_url)
    assert "run `pendopo db upgrade`" in pendopo("inbox", "list").err
    assert pendopo("db", "current").code == 1
    assert pendopo("db", "upgrade").code == 0
    assert pendopo("db", "current").code == 0
    assert pendopo("inbox", "list").out == "Nothing is dead.\n"
    assert pendopo("audit", "verify").out.startswith("0 lines")
    monkeypatch.setenv("PENDOPO_WEB__PORT", "0")
    assert "PostgreSQL, up to date and writable" in pendopo("doctor").out


def test_a_database_out_of_reach_is_a_sentence(pendopo: Pendopo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_DATABASE__URL", "postgresql://bot:very-secret@127.0.0.1:1/kota")
    for words in (["db", "upgrade"], ["inbox", "list"], ["doctor"], ["directory", "show"]):
        said = pendopo(*words)
        assert said.code == 1
        assert "Connection refused" in said.err + said.out
        assert "very-secret" not in said.err + said.out


# -- Everything in one database arrives in another of any kind, or nothing does.

pytestmark = pytest.mark.sqlite
HERE, BACK = "sqlite:///var/pendopo.db", "sqlite:///var/back.db"


@pytest.fixture
def lived(pendopo: Pendopo, place: Path) -> Path:
    """A SQLite database in which something of everything happened."""
    pendopo("db", "upgrade")
    asyncio.run(live(HERE))
    return place


async def live(url: str) -> None:
    async with Story([bantuan, izin, ingatkan], database=url) as story:
        await story.kadis.says("/izin menghadiri rakor 30 Desember jam 9")
        await story.kadis.presses("Kirim")
        await story.sekda.presses("Setujui")
        await story.lurah.says("/ingatkan besok jam 8 siapkan berkas")
        await story.camat.says("/izin")  # left in the middle of a dialog
        await story.stranger.says("/izin besok", group=True)


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows, as the tables declare them."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)
    declared = {
        name: table
        for plugin in find_plugins(Settings().plugins).plugins
        for name, table in (plugin.tables.metadata.tables if plugin.tables else {}).items()
    }
    with engine.connect() as connection:
        found = {}
        for name in kept_tables(connection):
            table = declared.get(name)
            query = sa.select(table) if table is not None else sa.text(f"SELECT * FROM {name}")  # noqa: S608
            found[name] = sorted((tuple(row) for row in connection.execute(query)), key=repr)
    return found


@pytest.mark.postgres
def test_to_postgresql_and_back_everything_is_as_it_was(
    pendopo: Pendopo, lived: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, verdict = contents(HERE), json.loads(pendopo("audit", "verify", "--json").out)
    assert before["izin"]
    assert before["reminder"]
    assert before["dialog"]
    assert verdict["rows"]
    said = pendopo("db", "copy", postgres_url)
    assert said.code == 0, said
    assert f"{sum(map(len, before.values()))} rows are in " in said.out
    assert contents(postgres_url) == before
    monkeypatch.setenv("PENDOPO_DATABASE__URL", postgres_url)
    assert pendopo("db", "current").code == 0
    assert json.loads(pendopo("audit", "verify", "--json").out) == verdict
    assert pendopo("db", "copy", BACK).code == 0
    assert contents(BACK) == before
    monkeypatch.setenv("PENDOPO_DATABASE__URL", BACK)
    assert json.loads(pendopo("audit", "verify", "--json").out) == verdict


@pytest.mark.postgres
def test_life_goes_on_where_it_was_copied_to(pendopo: Pendopo, lived: Path, postgres_url: str) -> None:
    """New rows get numbers of their own, a dialog goes on, and what was said stays decided."""
    pendopo("db", "copy", postgres_url)

    async def go_on() -> None:
        async with Story([bantuan, izin, ingatkan], database=postgres_url) as story:
            story.messenger._numbers = itertools.count(10_000)  # no two messages have one id
            await story.kadis.says("/izin rakor 28 Desember jam 9")
            await story.kadis.presses("Kirim")
            assert "Izin #2" in story.kadis.last.text
            await story.camat.says("/batal")
            assert "dibatalkan" in story.camat.last.text

    asyncio.run(go_on())


@pytest.mark.postgres
def test_a_database_that_is_not_empty_is_left_alone(pendopo: Pendopo, lived: Path, postgres_url: str) -> None:
    assert pendopo("db", "copy", postgres_url).code == 0
    before = contents(postgres_url)
    said = pendopo("db", "copy", postgres_url)
    assert (said.code, "the other database is not empty" in said.err) == (1, True)
    assert contents(postgres_url) == before


@pytest.mark.postgres
def test_tables_without_rows_are_empty(
    pendopo: Pendopo, lived: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as there:
        there.setenv("PENDOPO_DATABASE__URL", postgres_url)
        assert pendopo("db", "upgrade").code == 0
    assert pendopo("db", "copy", postgres_url).code == 0


@pytest.mark.postgres
def test_a_configuration_file_may_name_it(pendopo: Pendopo, lived: Path, postgres_url: str) -> None:
    (lived / "large.toml").write_text(f'[database]\nurl = "{postgres_url}"\n')
    said = pendopo("db", "copy", "large.toml", "--json")
    assert json.loads(said.out)["rows"]["izin"] == 1


@pytest.mark.postgres
def test_a_row_that_does_not_fit_is_named_and_nothing_is_kept(pendopo: Pendopo, lived: Path, postgres_url: str) -> None:
    with closing(sqlite3.connect("var/pendopo.db")) as database:
        database.execute("INSERT INTO setting VALUES ('a', 'b' || char(0))")
        database.commit()
    said = pendopo("db", "copy", postgres_url)
    assert (said.code, "a row of setting cannot be kept in the other database" in said.err) == (1, True)
    assert "Traceback" not in said.err
    assert not any(contents(postgres_url).values())


@pytest.mark.postgres
def test_rows_of_a_plugin_that_is_not_in_use_are_not_lost_silently(
    pendopo: Pendopo, lived: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENDOPO_PLUGINS__ENABLED", "bantuan,izin")
    said = pendopo("db", "copy", postgres_url)
    assert said.code == 1
    assert "no plugin in use has the tables disposisi, disposisi_surat, ingatkan_pengingat" in said.err
    assert not any(contents(postgres_url).values())


@pytest.mark.postgres
def test_beside_a_bot_nothing_is_copied(pendopo: Pendopo, lived: Path, postgres_url: str) -> None:
    open_ = open_database(HERE)
    said = pendopo("db", "copy", postgres_url)
    asyncio.run(open_.close())
    assert (said.code, "in use by another pendopo" in said.err) == (1, True)


@pytest.mark.postgres
@pytest.mark.parametrize("there_and_back", [False, True])
def test_memory_does_not_grow_with_what_is_copied(
    pendopo: Pendopo, lived: Path, postgres_url: str, there_and_back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect("var/pendopo.db")) as database:
        rows = (("chaos", str(n), "message", "chaos:c", b"x" * 4000, "done") for n in range(20_000))
        insert = "INSERT INTO inbox (adapter, native_id, kind, lane, body, state) VALUES (?, ?, ?, ?, ?, ?)"
        database.executemany(insert, rows)
        database.commit()
    if there_and_back:
        pendopo("db", "copy", postgres_url)
        monkeypatch.setenv("PENDOPO_DATABASE__URL", postgres_url)
    tracemalloc.start()
    said = pendopo("db", "copy", BACK if there_and_back else postgres_url, "--json")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert json.loads(said.out)["rows"]["inbox"] > 20_000
    assert most < 30_000_000, "80 MB of rows went through"


def test_wrong_use_of_a_copy_is_refused_in_a_sentence(pendopo: Pendopo, place: Path, lived: Path) -> None:
    assert "name another one" in pendopo("db", "copy", HERE).err
    assert "must begin with sqlite:///" in pendopo("db", "copy", "mysql://kota/pendopo").err
    assert "there is no configuration file none.toml" in pendopo("db", "copy", "none.toml").err
    said = pendopo("db", "copy", "postgresql://bot:very-secret@127.0.0.1:1/kota")
    assert (said.code, "very-secret" in said.err) == (1, False)
    Path("var/pendopo.db").rename("var/elsewhere.db")
    assert "there is no database var/pendopo.db to copy" in pendopo("db", "copy", BACK).err
