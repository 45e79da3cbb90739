"""A file is whole or it is not there, and lies there once."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.store import Blobs


async def stream(*pieces: bytes, then: Exception | None = None) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    if then is not None:
        raise then


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_found_by_the_hash_of_its_bytes(folder: Path) -> None:
    blob = await Blobs(folder).put(stream(b"foto", b" banjir"), 100)
    assert (blob.sha256, blob.size) == (hashlib.sha256(b"foto banjir").hexdigest(), 11)
    assert Blobs(folder).path(blob.sha256).read_bytes() == b"foto banjir"


async def test_the_same_bytes_lie_there_once(folder: Path) -> None:
    blobs = Blobs(folder)
    first, second = await blobs.put(stream(b"a", b"b"), 100), await blobs.put(stream(b"ab"), 100)
    assert first == second
    assert len(files(folder)) == 1


async def test_too_large_a_file_is_refused_in_a_sentence_and_leaves_nothing(folder: Path) -> None:
    with pytest.raises(UserError) as caught:
        await Blobs(folder).put(stream(*[b"x" * 1000] * 2001), 2_000_000)
    assert (caught.value.key, caught.value.words["batas"]) == ("berkas.terlalu_besar", 2)
    assert files(folder) == []


async def test_exactly_the_limit_is_not_too_large(folder: Path) -> None:
    assert (await Blobs(folder).put(stream(b"x" * 10), 10)).size == 10


async def test_a_download_that_breaks_off_leaves_nothing(folder: Path) -> None:
    with pytest.raises(ConnectionError):
        await Blobs(folder).put(stream(b"half", then=ConnectionError("gone")), 100)
    assert files(folder) == []


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, f"{'0' * 64}\n", "0" * 64])
def test_a_name_that_is_none_is_not_found(folder: Path, name: str) -> None:
    (folder / "00").mkdir(parents=True)
    with pytest.raises(FileNotFoundError):
        Blobs(folder).path(name)
