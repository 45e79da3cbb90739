"""An archive that is damaged, foreign or of another kind changes nothing, and what was there is kept aside."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import structlog
from pendopo.cli.bootstrap.databases import open_for_start
from pendopo.config import Settings
from pendopo.store import sqlite

from tests.cli.commands.test_backup import archive
from tests.cli.conftest import NAME, SOURCES, Pendopo, write_audit_lines


def test_a_database_that_is_there_is_kept_aside(pendopo: Pendopo, full: Path) -> None:
    pendopo("backup", "b.tar")
    (full / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    pendopo("directory", "import", "one.toml")
    said = pendopo("restore", "b.tar")
    assert said.code == 1
    assert "there is a database var/pendopo.db already" in said.err
    assert pendopo("restore", "b.tar", "--replace", "--json").code == 0
    assert "Rina Hidayat" in pendopo("directory", "show").out
    (kept,) = (full / "var").glob("pendopo.db.before-restore-????-??-??")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PENDOPO_DATABASE__URL", f"sqlite:///{kept}")
        assert "Ani" in pendopo("directory", "show").out


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"else.txt": b"x"}, "holds no pendopo.db"),
        ({"pendopo.db": b"no database at all" * 50}, "the database in the archive is damaged"),
    ],
)
def test_a_foreign_archive_changes_nothing(pendopo: Pendopo, full: Path, members: dict[str, bytes], sentence: str) -> None:
    archive(full / "bad.tar", members)
    said = pendopo("restore", "bad.tar", "--replace")
    assert said.code == 1
    assert sentence in said.err
    assert "Rina Hidayat" in pendopo("directory", "show").out


def test_members_that_want_to_lie_elsewhere_are_left_out(pendopo: Pendopo, full: Path) -> None:
    pendopo("backup", "b.tar")
    with tarfile.open(full / "b.tar") as good:
        file = good.extractfile("pendopo.db")
        assert file is not None
        data = file.read()
    archive(full / "evil.tar", {"pendopo.db": data, "blobs/../../evil": b"x", "/evil-pendopo": b"x"})
    assert json.loads(pendopo("restore", "evil.tar", "--replace", "--json").out)["files"] == 0
    assert not (full / "evil").exists()


def test_restoring_twice_keeps_everything_that_was_there(pendopo: Pendopo, full: Path) -> None:
    pendopo("backup", "b.tar")
    for name in ("Ani", "Budi", "Cici"):
        (full / "one.toml").write_text(f'[[person]]\nname = "{name}"\naccounts = ["simulator:{name.lower()}"]')
        pendopo("directory", "import", "one.toml")
        write_audit_lines("sqlite:///var/pendopo.db")
        said = pendopo("restore", "b.tar", "--replace")
        assert said.code == 0
        assert "is missing, and 3 lines with it: the log ends at line 3" in said.out
        assert said.out.split("kept as ")[1].split(".\n")[0] in [str(file) for file in Path("var").iterdir()]
    kept = [file for file in (full / "var").glob("*before-restore*") if not file.name.endswith(("-wal", "-shm"))]
    found = set()
    for file in kept:
        with closing(sqlite3.connect(file)) as database:
            found |= {name for (name,) in database.execute("SELECT name FROM person")}
    assert len(kept) == 3
    assert {"Ani", "Budi", "Cici"} <= found


@pytest.mark.parametrize("what", ["folder", "garbage", "empty", "garbage log", "dangling link"])
def test_what_is_replaced_need_not_be_a_database(pendopo: Pendopo, full: Path, what: str) -> None:
    pendopo("backup", "b.tar")
    target = full / "var" / "pendopo.db"
    if what == "garbage log":
        target.with_name("pendopo.db-wal").write_bytes(b"garbage" * 900)
    else:
        target.unlink()
    if what == "folder":
        (target / "inner").mkdir(parents=True)
    elif what in ("garbage", "empty"):
        target.write_bytes(b"garbage" * 900 if what == "garbage" else b"")
    elif what == "dangling link":
        target.symlink_to("nowhere")
    assert pendopo("restore", "b.tar").code == 1
    said = pendopo("restore", "b.tar", "--replace")
    assert (said.code, said.err) == (0, "")
    assert "What was there is kept as var/pendopo.db.before-restore-" in said.out
    assert "Rina Hidayat" in pendopo("directory", "show").out
    (kept,) = (file for file in (full / "var").glob("*before-restore*") if not file.name.endswith(("-wal", "-shm")))
    assert kept.is_dir() == (what == "folder")


def repacked(place: Path, name: str, change: Callable[[dict[str, bytes]], None]) -> None:
    """Another archive of the same, but for what was changed in it."""
    with tarfile.open(place / name) as file:
        members = {member.name: read(file, member) for member in file}
    change(members)
    (place / name).unlink()
    archive(place / name, members)


def read(file: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = file.extractfile(member)
    assert content is not None
    return content.read()


def test_an_archive_that_is_not_what_was_backed_up_changes_nothing(pendopo: Pendopo, full: Path) -> None:
    def forget_somebody(members: dict[str, bytes]) -> None:
        (full / "less.db").write_bytes(members["pendopo.db"])
        with closing(sqlite3.connect(full / "less.db")) as database:
            database.execute("DELETE FROM account")
            database.commit()
        members["pendopo.db"] = (full / "less.db").read_bytes()

    def newer(members: dict[str, bytes]) -> None:
        members["pendopo.json"] = members["pendopo.json"].replace(b'"format":1', b'"format":2')

    def another_photo(members: dict[str, bytes]) -> None:
        members[f"blobs/{NAME[:2]}/{NAME}"] = b"not the photo"

    for change, sentence in (
        (forget_somebody, "it is not what was backed up"),
        (newer, "made by a newer version"),
        (another_photo, f"damaged: blobs/{NAME[:2]}/{NAME} is not what was put in"),
    ):
        (full / "b.tar").unlink(missing_ok=True)
        pendopo("backup", "b.tar")
        repacked(full, "b.tar", change)
        said = pendopo("restore", "b.tar", "--replace")
        assert (said.code, sentence in said.err) == (1, True), said
        assert "Rina Hidayat" in pendopo("directory", "show").out
        assert not list((full / "var").glob("pendopo.db.before-restore*"))


def test_half_an_archive_is_none(pendopo: Pendopo, full: Path) -> None:
    pendopo("backup", "b.tar.gz")
    (full / "half.tar.gz").write_bytes((full / "b.tar.gz").read_bytes()[:5000])
    said = pendopo("restore", "half.tar.gz", "--replace")
    assert (said.code, "or not the whole of one" in said.err) == (1, True)
    assert "Rina Hidayat" in pendopo("directory", "show").out


def test_an_audit_log_that_was_broken_before_is_put_back_and_told_of(pendopo: Pendopo, full: Path) -> None:
    with closing(sqlite3.connect(full / "var" / "pendopo.db")) as database:
        database.execute("DROP TRIGGER audit_no_update")
        database.execute("UPDATE audit SET action = 'else' WHERE id = 1")
        database.commit()
    pendopo("backup", "b.tar")
    said = pendopo("restore", "b.tar", "--replace")
    assert (said.code, "BROKEN at line 1" in said.out) == (1, True)


@pytest.mark.postgres
def test_postgresql_keeps_what_was_there_aside(pendopo: Pendopo, full_postgres: Path, postgres_url: str) -> None:
    pendopo("backup", "b.tar")
    (full_postgres / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    pendopo("directory", "import", "one.toml")
    said = pendopo("restore", "b.tar")
    assert (said.code, "there are rows in the database already" in said.err) == (1, True)
    for number, kept in enumerate(("before_restore", "before_restore_2")):
        said = pendopo("restore", "b.tar", "--replace")
        assert f"What was there is kept as schema {kept}." in said.out
        assert "Rina Hidayat" in pendopo("directory", "show").out
        with psycopg.connect(postgres_url) as connection:
            (found,) = connection.execute(f"SELECT count(*) FROM {kept}.account WHERE alias = 'simulator:ani'").fetchall()  # noqa: S608
        assert found == (1 - number,)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("member", "change", "sentence"),
    [
        ("tables/person", lambda rows: rows + rows.splitlines(keepends=True)[0], "the rows of person do not fit"),
        ("tables/account", lambda rows: rows.split(b"\n", 1)[1], "the archive holds"),
        ("pendopo.json", lambda text: text.replace(b'"core":"0', b'"core":"9'), "core: the rows are of revision 9"),
        ("pendopo.json", lambda text: text.replace(b'"head":"', b'"head":"a'), "the audit log in the archive is not"),
    ],
)
def test_postgresql_with_a_damaged_archive_changes_nothing(
    pendopo: Pendopo, full_postgres: Path, postgres_url: str, member: str, change: Callable[[bytes], bytes], sentence: str
) -> None:
    pendopo("backup", "b.tar")
    repacked(full_postgres, "b.tar", lambda members: members.update({member: change(members[member])}))
    said = pendopo("restore", "b.tar", "--replace")
    assert (said.code, sentence in said.err) == (1, True), said
    assert "Rina Hidayat" in pendopo("directory", "show").out
    with psycopg.connect(postgres_url) as connection:
        schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%restor%'").fetchall()
    assert schemas == []


@pytest.mark.postgres
def test_an_archive_goes_back_to_the_kind_of_database_it_is_of(
    pendopo: Pendopo, full: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pendopo("backup", "b.tar")
    monkeypatch.setenv("PENDOPO_DATABASE__URL", postgres_url)
    assert "the archive is of sqlite" in pendopo("restore", "b.tar").err
    assert "there are no tables in the database" in pendopo("backup", "c.tar").err
    assert not (full / "c.tar").exists()
    monkeypatch.setenv("PENDOPO_DATABASE__URL", "postgresql://bot:very-secret@127.0.0.1:1/kota")
    for words in (("backup", "c.tar"), ("restore", "b.tar")):
        assert "very-secret" not in pendopo(*words).err


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
        for made in place.glob("*.tar"):
            said = pendopo("restore", made.name, "--replace")
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
