"""A process that is killed at any file operation leaves the old or the new database whole, and both can be found."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from pendopo.cli.bootstrap.databases import open_for_start
from pendopo.config import Settings
from pendopo.store import sqlite

from tests.cli.conftest import SOURCES, Pendopo

DATABASE = Path("var/pendopo.db")


def kill_everywhere(template: Path, work: Path, *words: str) -> list[Path]:
    """The folders in which a verb was killed, each one file operation later; in the last it came through."""
    work.mkdir()
    environ = dict(os.environ, PYTHONPATH=SOURCES)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.killing", str(template), str(work), *words],
        env=environ,
        cwd=template.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    places = sorted(work.iterdir(), key=lambda place: int(place.name))
    assert len(places) > 2
    return places


def list_people(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {name for (name,) in database.execute("SELECT name FROM person")}


@pytest.fixture
def two(pendopo: Pendopo, full: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with Ani alone, and an archive of one with many people; its write-ahead log is not folded in."""
    pendopo("backup", "b.tar")
    (full / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    pendopo("directory", "import", "one.toml")
    template = tmp_path_factory.mktemp("two") / "template"
    with closing(sqlite3.connect(full / DATABASE)) as database:
        database.execute("INSERT INTO setting (key, value) VALUES ('late', '1')")
        database.commit()
        shutil.copytree(full, template)  # as a killed bot leaves it
    assert (template / "var/pendopo.db-wal").stat().st_size
    return template


def test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_loses_neither(
    two: Path, pendopo: Pendopo, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = structlog.testing.CapturingLogger()
    monkeypatch.setattr(sqlite, "log", log)
    told = 0
    for number, place in enumerate(kill_everywhere(two, two.parent / "work", "restore", "b.tar", "--replace")):
        os.chdir(place)
        shown = pendopo("directory", "show")
        cut = "was cut short" in shown.err
        told += cut
        assert cut or "Ani" in shown.out or "Rina Hidayat" in shown.out, place
        if cut and number % 2:  # one of two is finished by a start
            asyncio.run(open_for_start(Settings()).close())
            assert log.calls.pop().kwargs["event_name"] == "restore_finished"
        else:
            said = pendopo("restore", "b.tar", "--replace")
            assert said.code == 0, said
            assert ("cut short is finished now" in said.out) == cut
            assert not list((place / "var").glob(".pendopo-unfinished-*"))
        assert "Rina Hidayat" in pendopo("directory", "show").out
        asides = [
            file for file in (place / "var").glob("pendopo.db.before-restore-*") if file.suffix[-4:] not in ("-wal", "-shm")
        ]
        (old,) = (file for file in asides if "Ani" in list_people(file))
        with closing(sqlite3.connect(old)) as database:
            assert database.execute("SELECT value FROM setting WHERE key = 'late'").fetchall() == [("1",)]
        assert not list((place / "var").glob("pendopo.db.swap*"))
        assert not (place / "var/pendopo.db.restored").exists()
    assert told >= 4


def test_a_backup_that_is_killed_leaves_no_archive_and_its_leftovers_go(two: Path, pendopo: Pendopo) -> None:
    *killed, _ = kill_everywhere(two, two.parent / "work", "backup", "new.tar")
    for place in killed:
        os.chdir(place)
        name = "again.tar" if (place / "new.tar").exists() else "new.tar"
        assert pendopo("backup", name).code == 0
        for archive in place.glob("*.tar"):
            said = pendopo("restore", archive.name, "--replace")
            assert said.code == 0, said
        assert not list(place.glob(".pendopo-unfinished-*"))
        assert not list(place.glob("*.part"))


def test_a_copy_or_an_import_that_is_killed_can_be_done_again(two: Path, pendopo: Pendopo) -> None:
    os.chdir(two)
    assert pendopo("db", "upgrade").code == 0
    copying = ("db", "copy", "sqlite:///var/other.db")
    for place in kill_everywhere(two, two.parent / "copies", *copying):
        os.chdir(place)
        assert "Ani" in list_people(place / DATABASE)
        said = pendopo(*copying)
        assert said.code == 0 or "is not empty" in said.err
        assert list_people(place / "var/other.db") == list_people(place / DATABASE)
    for place in kill_everywhere(two, two.parent / "imports", "directory", "import", "one.toml"):
        os.chdir(place)
        assert "Ani" in pendopo("directory", "show").out
