"""Every owner's tables are brought up to date by themselves: one that fails is named, and the others go on."""

import json
from pathlib import Path

import pytest
from pendopo.store.migrate import core_schema

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
