"""Days are counted over month ends, leap years and holidays."""

from datetime import date

import pytest
from pendopo.when.dates import add_months, last_day, nth_weekday
from pendopo.when.grammar.nodes import WeekdayNode
from pendopo.when.resolve.day_resolution import resolve_weekday, working_day
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


def test_the_fifth_working_day_skips_the_holiday_of_17_august() -> None:
    assert working_day(5, date(2026, 8, 12), ()).start == date(2026, 8, 20)


def test_a_fifth_monday_that_a_month_does_not_have_is_refused() -> None:
    with pytest.raises(NoSuchDateError):
        nth_weekday(date(2026, 9, 1), date(2026, 9, 30), 5, 0)


def test_next_friday_said_on_a_wednesday_is_two_days() -> None:
    chosen = resolve_weekday(WeekdayNode(4, 1), date(2026, 8, 12), lambda day: False)
    assert (chosen.start, chosen.others) == (date(2026, 8, 21), (date(2026, 8, 14),))
