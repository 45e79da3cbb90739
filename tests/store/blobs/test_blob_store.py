"""A file is whole or it is not there, and lies there once."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pendopo.errors import UserError
from pendopo.store import Blobs

from .streams import stream_pieces


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_found_by_the_hash_of_its_bytes(folder: Path) -> None:
    blob = await Blobs(folder).put(stream_pieces(b"foto", b" banjir"), 100)
    assert (blob.sha256, blob.size) == (hashlib.sha256(b"foto banjir").hexdigest(), 11)
    assert Blobs(folder).path(blob.sha256).read_bytes() == b"foto banjir"


async def test_the_same_bytes_lie_there_once(folder: Path) -> None:
    blobs = Blobs(folder)
    first, second = await blobs.put(stream_pieces(b"a", b"b"), 100), await blobs.put(stream_pieces(b"ab"), 100)
    assert first == second
    assert len(files(folder)) == 1


async def test_too_large_a_file_is_refused_in_a_sentence_and_leaves_nothing(folder: Path) -> None:
    with pytest.raises(UserError) as caught:
        await Blobs(folder).put(stream_pieces(*[b"x" * 1000] * 2001), 2_000_000)
    assert (caught.value.key, caught.value.words["batas"]) == ("berkas.terlalu_besar", 2)
    assert files(folder) == []


async def test_exactly_the_limit_is_not_too_large(folder: Path) -> None:
    assert (await Blobs(folder).put(stream_pieces(b"x" * 10), 10)).size == 10


async def test_a_download_that_breaks_off_leaves_nothing(folder: Path) -> None:
    with pytest.raises(ConnectionError):
        await Blobs(folder).put(stream_pieces(b"half", then=ConnectionError("gone")), 100)
    assert files(folder) == []


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, f"{'0' * 64}\n", "0" * 64])
def test_a_name_that_is_none_is_not_found(folder: Path, name: str) -> None:
    (folder / "00").mkdir(parents=True)
    with pytest.raises(FileNotFoundError):
        Blobs(folder).path(name)


async def test_what_a_look_refuses_leaves_nothing_and_what_it_sees_is_whole(folder: Path) -> None:
    seen: list[bytes] = []

    async def refuse(path: Path) -> None:
        seen.append(await asyncio.to_thread(path.read_bytes))
        raise UserError("berkas.rusak")

    with pytest.raises(UserError):
        await Blobs(folder).put(stream_pieces(b"foto", b" banjir"), 100, refuse)
    assert seen == [b"foto banjir"]
    assert files(folder) == []


async def test_halves_of_a_process_that_died_go_at_the_next_start(folder: Path) -> None:
    blobs = Blobs(folder)
    kept = await blobs.put(stream_pieces(b"whole"), 100)
    (folder / ".part-abc").write_bytes(b"half")
    assert blobs.remove_partial() == 1
    assert [path.name for path in files(folder)] == [kept.sha256]
    assert Blobs(folder / "none").remove_partial() == 0


async def test_beyond_the_quota_files_are_refused_and_near_it_that_is_said(folder: Path) -> None:
    blobs = Blobs(folder, quota=100)
    await blobs.put(stream_pieces(b"a" * 80), 1000)
    assert not await blobs.is_nearly_full()
    await blobs.put(stream_pieces(b"b" * 15), 1000)
    assert await blobs.is_nearly_full()
    with pytest.raises(UserError) as caught:
        await blobs.put(stream_pieces(b"c" * 10), 1000)
    assert caught.value.key == "berkas.penuh"
    assert len(files(folder)) == 2
    assert await Blobs(folder, quota=100).count_bytes() == 95  # counted anew by another process


async def test_what_goes_makes_room(folder: Path) -> None:
    blobs = Blobs(folder, quota=100)
    blob = await blobs.put(stream_pieces(b"a" * 80), 1000)
    assert await blobs.remove_blobs([blob.sha256, "0" * 64, "../x"], blobs.get_mark()) == {blob.sha256}
    assert await blobs.count_bytes() == 0
    await blobs.put(stream_pieces(b"b" * 80), 1000)


async def test_the_same_bytes_again_take_no_more_room(folder: Path) -> None:
    blobs = Blobs(folder, quota=100)
    assert await blobs.count_bytes() == 0
    for _ in range(5):
        await blobs.put(stream_pieces(b"a" * 20), 1000)
    assert await blobs.count_bytes() == 20


async def test_old_files_that_nobody_names_are_swept(folder: Path) -> None:
    blobs = Blobs(folder)
    wanted, orphan = await blobs.put(stream_pieces(b"wanted"), 100), await blobs.put(stream_pieces(b"orphan"), 100)
    before = datetime.now(UTC) + timedelta(minutes=1)
    assert await blobs.sweep_unnamed(datetime(2020, 1, 1, tzinfo=UTC), lambda name: False, blobs.get_mark()) == []
    gone = await blobs.sweep_unnamed(before, lambda name: name == wanted.sha256, blobs.get_mark())
    assert [kept.sha256 for kept in gone] == [orphan.sha256]
    assert [path.name for path in files(folder)] == [wanted.sha256]


async def test_who_puts_a_file_there_again_while_it_is_swept_has_it(folder: Path) -> None:
    blobs = Blobs(folder)
    blob = await blobs.put(stream_pieces(b"foto"), 100)
    mark = blobs.get_mark()  # now the names are read, and nobody names it; meanwhile somebody sends it again
    await blobs.put(stream_pieces(b"foto"), 100)
    assert await blobs.sweep_unnamed(datetime.now(UTC) + timedelta(minutes=1), lambda name: False, mark) == []
    assert await blobs.remove_blobs([blob.sha256], mark) == set()
    assert blobs._unlink_blobs([blob.sha256], mark) == {}  # also when it comes at the last moment
    assert blobs.path(blob.sha256).read_bytes() == b"foto"
