"""Resolves "setiap …" to a rule of RFC 5545 and its first occurrence."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from pendopo.when.dates import make_moment
from pendopo.when.grammar.expression import Endpoint, Expression
from pendopo.when.grammar.nodes import RecurrenceNode, WeekdayNode
from pendopo.when.prayer_times import prayer_times
from pendopo.when.recurrence import DAYS, upcoming
from pendopo.when.resolve.clock_resolution import DAY_PART_HOURS, resolve_clock
from pendopo.when.resolve.endpoints import resolve_day
from pendopo.when.resolve.moments import get_part
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.values import NoSuchDateError, Reason, Recurrence

_FREQ = {
    "menit": "MINUTELY", "min": "MINUTELY", "jam": "HOURLY", "hour": "HOURLY", "hari": "DAILY", "minggu": "WEEKLY",
    "pekan": "WEEKLY", "bulan": "MONTHLY", "tahun": "YEARLY",
}  # fmt: skip
_WEEK = {"workday": "MO,TU,WE,TH,FR", "weekend": "SA,SU"}


def resolve_recurrence(draft: Expression, here: Reference, assumed: tuple[Reason, ...] = ()) -> Pick | None:
    """Resolve a recurrence; None where neither a unit nor days are named."""
    every = draft.every or RecurrenceNode()
    if every.unit in ("menit", "min", "jam", "hour") and not draft.sides[0].dated:
        return _resolve_stepped(every, here)
    rule, reasons, others = _build_day_rule(draft, every, here)
    if not rule:
        return None
    clock, more = _build_clock_rule(draft, here)
    rule |= clock
    start = _find_start(draft, here)
    rule |= _build_until_rule(draft, here)
    text = ";".join(f"{key}={value}" for key, value in rule.items())
    value = _anchor_rule(text, start, rule, here, _find_duration(draft))
    return Pick(
        value, (*assumed, *reasons, *more), tuple(_anchor_rule(o | clock, start, o | clock, here, None) for o in others)
    )


def _resolve_stepped(every: RecurrenceNode, here: Reference) -> Pick:
    """Resolve a number of hours or minutes, counted from now."""
    freq = _FREQ[every.unit or "jam"]
    text = f"FREQ={freq}" + (f";INTERVAL={every.interval}" if every.interval > 1 else "")
    return Pick(Recurrence(text, here.now.replace(second=0, microsecond=0), here.zone.key), ("phase",))


Rule = dict[str, Any]


def _build_day_rule(draft: Expression, every: RecurrenceNode, here: Reference) -> tuple[Rule, tuple[Reason, ...], list[Rule]]:
    """The rule of the days, what was assumed, and the rules that may have been meant instead."""
    if every.unit in _WEEK:
        return _make_rule("WEEKLY", 1, BYDAY=_WEEK[every.unit]), (), []
    named = _build_named_rule(draft, every)
    if named:
        doubt: tuple[Reason, ...] = ("phase",) if every.interval > 1 else ()
        return named, doubt, []
    if every.unit is None:
        side = draft.sides[0]
        return (_make_rule("DAILY", 1), (), []) if side.timed or side.clock else ({}, (), [])
    return _build_unit_rule(draft, every, here)


def _build_unit_rule(draft: Expression, every: RecurrenceNode, here: Reference) -> tuple[Rule, tuple[Reason, ...], list[Rule]]:
    today, freq = here.today, _FREQ[every.unit or "hari"]
    weekday = DAYS[today.weekday()]
    if freq == "DAILY":
        return _make_rule(freq, every.interval), (("phase",) if every.interval > 1 else ()), []
    if freq == "MONTHLY":
        return _make_rule(freq, every.interval, BYMONTHDAY=min(today.day, 28)), ("phase",), []
    if freq == "YEARLY":
        return _make_rule(freq, every.interval, BYMONTH=today.month, BYMONTHDAY=today.day), ("phase",), []
    weekly, sunday = _make_rule(freq, every.interval, BYDAY=weekday), _make_rule(freq, 1, BYDAY="SU")
    if every.unit == "minggu" and every.interval == 1:
        sunny = every.sunday or draft.sides[0].timed
        return (sunday if sunny else weekly), ("phase",), [weekly if sunny else sunday]
    return weekly, ("phase",), []


def _make_rule(freq: str, interval: int, **parts: Any) -> Rule:
    return {"FREQ": freq} | ({"INTERVAL": interval} if interval > 1 else {}) | parts


def _build_named_rule(draft: Expression, every: RecurrenceNode) -> Rule:
    """The rule of named days: weekdays, days of the month, dates, the nth weekday."""
    side, interval = draft.sides[0], every.interval
    if draft.dates:
        return _make_rule("MONTHLY", interval, BYMONTHDAY=",".join(str(said.day) for said in draft.dates))
    weekdays = _list_weekdays(draft)
    if weekdays:
        return _make_rule("WEEKLY", interval, BYDAY=",".join(DAYS[index] for index in weekdays))
    data = {kind: atom.data for kind, atom in side.days.items()}
    if "date" in data and data["date"].month is None and "edge" in data:  # "tiap tgl 15 dan akhir bulan"
        return _make_rule("MONTHLY", interval, BYMONTHDAY=f"{data['date'].day},{(1, 15, -1)[data['edge'].edge]}")
    if "date" in data and data["date"].month is None:
        return _make_rule("MONTHLY", interval, BYMONTHDAY=data["date"].day)
    if "date" in data:
        return _make_rule("YEARLY", interval, BYMONTH=data["date"].month, BYMONTHDAY=data["date"].day)
    if "nth" in data and data["nth"].weekday is not None:
        return _make_rule("MONTHLY", interval, BYDAY=f"{data['nth'].nth}{DAYS[data['nth'].weekday]}")
    if "edge" in data:
        return _build_edge_rule(data["edge"].edge, data["edge"].unit, interval)
    return _make_rule("WEEKLY", interval, BYDAY="SA,SU") if "weekend" in data else {}


def _build_edge_rule(edge: int, unit: str, interval: int) -> Rule:
    if unit == "bulan":
        return _make_rule("MONTHLY", interval, BYMONTHDAY=(1, 15, -1)[edge])
    if unit == "minggu":
        return _make_rule("WEEKLY", interval, BYDAY=("MO", "WE", "FR")[edge])
    return _make_rule("YEARLY", interval, BYMONTH=(1, 7, 12)[edge], BYMONTHDAY=(1, 1, 31)[edge])


def _list_weekdays(draft: Expression) -> list[int]:
    if draft.weekdays:
        return sorted(set(draft.weekdays))
    named = [_get_weekday(side) for side in draft.sides]
    if len(named) == 2 and None not in named and named[1] is not None:
        first, last = named[0] or 0, named[1]
        return sorted((first + step) % 7 for step in range((last - first) % 7 + 1))
    return [] if named[0] is None else [named[0]]


def _get_weekday(side: Endpoint) -> int | None:
    if "night" in side.days:
        return int((side.days["night"].data.day - 1) % 7)
    said = side.days.get("weekday")
    return said.data.day if said and isinstance(said.data, WeekdayNode) else None


def _build_clock_rule(draft: Expression, here: Reference) -> tuple[Rule, tuple[Reason, ...]]:
    """The hours of the rule; a prayer or a part of the day counts from its beginning."""
    side = next((side for side in draft.sides if side.timed), draft.sides[0])
    if side.clocks or side.clock:
        clocks = side.clocks or ([side.clock] if side.clock else [])
        dials = [resolve_clock(clock, get_part(side, clock)) for clock in clocks]
        hours = sorted({reading.minutes // 60 % 24 for reading in dials})
        reasons = tuple(reason for reading in dials for reason in reading.assumed)
        return {"BYHOUR": ",".join(map(str, hours)), "BYMINUTE": dials[0].minutes % 60}, reasons
    if side.prayer:
        minutes = prayer_times(here.today, here.place)[side.prayer.name] + 15 * side.prayer.side
        return {"BYHOUR": minutes // 60, "BYMINUTE": minutes % 60}, ("prayer",)
    if side.slot or side.part:
        minutes = DAY_PART_HOURS[side.slot or (side.part.part if side.part else "pagi")].start
        return {"BYHOUR": minutes // 60, "BYMINUTE": minutes % 60}, ("part_of_day",)
    return {}, ()


def _find_duration(draft: Expression) -> timedelta | None:
    side = next((side for side in draft.sides if side.until), None)
    if side and side.clock and side.until:
        return timedelta(minutes=(resolve_clock(side.until).minutes - resolve_clock(side.clock).minutes) % 1440)
    return draft.duration.delta if draft.duration else None


def _find_start(draft: Expression, here: Reference) -> date:
    chosen = resolve_day(draft.start, here, lambda day: False) if draft.start else None
    return chosen.start if chosen else here.today


def _build_until_rule(draft: Expression, here: Reference) -> Rule:
    if len(draft.sides) < 2 or _get_weekday(draft.sides[1]) is not None:
        return {}
    chosen = resolve_day(draft.sides[1], here, lambda day: False)
    if not chosen:
        return {}
    end = make_moment(chosen.end, 1439, here.zone).astimezone(UTC)
    return {"UNTIL": end.strftime("%Y%m%dT%H%M%SZ")}


def _anchor_rule(text: str | Rule, start: date, rule: Rule, here: Reference, lasts: timedelta | None) -> Recurrence:
    """Make the value, anchored at its first occurrence, which is today's while its hour is to come."""
    if not isinstance(text, str):
        text = ";".join(f"{key}={value}" for key, value in text.items())
    begin: datetime = make_moment(start, 0, here.zone)
    # "Setiap dua minggu" counts from the first named day, not from the week of today.
    every = Recurrence(";".join(f"{key}={value}" for key, value in rule.items() if key != "INTERVAL"), begin, here.zone.key)
    if rule.keys().isdisjoint({"BYDAY", "BYMONTHDAY"}):
        every = Recurrence(text, begin, here.zone.key)
    floor = here.now if every.timed and begin <= here.now else begin - timedelta(microseconds=1)
    first = next(upcoming(every, floor), None)
    if first is None:
        raise NoSuchDateError(text)
    return Recurrence(text, first, here.zone.key, lasts)
