"""Recurrences: the RFC 5545 rules that can be said, and the moments they name."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pendopo.when.dates import DAY, last_day, make_moment, nth_weekday
from pendopo.when.values import NoSuchDateError, Recurrence

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HORIZON = 366 * 30


def upcoming(every: Recurrence, after: datetime) -> Iterator[datetime]:
    """Yield the moments of `every` later than `after`; midnight where only the days count."""
    rule = dict(part.split("=") for part in every.rrule.split(";"))
    zone = ZoneInfo(every.zone)
    anchor = every.anchor.astimezone(zone)
    until = _parse_until(rule)
    moments = (
        _iter_steps(rule, anchor, after) if rule["FREQ"] in ("HOURLY", "MINUTELY") else _iter_days(rule, anchor, after, zone)
    )
    for at in moments:
        if until and at > until:
            return
        if at > after and at >= anchor:
            yield at


def _parse_until(rule: dict[str, str]) -> datetime | None:
    if "UNTIL" not in rule:
        return None
    return datetime.strptime(rule["UNTIL"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _iter_steps(rule: dict[str, str], anchor: datetime, after: datetime) -> Iterator[datetime]:
    step = timedelta(minutes=int(rule.get("INTERVAL", 1)) * (60 if rule["FREQ"] == "HOURLY" else 1))
    start = anchor.astimezone(UTC)
    turns = max(0, (after - start) // step)
    while True:
        yield (start + turns * step).astimezone(anchor.tzinfo)
        turns += 1


def _iter_days(rule: dict[str, str], anchor: datetime, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    hours = [int(hour) for hour in rule.get("BYHOUR", "0").split(",")]
    minute = int(rule.get("BYMINUTE", 0))
    day = max(anchor.date(), after.astimezone(zone).date())
    for _ in range(_HORIZON):
        if falls_on(rule, day, anchor.date()):
            for hour in hours:
                yield make_moment(day, hour * 60 + minute, zone)
        day += DAY


def falls_on(rule: dict[str, str], day: date, anchor: date) -> bool:
    """Whether the rule, begun at `anchor`, names this day."""
    if not _is_in_phase(rule["FREQ"], int(rule.get("INTERVAL", 1)), day, anchor):
        return False
    if "BYMONTH" in rule and day.month != int(rule["BYMONTH"]):
        return False
    if "BYDAY" in rule:
        return any(_is_day(name, day) for name in rule["BYDAY"].split(","))
    if "BYMONTHDAY" in rule:
        length = last_day(day.year, day.month)
        return any(day.day == (n if n > 0 else length + 1 + n) for n in map(int, rule["BYMONTHDAY"].split(",")))
    return rule["FREQ"] == "DAILY" or day.weekday() == anchor.weekday()


def _is_in_phase(freq: str, interval: int, day: date, anchor: date) -> bool:
    if interval == 1:
        return True
    if freq == "DAILY":
        return (day - anchor).days % interval == 0
    if freq == "WEEKLY":
        weeks = (day - timedelta(days=day.weekday())) - (anchor - timedelta(days=anchor.weekday()))
        return weeks.days // 7 % interval == 0
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    return months % interval == 0 if freq == "MONTHLY" else (day.year - anchor.year) % interval == 0


def _is_day(name: str, day: date) -> bool:
    weekday = DAYS.index(name[-2:])
    if day.weekday() != weekday:
        return False
    if len(name) == 2:
        return True
    try:
        return day == nth_weekday(day.replace(day=1), day.replace(day=last_day(day.year, day.month)), int(name[:-2]), weekday)
    except NoSuchDateError:
        return False
