"""Meetings that recur: each turn called when the one before begins, and what holidays do to them."""

from icalendar import Calendar
from pendopo.testing import Story
from pendopo_rapat.models.meetings import Peserta, Rapat

from tests.plugins.rapat.town import get_state, list_actions, read_documents
from tests.tampering import change_rows

APEL = "/rapat Apel setiap Senin jam 8 di halaman undang Kadis PU, Kadishub"


async def begun(story: Story, text: str = APEL) -> None:
    await story.sekda.says(text)
    await story.sekda.presses("Undang")


async def turns(story: Story) -> list[str]:
    return [f"{row.mulai:%Y-%m-%d %H:%M}" for row in await story.stored.list_rows(Rapat)]


async def test_a_turn_on_a_holiday_is_left_out(story: Story) -> None:
    """Monday, 17 August, is the day of independence, and 24 August is none."""
    await story.sekda.says(APEL)
    story.sekda.sees("Senin, 24 Agustus 2026, pukul 08.00 WIB", "Berulang: Setiap Senin", "hari libur dilewati")
    await story.sekda.presses("Undang")
    assert await turns(story) == ["2026-08-24 01:00"]


async def test_it_moves_where_that_is_said(story: Story) -> None:
    await begun(story, APEL.replace("jam 8", "jam 8 mundur bila libur"))
    assert await turns(story) == ["2026-08-18 01:00"]


async def test_the_next_turn_is_called_when_this_one_begins_also_after_a_restart(story: Story) -> None:
    await begun(story)
    await story.restart()
    await story.advance(days=11, hours=22)
    assert await turns(story) == ["2026-08-24 01:00", "2026-08-31 01:00"]
    assert await get_state(story, 2) == "diundang"
    story.kadis.sees("mengundang Anda rapat", "Rapat #2 · Apel", "Senin, 31 Agustus 2026, pukul 08.00 WIB")
    await story.advance(days=7)
    assert len(await turns(story)) == 3
    uids = {
        event["UID"] for data in read_documents(story, story.kadis, ".ics") for event in Calendar.from_ical(data).walk("VEVENT")
    }
    assert uids == {
        f"rapat-1@{story.app.core.installation.id}.pendopo",
        f"rapat-2@{story.app.core.installation.id}.pendopo",
        f"rapat-3@{story.app.core.installation.id}.pendopo",
    }
    assert (await list_actions(story)).count("rapat.undangkan") == 3
    assert len(await story.stored.list_calendar_entries(key="rapat/3")) == 2


async def test_one_turn_called_off_leaves_the_others(story: Story) -> None:
    await begun(story)
    await story.sekda.says("/rapat batal 1 karena hujan")
    await story.advance(days=12)
    assert await get_state(story, 2) == "diundang"


async def test_it_stops_when_who_called_it_says_so(story: Story) -> None:
    await begun(story)
    await story.sekda.says("/rapat rutin")
    story.sekda.sees("1. Apel", "Setiap Senin")
    await story.kadis.says("/rapat henti 1")
    story.kadis.sees("bukan milik Anda")
    await story.sekda.says("/rapat henti 1")
    story.sekda.sees("Rapat rutin 1 Apel dihentikan")
    await story.advance(days=20)
    assert len(await turns(story)) == 1
    await story.sekda.says("/rapat henti 1")
    story.sekda.sees("sudah berhenti")
    await story.sekda.says("/rapat rutin")
    story.sekda.sees("tidak mempunyai rapat rutin")
    assert [a for a in await list_actions(story) if "rutin" in a] == ["rapat.rutin", "rapat.rutin_henti"]


async def test_days_alone_are_no_time(story: Story) -> None:
    await story.sekda.says("/rapat Apel setiap Senin undang Kadis PU")
    story.sekda.sees("pukul berapa?")
    assert await story.stored.list_rows(Rapat) == []


async def test_a_draft_thrown_away_recurs_never(story: Story) -> None:
    await story.sekda.says(APEL)
    await story.sekda.presses("Batal")
    await story.advance(days=20)
    assert len(await turns(story)) == 1
    assert story.kadis.messages == []


async def test_who_has_left_is_invited_no_more_and_the_others_still_are(story: Story) -> None:
    await begun(story)
    await change_rows(story.app.database, "person", {"name": "Rina Hidayat"}, active=0)
    await story.app.core.directory.load(story.clock.now())
    await story.advance(days=12)
    assert await get_state(story, 2) == "diundang"
    story.kadishub.sees("mengundang Anda rapat", "Rapat #2 · Apel")
    assert sum(1 for row in await story.stored.list_rows(Peserta) if row.rapat == 2) == 1


async def test_the_day_before_it_is_not_about_to_begin_yet(story: Story) -> None:
    await begun(story)
    await story.advance(days=11)
    story.kadis.sees("Pengingat rapat", "Apel")
    story.kadis.does_not_see("Rapat segera dimulai")
    await story.advance(hours=21, minutes=15)
    story.kadis.sees("Rapat segera dimulai", "Apel")
