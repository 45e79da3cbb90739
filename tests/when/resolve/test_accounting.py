"""No part of a time that was said is lost: it is in the value, in the words that are left, or the reading is in doubt."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pendopo.when import ApproximateTime, DateRange, Day, Duration, Instant, Reading, Recurrence, TimeRange, When, parse

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 8, 12, 10, 20, tzinfo=JAKARTA)


class Part(NamedTuple):
    """A part of a time as it is said, and whether a value holds it."""

    text: str
    holds: Callable[[When], bool]


def days_of(value: When) -> tuple[date, date] | None:
    """The first and the last day of a value."""
    match value:
        case Day(on):
            return on, on
        case DateRange(start, end):
            return start, end
        case Instant(at):
            return at.date(), at.date()
        case TimeRange(begin, close) | ApproximateTime(begin, close):
            return begin.date(), (close - timedelta(microseconds=1) if close else begin).date()
    return None


def clocks_of(value: When) -> tuple[str, str]:
    """The first and the last hour and minute of a value."""
    match value:
        case Instant(at):
            return f"{at:%H:%M}", f"{at:%H:%M}"
        case TimeRange(begin, close) | ApproximateTime(begin, close):
            return f"{begin:%H:%M}", f"{close:%H:%M}" if close else "open"
        case Recurrence(anchor=anchor, lasts=lasts) if value.timed:
            return f"{anchor:%H:%M}", f"{anchor + (lasts or timedelta(0)):%H:%M}"
    return "", ""


def rule_of(value: When) -> dict[str, str]:
    return dict(part.split("=") for part in value.rrule.split(";")) if isinstance(value, Recurrence) else {}


def begins(day: date, value: When) -> bool:
    if isinstance(value, Recurrence):
        return value.anchor.date() >= day
    days = days_of(value)
    return days is not None and days[0] == day


def is_on(day: date, value: When) -> bool:
    rule = rule_of(value)
    if rule:
        named = rule.get("BYMONTHDAY") == str(day.day) and rule.get("BYMONTH", str(day.month)) == str(day.month)
        return named or ends_on(day, value)
    days = days_of(value)
    return days is not None and days[0] <= day <= days[1]


def ends_on(day: date, value: When) -> bool:
    until = rule_of(value).get("UNTIL", "")
    if until:
        return until[:8] == f"{day:%Y%m%d}"
    days = days_of(value)
    return days is not None and days[1] == day


def starts_at(clock: str, value: When) -> bool:
    """At that hour, or until it where a range has another beginning; "malam" may make it the evening's."""
    return bool({clock, f"{int(clock[:2]) + 12}{clock[2:]}"} & set(clocks_of(value)))


def ends_at(clock: str, value: When) -> bool:
    """At that hour, which a zone said before applies to too."""
    return clocks_of(value)[1] in (clock, f"{int(clock[:2]) - 1}{clock[2:]}" if clock[0].isdigit() else clock)


def is_open(value: When) -> bool:
    """An hour without an end, or a day, which is whole."""
    return clocks_of(value)[1] == "open" or isinstance(value, Day | DateRange)


def spans(first: str, last: str, value: When) -> bool:
    return clocks_of(value) == (first, last)


def counts_days(days: int, value: When) -> bool:
    if "UNTIL" in rule_of(value):
        return True
    found = days_of(value)
    if isinstance(value, Duration):
        return value.delta == timedelta(days=days)
    return found is not None and (found[1] - found[0]).days + 1 == days


def lasts(length: timedelta, value: When) -> bool:
    match value:
        case TimeRange(begin, close) if close is not None:
            return close - begin == length
        case Recurrence(lasts=took):
            return took == length
        case Duration(delta):
            return delta == length
    return False


def is_half(value: When) -> bool:
    match value:
        case TimeRange(begin, close) if close is not None:
            return close - begin <= timedelta(hours=5)
        case Duration(delta):
            return delta == timedelta(hours=12)
    return False


def repeats(freq: str, by: str, value: When) -> bool:
    rule = rule_of(value)
    return rule.get("FREQ") == freq and by in ("", rule.get("BYDAY", ""), rule.get("BYMONTHDAY", ""))


def is_daily(value: When) -> bool:
    rule = rule_of(value)
    return rule.get("FREQ") == "DAILY" or (rule.get("FREQ") == "WEEKLY" and "BYDAY" in rule)


def is_bounded(value: When) -> bool:
    return "UNTIL" in rule_of(value)


def leaves_out(names: tuple[str, ...], value: When) -> bool:
    days = rule_of(value).get("BYDAY", "")
    return bool(days) and not set(days.split(",")) & set(names)


def is_within(first: str, last: str, value: When) -> bool:
    """Begins or ends at such an hour."""
    return any(first <= clock <= last for clock in clocks_of(value))


AUGUST = partial(date, 2026, 8)
PARTS: dict[str, list[Part]] = {
    "start": [
        Part("tgl 20", partial(is_on, AUGUST(20))),
        Part("besok", partial(is_on, AUGUST(13))),
        Part("25 Agustus", partial(is_on, AUGUST(25))),
        Part("Kamis, 27 Agustus 2026", partial(is_on, AUGUST(27))),
        Part("Kamis/27 Agustus 2026", partial(is_on, AUGUST(27))),
        Part("21/8", partial(is_on, AUGUST(21))),
        Part("lusa", partial(is_on, AUGUST(14))),
        Part("mulai 24 Agustus", partial(begins, AUGUST(24))),
        Part("sejak tgl 10", partial(begins, AUGUST(10))),
    ],
    "clock": [
        Part("jam 14.00", partial(starts_at, "14:00")),
        Part("pukul 08.30", partial(starts_at, "08:30")),
        Part("jam 9 pagi", partial(starts_at, "09:00")),
        Part("jam 13-15", partial(spans, "13:00", "15:00")),
        Part("jam 9 WITA", partial(starts_at, "08:00")),
    ],
    "end": [
        Part("sampai 30 Agustus", partial(ends_on, AUGUST(30))),
        Part("s.d. 28 Agustus", partial(ends_on, AUGUST(28))),
        Part("sampai jam 16.00", partial(ends_at, "16:00")),
        Part("sampai siang", partial(is_within, "07:00", "15:00")),
        Part("s.d. selesai", is_open),
        Part("sampai akhir Desember", partial(ends_on, date(2026, 12, 31))),
    ],
    "length": [
        Part("3 hari", partial(counts_days, 3)),
        Part("selama 4 hari", partial(counts_days, 4)),
        Part("2 minggu", partial(counts_days, 14)),
        Part("selama 2 jam", partial(lasts, timedelta(hours=2))),
        Part("2 jam", partial(lasts, timedelta(hours=2))),
        Part("setengah hari", is_half),
    ],
    "turns": [
        Part("setiap Senin", partial(repeats, "WEEKLY", "MO")),
        Part("setiap hari", is_daily),
        Part("tiap bulan", partial(repeats, "MONTHLY", "")),
        Part("setiap 2 minggu", partial(repeats, "WEEKLY", "")),
        Part("setiap tanggal 5", partial(repeats, "MONTHLY", "5")),
    ],
    "number": [Part("10 kali", is_bounded), Part("sebanyak 5 kali", is_bounded)],
    "exception": [
        Part("kecuali Minggu", partial(leaves_out, ("SU",))),
        Part("kecuali Sabtu dan Minggu", partial(leaves_out, ("SA", "SU"))),
        Part("kecuali tanggal 17", partial(leaves_out, ())),
    ],
    "part of day": [
        Part("pagi", partial(is_within, "05:00", "11:00")),
        Part("siang", partial(is_within, "07:00", "18:00")),
        Part("nanti sore", partial(is_within, "12:00", "18:30")),
        Part("malam", partial(is_within, "18:00", "23:59")),
        Part("nanti malam", partial(is_within, "18:00", "23:59")),
    ],
}
FILLERS = ("dinas", "ke Bandung", "rapat koordinasi", "cuti", "di Balai Kota")


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, list[Part]]:
    """A sentence of parts of a time and of other words, in any order."""
    kinds = draw(st.lists(st.sampled_from(sorted(PARTS)), min_size=1, max_size=4, unique=True))
    parts = [draw(st.sampled_from(PARTS[kind])) for kind in kinds]
    words = [part.text for part in parts] + draw(st.lists(st.sampled_from(FILLERS), max_size=2))
    return " ".join(draw(st.permutations(words))), parts


def is_left(part: Part, left: str) -> bool:
    """Whether the words of a part that tell the time are still there."""
    return all(word in left.replace(",", " ").split() for word in part.text.replace(",", " ").split()[-1:])


def find_lost(text: str, parts: list[Part]) -> list[str]:
    reading = parse(text, NOW)
    if not isinstance(reading, Reading) or reading.doubtful:
        return []  # nothing is taken before somebody was asked
    left = reading.remove_from(text)
    bounded = reading.bound == "until"  # whoever wants a length makes one of it
    return [
        part.text
        for part in parts
        if not (part.holds(reading.value) or is_left(part, left) or (bounded and part in PARTS["end"]))
    ]


@settings(max_examples=600, derandomize=True)
@given(sentences())
def test_every_part_is_in_the_value_or_in_the_words_left_or_asked_about(said: tuple[str, list[Part]]) -> None:
    assert find_lost(*said) == []


PIECES = (
    "tgl 20", "jam 9", "pukul 08.30", "20 Agustus", "24 Agustus 2026", "3 hari", "selama 2 jam", "21/8/2026", "22/8",
    "10 kali", "setiap 2 minggu", "14-16 Agustus", "7,8 September", "tgl 5 dan 20", "s.d.", "sampai", "dan", "atau", ",",
    "Senin", "besok", "rapat", "kecuali", "mulai", "sejak", "WITA", "Kamis/27 Agustus 2026", "5 orang", "Rp 10.000",
    "nomor 005/12/2026", "setiap tanggal 5", "jam 13-15", "siang", "malam", "depan", "lagi", "sebelum", "bulan", "minggu",
    "2 hari kerja", "setengah hari", "akhir Desember", "H-1", "jam setengah 8", "lewat 10", "diganti", "semula", "selesai",
    "sebanyak", "dinas",
)  # fmt: skip
DIGITS = re.compile(r"\d+")


def outcome_of(text: str) -> object:
    reading = parse(text, NOW)
    if isinstance(reading, Reading):
        return reading.value, reading.others, reading.doubtful
    return str(reading)


@settings(max_examples=600, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map(" ".join))
def test_no_number_is_cut_out_of_a_text_without_a_part_in_the_value_or_a_doubt(text: str) -> None:
    """Whatever number is cut out tells in the outcome: with another number in its place that is another one."""
    assert find_idle_numbers(text) == []


def find_idle_numbers(text: str) -> list[str]:
    reading = parse(text, NOW)
    if not isinstance(reading, Reading) or reading.doubtful:
        return []
    idle = []
    for found in DIGITS.finditer(text):
        if any(start <= found.start() and found.end() <= end for start, end in reading.pieces):
            changed = f"{text[: found.start()]}{int(found[0]) + 1:0{len(found[0])}}{text[found.end() :]}"
            if outcome_of(changed) == outcome_of(text):
                idle.append(found[0])
    return idle


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("cuti 2 jam besok", ["2 jam"]),
        ("20-22 Agustus dinas 5 hari", ["5 hari"]),
        ("20-25 Agustus kecuali Minggu", ["kecuali Minggu"]),
        ("setiap Senin jam 8 kecuali tanggal 17", ["kecuali tanggal 17"]),
        ("besok jam 13-15 selama 3 jam", ["selama 3 jam"]),
        ("jam 9 pagi ba'da isya besok", ["ba'da isya"]),
        ("setiap Senin 21/8", ["21/8"]),
    ],
)
def test_what_was_not_read_is_named(text: str, unread: list[str]) -> None:
    reading = parse(text, NOW)
    assert isinstance(reading, Reading)
    assert "unread" in reading.assumed
    assert reading.list_unread(text) == unread


@pytest.mark.parametrize(
    "text",
    [
        "Kamis, 20 Agustus 2026 jam 14.00 siang",
        "besok tgl 13 jam 9",
        "20-22 Agustus dinas 3 hari",
        "besok jam 13-15 selama 2 jam",
        "Kamis minggu ini jam 9",
        "setengah hari jam 8-12 besok",
        "besok siang pukul 13.00",
    ],
)
def test_what_is_said_twice_the_same_way_is_no_doubt(text: str) -> None:
    reading = parse(text, NOW)
    assert isinstance(reading, Reading)
    assert not reading.doubtful
