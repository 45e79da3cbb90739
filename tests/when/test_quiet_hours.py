"""Quiet hours: which instants lie in them, and when they end."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from pendopo.when.quiet_hours import QuietHours

ZONE = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("clock", "ends"),
    [
        ((12, 20, 59), None),
        ((12, 21, 0), (13, 5, 30)),
        ((12, 23, 59), (13, 5, 30)),
        ((13, 0, 0), (13, 5, 30)),
        ((13, 5, 29), (13, 5, 30)),
        ((13, 5, 30), None),
        ((13, 12, 0), None),
    ],
)
def test_the_night_ends_in_the_morning(clock: tuple[int, int, int], ends: tuple[int, int, int] | None) -> None:
    found = QuietHours(ZONE, time(21), time(5, 30)).find_end(datetime(2026, 8, *clock, tzinfo=ZONE))
    assert found == (datetime(2026, 8, *ends, tzinfo=ZONE) if ends else None)


@pytest.mark.parametrize(("hour", "quiet"), [(0, False), (1, True), (4, True), (5, False), (23, False)])
def test_quiet_hours_within_one_day_end_on_it(hour: int, quiet: bool) -> None:
    found = QuietHours(ZONE, time(1), time(5)).find_end(datetime(2026, 8, 12, hour, tzinfo=ZONE))
    assert found == (datetime(2026, 8, 12, 5, tzinfo=ZONE) if quiet else None)


@pytest.mark.parametrize("hour", [0, 5, 12, 21])
def test_the_same_hour_twice_is_no_quiet_hours(hour: int) -> None:
    assert QuietHours(ZONE, time(5), time(5)).find_end(datetime(2026, 8, 12, hour, tzinfo=ZONE)) is None
