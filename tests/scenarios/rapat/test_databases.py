"""What only a database can promise, on each of them: nothing changes approved minutes or a decision, whoever asks it to."""

from collections.abc import AsyncIterator, Callable, Coroutine
from operator import methodcaller
from typing import Any

import pytest
from pendopo.store import Database
from pendopo.testing import Story
from pendopo_rapat import plugin as rapat
from pendopo_rapat.models.minutes import Notulen

from tests.plugins.rapat.meeting import close_meeting
from tests.plugins.rapat.town import get_state, prepared
from tests.tampering import add_rows, change_rows, remove_rows


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    await prepared(database_url)
    async with Story([rapat], database=database_url) as told:
        yield told


LATER = {"id": 99, "version": 1, "rapat": 1, "versi": 99, "isi": "x", "sidik": "x", "status": "draf", "oleh": 1}
LATER |= {"pada": "2026-08-12 00:00:00+00", "disahkan_oleh": 0, "kapasitas": "", "berkas": ""}
CHANGES: list[Callable[[Database], Coroutine[Any, Any, None]]] = [
    lambda database: change_rows(database, "rapat_notulen", isi="x"),
    lambda database: change_rows(database, "rapat_notulen", status="draf"),
    lambda database: change_rows(database, "rapat_notulen", {"rapat": 1}, sidik="x"),
    lambda database: remove_rows(database, "rapat_notulen"),
    lambda database: add_rows(database, "rapat_notulen", [LATER]),
    lambda database: change_rows(database, "rapat_keputusan", isi="x"),
    lambda database: remove_rows(database, "rapat_keputusan"),
]


async def test_a_whole_meeting_and_then_nothing_can_be_changed(story: Story) -> None:
    await close_meeting(story)
    await story.restart()
    await story.sekda.presses("Sahkan")
    assert await get_state(story) == "disahkan"
    before = [(row.isi, row.sidik, row.status, row.versi) for row in await story.stored.list_rows(Notulen)]
    for change in CHANGES:
        with pytest.raises(Exception, match=r"never|no later version"):
            await change(story.app.database)
    for sql in ("TRUNCATE rapat_notulen", "TRUNCATE rapat_keputusan") if story.app.database.postgres else ():
        with pytest.raises(Exception, match="never"):
            await story.app.database.write(methodcaller("execute", sql), alone=True)
    assert [(row.isi, row.sidik, row.status, row.versi) for row in await story.stored.list_rows(Notulen)] == before
    await story.restart()
    await story.advance(minutes=6)
    story.kadis.sees("Notulen rapat #1 yang sudah disahkan")


async def test_a_draft_can_be_changed(story: Story) -> None:
    await close_meeting(story)
    await story.lurah.says("/notulen ubah 1 1 Semua pompa baik")
    assert [row.versi for row in await story.stored.list_rows(Notulen)] == [1, 2]
