"""Which day one side of an expression names, seen from today."""

from datetime import date, timedelta
from typing import Any

from . import days
from .days import Choice
from .draft import Side
from .here import Here
from .said import DateSaid, EdgeSaid, Length, Rel, WeekdaySaid
from .values import Day, DayMismatch, NoSuchDate, WeekdayMismatch

_ALONE = {"edge", "monthspan", "nth", "weekend", "workdays", "distance", "onward"}


def day_of(side: Side, here: Here, gone: days.Gone, today: date | None = None) -> Choice | None:
    """Resolve the day of a side; `gone` says whether its time of day is over on a given day."""
    today = today or here.today
    said = {kind: atom.data for kind, atom in side.days.items()}
    if "date" in said:
        return _date(said, side, today, gone)
    if "day" in said:
        return _checked(_day_word(said["day"], here, today), side, today)
    if "night" in said:
        return _night(said["night"], side, today, gone)
    if "nth" in said:
        return days.on_nth(said["nth"]._replace(which=side.rels.get("bulan", said["nth"].which)), today)
    if "weekday" in said:
        return _weekday(said["weekday"], side, today, gone)
    return _other_day(said, side, here, today)


def _date(said: dict[str, Any], side: Side, today: date, gone: days.Gone) -> Choice:
    date_said: DateSaid = said["date"]
    if "monthspan" in said and date_said.month is None:  # "bulan September tanggal 5"
        month: EdgeSaid = said.pop("monthspan")
        date_said = date_said._replace(month=month.month, year=month.year)
    if said.keys() & _ALONE:
        raise NoSuchDate(date_said.text)
    chosen = _checked(days.on_date(date_said, side.rels, today, gone), side, today)
    if side.eve:  # "malam 17 Agustus" is also said of the night that leads to it
        return chosen._replace(assumed=(*chosen.assumed, "night"), others=(*chosen.others, chosen.start - days.DAY))
    return chosen


def _other_day(said: dict[str, object], side: Side, here: Here, today: date) -> Choice | None:
    if "edge" in said or "monthspan" in said:
        edge = said.get("edge") or said["monthspan"]
        if isinstance(edge, EdgeSaid):
            unit_rel = side.rels.get(edge.unit)
            year = today.year + side.rels["tahun"] if "tahun" in side.rels and edge.unit == "bulan" else edge.year
            return days.on_edge(edge._replace(which=edge.which if unit_rel is None else unit_rel, year=year), today)
    if isinstance(which := said.get("weekend"), int):
        return days.weekend(which, today)
    if isinstance(number := said.get("workdays"), int):
        return days.working_day(number, today, here.holidays)
    for kind in ("distance", "onward"):
        if isinstance(length := said.get(kind), Length):
            return _distance(length, kind, today)
    if side.shift:
        return days.one(_move(today, side.shift))
    if side.rels:
        unit = min(side.rels, key=["minggu", "bulan", "tahun"].index)
        return days.relative(Rel(unit, side.rels[unit]), today)
    return None


def _move(day: date, length: Length) -> date:
    return days.add_months(day, length.months) + length.delta


def _day_word(ahead: int, here: Here, today: date) -> Choice:
    day = today + timedelta(days=ahead)
    if ahead > 0 and here.now.hour < 4:
        return days.one(day, ("early",), (day - days.DAY,))
    return days.one(day)


def _distance(length: Length, kind: str, today: date) -> Choice:
    day = _move(today, length)
    if kind == "onward":
        return days.one(day, ("distance",), ())
    other = day.replace(day=1) if length.months else day - timedelta(days=day.weekday())
    return days.one(day, ("distance",), (other,) if other != day else ())


def _night(said: WeekdaySaid, side: Side, today: date, gone: days.Gone) -> Choice:
    eve = WeekdaySaid((said.day - 1) % 7, said.which)
    week = side.rels.get("minggu")
    if week is not None and said.day == 0:
        week -= 1  # the night before Monday is in the week before
    chosen = days.on_weekday(eve, today, gone, week)
    return _fits(chosen, (side.days["weekday"].data.day,), side) if "weekday" in side.days else chosen


def _weekday(said: WeekdaySaid, side: Side, today: date, gone: days.Gone) -> Choice:
    week = side.rels.get("minggu")
    if side.shift and side.shift.whole and side.shift.delta.days % 7 == 0:
        chosen = days.on_weekday(said, today, gone, side.shift.delta.days // 7)
        return chosen._replace(assumed=("distance",), others=(chosen.start + 7 * days.DAY,))
    if "distance" in side.days:
        length: Length = side.days["distance"].data
        return days.on_weekday(said, today, gone, length.delta.days // 7)._replace(assumed=("distance",))
    return days.on_weekday(said, today, gone, week)


def _checked(chosen: Choice, side: Side, today: date) -> Choice:
    """Refuse a weekday or a "besok" that is not that date."""
    if "date" in side.days and "day" in side.days:
        said = today + timedelta(days=side.days["day"].data)
        if said != chosen.start:
            raise DayMismatch(said, chosen.start, others=(Day(said), Day(chosen.start)))
    if "weekday" in side.days:
        chosen = _fits(chosen, (side.days["weekday"].data.day,), side)
    if "night" in side.days:
        index = side.days["night"].data.day
        chosen = _fits(chosen, (index, (index - 1) % 7), side)
        if chosen.start.weekday() == index:
            chosen = days.one(chosen.start - days.DAY, (*chosen.assumed, "night"), (chosen.start,))
    return chosen


def _fits(chosen: Choice, weekdays: tuple[int, ...], side: Side) -> Choice:
    if chosen.start.weekday() in weekdays:
        return chosen
    fitting = [other for other in chosen.others if other.weekday() in weekdays]
    if fitting:
        return days.one(fitting[0], ("passed",), (chosen.start,))
    near = min((chosen.start + timedelta(days=d) for d in range(-3, 4)), key=lambda day: day.weekday() != weekdays[0])
    raise WeekdayMismatch(weekdays[0], chosen.start.weekday(), chosen.start, others=(Day(chosen.start), Day(near)))
