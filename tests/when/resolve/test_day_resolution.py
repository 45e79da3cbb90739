"""Days are counted over month ends, leap years and holidays."""

from datetime import date

from pendopo.when.grammar.nodes import WeekdayNode
from pendopo.when.resolve.day_resolution import resolve_weekday, working_day


def test_the_fifth_working_day_skips_the_holiday_of_17_august() -> None:
    assert working_day(5, date(2026, 8, 12), ()).start == date(2026, 8, 20)


def test_next_friday_said_on_a_wednesday_is_two_days() -> None:
    chosen = resolve_weekday(WeekdayNode(4, 1), date(2026, 8, 12), lambda day: False)
    assert (chosen.start, chosen.others) == (date(2026, 8, 21), (date(2026, 8, 14),))
