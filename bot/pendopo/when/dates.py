"""Arithmetic on days and months, the office hours of a day, and the moment at which a clock of some zone shows a time."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pendopo.when.values import NoSuchDateError

DAY = timedelta(days=1)


class DayHours(NamedTuple):
    """The office hours of one day; `noon` is where its halves meet."""

    opens: time
    closes: time
    noon: time = time(12)


def make_moment(day: date, minutes: int, zone: ZoneInfo, said_zone: int | None = None) -> datetime:
    """Put a clock on a day; a clock said in WITA or WIT is turned into the zone of the place."""
    days, minutes = divmod(minutes, 1440)
    naive = datetime.combine(day + timedelta(days=days), time(minutes // 60, minutes % 60))
    if said_zone is None:
        return _skip_dst_gap(naive.replace(tzinfo=zone))
    return (naive - timedelta(hours=said_zone)).replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)


def _skip_dst_gap(local: datetime) -> datetime:
    """Move a clock that summer time skips to the moment that it really is."""
    return local.astimezone(ZoneInfo("UTC")).astimezone(local.tzinfo)


def add_months(day: date, months: int) -> date:
    """Go so many months on; the 31st becomes the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, last_day(year, month + 1)))


def last_day(year: int, month: int) -> int:
    """Return how many days a month has."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - DAY).day


def nth_weekday(first: date, last: date, nth: int, weekday: int) -> date:
    """Return the nth given weekday between two days; -1 is the last."""
    if nth < 0:
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    if day > last:
        raise NoSuchDateError(str(nth))
    return day


def real_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None where the calendar has none."""
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
