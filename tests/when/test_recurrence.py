"""A rule names the moments that it should, also at the ends of months and where clocks are moved."""

from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from pendopo.when import Reading, Recurrence, parse
from pendopo.when.recurrence import upcoming

ZONE = ZoneInfo("Asia/Jakarta")


def following(every: Recurrence, after: datetime, count: int = 3) -> list[str]:
    return [at.strftime("%Y-%m-%d %H:%M") for at in islice(upcoming(every, after), count)]


def every(phrase: str, now: datetime, zone: str = "Asia/Jakarta") -> Recurrence:
    reading = parse(phrase, now, zone)
    assert isinstance(reading, Reading)
    assert isinstance(reading.value, Recurrence)
    return reading.value


@pytest.mark.parametrize(
    ("phrase", "rrule"),
    [
        ("setiap Senin jam 8", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0"),
        ("setiap hari kerja jam 8", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8;BYMINUTE=0"),
        ("tiap tgl 1", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("setiap akhir bulan", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("every other Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("setiap Jumat terakhir", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("setiap 17 Agustus", "FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=17"),
        ("setiap hari jam 7 pagi dan jam 4 sore", "FREQ=DAILY;BYHOUR=7,16;BYMINUTE=0"),
        ("setiap Senin sampai 31 Desember", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231T165900Z"),
    ],
)
def test_the_rule_is_written_in_rfc_5545(phrase: str, rrule: str, now: datetime) -> None:
    assert every(phrase, now).rrule == rrule


def test_every_two_weeks_counts_from_its_first_day(now: datetime) -> None:
    assert following(every("setiap 2 minggu hari Senin jam 8", now), now) == [
        "2026-08-17 08:00",
        "2026-08-31 08:00",
        "2026-09-14 08:00",
    ]


def test_the_thirty_first_skips_shorter_months(now: datetime) -> None:
    assert following(every("setiap tanggal 31", now), now) == ["2026-08-31 00:00", "2026-10-31 00:00", "2026-12-31 00:00"]


def test_an_end_ends_it(now: datetime) -> None:
    assert following(every("setiap Senin sampai 25 Agustus", now), now, 9) == ["2026-08-17 00:00", "2026-08-24 00:00"]


def test_a_start_starts_it(now: datetime) -> None:
    assert following(every("setiap Senin jam 8 mulai 1 September", now), now, 1) == ["2026-09-07 08:00"]


def test_the_hour_stays_where_summer_time_ends() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 23, 12, 0, tzinfo=berlin)
    moments = list(islice(upcoming(every("setiap hari jam 8", now, "Europe/Berlin"), now), 3))
    assert [at.hour for at in moments] == [8, 8, 8]
    assert [f"{at:%z}" for at in moments] == ["+0200", "+0100", "+0100"]


def test_today_counts_while_its_hour_is_to_come() -> None:
    morning = datetime(2026, 8, 12, 7, 0, tzinfo=ZONE)
    assert every("setiap Rabu jam 8", morning).anchor == datetime(2026, 8, 12, 8, 0, tzinfo=ZONE)
    assert every("setiap Rabu jam 6 pagi", morning).anchor == datetime(2026, 8, 19, 6, 0, tzinfo=ZONE)


def test_hours_are_counted_from_the_anchor(now: datetime) -> None:
    assert following(every("setiap 3 jam", now), now) == ["2026-08-12 13:20", "2026-08-12 16:20", "2026-08-12 19:20"]
