"""From what was said to the moment it comes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pendopo import ApproximateTime, DateRange, Day, Duration, Instant, Recurrence, RelativeTime, TimeRange, UserError, When
from pendopo_ingatkan.times import default_off_days, parse_off_days, resolve_time, round_to_minute, tomorrow_morning

JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")


def at(*parts: int, zone: ZoneInfo = JAKARTA) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type,misc]  # year, month, day, hour, minute


NOW = at(2026, 8, 12, 10, 20)


@pytest.mark.parametrize(
    ("said", "moment", "clock"),
    [
        (Instant(at(2026, 8, 13, 9)), at(2026, 8, 13, 9), False),
        (TimeRange(at(2026, 8, 13, 9), None), at(2026, 8, 13, 9), False),
        (ApproximateTime(at(2026, 8, 13, 8), at(2026, 8, 13, 10)), at(2026, 8, 13, 8), False),
        (ApproximateTime(at(2026, 8, 12, 8), at(2026, 8, 12, 11)), at(2026, 8, 12, 11), False),
        (Day(date(2026, 8, 13)), at(2026, 8, 13, 8), True),
        (DateRange(date(2026, 8, 17), date(2026, 8, 23)), at(2026, 8, 17, 8), True),
        (Duration(timedelta(hours=2)), at(2026, 8, 12, 12, 20), False),
        (Duration(timedelta(days=3)), at(2026, 8, 15, 10, 20), False),
        (Duration(timedelta(0), 6), at(2027, 2, 12, 10, 20), False),
    ],
)
def test_everything_that_can_be_said_has_a_moment(said: When, moment: datetime, clock: bool) -> None:
    assert resolve_time(said, NOW, JAKARTA) == (Instant(moment), clock)


@pytest.mark.parametrize(
    ("now", "length", "moment"),
    [
        (at(2027, 1, 31, 9), Duration(timedelta(0), 1), at(2027, 2, 28, 9)),
        (at(2028, 1, 31, 9), Duration(timedelta(0), 1), at(2028, 2, 29, 9)),
        (at(2028, 2, 29, 9), Duration(timedelta(0), 12), at(2029, 2, 28, 9)),
        (at(2026, 12, 31, 23, 30), Duration(timedelta(hours=1)), at(2027, 1, 1, 0, 30)),
        (at(2026, 12, 31, 9), Duration(timedelta(days=1)), at(2027, 1, 1, 9)),
    ],
)
def test_lengths_go_over_month_and_year_ends(now: datetime, length: Duration, moment: datetime) -> None:
    assert resolve_time(length, now, JAKARTA).value == Instant(moment)


def test_days_go_by_the_calendar_and_hours_by_real_time() -> None:
    """The night of 28 March 2026 in Berlin has one hour less."""
    now = at(2026, 3, 28, 20, zone=BERLIN)
    assert resolve_time(Duration(timedelta(days=1)), now, BERLIN).value == Instant(at(2026, 3, 29, 20, zone=BERLIN))
    by_hours = resolve_time(Duration(timedelta(hours=24)), now, BERLIN).value  # 24 hours are a day to Python, and to people
    assert by_hours == Instant(at(2026, 3, 29, 20, zone=BERLIN))
    later = resolve_time(Duration(timedelta(hours=8)), now, BERLIN).value
    assert isinstance(later, Instant)
    assert later.at.timestamp() - now.timestamp() == 8 * 3600
    assert later.at.hour == 5


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (Instant(at(2026, 8, 11, 9)), "ingatkan.lewat"),
        (Day(date(2026, 8, 12)), "ingatkan.jam_berapa"),
        (Day(date(2026, 8, 11)), "ingatkan.lewat"),
        (RelativeTime("rapat 12", timedelta(minutes=-15)), "ingatkan.belum_dikenal"),
        (Recurrence("FREQ=MINUTELY;INTERVAL=2", NOW), "ingatkan.terlalu_rapat"),
    ],
)
def test_what_cannot_be_used_asks_for_the_time_again(said: When, key: str) -> None:
    with pytest.raises(UserError, match=key) as refused:
        resolve_time(said, NOW, JAKARTA)
    assert refused.value.param == "waktu"


def test_a_recurrence_without_a_clock_comes_in_the_morning() -> None:
    taken = resolve_time(Recurrence("FREQ=WEEKLY;BYDAY=MO", at(2026, 8, 17)), NOW, JAKARTA)
    assert isinstance(taken.value, Recurrence)
    assert taken.clock
    assert taken.value.rrule == "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0"


@pytest.mark.parametrize(
    ("text", "policy", "left"),
    [
        ("apel, lewati hari libur", "skip", "apel"),
        ("apel kecuali libur", "skip", "apel"),
        ("roll call, skip holidays", "skip", "roll call"),
        ("gaji maju bila libur", "before", "gaji"),
        ("gaji, dimundurkan kalau hari libur", "after", "gaji"),
        ("ronda termasuk hari libur", "keep", "ronda"),
        ("siapkan hari libur bersama", None, "siapkan hari libur bersama"),
    ],
)
def test_days_off_are_said_in_words(text: str, policy: str | None, left: str) -> None:
    assert parse_off_days(text) == (policy, left)


def test_working_days_are_those_on_which_one_works() -> None:
    assert default_off_days(Recurrence("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=7;BYMINUTE=30", NOW)) == "skip"
    assert default_off_days(Recurrence("FREQ=WEEKLY;BYDAY=MO;BYHOUR=7;BYMINUTE=30", NOW)) == "keep"


@pytest.mark.parametrize(("second", "minute"), [(0, 21), (29, 21), (30, 22), (59, 22)])
def test_seconds_are_rounded_to_a_minute_that_is_still_to_come(second: int, minute: int) -> None:
    now = at(2026, 8, 12, 10, 20, 0)
    assert round_to_minute(at(2026, 8, 12, 10, 21, second), now) == at(2026, 8, 12, 10, minute)
    assert round_to_minute(at(2026, 8, 12, 10, 20, 10), now) == at(2026, 8, 12, 10, 21)


def test_tomorrow_morning_is_the_citys_morning() -> None:
    assert tomorrow_morning(at(2026, 8, 12, 23, 30), JAKARTA) == at(2026, 8, 13, 8)
    assert tomorrow_morning(at(2026, 12, 31, 12), JAKARTA) == at(2027, 1, 1, 8)
