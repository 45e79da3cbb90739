"""The time of a reminder from the time that was read: a day gets `MORNING`, an approximate time its start."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from pendopo import (
    ApproximateTime,
    DateRange,
    Day,
    Duration,
    HolidayRule,
    Instant,
    Recurrence,
    RelativeTime,
    TimeRange,
    UserError,
    When,
)

MORNING = time(8)
"""Time of day for a reminder with only a day."""
SHORTEST = timedelta(minutes=5)
"""The shortest recurrence; more frequent reminders are no longer read."""

WORKDAYS = "BYDAY=MO,TU,WE,TH,FR"
_OFF_WORDS: Mapping[HolidayRule, re.Pattern[str]] = {
    "before": re.compile(
        r"\W*\b(?:(?:di)?maju(?:kan)?\s+(?:bila|kalau|jika|saat)\s+(?:hari\s+)?libur|before\s+holidays)\b", re.IGNORECASE
    ),
    "after": re.compile(
        r"\W*\b(?:(?:di)?mundur(?:kan)?\s+(?:bila|kalau|jika|saat)\s+(?:hari\s+)?libur|after\s+holidays)\b", re.IGNORECASE
    ),
    "keep": re.compile(r"\W*\b(?:(?:hari\s+)?libur\s+tetap|termasuk\s+hari\s+libur|including\s+holidays)\b", re.IGNORECASE),
    "skip": re.compile(
        r"\W*\b(?:(?:lewati|kecuali|selain|lompati|tidak|bukan|skip)\s+(?:(?:saat|di|pada|bila|kalau|jika)\s+)?"
        r"(?:(?:tanggal|tgl)\s+merah|(?:hari\s+)?libur(?:\s+nasional)?|hari\s+(?:besar|raya))"
        r"|(?:skip|except)\s+(?:public\s+)?holidays)\b",
        re.IGNORECASE,
    ),
}


class ReminderTime(NamedTuple):
    """The time of a reminder; `clock` says that the time of day was assumed."""

    value: Instant | Recurrence
    clock: bool = False


def parse_off_days(text: str) -> tuple[HolidayRule | None, str]:
    """The rule for holidays in a text ("lewati hari libur"), and the text without it."""
    for policy, pattern in _OFF_WORDS.items():
        if found := pattern.search(text):
            return policy, (text[: found.start()] + text[found.end() :]).strip()
    return None, text


def resolve_time(waktu: When, now: datetime, zone: ZoneInfo) -> ReminderTime:
    """The moment or recurrence of a reminder. Raises `UserError` when it has passed, or depends on an unknown entry."""
    if isinstance(waktu, RelativeTime):  # a known one was made an Instant before
        raise UserError("ingatkan.belum_dikenal", param="waktu", acara=waktu.anchor or "", waktu=waktu)
    taken = _resolve_recurrence(waktu, now) if isinstance(waktu, Recurrence) else _resolve_single(waktu, now, zone)
    if isinstance(taken.value, Instant) and taken.value.at <= now:
        key = "ingatkan.jam_berapa" if taken.clock and _is_today(waktu, now, zone) else "ingatkan.lewat"
        raise UserError(key, param="waktu", waktu=waktu)
    return taken


def default_off_days(every: Recurrence) -> HolidayRule:
    """The default for holidays: skipped when the recurrence is on working days."""
    return "skip" if WORKDAYS in every.rrule else "keep"


def round_to_minute(at: datetime, now: datetime) -> datetime:
    """The nearest minute not yet passed, so that reminders set within one minute are sent together."""
    minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1 if at.second >= 30 else 0)
    return minute if minute > now or at <= now else minute + timedelta(minutes=1)


def tomorrow_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """`MORNING` of the next day."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), MORNING, zone)


def get_day_bounds(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end of the day of an instant."""
    return Day(at.astimezone(zone).date()).bounds(zone)


def _resolve_single(waktu: When, now: datetime, zone: ZoneInfo) -> ReminderTime:
    match waktu:
        case Instant(at) | TimeRange(start=at):
            return ReminderTime(Instant(round_to_minute(at, now)))
        case ApproximateTime(start, end):
            # In the midst of "sore ini" its end is what is still to come.
            return ReminderTime(Instant(round_to_minute(start if start > now else end, now)))
        case Duration(delta, months):
            return ReminderTime(Instant(round_to_minute(add_duration(now.astimezone(zone), delta, months), now)))
        case Day(on) | DateRange(start=on):
            return ReminderTime(Instant(datetime.combine(on, MORNING, zone)), clock=True)
    raise UserError("ingatkan.lewat", param="waktu", waktu=waktu)


def _resolve_recurrence(every: Recurrence, now: datetime) -> ReminderTime:
    rule = dict(part.split("=") for part in every.rrule.split(";"))
    step = timedelta(minutes=int(rule.get("INTERVAL", 1)))
    if rule["FREQ"] == "MINUTELY" and step < SHORTEST:
        raise UserError("ingatkan.terlalu_rapat", param="waktu", paling_rapat=Duration(SHORTEST))
    anchor = round_to_minute(every.anchor, now)
    if every.timed:
        return ReminderTime(msgspec.structs.replace(every, anchor=anchor))
    rrule = f"{every.rrule};BYHOUR={MORNING.hour};BYMINUTE={MORNING.minute}"
    return ReminderTime(msgspec.structs.replace(every, rrule=rrule, anchor=anchor), clock=True)


def add_duration(now: datetime, delta: timedelta, months: int) -> datetime:
    """Adds months and days by the calendar, hours in real time (UTC)."""
    years, month = divmod(now.month - 1 + months, 12)
    first = date(now.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    day = min(now.day, (following - first).days)
    moved = now.replace(year=first.year, month=first.month, day=day) + timedelta(days=delta.days)
    real = moved.timestamp() + timedelta(seconds=delta.seconds).total_seconds()
    return datetime.fromtimestamp(real, now.tzinfo)


def _is_today(waktu: When, now: datetime, zone: ZoneInfo) -> bool:
    start = waktu.on if isinstance(waktu, Day) else waktu.start if isinstance(waktu, DateRange) else None
    return start == now.astimezone(zone).date()
