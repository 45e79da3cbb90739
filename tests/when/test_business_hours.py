"""Working hours pass only while offices are open."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from pendopo import BusinessHours, BusinessHoursOptions, HalfDay, WorkCalendar
from pendopo.plugin.values import Weekday

ZONE = ZoneInfo("Asia/Jakarta")
OFFICE = BusinessHours(WorkCalendar(), ZONE, time(7, 30), time(16))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (at(12, 9), 2, at(12, 11)),
        (at(12, 15), 2, at(13, 8, 30)),
        (at(12, 5), 2, at(12, 9, 30)),
        (at(12, 20), 2, at(13, 9, 30)),
        (at(14, 15), 2, at(18, 8, 30)),  # Friday, the week-end, and the day of independence
        (at(12, 9), 8, at(13, 8, 30)),
    ],
)
def test_nobody_is_reminded_while_offices_are_closed(start: datetime, hours: int, due: datetime) -> None:
    assert OFFICE.add_hours(start, hours) == due


def test_working_days_leave_out_week_ends_and_holidays() -> None:
    assert OFFICE.count_working_days(date(2026, 8, 14), date(2026, 8, 18)) == 2


HOURS = BusinessHoursOptions(jam={Weekday.WEDNESDAY: (time(9), time(12))})
REAL = BusinessHours(WorkCalendar(), ZONE, HOURS.buka, HOURS.tutup, HOURS.get_day_hours)


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        (date(2026, 8, 13), time(7, 30), time(16)),
        (date(2026, 8, 14), time(7, 30), time(16, 30)),  # a Friday, whose break is longer
        (date(2026, 8, 12), time(9), time(12)),
        (date(2026, 2, 25), time(8), time(15)),  # Ramadan comes before weekdays
        (date(2026, 2, 27), time(8), time(15, 30)),
        (date(2027, 2, 8), time(8), time(15)),
        (date(2027, 3, 15), time(7, 30), time(16)),
    ],
)
def test_offices_are_open_by_weekday_and_season(day: date, opens: time, closes: time) -> None:
    assert REAL.get_day_hours(day)[:2] == (opens, closes)


def test_working_hours_pass_by_the_hours_of_each_day() -> None:
    assert REAL.add_hours(at(14, 15, 30), 2) == at(18, 8, 30)
    assert REAL.add_hours(at(12, 11, 30), 1) == at(13, 8)


@pytest.mark.parametrize(
    ("begin", "end", "halves"),
    [
        (at(13, 0), at(14, 0), [(13, False), (13, True)]),
        (at(13, 7, 30), at(13, 12), [(13, False)]),
        (at(13, 12), at(13, 16), [(13, True)]),
        (at(13, 16), at(13, 18), []),
        (at(14, 16), at(14, 18), [(14, True)]),
        (at(15, 0), at(19, 0), [(18, False), (18, True)]),  # a week-end and a holiday
    ],
)
def test_a_stretch_of_time_touches_halves_of_working_days(
    begin: datetime, end: datetime, halves: list[tuple[int, bool]]
) -> None:
    assert REAL.list_half_days(begin, end) == {HalfDay(date(2026, 8, day), late) for day, late in halves}


def test_a_unit_may_work_on_a_day_off() -> None:
    assert len(REAL.list_half_days(at(17, 0), at(18, 0), [date(2026, 8, 17)])) == 2
