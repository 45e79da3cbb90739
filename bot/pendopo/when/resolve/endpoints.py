"""Resolves the day of one side of an expression, seen from today."""

from datetime import date, timedelta
from typing import Any

from pendopo.when.dates import DAY, add_months
from pendopo.when.grammar.expression import Endpoint
from pendopo.when.grammar.nodes import DateNode, EdgeNode, Length, RelativeNode, WeekdayNode
from pendopo.when.resolve import day_resolution
from pendopo.when.resolve.day_resolution import DayChoice
from pendopo.when.resolve.reference import Reference
from pendopo.when.values import Day, DayMismatchError, NoSuchDateError, WeekdayMismatchError

_ALONE = {"edge", "monthspan", "nth", "weekend", "workdays", "distance", "onward"}


def resolve_day(side: Endpoint, here: Reference, gone: day_resolution.IsOver, today: date | None = None) -> DayChoice | None:
    """Resolve the day of a side, None where it names none; `gone` tells whether its time of day is over on a day."""
    today = today or here.today
    said = {kind: atom.data for kind, atom in side.days.items()}
    if side.since and not side.rels and (back := _look_back(said, side, today)):
        return back
    if "date" in said:
        return _resolve_date(said, side, today, gone)
    if "day" in said:
        return _check_choice(_day_word(said["day"], here, today), side, today)
    if "night" in said:
        return _resolve_night(said["night"], side, today, gone)
    if "nth" in said:
        return day_resolution.resolve_nth(said["nth"]._replace(which=side.rels.get("bulan", said["nth"].which)), today)
    if "weekday" in said:
        return _resolve_weekday(said["weekday"], side, today, gone)
    return _other_day(said, side, here, today)


def _look_back(said: dict[str, Any], side: Endpoint, today: date) -> DayChoice | None:
    """The last such day that is not to come, for "sejak Senin"; None where the day is told otherwise."""
    if "date" in said and "monthspan" not in said:
        chosen = day_resolution.resolve_last_date(said["date"], today)
        return chosen and _check_choice(chosen, side, today)
    if "weekday" in said and said["weekday"].which is None and "day" not in said:
        return day_resolution.choose_day(today - timedelta(days=(today.weekday() - said["weekday"].day) % 7))
    month: EdgeNode | None = said.get("monthspan") or said.get("edge")
    if month is not None and month.month is not None and month.year is None:
        year = today.year - (date(today.year, month.month, 1) > today)
        return day_resolution.resolve_edge(month._replace(year=year), today)
    return None


def _resolve_date(said: dict[str, Any], side: Endpoint, today: date, gone: day_resolution.IsOver) -> DayChoice:
    date_said: DateNode = said["date"]
    if "monthspan" in said and date_said.month is None:  # "bulan September tanggal 5"
        month: EdgeNode = said.pop("monthspan")
        date_said = date_said._replace(month=month.month, year=month.year)
    if said.keys() & _ALONE:
        raise NoSuchDateError(date_said.text)
    chosen = _check_choice(day_resolution.resolve_date(date_said, side.rels, today, gone), side, today)
    if side.eve:  # "malam 17 Agustus" can also mean the night before it
        return chosen._replace(assumed=(*chosen.assumed, "night"), others=(*chosen.others, chosen.start - DAY))
    return chosen


def _other_day(said: dict[str, object], side: Endpoint, here: Reference, today: date) -> DayChoice | None:
    if "edge" in said or "monthspan" in said:
        edge = said.get("edge") or said["monthspan"]
        if isinstance(edge, EdgeNode):
            unit_rel = side.rels.get(edge.unit)
            year = today.year + side.rels["tahun"] if "tahun" in side.rels and edge.unit == "bulan" else edge.year
            return day_resolution.resolve_edge(
                edge._replace(which=edge.which if unit_rel is None else unit_rel, year=year), today
            )
    if isinstance(which := said.get("weekend"), int):
        return day_resolution.resolve_weekend(which, today)
    if isinstance(number := said.get("workdays"), int):
        return day_resolution.working_day(number, today, here.holidays)
    for kind in ("distance", "onward"):
        if isinstance(length := said.get(kind), Length):
            return _resolve_distance(length, kind, today)
    if side.shift:
        return day_resolution.choose_day(_shift_day(today, side.shift))
    if side.rels:
        unit = min(side.rels, key=["minggu", "bulan", "tahun"].index)
        return day_resolution.resolve_relative(RelativeNode(unit, side.rels[unit]), today)
    return None


def _shift_day(day: date, length: Length) -> date:
    return add_months(day, length.months) + length.delta


def _day_word(ahead: int, here: Reference, today: date) -> DayChoice:
    day = today + timedelta(days=ahead)
    if ahead > 0 and here.now.hour < 4:
        return day_resolution.choose_day(day, ("early",), (day - DAY,))
    return day_resolution.choose_day(day)


def _resolve_distance(length: Length, kind: str, today: date) -> DayChoice:
    day = _shift_day(today, length)
    if kind == "onward":
        return day_resolution.choose_day(day, ("distance",), ())
    other = day.replace(day=1) if length.months else day - timedelta(days=day.weekday())
    return day_resolution.choose_day(day, ("distance",), (other,) if other != day else ())


def _resolve_night(said: WeekdayNode, side: Endpoint, today: date, gone: day_resolution.IsOver) -> DayChoice:
    eve = WeekdayNode((said.day - 1) % 7, said.which)
    week = side.rels.get("minggu")
    if week is not None and said.day == 0:
        week -= 1  # the night before Monday is in the week before
    chosen = day_resolution.resolve_weekday(eve, today, gone, week)
    return _fit_weekday(chosen, (side.days["weekday"].data.day,), side) if "weekday" in side.days else chosen


def _resolve_weekday(said: WeekdayNode, side: Endpoint, today: date, gone: day_resolution.IsOver) -> DayChoice:
    week = side.rels.get("minggu")
    if side.shift and side.shift.whole and side.shift.delta.days % 7 == 0:
        chosen = day_resolution.resolve_weekday(said, today, gone, side.shift.delta.days // 7)
        return chosen._replace(assumed=("distance",), others=(chosen.start + 7 * DAY,))
    if "distance" in side.days:
        length: Length = side.days["distance"].data
        if length.months or length.delta.days % 7:
            raise NoSuchDateError("")
        return day_resolution.resolve_weekday(said, today, gone, length.delta.days // 7)._replace(assumed=("distance",))
    return day_resolution.resolve_weekday(said, today, gone, week)


def _check_choice(chosen: DayChoice, side: Endpoint, today: date) -> DayChoice:
    """Check a date against the weekday or "besok" said with it. Raises `DayMismatchError` or `WeekdayMismatchError`."""
    if "date" in side.days and "day" in side.days:
        said = today + timedelta(days=side.days["day"].data)
        if said != chosen.start:
            raise DayMismatchError(said, chosen.start, others=(Day(said), Day(chosen.start)))
    if "weekday" in side.days:
        chosen = _fit_weekday(chosen, (side.days["weekday"].data.day,), side)
    if "night" in side.days:
        index = side.days["night"].data.day
        chosen = _fit_weekday(chosen, (index, (index - 1) % 7), side)
        if chosen.start.weekday() == index:
            chosen = day_resolution.choose_day(chosen.start - DAY, (*chosen.assumed, "night"), (chosen.start,))
    return chosen


def _fit_weekday(chosen: DayChoice, weekdays: tuple[int, ...], side: Endpoint) -> DayChoice:
    if chosen.start.weekday() in weekdays:
        return chosen
    fitting = [other for other in chosen.others if other.weekday() in weekdays]
    if fitting:
        return day_resolution.choose_day(fitting[0], ("passed",), (chosen.start,))
    near = min((chosen.start + timedelta(days=d) for d in range(-3, 4)), key=lambda day: day.weekday() != weekdays[0])
    raise WeekdayMismatchError(weekdays[0], chosen.start.weekday(), chosen.start, others=(Day(chosen.start), Day(near)))
