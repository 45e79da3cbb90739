"""Times among whatever else people write: a sound reading or a reason, and work that grows no faster than the text."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.when import DateRange, Day, Instant, Reading, TimeRange, When, WhenError, describe, parse, upcoming
from pendopo.when.lexicon import LANGUAGES, load_lexicon
from pendopo.when.values import Recurrence

from tests.oddities import texts

from .conftest import value_of

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 8, 12, 10, 20, tzinfo=JAKARTA)
KNOWN = sorted(load_lexicon(LANGUAGES).known)
NUMBERS = (
    "0", "00", "3", "9.30", "24.00", "24:60", "31", "1/1/0001", "31/12/9999", "29/2/2027", "2026-13-45", "9999", "0000", "H-0",
    "99999999999", "999999 bulan lagi", "1000000 tahun", "tiap 0 hari", "tiap 99999 menit", "1½", "1e9", "12.30.45", "+3", "(",
)  # fmt: skip
said = texts(*NUMBERS) | st.lists(st.sampled_from([*KNOWN, *NUMBERS]), max_size=10).map(" ".join)
FIRST, LAST = (datetime.combine(day, time()) for day in (date(1970, 1, 2), date(9900, 12, 30)))
moments = st.datetimes(FIRST, LAST, timezones=st.sampled_from([UTC, JAKARTA]))


def values(reading: Reading | WhenError | None) -> list[When]:
    if isinstance(reading, Reading):
        return [reading.value, *reading.others]
    return list(reading.others) if isinstance(reading, WhenError) else []


@given(text=said, now=st.just(NOW) | moments)
def test_whatever_is_said_whenever_it_is_read_or_it_is_said_why_not(text: str, now: datetime) -> None:
    reading = parse(text, now)
    assert reading is None or isinstance(reading, Reading | WhenError)
    for value in values(reading):
        assert all(describe(value, language, now) for language in LANGUAGES)
        assert msgspec.json.decode(msgspec.json.encode(value), type=When) == value
        if isinstance(value, Recurrence):
            assert all(at > now for at in islice(upcoming(value, now), 3))
    if isinstance(reading, Reading):
        pieces = reading.pieces or (reading.span,)
        assert all(reading.span[0] <= start < end <= reading.span[1] <= len(text) for start, end in pieces)
        left = reading.remove_from(text)
        assert len(left) <= len(text)
        assert left == left.strip()


@given(day=st.dates(date(2026, 8, 14), date(2090, 1, 1)), minute=st.integers(0, 59), minutes=st.integers(1, 600))
def test_the_echo_of_a_span_reads_as_itself(day: date, minute: int, minutes: int) -> None:
    begin = datetime(day.year, day.month, day.day, 8, minute, tzinfo=JAKARTA)
    span = TimeRange(begin, begin + timedelta(minutes=minutes))
    assert value_of(parse(describe(span), NOW)) == span


@given(day=st.dates(date(2026, 8, 13), date(2090, 1, 1)), days=st.integers(1, 400))
def test_the_echo_of_days_reads_as_itself(day: date, days: int) -> None:
    span = DateRange(day, day + timedelta(days=days))
    assert value_of(parse(describe(span), NOW)) == span


@given(day=st.dates(date(2026, 8, 13), date(2090, 1, 1)), hour=st.integers(0, 23), language=st.sampled_from(LANGUAGES))
def test_the_echo_in_every_language_reads_as_itself(day: date, hour: int, language: str) -> None:
    moment = Instant(datetime(day.year, day.month, day.day, hour, 5, tzinfo=JAKARTA))
    for value in (moment, Day(day)):
        assert value_of(parse(describe(value, language, NOW), NOW)) == value


def work(call: Callable[[], Any]) -> int:
    """How many functions are called: the same on every machine, however busy."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        call()
    finally:
        sys.setprofile(before)
    return count


MOST = 250
"""Calls for one letter. Chatter takes some five of them, and a text that is nothing but times a hundred."""
THIRTY_YEARS = 5 * 30 * 366
"""So far a recurrence is looked for that never comes."""
PIECES = [
    "every 0000/0/0 ",
    *KNOWN[::40],
    *NUMBERS,
    "besok jam 9 ",
    "Senin-",
    "1/2/",
    "9.",
    "setiap ",
    "3 hari ",
    " ",
    "\n",
    "\u200b",
    "(",
    "s.d. ",
    "tgl 5, ",
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_text_of_one_piece_without_end_takes_bounded_work(piece: str) -> None:
    for between in ("", " "):
        text = (f"{piece}{between}" * 2500)[:2500]
        assert work(partial(parse, text, NOW)) < MOST * len(text) + THIRTY_YEARS


@given(text=said)
def test_the_work_of_reading_is_bounded_by_the_length_of_the_text(text: str) -> None:
    assert work(lambda: parse(text, NOW)) < MOST * (len(text) + 50) + THIRTY_YEARS
