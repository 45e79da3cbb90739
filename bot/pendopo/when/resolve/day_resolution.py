"""The day that an expression names, seen from today."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import NamedTuple

from pendopo.when.dates import DAY, add_months, last_day, nth_weekday, real_date
from pendopo.when.grammar.nodes import DateNode, EdgeNode, NthNode, RelativeNode, WeekdayNode
from pendopo.when.values import NoSuchDateError, Reason

IsOver = Callable[[date], bool]
"""Whether the time of day in question is over on a given day."""
FIXED_HOLIDAYS = {(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)}
"""Month and day of the Indonesian holidays with a fixed date; callers give the others."""


class DayChoice(NamedTuple):
    """The days from `start` to `end`, what was assumed, and the days that may have been meant instead."""

    start: date
    end: date
    assumed: tuple[Reason, ...] = ()
    others: tuple[date, ...] = ()


def choose_day(day: date, assumed: tuple[Reason, ...] = (), others: tuple[date, ...] = ()) -> DayChoice:
    """Choose a single day."""
    return DayChoice(day, day, assumed, others)


def resolve_date(said: DateNode, rels: dict[str, int], today: date, gone: IsOver) -> DayChoice:
    """Resolve a date; an open month or year is that of the next such date."""
    if "bulan" in rels and said.month is None:
        month = add_months(today.replace(day=1), rels["bulan"])
        return choose_day(_require_date(month.year, month.month, said))
    if said.month is None:
        return _resolve_month_day(said, today, gone)
    year = said.year if said.year is not None else today.year + rels["tahun"] if "tahun" in rels else None
    if year is not None:
        return choose_day(_require_date(year, said.month, said))
    return _next_date(said, said.month, today, gone)


def resolve_last_date(said: DateNode, today: date) -> DayChoice | None:
    """Resolve a date to the last such day that is not to come; None where its year was said.

    A date that is near ahead stays beside it: "cuti sejak 20 Agustus" may be said before it begins.
    """
    if said.year is not None:
        return None
    first = today.replace(day=1)
    steps = range(5) if said.month is None else range(9 * 12)
    months = (add_months(first, -back) for back in steps)
    days = (real_date(m.year, m.month, said.day) for m in months if said.month in (None, m.month))
    past = next((day for day in days if day and day <= today), None)
    if past is None:
        return None
    if said.month is None:
        return choose_day(past)
    coming = next(
        (day for ahead in range(9) if (day := real_date(today.year + ahead, said.month, said.day)) and day > today), None
    )
    near = coming is not None and (coming - today).days <= _NEAR
    return choose_day(past, ("year",) if near else (), (coming,) if near and coming else ())


_NEAR = 60
"""Days within which a date of the other year may be meant."""


def _require_date(year: int, month: int, said: DateNode) -> date:
    day = real_date(year, month, said.day)
    if day is None:
        raise NoSuchDateError(said.text or str(said.day))
    return day


def _resolve_month_day(said: DateNode, today: date, gone: IsOver) -> DayChoice:
    first = today.replace(day=1)
    for ahead in range(4):
        month = add_months(first, ahead)
        day = real_date(month.year, month.month, said.day)
        if day is None or day < today or (day == today and gone(day)):
            continue
        if day == today:
            return choose_day(day, ("today",), (add_months(first, 1).replace(day=min(said.day, 28)),) if said.day <= 28 else ())
        plain = real_date(today.year, today.month, said.day)
        if plain and 0 < (today - plain).days < _JUST_GONE:
            return choose_day(day, ("passed",), (plain,))
        return choose_day(day, () if not ahead or (plain not in (None, today) and ahead == 1) else ("passed",))
    raise NoSuchDateError(said.text)


_JUST_GONE = 7
"""A day of the month so few days ago may be meant itself: "tgl 9", said on the 12th."""


def _next_date(said: DateNode, month: int, today: date, gone: IsOver) -> DayChoice:
    tries = [day for ahead in range(-1, 9) if (day := real_date(today.year + ahead, month, said.day))]
    if not tries:
        raise NoSuchDateError(said.text)
    day = next((day for day in tries if day >= today), tries[-1])
    past = next((day for day in reversed(tries) if day < today), None)
    if past and (today - past).days <= _NEAR and day.year > past.year:
        return choose_day(day, ("year",), (past,))
    far = (day - today).days > 366
    return choose_day(day, ("year",) if far else ())


def resolve_weekday(said: WeekdayNode, today: date, gone: IsOver, week: int | None = None) -> DayChoice:
    """Resolve a weekday: the next one, the one of a named week, or "depan", which can mean two days."""
    monday = today - timedelta(days=today.weekday())
    coming = today + timedelta(days=(said.day - today.weekday()) % 7)
    if week is not None:
        return choose_day(monday + timedelta(days=said.day + 7 * week))
    if said.which is None:
        return _bare_weekday(coming, today, gone)
    if said.which == 2:
        return choose_day(coming if coming != today else coming + 7 * DAY, ("next_week",), (today + DAY,))
    if said.which == 1:
        following = monday + timedelta(days=said.day + 7)
        soon = coming if today < coming < following else None
        if following == today + DAY:  # on a Sunday people would say "besok" instead
            soon = following + 7 * DAY
        return choose_day(following, ("next_week",), (soon,)) if soon else choose_day(following)
    if said.which == 0:
        day = monday + timedelta(days=said.day)
        return choose_day(day) if day >= today else choose_day(coming, ("passed",), (day,))
    back = coming - 7 * DAY
    return (
        choose_day(back)
        if back.isocalendar()[:2] != today.isocalendar()[:2]
        else choose_day(back, ("next_week",), (back - 7 * DAY,))
    )


def _bare_weekday(coming: date, today: date, gone: IsOver) -> DayChoice:
    if coming != today:
        return choose_day(coming)
    if gone(today):
        return choose_day(today + 7 * DAY, ("passed",))
    return choose_day(today, ("today",), (today + 7 * DAY,))


def resolve_relative(rel: RelativeNode, today: date) -> DayChoice:
    """Resolve a whole week, month or year."""
    if rel.unit == "minggu":
        monday = today - timedelta(days=today.weekday()) + 7 * rel.which * DAY
        return DayChoice(monday, monday + 6 * DAY, ("week",))
    if rel.unit == "bulan":
        first = add_months(today.replace(day=1), rel.which)
        return DayChoice(first, first.replace(day=last_day(first.year, first.month)))
    return DayChoice(date(today.year + rel.which, 1, 1), date(today.year + rel.which, 12, 31))


def resolve_edge(said: EdgeNode, today: date) -> DayChoice:
    """Resolve "akhir bulan" and the like to one day, or a named month as a whole (`edge` -1)."""
    first, last = _find_period(said, today)
    if said.edge == -1:
        return DayChoice(first, last)
    middle = first + (last - first) // 2 if said.unit != "bulan" else first.replace(day=15)
    day = (first, middle, last)[said.edge]
    if day < today and said.which is None and said.month is None and said.year is None:
        return resolve_edge(said._replace(which=1), today)
    return choose_day(day, ("edge",))


def _find_period(said: EdgeNode, today: date) -> tuple[date, date]:
    if said.month is not None:
        first = date(said.year or today.year, said.month, 1)
        if said.year is None and first.replace(day=last_day(first.year, first.month)) < today:
            first = first.replace(year=first.year + 1)
        return first, first.replace(day=last_day(first.year, first.month))
    if said.year is not None:
        return date(said.year, 1, 1), date(said.year, 12, 31)
    choice = resolve_relative(RelativeNode(said.unit, said.which or 0), today)
    return choice.start, choice.end


def resolve_nth(said: NthNode, today: date) -> DayChoice:
    """Resolve "Senin pertama bulan depan" or "minggu kedua September"."""
    first, last = _find_period(EdgeNode(0, "bulan", said.which, said.month, said.year), today)
    if said.weekday is None:
        start = first + 7 * (said.nth - 1) * DAY if said.nth > 0 else last - 6 * DAY
        return DayChoice(start, min(start + 6 * DAY, last), ("week",))
    day = nth_weekday(first, last, said.nth, said.weekday)
    if day < today and said.which is None and said.month is None:
        return resolve_nth(said._replace(which=1), today)
    return choose_day(day, ("passed",) if said.which is None and said.month is None else ())


def resolve_weekend(which: int, today: date) -> DayChoice:
    """Saturday and Sunday of this week (0) or another."""
    saturday = today - timedelta(days=today.weekday()) + (5 + 7 * which) * DAY
    return DayChoice(saturday, saturday + DAY)


def working_day(count: int, today: date, holidays: Collection[date]) -> DayChoice:
    """The day `count` working days after today."""
    day = today
    while count > 0:
        day += DAY
        if day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS and day not in holidays:
            count -= 1
    return choose_day(day, ("holidays",))
