"""What was backed up can be put back; a damaged or foreign archive changes nothing."""

import asyncio
import hashlib
import io
import json
import re
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest
from pendopo.cli.bootstrap.composition import compose_bot
from pendopo.cli.bootstrap.directory_files import demo_file
from pendopo.config import Settings, load_settings
from pendopo.store import open_database
from pendopo.store.queries.audit import AuditEntry, append_entry

from tests.adapters.serving import listening
from tests.cli.conftest import Pendopo
from tests.store.fake_s3 import BUCKET, KEY, REGION, SECRET, FakeS3, server

PHOTO = b"a photo"
NAME = hashlib.sha256(PHOTO).hexdigest()


def audited(url: str) -> None:
    """Leave some lines in the audit log."""

    async def write() -> None:
        database = open_database(url)
        for number in range(3):
            await database.write(partial(append_entry, entry=AuditEntry("coba", f"coba/{number}"), now_ms=number))
        await database.close()

    asyncio.run(write())


@pytest.fixture
def full(pendopo: Pendopo, place: Path) -> Path:
    """An installation with people and a file."""
    pendopo("directory", "import", str(demo_file()))
    audited("sqlite:///var/pendopo.db")
    blob = place / "var" / "blobs" / NAME[:2] / NAME
    blob.parent.mkdir(parents=True)
    blob.write_bytes(PHOTO)
    arrived = place / "var" / "arrivals" / NAME[:2] / NAME
    arrived.parent.mkdir(parents=True)
    arrived.write_bytes(PHOTO)
    (place / "var" / "blobs" / ".part-x").write_bytes(b"half")
    return place


@pytest.fixture
def full_postgres(pendopo: Pendopo, place: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same on PostgreSQL."""
    monkeypatch.setenv("PENDOPO_DATABASE__URL", postgres_url)
    pendopo("db", "upgrade")
    pendopo("directory", "import", str(demo_file()))
    audited(postgres_url)
    return place


def head(pendopo: Pendopo) -> str:
    return str(json.loads(pendopo("audit", "verify", "--json").out)["head"])


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_there_and_back(pendopo: Pendopo, full: Path, name: str) -> None:
    said, before = pendopo("backup", name), head(pendopo)
    assert said.code == 0
    assert re.fullmatch(rf"{name}: the database with \d+ rows and 2 files, \S+ MB\.\n", said.out)
    with tarfile.open(full / name) as archive:
        members = ["pendopo.json", "pendopo.db", f"arrivals/{NAME[:2]}/{NAME}", f"blobs/{NAME[:2]}/{NAME}"]
        assert archive.getnames() == members
    (full / "var").rename(full / "lost")
    said = pendopo("restore", name)
    assert re.fullmatch(r"var/pendopo.db: restored, \d+ rows with 2 files.\nIts audit log's 3 lines are all whole.\n", said.out)
    assert (full / "var" / "blobs" / NAME[:2] / NAME).read_bytes() == PHOTO
    assert (full / "var" / "arrivals" / NAME[:2] / NAME).read_bytes() == PHOTO
    assert "Rina Hidayat" in pendopo("directory", "show").out
    assert head(pendopo) == before
    assert not list(full.glob("*.part*"))


def test_a_database_that_is_there_is_kept_aside(pendopo: Pendopo, full: Path) -> None:
    pendopo("backup", "b.tar")
    (full / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    pendopo("directory", "import", "one.toml")
    said = pendopo("restore", "b.tar")
    assert said.code == 1
    assert "there is a database var/pendopo.db already" in said.err
    assert pendopo("restore", "b.tar", "--replace", "--json").code == 0
    assert "Rina Hidayat" in pendopo("directory", "show").out
    kept = {"PENDOPO_DATABASE__URL": "sqlite:///var/pendopo.db.before-restore"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(kept.items())))
        assert "Ani" in pendopo("directory", "show").out


def test_beside_a_bot_one_may_back_up_and_not_restore(pendopo: Pendopo, full: Path) -> None:
    async def run() -> None:
        bot = await compose_bot(Settings())
        await bot.app.start()
        assert (await asyncio.to_thread(pendopo, "backup", "b.tar")).code == 0
        said = await asyncio.to_thread(pendopo, "restore", "b.tar", "--replace")
        assert said.code == 1
        assert "is in use by another pendopo" in said.err
        await bot.app.stop()

    asyncio.run(run())


def archive(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as file:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))


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


def test_what_cannot_be_is_said(pendopo: Pendopo, full: Path) -> None:
    (full / "there.tar").write_text("mine")
    assert "there.tar exists already" in pendopo("backup", "there.tar").err
    assert "cannot write none/b.tar" in pendopo("backup", "none/b.tar").err
    assert "there is no archive none.tar" in pendopo("restore", "none.tar").err
    assert "is no archive of `pendopo backup`" in pendopo("restore", "there.tar", "--replace").err


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
        assert not (full / "var" / "pendopo.db.before-restore").exists()


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
@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_postgresql_there_and_elsewhere(
    pendopo: Pendopo, full_postgres: Path, another_postgres_url: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pendopo("directory", "export").out, head(pendopo)
    said = pendopo("backup", name)
    assert (said.code, said.err) == (0, "")
    monkeypatch.setenv("PENDOPO_DATABASE__URL", another_postgres_url)
    said = pendopo("restore", name)
    assert re.fullmatch(r"PostgreSQL: restored, \d+ rows with 0 files.\nIts audit log's 3 lines are all whole.\n", said.out), (
        said
    )
    assert (pendopo("directory", "export").out, head(pendopo)) == before
    assert pendopo("db", "current").code == 0
    (full_postgres / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    assert pendopo("directory", "import", "one.toml").code == 0, "new rows get numbers after those that were there"


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
def test_postgresql_takes_rows_of_plugins_that_are_not_in_use_along(
    pendopo: Pendopo, full_postgres: Path, postgres_url: str, another_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE alembic_version_apel (version_num text PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version_apel VALUES ('0007')")
        connection.execute('CREATE TABLE apel (id bigserial PRIMARY KEY, "Isi" text, ada boolean, j jsonb)')
        connection.execute("CREATE INDEX ix_apel ON apel (ada) WHERE ada")
        connection.execute(
            """INSERT INTO apel ("Isi", ada, j) VALUES (E'baris\n\t\\kedua', true, '{"a": null}'), (NULL, NULL, NULL)"""
        )
        rows = connection.execute("SELECT * FROM apel ORDER BY id").fetchall()
    pendopo("backup", "b.tar")
    monkeypatch.setenv("PENDOPO_DATABASE__URL", another_postgres_url)
    assert pendopo("restore", "b.tar").code == 0
    with psycopg.connect(another_postgres_url) as connection:
        assert connection.execute("SELECT * FROM apel ORDER BY id").fetchall() == rows
        assert connection.execute("SELECT version_num FROM alembic_version_apel").fetchall() == [("0007",)]
        assert connection.execute("INSERT INTO apel DEFAULT VALUES RETURNING id").fetchall() == [(3,)]


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


def test_what_lies_in_a_bucket_goes_along_and_back_into_it(
    pendopo: Pendopo, full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = b"a photo that only the bucket holds"
    name = hashlib.sha256(more).hexdigest()
    fake = FakeS3()
    fake.objects[f"pendopo/{name[:2]}/{name}"] = more
    fake.times[f"pendopo/{name[:2]}/{name}"] = fake.now
    listener, url = listening()
    with_bucket = {"URL": f"s3://{BUCKET}/pendopo", "ENDPOINT": url, "REGION": REGION, "ACCESS_KEY": KEY, "SECRET_KEY": SECRET}
    for key, value in with_bucket.items():
        monkeypatch.setenv(f"PENDOPO_STORAGE__{key}", value)

    async def there_and_back() -> None:
        running = server(fake)
        task = asyncio.create_task(running.serve([listener]))
        said = await asyncio.to_thread(pendopo, "backup", "b.tar", "--json")
        assert json.loads(said.out)["files"] == 3
        fake.objects.clear()
        (full / "var").rename(full / "lost")
        said = await asyncio.to_thread(pendopo, "restore", "b.tar", "--json")
        assert json.loads(said.out)["files"] == 3
        fake.down = True
        for words in (("backup", "c.tar"), ("restore", "b.tar", "--replace")):
            said = await asyncio.to_thread(pendopo, *words)
            assert (said.code, "the bucket (storage.url) cannot be used" in said.err) == (1, True)
        running.should_exit = True
        await task

    asyncio.run(there_and_back())
    assert sorted(fake.objects.values()) == sorted([more, PHOTO])


@pytest.mark.postgres
def test_beside_a_bot_on_postgresql_one_may_back_up_and_neither_restore_nor_copy(
    pendopo: Pendopo, full_postgres: Path, another_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        bot = await compose_bot(load_settings())
        await bot.app.start()
        assert (await asyncio.to_thread(pendopo, "backup", "b.tar")).code == 0
        for words in (("restore", "b.tar", "--replace"), ("db", "copy", another_postgres_url)):
            said = await asyncio.to_thread(pendopo, *words)
            assert (said.code, "a bot runs on this database" in said.err) == (1, True), said
        await bot.app.stop()

    asyncio.run(run())
    assert pendopo("restore", "b.tar", "--replace").code == 0
    assert pendopo("db", "copy", another_postgres_url).code == 0
