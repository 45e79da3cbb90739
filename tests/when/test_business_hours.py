"""Working hours pass only while offices are open."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from pendopo import BusinessHours, WorkCalendar

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
