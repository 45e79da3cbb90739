"""The balance of leave is the year's quota less the set of days taken in it, in whatever pieces and order they were asked."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo import BusinessHours, HalfDay, WorkCalendar
from pendopo.testing import Story
from pendopo_izin.leave.balance import count_halves, format_days

from tests.plugins.izin.steps import send_izin

ZONE = ZoneInfo("Asia/Jakarta")
FIRST = datetime(2026, 11, 1, tzinfo=ZONE)
OFFICE = BusinessHours(WorkCalendar(""), ZONE, time(7, 30), time(16))
PIECES = st.lists(st.tuples(st.integers(0, 150), st.integers(1, 20)), max_size=8)
"""Leaves as days after `FIRST` and lengths in days."""


@given(PIECES)
def test_pieces_and_their_order_change_nothing(pieces: list[tuple[int, int]]) -> None:
    taken: set[HalfDay] = set()
    for begin, length in pieces:
        start = FIRST + timedelta(days=begin)
        taken |= OFFICE.list_half_days(start.astimezone(UTC), (start + timedelta(days=length)).astimezone(UTC))
    days = {FIRST.date() + timedelta(days=begin + n) for begin, length in pieces for n in range(length)}
    for year in (2026, 2027):
        working = {day for day in days if day.year == year and day.weekday() < 5}
        assert count_halves(taken, year) == 2 * len(working)


@pytest.mark.parametrize(("halves", "shown"), [(0, "0"), (1, "½"), (-3, "1½"), (24, "12"), (23, "11½")])
def test_halves_are_shown_as_days(halves: int, shown: str) -> None:
    assert format_days(halves) == shown


async def approve(story: Story, text: str) -> None:
    await send_izin(story, text)
    await story.sekda.presses("Setujui")
    if any("Kadis PU meminta izin" in shown.text for shown in story.walikota.messages):
        await story.walikota.presses("Setujui")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["/izin cuti 19 Agustus jam 07.30-12.00"], "cuti: 11½ dari 12"),
        (["/izin cuti 19 Agustus jam 07.30-12.00", "/izin cuti 19 Agustus jam 13.00-16.00"], "cuti: 11 dari 12"),
        (["/izin cuti 19-21 Agustus", "/izin cuti 20-24 Agustus"], "cuti: 8 dari 12"),
        (["/izin cuti 19-21 Agustus", "/izin cuti 20 Agustus jam 07.30-12.00"], "cuti: 9 dari 12"),
        (["/izin cuti 24-26 Agustus"], "cuti: 10 dari 12"),  # the 25th is a holiday
        (["/izin cuti 22-23 Agustus"], "cuti: 12 dari 12"),  # a week-end
    ],
)
async def test_days_count_once_and_half_days_are_halves(story: Story, asked: list[str], shown: str) -> None:
    for text in asked:
        await approve(story, text)
    await story.kadis.says("/izin saldo")
    story.kadis.sees(f"{shown} hari kerja")


async def test_a_leave_over_new_year_is_split_and_the_draft_says_what_the_balance_says(story: Story) -> None:
    await story.kadis.says("/izin cuti 28 Desember 2026 s.d. 8 Januari 2027")
    # 28-31 December; 1 and 5 January are holidays, so 4, 6, 7 and 8 January
    story.kadis.sees("Sisa jatah cuti 2026 setelah ini: 8 hari kerja", "Sisa jatah cuti 2027 setelah ini: 8 hari kerja")
    await approve(story, "/izin cuti 28 Desember 2026 s.d. 8 Januari 2027")
    await story.kadis.says("/izin saldo")
    story.kadis.sees("tahun 2026", "tahun 2027", "cuti: 8 dari 12 hari kerja")


async def test_a_leave_of_next_year_spends_nothing_of_this_one(story: Story) -> None:
    await story.kadis.says("/izin cuti 11-15 Januari 2027")
    assert "Sisa jatah cuti 2027 setelah ini: 7 hari kerja" in story.kadis.last.text
    assert "2026 setelah" not in story.kadis.last.text


async def test_more_than_is_left_is_said_by_how_much(story: Story) -> None:
    await story.kadis.says("/izin cuti 1-18 September")
    story.kadis.sees("⚠ Jatah cuti tahun ini terlampaui 2 hari kerja.")


async def test_a_refused_leave_spends_nothing(story: Story) -> None:
    await send_izin(story, "/izin cuti 19-21 Agustus")
    await story.sekda.says("/tolak 1 ada rapat anggaran")
    await story.walikota.says("/tolak 1 ada rapat anggaran")
    await story.kadis.says("/izin saldo")
    story.kadis.sees("cuti: 12 dari 12 hari kerja")


async def test_a_recap_counts_each_day_of_a_person_once_and_only_in_its_period(story: Story) -> None:
    await approve(story, "/izin cuti 28 Agustus s.d. 3 September")
    await approve(story, "/izin dinas ke Garut 31 Agustus")
    await story.sekda.says("/rekap izin Agustus")
    story.sekda.sees("2 izin, 4 hari disetujui")
    await story.sekda.says("/rekap izin September")
    story.sekda.sees("1 izin, 3 hari disetujui")


def test_a_day_belongs_to_its_own_half() -> None:
    begin = datetime(2026, 8, 13, 13, tzinfo=ZONE)
    halves = OFFICE.list_half_days(begin, datetime(2026, 8, 14, 10, tzinfo=ZONE))
    assert halves == {HalfDay(date(2026, 8, 13), True), HalfDay(date(2026, 8, 14), False)}
