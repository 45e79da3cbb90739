"""What was backed up can be put back; a damaged or foreign archive changes nothing."""

import asyncio
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from bot.cli.compose import compose
from bot.cli.people import demo_file
from bot.config import Settings

PHOTO = b"a photo"
NAME = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def full(pendopo, place: Path) -> Path:
    """An installation with people and a file."""
    pendopo("directory", "import", str(demo_file()))
    blob = place / "var" / "blobs" / NAME[:2] / NAME
    blob.parent.mkdir(parents=True)
    blob.write_bytes(PHOTO)
    (place / "var" / "blobs" / ".part-x").write_bytes(b"half")
    return place


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_there_and_back(pendopo, full: Path, name: str):
    said = pendopo("backup", name)
    assert (said.code, said.out.startswith(f"{name}: the database and 1 files, ")) == (0, True)
    with tarfile.open(full / name) as archive:
        assert archive.getnames() == ["pendopo.db", f"blobs/{NAME[:2]}/{NAME}"]
    (full / "var").rename(full / "lost")
    said = pendopo("restore", name)
    assert said.out == "var/pendopo.db: restored, with 1 files. Check it with: pendopo audit verify\n"
    assert (full / "var" / "blobs" / NAME[:2] / NAME).read_bytes() == PHOTO
    assert "Rina Hidayat" in pendopo("directory", "show").out
    assert not list(full.glob("*.part*"))


def test_a_database_that_is_there_is_kept_aside(pendopo, full: Path):
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


def test_beside_a_bot_one_may_back_up_and_not_restore(pendopo, full: Path):
    async def run() -> None:
        bot = await compose(Settings())
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
def test_a_foreign_archive_changes_nothing(pendopo, full: Path, members: dict[str, bytes], sentence: str):
    archive(full / "bad.tar", members)
    said = pendopo("restore", "bad.tar", "--replace")
    assert said.code == 1
    assert sentence in said.err
    assert "Rina Hidayat" in pendopo("directory", "show").out


def test_members_that_want_to_lie_elsewhere_are_left_out(pendopo, full: Path):
    pendopo("backup", "b.tar")
    with tarfile.open(full / "b.tar") as good:
        file = good.extractfile("pendopo.db")
        assert file is not None
        data = file.read()
    archive(full / "evil.tar", {"pendopo.db": data, "blobs/../../evil": b"x", "/tmp/evil-pendopo": b"x"})  # noqa: S108
    assert json.loads(pendopo("restore", "evil.tar", "--replace", "--json").out)["files"] == 0
    assert not (full / "evil").exists()


def test_what_cannot_be_is_said(pendopo, full: Path, monkeypatch: pytest.MonkeyPatch):
    (full / "there.tar").write_text("mine")
    assert "there.tar exists already" in pendopo("backup", "there.tar").err
    assert "cannot write none/b.tar" in pendopo("backup", "none/b.tar").err
    assert "there is no archive none.tar" in pendopo("restore", "none.tar").err
    assert "is no archive of `pendopo backup`" in pendopo("restore", "there.tar", "--replace").err
    monkeypatch.setenv("PENDOPO_DATABASE__URL", "postgresql://kota/pendopo")
    assert "use its own pg_dump" in pendopo("backup", "b.tar").err
