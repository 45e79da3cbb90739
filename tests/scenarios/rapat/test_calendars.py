"""Calendar files of meetings, read by two parsers that know nothing of each other; and reminders that go with a meeting."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from pendopo.config import Settings
from pendopo.testing import Story
from pendopo_disposisi import plugin as disposisi
from pendopo_ingatkan import plugin as ingatkan
from pendopo_rapat import plugin as rapat

from tests.plugins.rapat.test_calendar_feed import ZONE, both, call_meeting
from tests.plugins.rapat.town import read_documents


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    settings = Settings.model_validate({"web": {"public_url": "https://pendopo.example"}})
    async with Story([rapat], database=f"sqlite:///{tmp_path}/x.db", settings=settings) as told:
        yield told


async def test_an_invitation_a_change_and_a_cancellation_are_read_by_both(story: Story) -> None:
    await call_meeting(story)
    await story.sekda.says("/rapat ubah 1 lusa jam 13-15 di Aula")
    await story.sekda.says("/rapat ubah 1 di Ruang Rapat")
    await story.sekda.says("/rapat batal 1 karena hujan")
    sent = read_documents(story, story.kadis, ".ics")
    assert [re.findall(rb"METHOD:(\w+)", data) for data in sent] == [[b"PUBLISH"]] * 3 + [[b"CANCEL"]]
    read = [both(data)[0] for data in sent]
    assert {e["uid"] for e in read} == {f"rapat-1@{story.app.core.installation.id}.pendopo"}
    assert [e["sequence"] for e in read] == [0, 1, 2, 3]
    assert [e["cancelled"] for e in read] == [False, False, False, True]
    assert [e["place"] for e in read] == ["Balai Kota, Lt. 2", "Aula", "Ruang Rapat", "Ruang Rapat"]
    assert read[0]["summary"] == 'Rapat #1 Penanganan sampah; "segera", 50%'
    assert read[0]["start"] == datetime(2026, 8, 13, 10, tzinfo=ZONE)
    assert read[3]["start"] == datetime(2026, 8, 14, 13, tzinfo=ZONE)
    assert all(b"BEGIN:VTIMEZONE" in data for data in sent)


async def test_a_reminder_before_a_meeting_goes_where_the_meeting_goes_and_an_item_can_be_handed_on(tmp_path: Path) -> None:
    """Plugins that know nothing of each other meet in the agenda and in numbers."""
    async with Story([rapat, ingatkan, disposisi], database=f"sqlite:///{tmp_path}/y.db") as story:
        await call_meeting(story)
        await story.kadis.says("/ingatkan 15 menit sebelum rapat 1")
        story.kadis.sees("Kamis, 13 Agustus 2026, pukul 09.45 WIB", "15 menit sebelum Rapat #1 Penanganan sampah")
        await story.sekda.says("/rapat ubah 1 besok jam 13")
        await story.advance(hours=24)
        rung = len(story.kadis.messages)
        await story.advance(hours=2, minutes=26)
        assert ["⏰ Pengingat #1" in shown.text for shown in story.kadis.messages[rung:]].count(True) == 1
        await story.sekda.says("/disposisi rapat 1 Kadis PU siapkan bahan")
        story.sekda.sees("Penanganan sampah", "Kadis PU: Siapkan bahan")
