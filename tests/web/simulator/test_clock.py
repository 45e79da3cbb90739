"""The fake time as Indonesians write it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pendopo.web.simulator import clock

MIDNIGHT = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("Asia/Jayapura"))


def test_day_and_hour_in_words() -> None:
    assert (clock.day_in_words(MIDNIGHT), clock.hour_in_words(MIDNIGHT)) == ("Kamis, 31 Desember 2026", "23.30")


@pytest.mark.parametrize(("zone", "word"), [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("UTC", "UTC")])
def test_zones_have_their_indonesian_names(zone: str, word: str) -> None:
    assert clock.zone_in_words(ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC)) == word


def test_tomorrow_is_the_next_morning_over_the_end_of_the_year() -> None:
    assert clock.resolve_step("besok", MIDNIGHT) == timedelta(hours=7, minutes=30)
