"""Blobs in a bucket, over real HTTP, against a server that checks every signature."""

import asyncio
import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pendopo.config import StorageSettings
from pendopo.errors import ConfigError
from pendopo.store import Blobs
from pendopo.store.blobs.bucket import PART, Bucket

from tests.adapters.serving import listening
from tests.store.fake_s3 import BUCKET, KEY, REGION, SECRET, FakeS3, server

from .streams import stream_pieces


@pytest.fixture
async def s3() -> AsyncIterator[tuple[FakeS3, str]]:
    fake = FakeS3()
    listener, url = listening()
    running = server(fake)
    task = asyncio.create_task(running.serve([listener]))
    yield fake, url
    running.should_exit = True
    await task


def settings(url: str, **more: object) -> StorageSettings:
    given = {"url": f"s3://{BUCKET}/pendopo", "endpoint": url, "region": REGION, "access_key": KEY, "secret_key": SECRET}
    return StorageSettings.model_validate(given | more)


def blobs(folder: Path, url: str, cache: int = 0) -> Blobs:
    return Blobs(folder / "blobs", remote=Bucket(settings(url)), cache=cache)


def named(data: bytes) -> str:
    name = hashlib.sha256(data).hexdigest()
    return f"pendopo/{name[:2]}/{name}"


async def test_a_file_lies_in_the_bucket_before_it_counts_as_stored(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    fake, url = s3
    await blobs(tmp_path, url).put(stream_pieces(b"foto", b" banjir"), 100)
    assert fake.objects == {named(b"foto banjir"): b"foto banjir"}


async def test_a_large_one_goes_up_in_parts(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    fake, url = s3
    data = bytes(1000) * 20_000
    await blobs(tmp_path, url).put(stream_pieces(*[bytes(1000)] * 20_000), len(data))
    assert fake.objects[named(data)] == data
    assert fake.largest == PART


async def test_what_the_folder_let_go_of_is_fetched_again(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    fake, url = s3
    kept = blobs(tmp_path, url)
    blob = await kept.put(stream_pieces(b"foto"), 100)
    assert (
        await kept.sweep_unnamed(fake.now, lambda name: True, kept.get_mark()) == []
    )  # lets the folder go, of which nothing may be left
    with pytest.raises(FileNotFoundError):
        kept.path(blob.sha256)
    assert (await kept.fetch_path(blob.sha256)).read_bytes() == b"foto"


async def test_what_is_not_in_the_bucket_is_not_found(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    kept = blobs(tmp_path, s3[1])
    for name in ("0" * 64, "../../etc/passwd"):
        with pytest.raises(FileNotFoundError):
            await kept.fetch_path(name)


async def test_what_somebody_changed_in_the_bucket_is_not_taken_for_the_file(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    fake, url = s3
    name = hashlib.sha256(b"foto").hexdigest()
    fake.objects[named(b"foto")], fake.times[named(b"foto")] = b"lain", fake.now
    kept = blobs(tmp_path, url)
    with pytest.raises(FileNotFoundError):
        await kept.fetch_path(name)
    assert not [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]


async def test_a_bucket_that_does_not_answer_stores_nothing(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    kept = Blobs(tmp_path / "blobs", remote=Bucket(settings(s3[1], secret_key="salah")))
    with pytest.raises(Exception, match=r"(?i)403|forbidden|signature"):
        await kept.put(stream_pieces(b"foto"), 100)
    assert not [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]


async def test_a_bucket_that_stumbles_is_asked_again(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    fake, url = s3
    fake.faults = [500]
    await blobs(tmp_path, url).put(stream_pieces(b"foto"), 100)
    assert list(fake.objects) == [named(b"foto")]


async def test_what_nobody_names_goes_after_a_while_from_the_bucket_and_the_folder(
    tmp_path: Path, s3: tuple[FakeS3, str]
) -> None:
    fake, url = s3
    kept = blobs(tmp_path, url, cache=1000)
    wanted, *orphans = [await kept.put(stream_pieces(text), 100) for text in (b"satu", b"dua", b"tiga", b"empat", b"lima")]
    mark = kept.get_mark()
    gone = await kept.sweep_unnamed(fake.now + timedelta(seconds=1), lambda name: name == wanted.sha256, mark)
    assert {item.sha256 for item in gone} == {item.sha256 for item in orphans}
    assert list(fake.objects) == [named(b"satu")]
    assert [path.name for path in (tmp_path / "blobs").glob("??/*")] == [wanted.sha256]
    assert await kept.count_bytes() == 4


async def test_what_is_put_there_again_while_it_is_swept_stays(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    fake, url = s3
    kept = blobs(tmp_path, url)
    blob = await kept.put(stream_pieces(b"foto"), 100)
    mark = kept.get_mark()
    await asyncio.gather(
        kept.sweep_unnamed(fake.now + timedelta(seconds=1), lambda name: False, mark),
        *(kept.put(stream_pieces(b"foto"), 100) for _ in range(5)),
    )
    assert (await kept.fetch_path(blob.sha256)).read_bytes() == b"foto"
    assert list(fake.objects) == [named(b"foto")]


async def test_a_hundred_megabytes_do_not_lie_in_memory(tmp_path: Path, s3: tuple[FakeS3, str]) -> None:
    async def much() -> AsyncIterator[bytes]:
        for _ in range(1600):
            yield bytes(64 * 1024)

    kept = Blobs(tmp_path / "blobs")
    tracemalloc.start()
    await kept.put(much(), 200_000_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000


@pytest.mark.parametrize("url", ["s3://", "http://bucket", "bucket"])
def test_an_address_that_is_none_is_refused_at_start(url: str) -> None:
    with pytest.raises(ConfigError):
        Bucket(StorageSettings(url=url))
