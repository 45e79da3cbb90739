"""What a year of annual leave brings, by status, service and what was left of the years before."""

from datetime import date

import pytest
from pendopo_izin.leave.entitlements import add_months, compute_quota, count_months
from pendopo_izin.settings import RIGHTS

PNS = RIGHTS["pns"]


@pytest.mark.parametrize(
    ("used", "days"),
    [
        ({}, 12),  # nothing is known of the years before
        ({2025: 4}, 18),  # 8 left, of which 6 are carried
        ({2025: 9}, 15),
        ({2025: 12}, 12),
        ({2025: 0}, 18),
        ({2024: 0, 2025: 0}, 24),  # two years running nothing was taken
        ({2024: 0, 2025: 1}, 18),
        ({2024: 1, 2025: 0}, 18),
        ({2024: 0, 2025: 8}, 18),  # six carried ones were taken first, then two of its own
        ({2024: 0, 2025: 18}, 12),
        ({2024: 0, 2025: 15}, 15),
        ({2023: 0, 2025: 0}, 18),  # the year between is not known
        ({2023: 0, 2024: 0, 2025: 0}, 24),
        ({2025: 14}, 12),
    ],
)
def test_what_is_left_is_carried_up_to_a_ceiling(used: dict[int, int], days: int) -> None:
    halves = {year: 2 * count for year, count in used.items()}
    assert compute_quota(2026, 24, PNS, date(2000, 3, 1), halves) == 2 * days


@pytest.mark.parametrize(
    ("entered", "days"), [(date(2025, 10, 1), 12), (date(2026, 1, 1), 0), (date(2025, 12, 31), 12), (None, 12)]
)
def test_a_year_of_service_comes_first(entered: date | None, days: int) -> None:
    assert compute_quota(2026, 24, PNS, entered, {}) == 2 * days


def test_years_before_the_service_leave_nothing() -> None:
    assert compute_quota(2026, 24, PNS, date(2024, 6, 1), {2023: 0, 2024: 0, 2025: 0}) == 36
    assert compute_quota(2026, 24, PNS, date(2025, 6, 1), {2025: 0}) == 24


@pytest.mark.parametrize("status", ["pppk", "lainnya"])
def test_others_carry_nothing_unless_it_is_set(status: str) -> None:
    assert compute_quota(2026, 24, RIGHTS[status], date(2020, 1, 1), {2024: 0, 2025: 0}) == 24


@pytest.mark.parametrize(
    ("entered", "at", "months"),
    [
        (date(2025, 8, 12), date(2026, 8, 12), 12),
        (date(2025, 8, 13), date(2026, 8, 12), 11),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 9, 1), date(2026, 8, 12), -1),
    ],
)
def test_service_is_counted_in_whole_months(entered: date, at: date, months: int) -> None:
    assert count_months(entered, at) == months


def test_a_month_later_is_the_same_day_or_the_last() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 15), 3) == date(2027, 2, 15)
    assert add_months(date(2026, 12, 31), 12) == date(2027, 12, 31)
