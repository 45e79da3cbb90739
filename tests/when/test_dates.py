"""Arithmetic on days and months."""

from datetime import date

import pytest
from pendopo.when.dates import add_months, last_day, nth_weekday
from pendopo.when.values import NoSuchDateError


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_a_month_later_is_never_past_its_end(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_the_last_day_knows_leap_years() -> None:
    assert [last_day(2026, 2), last_day(2028, 2), last_day(2026, 12)] == [28, 29, 31]


def test_a_fifth_monday_that_a_month_does_not_have_is_refused() -> None:
    with pytest.raises(NoSuchDateError):
        nth_weekday(date(2026, 9, 1), date(2026, 9, 30), 5, 0)
