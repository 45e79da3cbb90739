"""The whole way with files in a bucket, over real HTTP: what the folder let go of is fetched again when it is shown."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pendopo.testing import Story
from pendopo.testing.pictures import make_exif, make_jpeg
from pendopo_laporan import plugin as laporan

from tests.adapters.serving import listening
from tests.plugins.laporan.conftest import DIRECTORY, settings
from tests.plugins.laporan.readers import list_blobs, list_photos, read_file
from tests.store.fake_s3 import BUCKET, KEY, REGION, SECRET, FakeS3, server


@pytest.fixture
async def city() -> AsyncIterator[tuple[Story, FakeS3]]:
    fake, running = FakeS3(), None
    listener, url = listening()
    running = server(fake)
    task = asyncio.create_task(running.serve([listener]))
    storage = {"url": f"s3://{BUCKET}", "endpoint": url, "region": REGION, "access_key": KEY, "secret_key": SECRET}
    chosen = settings().model_validate(settings().model_dump() | {"storage": storage})
    async with Story([laporan], settings=chosen, directory=DIRECTORY) as told:
        yield told, fake
    running.should_exit = True
    await task


async def test_photos_lie_in_the_bucket_and_are_shown_from_there(city: tuple[Story, FakeS3]) -> None:
    story, fake = city
    original = make_jpeg(1, exif=make_exif((-6.9, 107.6)))
    await story.lurah.says("/laporan banjir", photos=[original])
    await story.advance(seconds=5)
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")]
    assert original in fake.objects.values()
    for path in list_blobs(story):
        path.unlink()
    await story.camat.says("/laporan 1")  # with the small picture that was made when it came
    assert len(read_file(story, story.camat.sees("Laporan #1", "Menunggu"))) > 1000
    await story.camat.says("/galeri 1")
    assert b"Exif" not in read_file(story, story.camat.sees("#1 sebelum"))
    await story.camat.says("/galeri unduh 1")
    story.camat.sees("Album laporan #1")


async def test_a_bucket_that_is_away_is_tried_again_and_no_photo_is_lost(city: tuple[Story, FakeS3]) -> None:
    story, fake = city
    fake.down = True
    await story.lurah.says("/laporan banjir", photos=[make_jpeg(1)])
    story.lurah.sees("#1")
    await story.advance(minutes=1)
    assert await list_photos(story) == [(1, "sebelum", "datang")]
    await story.advance(days=2)
    assert await list_photos(story) == [(1, "sebelum", "datang")]
    fake.down = False
    await story.advance(hours=2)
    assert await list_photos(story) == [(1, "sebelum", "tersimpan")]
