"""What was backed up can be put back; a damaged or foreign archive changes nothing."""

import asyncio
import hashlib
import io
import json
import re
import tarfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from pendopo.cli.bootstrap.composition import compose_bot
from pendopo.config import Settings, load_settings
from pendopo.store.transfer.backup_record import read_backup_record

from tests.adapters.serving import listening
from tests.cli.conftest import NAME, PHOTO, Pendopo, read_audit_head
from tests.store.fake_s3 import BUCKET, KEY, REGION, SECRET, FakeS3, server


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_what_was_backed_up_is_put_back_as_it_was(pendopo: Pendopo, full: Path, name: str) -> None:
    said, before = pendopo("backup", name), read_audit_head(pendopo)
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
    assert read_audit_head(pendopo) == before
    assert not list(full.glob("*.part*"))


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


def test_wrong_use_of_backup_and_restore_is_refused_in_a_sentence(pendopo: Pendopo, full: Path) -> None:
    (full / "there.tar").write_text("mine")
    assert "there.tar exists already" in pendopo("backup", "there.tar").err
    assert "cannot write none/b.tar" in pendopo("backup", "none/b.tar").err
    assert "there is no archive none.tar" in pendopo("restore", "none.tar").err
    assert "is no archive of `pendopo backup`" in pendopo("restore", "there.tar", "--replace").err


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_postgresql_there_and_elsewhere(
    pendopo: Pendopo, full_postgres: Path, another_postgres_url: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pendopo("directory", "export").out, read_audit_head(pendopo)
    said = pendopo("backup", name)
    assert (said.code, said.err) == (0, "")
    monkeypatch.setenv("PENDOPO_DATABASE__URL", another_postgres_url)
    said = pendopo("restore", name)
    assert re.fullmatch(r"PostgreSQL: restored, \d+ rows with 0 files.\nIts audit log's 3 lines are all whole.\n", said.out), (
        said
    )
    assert (pendopo("directory", "export").out, read_audit_head(pendopo)) == before
    assert pendopo("db", "current").code == 0
    (full_postgres / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    assert pendopo("directory", "import", "one.toml").code == 0, "new rows get numbers after those that were there"


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


def test_old_archives_of_the_same_name_go_and_nothing_else(pendopo: Pendopo, full: Path) -> None:
    others = ["other-2026-01-01.tar", "pendopo-2026-01-01.tar.gz", "pendopo-monday.tar", "pendopo-2026-01-01.tar.note"]
    for name in [*others, "pendopo-2026-01-01.tar", "pendopo-2026-01-02.tar", "pendopo-2026-01-03.tar"]:
        (full / name).write_text("kept")
    said = pendopo("backup", "pendopo-{date}.tar", "--keep", "2")
    assert (said.code, "Removed: pendopo-2026-01-01.tar, pendopo-2026-01-02.tar." in said.out) == (0, True)
    left = {file.name for file in full.glob("*-*") if file.is_file()}
    assert left == {*others, "pendopo-2026-01-03.tar", f"pendopo-{datetime.now(ZoneInfo('Asia/Jakarta')):%Y-%m-%d}.tar"}
    assert "--keep needs a date in the name" in pendopo("backup", "monday.tar", "--keep", "2").err


def test_a_backup_that_fails_is_remembered_until_one_succeeds(
    pendopo: Pendopo, full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pendopo("backup", "a.tar").code == 0
    first = read_backup_record(Path("var"))
    assert (first.file, first.failed_at) == ("a.tar", 0)
    assert pendopo("backup", "a.tar").code == 1  # a name that is taken is no failure
    assert read_backup_record(Path("var")) == first
    assert pendopo("backup", "none/b.tar").code == 1
    failed = read_backup_record(Path("var"))
    assert (failed.file, failed.made_at, "cannot write none/b.tar" in failed.error) == ("a.tar", first.made_at, True)
    assert failed.failed_at >= failed.made_at
    assert pendopo("backup", "c.tar").code == 0
    assert read_backup_record(Path("var")).failed_at == 0
