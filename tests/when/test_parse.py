"""What holds for every text and for each phrase of the table: times are read as people mean them, and none is invented."""

import json
import random
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.when import (
    ApproximateTime,
    DateRange,
    Day,
    Duration,
    Instant,
    InThePastError,
    Reading,
    Recurrence,
    RelativeTime,
    TimeRange,
    When,
    WhenError,
    describe,
    parse,
    start_of,
    upcoming,
)
from pendopo.when.lexicon import LANGUAGES, load_lexicon

from tests.oddities import texts

from .conftest import value_of

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 8, 12, 10, 20, tzinfo=JAKARTA)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
SHORT = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des")


def written(at: datetime) -> str:
    return f"{DAYS[at.weekday()]}, {at.day} {MONTHS[at.month - 1]} {at.year}"


STYLES: dict[str, Callable[[datetime], str]] = {
    "letter": lambda at: f"{written(at)} pukul {at:%H.%M} WIB",
    "echo": lambda at: f"{written(at)}, pukul {at:%H.%M} WIB",
    "hari": lambda at: f"hari {written(at)}, pukul {at:%H.%M}",
    "tanggal": lambda at: f"tanggal {at.day} {MONTHS[at.month - 1]} {at.year} pukul {at:%H.%M} WIB",
    "slashes": lambda at: f"{at:%d/%m/%Y} pukul {at:%H.%M}",
    "dashes": lambda at: f"{at:%d-%m-%Y} {at:%H:%M} WIB",
    "dots": lambda at: f"{at:%d.%m.%Y} pukul {at:%H.%M}",
    "iso": lambda at: f"{at:%Y-%m-%d} {at:%H:%M}",
    "stamp": lambda at: at.isoformat(),
    "newspaper": lambda at: f"{DAYS[at.weekday()]} ({at.day}/{at.month}/{at.year}) pukul {at:%H.%M} WIB",
    "short": lambda at: f"{at.day} {SHORT[at.month - 1]} {at.year} pkl {at:%H.%M}",
    "labels": lambda at: f"Hari/Tanggal : {written(at)}\nWaktu : Pukul {at:%H.%M} WIB\nTempat : Balai Kota",
    "time first": lambda at: f"pukul {at:%H.%M} WIB, {written(at)}",
}
moments = st.datetimes(datetime(2026, 8, 14), datetime(2090, 12, 31)).map(  # noqa: DTZ001  # the zone is put on below
    lambda at: at.replace(second=0, microsecond=0, tzinfo=JAKARTA)
)
PHRASES = (
    "besok jam 9", "Senin depan pukul 14.00", "tgl 20 Agustus jam 8 pagi", "nanti sore jam 5", "2 jam lagi",
    "setiap Senin jam 8",
    "14-16 Agustus 2026", "3 hari", "malam Minggu jam 7", "Kamis pukul 08.00 s.d. selesai", "next Tuesday at 2pm", "ba'da isya",
    "isukan jam salapan", "30 menit sebelum rapat", "akhir bulan", "jam setengah 8 malam", "besok jam 9-11", "lusa",
)  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
@given(at=moments)
def test_an_official_date_is_read_back_exactly(style: str, at: datetime) -> None:
    reading = parse(STYLES[style](at), NOW)
    assert isinstance(reading, Reading)
    assert reading.value == Instant(at)


@given(at=moments)
def test_the_echo_of_a_reading_reads_as_itself(at: datetime) -> None:
    assert value_of(parse(describe(Instant(at)), NOW)) == Instant(at)


@given(day=st.dates(date(2026, 8, 13), date(2090, 12, 31)))
def test_a_whole_day_is_read_back(day: date) -> None:
    assert value_of(parse(describe(Day(day)), NOW)) == Day(day)


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda text: text.replace(" ", "  "),
        lambda text: f"{text}.",
        lambda text: f"{text}!",
        lambda text: f"{text} ya",
        lambda text: f"{text} pak",
        lambda text: f"  {text}\n",
        lambda text: f"Pak, {text}",
        lambda text: text.replace("'", "’"),
    ],
)
def test_small_changes_do_not_change_the_reading(phrase: str, change: Callable[[str], str]) -> None:
    plain, changed = parse(phrase, NOW), parse(change(phrase), NOW)
    assert isinstance(plain, Reading)
    assert isinstance(changed, Reading)
    assert (changed.value, changed.assumed, changed.others) == (plain.value, plain.assumed, plain.others)


FORWARD: tuple[str, ...] = ("besok jam 9", "jam 9", "jam 14.30", "Senin", "tgl 5", "tgl 5 jam 7 malam", "24/12", "nanti malam")
FORWARD += ("lusa", "ba'da magrib")


@given(phrase=st.sampled_from(FORWARD), later=st.timedeltas(timedelta(0), timedelta(days=800)))
def test_what_looks_forward_never_lies_in_the_past(phrase: str, later: timedelta) -> None:
    now = (NOW.astimezone(UTC) + later).astimezone(JAKARTA)
    reading = parse(phrase, now)
    assert isinstance(reading, Reading)
    start = start_of(reading.value)
    assert start is not None
    day = start.date() if isinstance(start, datetime) else start
    assert day >= now.date()
    if isinstance(reading.value, Instant):
        assert reading.value.at > now


@given(st.sampled_from(("besok", "Senin", "tgl 5", "jam 9", "24/12")), st.integers(0, 600_000), st.integers(1, 5000))
def test_a_later_now_never_gives_an_earlier_time(phrase: str, minutes: int, step: int) -> None:
    def start(after: int) -> str:
        reading = parse(phrase, NOW + timedelta(minutes=after))
        assert isinstance(reading, Reading)
        return str(start_of(reading.value))

    assert start(minutes) <= start(minutes + step)


@given(text=st.text(max_size=120))
def test_no_text_breaks_it(text: str) -> None:
    reading = parse(text, NOW)
    assert reading is None or isinstance(reading, Reading | WhenError)


KNOWN = load_lexicon(LANGUAGES)
WORDS_OF_CHAT = (
    "ok siap pak laksanakan terima kasih mohon izin bu hadir rapat di aula lurah camat warga banjir foto laporan sampah jalan "
    "min 3 orang 5 kg Rp 10.000 RT 05 RW 03 jam 9 besok hari minggu bulan tiga setengah sebelum sampai - / . , : ( ) 12 17/8 "
    "2026 mulai dari setiap lagi depan malam tgl nanti 25 selesai pagi Agustus dan atau H-1 s.d. 08.00 kurang lewat Jumat"
)
CHAT = WORDS_OF_CHAT.split()


@given(seed=st.integers(0, 10**9))
def test_what_is_found_in_chat_holds_a_digit_or_a_word_of_time(seed: int) -> None:
    chance = random.Random(seed)
    text = " ".join(chance.choices(CHAT, k=chance.randint(1, 14)))
    reading = parse(text, NOW)
    if reading is not None:
        found = text[slice(*reading.span)]
        assert any(sign.isdigit() for sign in found) or any(word.lower() in KNOWN.known for word in found.split())


def test_the_span_cuts_the_time_out_of_the_text() -> None:
    text = "ingatkan saya kirim laporan besok jam 9 ya"
    reading = parse(text, NOW)
    assert isinstance(reading, Reading)
    assert text[slice(*reading.span)] == "besok jam 9"


def test_no_blank_of_any_kind_is_left_at_the_ends() -> None:
    text = "\u00a0laporan\u00a0besok jam 9"
    reading = parse(text, NOW)
    assert isinstance(reading, Reading)
    assert reading.remove_from(text) == "laporan"


def test_an_accent_or_a_wide_letter_does_not_move_the_span() -> None:
    text = "Énjing tabuh salapan ④ rapat besok ｊａｍ 9"
    reading = parse("rapat énjing tabuh dalapan", NOW)
    assert isinstance(reading, Reading)
    assert "rapat énjing tabuh dalapan"[slice(*reading.span)] == "énjing tabuh dalapan"
    assert parse(text, NOW) is not None


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "America/New_York"])
def test_a_clock_is_that_of_the_zone(zone: str) -> None:
    reading = parse("besok jam 9", NOW, zone)
    assert isinstance(reading, Reading)
    assert isinstance(reading.value, Instant)
    assert reading.value.at.hour == 9
    assert reading.value.at.tzinfo == ZoneInfo(zone)


def test_a_clock_that_summer_time_skips_becomes_the_moment_it_really_is() -> None:
    now = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    reading = parse("besok pukul 02.30", now, "Europe/Berlin")
    assert value_of(reading) == Instant(datetime(2026, 3, 29, 3, 30, tzinfo=ZoneInfo("Europe/Berlin")))


def test_hours_ahead_are_counted_in_real_time_across_the_end_of_summer_time() -> None:
    now = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    reading = parse("3 jam lagi", now, "Europe/Berlin")
    assert isinstance(reading, Reading)
    assert isinstance(reading.value, Instant)
    assert reading.value.at.astimezone(UTC) - now.astimezone(UTC) == timedelta(hours=3)


def test_holidays_that_the_caller_knows_are_no_working_days() -> None:
    assert value_of(parse("2 hari kerja lagi", NOW)) == Day(date(2026, 8, 14))
    shifted = parse("2 hari kerja lagi", NOW, holidays={date(2026, 8, 13)})
    assert value_of(shifted) == Day(date(2026, 8, 18))


def test_a_time_of_today_that_is_over_offers_what_may_have_been_meant() -> None:
    reading = parse("hari ini jam 9", NOW)
    assert isinstance(reading, InThePastError)
    assert [describe(other) for other in reading.others] == [
        "Rabu, 12 Agustus 2026, pukul 21.00 WIB",
        "Kamis, 13 Agustus 2026, pukul 09.00 WIB",
    ]


def test_only_the_languages_asked_for_are_read() -> None:
    assert parse("tomorrow at 9", NOW, langs=("id",)) is None


LEXICON_WORDS = st.sampled_from([*sorted(KNOWN.known), "3", "9", "17", "08.00", "21/8/2026", "2026", "s.d.", "-", ",", "H-1"])


@given(words=st.lists(LEXICON_WORDS, min_size=1, max_size=8), minutes=st.integers(0, 1_500_000))
def test_words_of_time_in_any_order_give_a_sound_value_or_a_reason(words: list[str], minutes: int) -> None:
    text, now = " ".join(words), NOW + timedelta(minutes=minutes)
    reading = parse(text, now)
    if isinstance(reading, Reading):
        for value in (reading.value, *reading.others):
            assert describe(value, "en", now)
            if isinstance(value, TimeRange | DateRange | ApproximateTime) and value.end is not None:
                assert str(value.start) <= str(value.end)
        assert 0 <= reading.span[0] < reading.span[1] <= len(text)


@pytest.mark.parametrize("between", [" ", ", ", "\n", "(", "-", "tgl ", " paling lambat", "s.d. "])
def test_however_much_stands_before_a_time_it_is_cut_out(between: str) -> None:
    """A table pasted from a letter has blanks without end between its columns."""
    text = f"laporan{between * 100}kunjungan pada hari besok jam 9"
    reading = parse(text, NOW)
    assert isinstance(reading, Reading)
    assert reading.remove_from(text).endswith("kunjungan")


# -- Every phrase of the table is read as people mean it, and what was assumed is said.

HERE = Path(__file__).parent
TABLE = json.loads((HERE / "phrases.json").read_text(encoding="utf-8"))
CASES = TABLE["cases"]


def means(kind: str, said: Any, value: When, now: datetime) -> bool:
    """Whether `value` is what the table says."""
    match kind, value:
        case "instant", Instant(at):
            return at == datetime.fromisoformat(said)
        case "date", Day(on):
            return on == date.fromisoformat(said)
        case "date_range", DateRange(start, end):
            return (start.isoformat(), end.isoformat()) == (said["start"], said["end"])
        case "interval", TimeRange(start, end):
            return [start.isoformat(), end and end.isoformat()] == [said["start"], said["end"]]
        case "window", ApproximateTime(start, end) | TimeRange(start, end):
            return datetime.fromisoformat(said["start"]) <= start <= (end or start) <= datetime.fromisoformat(said["end"])
        case "window", Instant(at):
            return datetime.fromisoformat(said["start"]) <= at <= datetime.fromisoformat(said["end"])
        case "duration", Duration():
            return bool(value.iso == said)
        case "offset", RelativeTime(anchor):
            return [anchor, value.iso] == [said["anchor"], said["offset"]]
        case "recurrence", Recurrence():
            following = [at.isoformat() for at in islice(upcoming(value, now), 3)]
            return all(at.startswith(wanted) for at, wanted in zip(following, said["next"], strict=True))
    return False


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.get('now', '')[:16]} {case['text']}".strip())
def test_a_phrase_is_read_as_meant(case: dict[str, Any]) -> None:
    now = datetime.fromisoformat(case.get("now", TABLE["now"]))
    reading = parse(case["text"], now)
    if case["kind"] == "none":
        assert reading is None
    elif case["kind"] == "error":
        assert isinstance(reading, WhenError)
        assert type(reading).__name__ == case["value"]
    else:
        assert isinstance(reading, Reading)
        wanted = [case["value"], *case.get("also", [])]
        assert any(means(case["kind"], said, reading.value, now) for said in wanted), reading
        assert reading.sure == case.get("sure", reading.sure), reading
        assert reading.doubtful == case.get("doubtful", reading.doubtful), reading
        if case["kind"] == "recurrence" and case["value"].get("ends"):
            assert isinstance(reading.value, Recurrence)
            assert len(list(upcoming(reading.value, now))) == len(case["value"]["next"])


def test_the_table_is_large_enough_to_mean_something() -> None:
    kinds = [case["kind"] for case in CASES]
    assert len(kinds) >= 850
    assert kinds.count("none") >= 40


@pytest.mark.parametrize("case", [case for case in CASES if case["kind"] == "window"], ids=lambda case: case["text"])
def test_an_approximate_time_says_that_it_is_one(case: dict[str, Any]) -> None:
    reading = parse(case["text"], datetime.fromisoformat(case.get("now", TABLE["now"])))
    assert isinstance(reading, Reading)
    assert reading.assumed


# -- Times among whatever else people write: a sound reading or a reason, and work that grows no faster than the text.

WORDS = sorted(load_lexicon(LANGUAGES).known)
NUMBERS = (
    "0", "00", "3", "9.30", "24.00", "24:60", "31", "1/1/0001", "31/12/9999", "29/2/2027", "2026-13-45", "9999", "0000", "H-0",
    "99999999999", "999999 bulan lagi", "1000000 tahun", "tiap 0 hari", "tiap 99999 menit", "1½", "1e9", "12.30.45", "+3", "(",
)  # fmt: skip
said = texts(*NUMBERS) | st.lists(st.sampled_from([*WORDS, *NUMBERS]), max_size=10).map(" ".join)
FIRST, LAST = (datetime.combine(day, time()) for day in (date(1970, 1, 2), date(9900, 12, 30)))
any_moments = st.datetimes(FIRST, LAST, timezones=st.sampled_from([UTC, JAKARTA]))


def values(reading: Reading | WhenError | None) -> list[When]:
    if isinstance(reading, Reading):
        return [reading.value, *reading.others]
    return list(reading.others) if isinstance(reading, WhenError) else []


@given(text=said, now=st.just(NOW) | any_moments)
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
    *WORDS[::40],
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
