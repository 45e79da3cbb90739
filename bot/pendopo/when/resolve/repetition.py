"""Resolves "setiap …" to a rule of RFC 5545 and its first occurrence."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

import msgspec

from pendopo.when.dates import DAY, add_months, make_moment
from pendopo.when.grammar.expression import Endpoint, Expression
from pendopo.when.grammar.nodes import ClockNode, Length, RecurrenceNode, WeekdayNode
from pendopo.when.prayer_times import prayer_times
from pendopo.when.recurrence import DAYS, upcoming
from pendopo.when.resolve.clock_resolution import DAY_PART_HOURS, resolve_clock
from pendopo.when.resolve.endpoints import resolve_day
from pendopo.when.resolve.moments import get_part
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.values import NoSuchDateError, Reason, Recurrence

Rule = dict[str, Any]
_FREQ = {
    "menit": "MINUTELY", "min": "MINUTELY", "jam": "HOURLY", "hour": "HOURLY", "hari": "DAILY", "minggu": "WEEKLY",
    "pekan": "WEEKLY", "bulan": "MONTHLY", "tahun": "YEARLY",
}  # fmt: skip
_WEEK = {"workday": "MO,TU,WE,TH,FR", "weekend": "SA,SU"}


def resolve_recurrence(draft: Expression, here: Reference, assumed: tuple[Reason, ...] = ()) -> Pick | None:
    """Resolve a recurrence; None where neither a unit nor days are named."""
    every = draft.every or RecurrenceNode()
    if every.unit in ("menit", "min", "jam", "hour") and not draft.sides[0].dated:
        draft.unused |= {atom.kind for atom in draft.atoms} - _STEPPED
        return _resolve_stepped(every, here)
    rule, reasons, others = _build_day_rule(draft, every, here)
    if not rule:
        return None
    _find_unused(draft, every, rule)
    rule = _exclude_days(draft, rule)
    passing, instead = _find_passed_over(rule)
    clock, more = _build_clock_rule(draft, here)
    start = _find_start(draft, here)
    until = _build_until_rule(draft, here)
    lasts = _find_duration(draft)
    values = [_anchor_rule(each | clock | until, start, here, lasts) for each in (rule, *others, *instead)]
    length = draft.duration
    if length and (length.whole or length.months) and not draft.loose:
        values = [_bound_length(value, length, here) for value in values]
    reasons = (*assumed, *reasons, *passing, *more)
    if not draft.times:
        return Pick(values[0], reasons, tuple(values[1:]))
    bounded = [_bound_turns(value, draft.times) for value in values]
    if draft.counted:
        return Pick(bounded[0], reasons, tuple(bounded[1:]))
    return Pick(values[0], (*reasons, "order"), (bounded[0], *values[1:]))


_STEPPED = {"every", "from", "range", "and", "or", "later", "now"}
"""What a rule of hours or minutes can hold."""
_RULED = {"weekday", "night", "date", "nth", "edge", "weekend"}
"""Days that a rule can hold."""


def _find_unused(draft: Expression, every: RecurrenceNode, rule: Rule) -> None:
    """Note what was said with a recurrence that its rule does not hold."""
    side = draft.sides[0]
    draft.unused |= side.days.keys() - _RULED
    draft.unused |= {kind for kind, said in (("rel", side.rels), ("shift", side.shift), ("stamp", side.stamp)) if said}
    draft.unused |= {kind for kind, said in (("open", draft.open), ("offset", draft.offset), ("hminus", draft.hminus)) if said}
    if _FREQ.get(every.unit or "", rule["FREQ"]) != rule["FREQ"] and not _names_day(every, rule):
        draft.unused.add("every")
    if draft.ends or any(atom.kind in ("range", "dates") for atom in draft.atoms[: _find_every(draft)]):
        draft.unused.add("every")  # "sampai 30 Agustus setiap hari": what ends then?
    if any(atom.kind == "weekday" and atom.data.which is not None for atom in side.days.values()):
        draft.unused.add("weekday")
    if "edge" in side.days and side.days["edge"].data.month is not None and len(side.days) > 1:
        draft.unused.add("edge")
    length = draft.duration
    if length and (length.half or (draft.loose and (length.whole or length.months))):
        draft.unused.add("duration")
    if side.clock and side.part and side.clock.part not in (None, side.part.part):
        draft.unused.add("part")
    if "date" in side.days and ("BYDAY" in rule or side.days["date"].data.year is not None):
        draft.unused |= {"date", "dates"}
    if not side.clock:  # "setiap Senin sampai jam 16.00": from when?
        draft.unused |= {atom.kind for lead, atom in pairwise(draft.atoms) if lead.kind == "range" and atom.kind in _HOURS}
    if len(draft.sides) > 1 and side.timed and draft.sides[1].timed and not (draft.sides[1].clock and side.clock):
        draft.unused |= {"clock", "part", "prayer", "slot"}


_HOURS = {"clock", "part", "prayer", "slot"}


def _names_day(every: RecurrenceNode, rule: Rule) -> bool:
    """Whether "setiap hari" is only how a weekday is led in: "setiap hari Senin"."""
    return every.unit == "hari" and every.interval == 1 and rule["FREQ"] == "WEEKLY"


def _find_every(draft: Expression) -> int:
    return next((place for place, atom in enumerate(draft.atoms) if atom.kind == "every"), 0)


def _exclude_days(draft: Expression, rule: Rule) -> Rule:
    """Leave the weekdays of "kecuali Sabtu" out."""
    if not draft.excluded:
        return rule
    named = ",".join(DAYS) if rule == {"FREQ": "DAILY"} else rule.get("BYDAY", "")
    left = [name for name in named.split(",") if name in DAYS and DAYS.index(name) not in draft.excluded]
    if rule["FREQ"] not in ("DAILY", "WEEKLY") or not left:
        draft.unused.add("except")
        return rule
    return rule | {"FREQ": "WEEKLY", "BYDAY": ",".join(left)}


def _find_passed_over(rule: Rule) -> tuple[tuple[Reason, ...], list[Rule]]:
    """Whether some months or years have no such day, and the rule for the last one there is."""
    by_day, by_date = str(rule.get("BYDAY", "")), str(rule.get("BYMONTHDAY", ""))
    if by_day.startswith("5"):
        return ("skips",), [rule | {"BYDAY": f"-1{by_day[1:]}"}]
    if rule["FREQ"] == "MONTHLY" and by_date in ("29", "30", "31"):
        return ("skips",), [rule | {"BYMONTHDAY": -1}]
    if rule["FREQ"] == "YEARLY" and (rule.get("BYMONTH"), by_date) == (2, "29"):
        return ("skips",), [rule | {"BYMONTHDAY": -1}]
    return (), []


def _bound_length(every: Recurrence, length: Length, here: Reference) -> Recurrence:
    """The recurrence for so long from its first day."""
    end = add_months(every.anchor.date(), length.months) + length.delta - DAY
    until = _format_until(make_moment(end, 1439, here.zone))
    return every if "UNTIL" in every.rrule else msgspec.structs.replace(every, rrule=f"{every.rrule};UNTIL={until}")


def _bound_turns(every: Recurrence, times: int) -> Recurrence:
    """The recurrence with only so many turns."""
    moments = upcoming(every, every.anchor - timedelta(microseconds=1))
    last = next(islice(moments, times - 1, None), None)
    if last is None or "UNTIL" in every.rrule:
        return every
    return Recurrence(f"{every.rrule};UNTIL={_format_until(last)}", every.anchor, every.zone, every.lasts)


def _format_until(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _resolve_stepped(every: RecurrenceNode, here: Reference) -> Pick:
    """Resolve a number of hours or minutes, counted from now."""
    freq = _FREQ[every.unit or "jam"]
    text = f"FREQ={freq}" + (f";INTERVAL={every.interval}" if every.interval > 1 else "")
    return Pick(Recurrence(text, here.now.replace(second=0, microsecond=0), here.zone.key), ("phase",))


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
    if "edge" in data and data["edge"].month is not None:
        month = data["edge"].month
        return _make_rule("YEARLY", interval, BYMONTH=month, BYMONTHDAY=(1, 15, -1)[data["edge"].edge])
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
        return _list_hours(draft, side, side.clocks or ([side.clock] if side.clock else []), here)
    if side.prayer:
        minutes = prayer_times(here.today, here.place)[side.prayer.name] + 15 * side.prayer.side
        return {"BYHOUR": minutes // 60, "BYMINUTE": minutes % 60}, ("prayer",)
    if side.slot or side.part:
        minutes = DAY_PART_HOURS[side.slot or (side.part.part if side.part else "pagi")].start
        return {"BYHOUR": minutes // 60, "BYMINUTE": minutes % 60}, ("part_of_day",)
    if "night" in side.days:
        return {"BYHOUR": DAY_PART_HOURS["malam"].start // 60, "BYMINUTE": 0}, ("part_of_day",)
    return {}, ()


def _list_hours(
    draft: Expression, side: Endpoint, clocks: Sequence[ClockNode], here: Reference
) -> tuple[Rule, tuple[Reason, ...]]:
    """The hours of several clocks; a rule holds only one minute for all of them."""
    dials = [resolve_clock(clock, get_part(side, clock)) for clock in clocks]
    zones = [clock.zone or side.zone for clock in clocks]
    minutes = [_shift_zone(dial.minutes, zone, here) for dial, zone in zip(dials, zones, strict=True)]
    if len({minute % 60 for minute in minutes}) > 1 or min(minutes) < 0:
        draft.unused.add("clock")
    hours = sorted({minute // 60 % 24 for minute in minutes})
    reasons = tuple(reason for reading in dials for reason in reading.assumed)
    return {"BYHOUR": ",".join(map(str, hours)), "BYMINUTE": minutes[0] % 60}, reasons


_LONGEST_TURN = 960
"""Minutes from the start to the end of one turn; longer ones are slips."""


def _shift_zone(minutes: int, said: int | None, here: Reference) -> int:
    """The minutes after midnight here of a clock said in WITA or WIT."""
    if said is None:
        return minutes
    offset = here.now.utcoffset() or timedelta(0)
    return minutes - 60 * said + int(offset.total_seconds() // 60)


def _find_duration(draft: Expression) -> timedelta | None:
    first = next((side for side in draft.sides if side.until), draft.sides[0])
    last, until = draft.sides[-1], first.until
    if until is None and last is not first and last.clock and not last.dated:
        until = last.clock
    if first.clock and until:
        start = resolve_clock(first.clock, get_part(first, first.clock)).minutes
        minutes = (resolve_clock(until).minutes - start) % 1440
        draft.unused |= {"clock", "hours"} if minutes > _LONGEST_TURN else set()
        return timedelta(minutes=minutes)
    length = draft.duration
    return length.delta if length and not (length.whole or length.months or length.half) else None


def _find_start(draft: Expression, here: Reference) -> date:
    chosen = resolve_day(draft.start, here, lambda day: False) if draft.start else None
    return chosen.start if chosen else here.today


def _build_until_rule(draft: Expression, here: Reference) -> Rule:
    if len(draft.sides) < 2 or (_get_weekday(draft.sides[1]) is not None and _get_weekday(draft.sides[0]) is not None):
        return {}  # "setiap Senin sampai Jumat": which days, not until when
    chosen = resolve_day(draft.sides[1], here, lambda day: False)
    if not chosen:
        return {}
    return {"UNTIL": _format_until(make_moment(chosen.end, 1439, here.zone))}


def _anchor_rule(rule: Rule, start: date, here: Reference, lasts: timedelta | None) -> Recurrence:
    """Make the value, anchored at its first occurrence, which is today's while its hour is to come."""
    text = ";".join(f"{key}={value}" for key, value in rule.items())
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
