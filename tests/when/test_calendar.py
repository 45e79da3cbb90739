"""Holidays, working days, and recurrences over them: zones, month ends, leap years, year ends, days off."""

from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pendopo.config import CalendarSettings, load_settings
from pendopo.errors import ConfigError
from pendopo.when import Reading, Recurrence, parse, upcoming
from pendopo.when.calendar import HolidayRule, WorkCalendar

JAKARTA = ZoneInfo("Asia/Jakarta")
INDONESIA = WorkCalendar()


def every(rule: str, start: datetime, zone: str = "Asia/Jakarta") -> Recurrence:
    return Recurrence(rule, start, zone)


def at(*parts: int, zone: ZoneInfo = JAKARTA) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type,misc]  # year, month, day, hour, minute


def dates(rule: str, off: HolidayRule, count: int, after: datetime, calendar: WorkCalendar = INDONESIA) -> list[str]:
    found = calendar.iter_occurrences(every(rule, after), after, off)
    return [moment.astimezone(JAKARTA).date().isoformat() for moment in islice(found, count)]


# -- holidays ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-08-17", "Hari Kemerdekaan Republik Indonesia"),
        ("2026-03-20", "Cuti Bersama Hari Raya Idul Fitri"),
        ("2026-08-25", "Maulid Nabi Muhammad"),
        ("2026-08-18", ""),
    ],
)
def test_it_knows_the_holidays_and_the_days_given_beside_them(day: str, name: str) -> None:
    assert INDONESIA.get_holiday(date.fromisoformat(day)) == name


def test_what_depends_on_the_moon_says_that_it_is_a_guess() -> None:
    assert "(perkiraan)" in INDONESIA.get_holiday(date(2027, 3, 10))


def test_the_installations_own_table_adds_and_takes_away() -> None:
    own = WorkCalendar(added={date(2026, 9, 25): "Hari Jadi Kota Bandung"}, working=[date(2026, 12, 24)])
    assert own.get_holiday(date(2026, 9, 25)) == "Hari Jadi Kota Bandung"
    assert own.is_working_day(date(2026, 12, 24))
    assert not INDONESIA.is_working_day(date(2026, 12, 24))
    assert date(2026, 9, 25) in own
    assert date(2026, 12, 24) not in own
    assert date(2026, 12, 24) not in list(own)


def test_without_a_country_only_the_own_table_counts() -> None:
    own = WorkCalendar("", {date(2026, 9, 25): "Hari Jadi"})
    assert list(own) == [date(2026, 9, 25)]
    assert len(own) == 1
    assert own.is_working_day(date(2026, 8, 17))


async def test_the_table_is_read_beside_the_event_loop_and_once() -> None:
    own = WorkCalendar()
    assert await own.ensure_loaded() is own
    table = own._table
    await own.ensure_loaded()
    assert own._table is table


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-08-12", 5, "2026-08-20"),
        ("2026-08-14", 1, "2026-08-18"),
        ("2026-08-18", -1, "2026-08-14"),
        ("2026-03-17", 1, "2026-03-25"),
        ("2026-12-23", 1, "2026-12-28"),
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_working_days_are_counted_past_week_ends_and_holidays(day: str, count: int, expected: str) -> None:
    assert INDONESIA.add_working_days(date.fromisoformat(day), count).isoformat() == expected


def test_it_can_be_given_to_the_reader_of_times() -> None:
    INDONESIA.get_holiday(date(2026, 8, 25))
    read = parse("2 hari kerja lagi", at(2026, 8, 21, 9), holidays=INDONESIA)
    assert isinstance(read, Reading)
    assert "2026-08-26" in str(read.value) or "2026, 8, 26" in str(read.value)


# -- recurrences over days off -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        ("keep", ["2026-08-17", "2026-08-24"]),
        ("skip", ["2026-08-24", "2026-08-31"]),
        ("before", ["2026-08-14", "2026-08-24"]),
        ("after", ["2026-08-18", "2026-08-24"]),
    ],
)
def test_a_monday_that_is_a_holiday(off: HolidayRule, expected: list[str]) -> None:
    assert dates("FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0", off, 2, at(2026, 8, 12, 10)) == expected


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        ("keep", ["2026-07-25", "2026-08-25", "2026-09-25", "2026-10-25"]),
        ("skip", ["2026-09-25", "2026-11-25", "2027-01-25"]),
        ("before", ["2026-07-24", "2026-08-24", "2026-09-25", "2026-10-23"]),
        ("after", ["2026-07-27", "2026-08-26", "2026-09-25", "2026-10-26"]),
    ],
)
def test_a_date_that_falls_on_a_week_end_or_a_holiday(off: HolidayRule, expected: list[str]) -> None:
    assert dates("FREQ=MONTHLY;BYMONTHDAY=25;BYHOUR=9;BYMINUTE=0", off, len(expected), at(2026, 7, 1, 10)) == expected


def test_a_week_end_that_is_named_is_meant() -> None:
    saturdays = "FREQ=WEEKLY;BYDAY=SA;BYHOUR=8;BYMINUTE=0"
    assert dates(saturdays, "skip", 2, at(2026, 8, 12, 10)) == ["2026-08-15", "2026-08-22"]
    assert dates(saturdays, "after", 1, at(2026, 3, 15, 10)) == ["2026-03-25"]


def test_several_moved_onto_one_day_are_one() -> None:
    """Every day through Lebaran 2026: all of it comes on the working day after, once."""
    daily = "FREQ=DAILY;BYHOUR=8;BYMINUTE=0"
    assert dates(daily, "after", 3, at(2026, 3, 16, 10)) == ["2026-03-17", "2026-03-25", "2026-03-26"]
    assert dates(daily, "before", 3, at(2026, 3, 16, 10)) == ["2026-03-17", "2026-03-25", "2026-03-26"]


def test_what_was_moved_and_told_does_not_come_again() -> None:
    """Monday the 17th moved to Friday the 14th: asked again from there, the next is the 24th."""
    rule = every("FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0", at(2026, 8, 3, 8))
    first = next(INDONESIA.iter_occurrences(rule, at(2026, 8, 12, 10), "before"))
    assert first == at(2026, 8, 14, 8)
    assert next(INDONESIA.iter_occurrences(rule, first, "before")) == at(2026, 8, 24, 8)


def test_what_was_moved_past_an_instant_is_found_from_there() -> None:
    rule = every("FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0", at(2026, 8, 3, 8))
    assert next(INDONESIA.iter_occurrences(rule, at(2026, 8, 17, 12), "after")) == at(2026, 8, 18, 8)


def test_a_holiday_every_year_that_skips_holidays_never_comes() -> None:
    rule = every("FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=17;BYHOUR=8;BYMINUTE=0", at(2026, 8, 17, 8))
    assert next(INDONESIA.iter_occurrences(rule, at(2026, 8, 12, 10), "skip"), None) is None


# -- zones, month ends, leap years, year ends --------------------------------------------------------------------


def test_the_last_day_of_a_month_is_its_own_and_a_thirty_first_only_where_there_is_one() -> None:
    last = "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=9;BYMINUTE=0"
    assert dates(last, "keep", 4, at(2026, 12, 1)) == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]
    only_long = "FREQ=MONTHLY;BYMONTHDAY=31;BYHOUR=9;BYMINUTE=0"
    assert dates(only_long, "keep", 3, at(2027, 1, 1)) == ["2027-01-31", "2027-03-31", "2027-05-31"]
    assert dates(last, "before", 2, at(2026, 10, 1)) == ["2026-10-30", "2026-11-30"]


def test_the_29th_of_february() -> None:
    leap = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=9;BYMINUTE=0"
    assert dates(leap, "keep", 2, at(2026, 8, 12)) == ["2028-02-29", "2032-02-29"]
    assert dates("FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "keep", 2, at(2028, 2, 28, 10)) == ["2028-02-29", "2028-03-01"]


def test_a_recurrence_goes_on_over_the_end_of_the_year() -> None:
    weekly = "FREQ=WEEKLY;BYDAY=TH;BYHOUR=8;BYMINUTE=0"
    assert dates(weekly, "keep", 3, at(2026, 12, 20)) == ["2026-12-24", "2026-12-31", "2027-01-07"]
    assert dates(weekly, "skip", 2, at(2026, 12, 20)) == ["2026-12-31", "2027-01-07"]
    assert dates("FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=8;BYMINUTE=0", "after", 2, at(2026, 12, 20)) == ["2027-01-04", "2027-02-01"]


@pytest.mark.parametrize("off", ["keep", "before"])
def test_summer_time_keeps_the_clock_and_not_the_distance(off: HolidayRule) -> None:
    """Berlin, 28 March and 25 October 2026: eight o'clock stays eight o'clock."""
    berlin = ZoneInfo("Europe/Berlin")
    rule = every("FREQ=DAILY;BYHOUR=8;BYMINUTE=0", at(2026, 3, 27, 8, zone=berlin), "Europe/Berlin")
    calendar = WorkCalendar("", {date(2026, 3, 30): "off"})
    found = list(islice(calendar.iter_occurrences(rule, at(2026, 3, 26, 9, zone=berlin), off), 4))
    assert {moment.astimezone(berlin).hour for moment in found} == {8}
    assert {moment.utcoffset() for moment in found} == {timedelta(hours=1), timedelta(hours=2)}


def test_a_clock_that_summer_time_skips_comes_when_it_really_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    rule = every("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", at(2026, 3, 28, 2, 30, zone=berlin), "Europe/Berlin")
    found = list(islice(upcoming(rule, at(2026, 3, 28, 12, zone=berlin)), 2))
    assert [(moment.day, moment.hour, moment.minute) for moment in found] == [(29, 3, 30), (30, 2, 30)]


def test_a_clock_that_comes_twice_comes_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    rule = every("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", at(2026, 10, 24, 2, 30, zone=berlin), "Europe/Berlin")
    found = list(islice(upcoming(rule, at(2026, 10, 24, 12, zone=berlin)), 2))
    assert [moment.day for moment in found] == [25, 26]
    assert found[0] < found[1]


def test_each_zone_of_indonesia_has_its_own_eight_oclock() -> None:
    moments = []
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"):
        rule = every("FREQ=DAILY;BYHOUR=8;BYMINUTE=0", at(2026, 8, 12, 8, zone=ZoneInfo(zone)), zone)
        moments.append(next(INDONESIA.iter_occurrences(rule, at(2026, 8, 12, 12), "skip")))
    assert [first - later for first, later in pairwise(moments)] == [timedelta(hours=1)] * 2


# -- configuration -----------------------------------------------------------------------------------------------


def test_the_override_table_is_read_from_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "pendopo.toml"
    file.write_text('[calendar]\nworking = [2026-12-24]\n[calendar.holidays]\n2026-09-25 = "Hari Jadi Kota Bandung"\n')
    read = load_settings(file, {}).calendar
    assert read == CalendarSettings(holidays={date(2026, 9, 25): "Hari Jadi Kota Bandung"}, working=[date(2026, 12, 24)])


def test_a_day_that_is_no_date_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pendopo.toml"
    file.write_text('[calendar.holidays]\n"2026-02-30" = "?"\n')
    with pytest.raises(ConfigError, match=r"calendar\.holidays"):
        load_settings(file, {})
