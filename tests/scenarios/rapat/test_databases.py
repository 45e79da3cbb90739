"""What only a database can promise, on each of them: nothing changes approved minutes or a decision, whoever asks it to."""

from collections.abc import AsyncIterator
from operator import methodcaller

import pytest
from pendopo.testing import Story
from pendopo_rapat import plugin as rapat
from pendopo_rapat.models.minutes import Notulen

from tests.plugins.rapat.meeting import closed
from tests.plugins.rapat.town import prepared, state


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    await prepared(database_url)
    async with Story([rapat], database=database_url) as told:
        yield told


CHANGES = [
    "UPDATE rapat_notulen SET isi = 'x'",
    "UPDATE rapat_notulen SET status = 'draf'",
    "UPDATE rapat_notulen SET sidik = 'x' WHERE rapat = 1",
    "DELETE FROM rapat_notulen",
    "INSERT INTO rapat_notulen (id, version, rapat, versi, isi, sidik, status, oleh, pada, disahkan_oleh, kapasitas, berkas) "
    "VALUES (99, 1, 1, 99, 'x', 'x', 'draf', 1, '2026-08-12 00:00:00+00', 0, '', '')",
    "UPDATE rapat_keputusan SET isi = 'x'",
    "DELETE FROM rapat_keputusan",
]


async def test_a_whole_meeting_and_then_nothing_can_be_changed(story: Story) -> None:
    await closed(story)
    await story.restart()
    await story.sekda.presses("Sahkan")
    assert await state(story) == "disahkan"
    before = [(row.isi, row.sidik, row.status, row.versi) for row in await story.stored.list_rows(Notulen)]
    emptied = ["TRUNCATE rapat_notulen", "TRUNCATE rapat_keputusan"] if story.app.database.postgres else []
    for sql in [*CHANGES, *emptied]:
        with pytest.raises(Exception, match=r"never|no later version"):
            await story.app.database.write(methodcaller("execute", sql), alone=True)
    assert [(row.isi, row.sidik, row.status, row.versi) for row in await story.stored.list_rows(Notulen)] == before
    await story.restart()
    await story.advance(minutes=6)
    story.kadis.sees("Notulen rapat #1 yang sudah disahkan")


async def test_a_draft_can_be_changed(story: Story) -> None:
    await closed(story)
    await story.lurah.says("/notulen ubah 1 1 Semua pompa baik")
    assert [row.versi for row in await story.stored.list_rows(Notulen)] == [1, 2]
