"""Daily reports: who owes one is told to their camat, and to the group only how many."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pendopo import Phrase
from pendopo.testing import Story
from pendopo_laporan.models import Harian

ZONE = ZoneInfo("Asia/Jakarta")


async def at(story: Story, day: int, hour: int, minute: int = 0) -> None:
    goal = datetime(2026, 8, day, hour, minute, 30, tzinfo=ZONE)
    await story.advance(seconds=(goal - story.clock.now()).total_seconds())


async def test_at_three_the_camat_learns_who_and_at_half_past_four_the_group_how_many(story: Story) -> None:
    await at(story, 12, 14, 59)
    story.camat.does_not_see("Belum lapor")
    await story.restart()
    await at(story, 12, 15)
    story.camat.sees("Belum lapor hari ini (1): Lurah Dago")
    assert story.group.messages == []
    await at(story, 12, 16, 30)
    line = story.group.sees("Belum lapor hari ini: 1 dari 1 kelurahan")
    assert "Dago" not in line.text


@pytest.mark.parametrize("text", ["/lapor kosong", "/laporan kosong", "/laporan kerja bakti RW 03"])
async def test_who_said_something_or_that_there_is_nothing_owes_nothing(story: Story, text: str) -> None:
    await story.lurah.says(text)
    await at(story, 12, 16, 31)
    story.camat.does_not_see("Belum lapor")
    story.group.does_not_see("Belum lapor")


async def test_it_counts_for_that_day_only(story: Story) -> None:
    await story.lurah.says("/lapor kosong")
    story.lurah.sees("Laporan nihil 12/08/2026 dicatat")
    await at(story, 13, 15)
    story.camat.sees("Belum lapor hari ini (1): Lurah Dago")


async def test_a_report_that_was_taken_back_is_none(story: Story) -> None:
    await story.lurah.says("/laporan kerja bakti RW 03")
    await story.lurah.presses("Batalkan")
    await at(story, 12, 15)
    story.camat.sees("Belum lapor")


async def test_nobody_is_asked_on_holidays_and_at_weekends(tale: Story) -> None:
    await tale.lurah.says("/lapor kosong")
    await at(tale, 13, 9)
    await tale.lurah.says("/lapor kosong")
    await at(tale, 14, 9)
    await tale.lurah.says("/lapor kosong")
    await at(tale, 17, 23)  # Saturday, Sunday, and the day of independence
    tale.camat.does_not_see("Belum lapor")


async def test_who_is_away_owes_nothing(tale: Story) -> None:
    who = tale.app.core.people.named_in("Lurah Dago")[0]
    assert who is not None
    day = [datetime(2026, 8, 12, hour, tzinfo=ZONE) for hour in (0, 23)]
    from pendopo.store.queries import calendar_entries

    entry = calendar_entries.BusyTime("izin/1", "izin", "away", day[0], day[1], Phrase("umum.ya"))
    await tale.app.database.write(lambda c: calendar_entries.put_entry(c, entry, [who.id]))
    await at(tale, 12, 15)
    tale.camat.does_not_see("Belum lapor")


async def test_nothing_twice_is_nothing_once(tale: Story) -> None:
    await tale.lurah.says("/lapor kosong")
    await tale.lurah.says("/lapor kosong")
    assert len(await tale.stored.list_rows(Harian)) == 1
