"""What holds for every text: formats read back, small changes change nothing, no time is invented."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.when import (
    ApproximateTime,
    DateRange,
    Day,
    Instant,
    InThePastError,
    Reading,
    TimeRange,
    WhenError,
    describe,
    parse,
    start_of,
)
from pendopo.when.lexicon import LANGUAGES, load_lexicon

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
