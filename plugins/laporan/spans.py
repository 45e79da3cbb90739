"""Times as lists and recaps take them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import Context, Day, DaySpan


def this_month(ctx: Context) -> DaySpan:
    """From the first of the month to its last day."""
    today = ctx.now.astimezone(ctx.zone).date()
    following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return DaySpan(today.replace(day=1), following - timedelta(days=1))


def bounds(days: Day | DaySpan, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to before when."""
    first, last = (days.on, days.on) if isinstance(days, Day) else (days.start, days.end)
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)
