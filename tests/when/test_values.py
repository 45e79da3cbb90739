"""Values store as JSON and read back; a reading leaves the title behind."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from pendopo.when import (
    ApproximateTime,
    DateRange,
    Day,
    Duration,
    Instant,
    NoSuchDateError,
    Reading,
    Recurrence,
    RelativeTime,
    TimeRange,
    WeekdayMismatchError,
    When,
    parse,
    start_of,
)

ZONE = ZoneInfo("Asia/Jakarta")
NINE = datetime(2026, 8, 13, 9, 0, tzinfo=ZONE)
VALUES: list[When] = [
    Instant(NINE),
    Day(date(2026, 8, 13)),
    TimeRange(NINE, NINE + timedelta(hours=2)),
    TimeRange(NINE),
    DateRange(date(2026, 8, 14), date(2026, 8, 16)),
    ApproximateTime(NINE, NINE + timedelta(hours=1)),
    Duration(timedelta(hours=1, minutes=30)),
    Duration(timedelta(0), 2),
    Recurrence("FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0", NINE, lasts=timedelta(hours=2)),
    RelativeTime("rapat 12", timedelta(minutes=-15)),
    RelativeTime(None, timedelta(days=-1), at=time(8)),
]
SENTENCES = json.loads((Path(__file__).parent / "sentences.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_reads_back_from_json_as_itself(value: When) -> None:
    assert msgspec.json.decode(msgspec.json.encode(value), type=When) == value


def test_a_reading_reads_back_from_json() -> None:
    reading = Reading(VALUES[0], (3, 9), ("afternoon",), (VALUES[1],), ((3, 9),), {"tempat": "Aula"})
    assert msgspec.json.decode(msgspec.json.encode(reading), type=Reading) == reading


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"])
def test_a_sentence_without_its_time_is_its_title(case: dict[str, str], now: datetime) -> None:
    reading = parse(case["text"], now)
    assert isinstance(reading, Reading)
    start = start_of(reading.value)
    assert start is not None
    assert start.isoformat().startswith(case["said"])
    assert reading.remove_from(case["text"]) == case["rest"]


@pytest.mark.parametrize(
    ("delta", "months", "iso"),
    [
        (timedelta(days=3), 0, "P3D"),
        (timedelta(hours=1, minutes=30), 0, "PT1H30M"),
        (timedelta(days=-1), 0, "-P1D"),
        (timedelta(0), 2, "P2M"),
        (timedelta(0), 0, "PT0S"),
        (timedelta(days=1, seconds=5), 1, "P1M1DT5S"),
    ],
)
def test_a_length_has_its_iso_form(delta: timedelta, months: int, iso: str) -> None:
    assert Duration(delta, months).iso == iso


def test_an_error_says_what_was_wrong_and_where(now: datetime) -> None:
    error = parse("rapat Selasa, 24 Agustus 2026 di aula", now)
    assert isinstance(error, WeekdayMismatchError)
    assert (error.said, error.is_, error.on) == (1, 0, date(2026, 8, 24))
    assert error.span == (6, 29)
    assert error.others == (Day(date(2026, 8, 24)), Day(date(2026, 8, 25)))
    missing = parse("31 Februari", now)
    assert isinstance(missing, NoSuchDateError)
    assert missing.said == "31 februari"


def test_what_has_no_place_in_time_has_no_start() -> None:
    assert [start_of(value) for value in VALUES[6:8]] == [None, None]
    assert start_of(VALUES[9]) is None
    assert start_of(VALUES[0]) == NINE


def test_whole_days_last_from_midnight_to_midnight() -> None:
    begin, end = Day(date(2026, 8, 31)).bounds(ZONE)
    assert (begin, end) == (datetime(2026, 8, 31, tzinfo=ZONE), datetime(2026, 9, 1, tzinfo=ZONE))
    assert DateRange(date(2026, 8, 30), date(2026, 8, 31)).bounds(ZONE) == (begin - timedelta(days=1), end)


@pytest.mark.parametrize(("day", "last"), [(date(2026, 12, 31), 31), (date(2028, 2, 1), 29), (date(2026, 2, 28), 28)])
def test_a_month_ends_with_its_last_day(day: date, last: int) -> None:
    assert DateRange.month_of(day) == DateRange(day.replace(day=1), day.replace(day=last))
