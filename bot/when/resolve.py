"""From what one side of an expression says to a value, seen from now."""

from collections.abc import Collection
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from . import days
from .clocks import WINDOWS, Dial, dial, evening, moment
from .days import Choice
from .draft import Side
from .prayers import BANDUNG, Place, prayer_times
from .said import ClockSaid, Length, PartSaid, Rel, WeekdaySaid
from .values import Around, Day, DayMismatch, DaySpan, InThePast, Instant, NoSuchDate, Reason, WeekdayMismatch, When


class Here(NamedTuple):
    """When and where the text is read."""

    now: datetime
    zone: ZoneInfo
    holidays: Collection[date] = ()
    place: Place = BANDUNG

    @property
    def today(self) -> date:
        """The date now, in the zone."""
        return self.now.date()

    def later(self, length: Length) -> datetime:
        """The moment so long from now, counted in real time."""
        at = self.now.replace(second=0, microsecond=0) if self.now.second == 0 else self.now.replace(microsecond=0)
        return (at.astimezone(timezone.utc) + length.delta).astimezone(self.zone)


class Pick(NamedTuple):
    """A value, what was assumed for it, and the values that could be meant instead."""

    value: When
    assumed: tuple[Reason, ...] = ()
    others: tuple[When, ...] = ()


def side_value(side: Side, here: Here) -> Pick | None:
    """Resolve one side."""
    if side.stamp:
        return _stamp(side, here)
    if side.shift and not side.shift.whole and not side.shift.months:
        return Pick(Instant(here.later(side.shift)))
    if side.now:
        return Pick(Instant(here.now.replace(microsecond=0)))
    if side.timed and not side.clock and not _sure_part(side):
        return None
    if side.clock:
        return _at_clock(side, side.clock, here)
    if "night" in side.days and not side.timed:
        side.part = PartSaid("malam")
    if side.prayer or side.slot or side.part:
        return _in_window(side, here)
    chosen = day_of(side, here, lambda day: False)
    return day_pick(chosen) if chosen else None


def _sure_part(side: Side) -> bool:
    """A part of the day by itself ("pagi") is a greeting; with a day, "nanti" or "ini" it is a time."""
    return bool(side.dated or side.later or side.prayer or side.slot or (side.part and side.part.tense is not None))


def day_pick(chosen: Choice) -> Pick:
    """Make a value of chosen days."""
    others = tuple(Day(other) for other in chosen.others)
    if chosen.start == chosen.end:
        return Pick(Day(chosen.start), chosen.assumed, others)
    return Pick(DaySpan(chosen.start, chosen.end), chosen.assumed, others)


def _stamp(side: Side, here: Here) -> Pick:
    at: datetime = side.stamp.data if side.stamp else here.now
    return Pick(Instant(at.astimezone(here.zone) if at.tzinfo else at.replace(tzinfo=here.zone)))


# --- days -----------------------------------------------------------------------------------------------------------


def day_of(side: Side, here: Here, gone: days.Gone, today: date | None = None) -> Choice | None:
    """Resolve the day of a side; `gone` says whether its time of day is over on a given day."""
    today = today or here.today
    said = {kind: atom.data for kind, atom in side.days.items()}
    if "date" in said:
        return _checked(days.on_date(said["date"], side.rels, today, gone), side, today)
    if "day" in said:
        return _checked(_day_word(said["day"], here, today), side, today)
    if "night" in said:
        return _night(said["night"], side, today, gone)
    if "nth" in said:
        return days.on_nth(said["nth"]._replace(which=side.rels.get("bulan", said["nth"].which)), today)
    if "weekday" in said:
        return _weekday(said["weekday"], side, today, gone)
    return _other_day(said, side, here, today)


def _other_day(said: dict[str, object], side: Side, here: Here, today: date) -> Choice | None:
    if "edge" in said or "monthspan" in said:
        edge = said.get("edge") or said["monthspan"]
        if isinstance(edge, days.EdgeSaid):
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
    if length.months:
        other = day.replace(day=1)
    else:
        other = day - timedelta(days=day.weekday())
    return days.one(day, ("distance",), (other,) if other != day else ())


def _night(said: WeekdaySaid, side: Side, today: date, gone: days.Gone) -> Choice:
    eve = WeekdaySaid((said.index - 1) % 7, said.which)
    week = side.rels.get("minggu")
    if week is not None and said.index == 0:
        week -= 1  # the night before Monday is in the week before
    chosen = days.on_weekday(eve, today, gone, week)
    return _fits(chosen, (side.days["weekday"].data.index,), side) if "weekday" in side.days else chosen


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
        chosen = _fits(chosen, (side.days["weekday"].data.index,), side)
    if "night" in side.days:
        index = side.days["night"].data.index
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


# --- times of day ---------------------------------------------------------------------------------------------------


def _tense(side: Side) -> int | None:
    return side.part.tense if side.part and side.part.tense is not None else side.later or None


def _at_clock(side: Side, clock: ClockSaid, here: Here) -> Pick | None:
    reading = dial(clock, side_part(side, clock))
    zone = clock.zone or side.zone

    def gone(day: date) -> bool:
        return moment(day, reading.minutes, here.zone, zone) <= here.now

    chosen = day_of(side, here, gone)
    if chosen is None:
        return _today_or_so(side, clock, reading, here)
    if chosen.start != chosen.end:
        return _on_some_day(chosen, reading, here, zone)
    tense = _tense(side)
    if _today_is_over(side, chosen, gone, here) and tense != -1:
        value = Instant(moment(chosen.start, reading.minutes, here.zone, zone))
        raise InThePast(value, others=_instead(chosen.start, clock, reading, here, zone))
    return clock_pick(chosen, reading, here, zone, clock.approx)


def side_part(side: Side, clock: ClockSaid) -> str | None:
    """Return the part of the day that decides the hour of a clock, if one was said."""
    if clock.part:
        return clock.part
    return side.part.part if side.part else "malam" if "night" in side.days else None


def _today_is_over(side: Side, chosen: Choice, gone: days.Gone, here: Here) -> bool:
    if chosen.start != here.today or "weekday" in side.days.keys() - {"date", "day"} & side.days.keys():
        return False
    return bool({"day", "date"} & side.days.keys()) and gone(chosen.start)


def _instead(day: date, clock: ClockSaid, reading: Dial, here: Here, zone: int | None) -> tuple[When, ...]:
    """Offer what may have been meant by a time that is over: this evening, or tomorrow."""
    found: list[When] = []
    late = evening(clock)
    if late is not None and moment(day, late, here.zone, zone) > here.now:
        found.append(Instant(moment(day, late, here.zone, zone)))
    found.append(Instant(moment(day + days.DAY, reading.minutes, here.zone, zone)))
    return tuple(found)


def _on_some_day(chosen: Choice, reading: Dial, here: Here, zone: int | None) -> Pick:
    """A clock in a named week or month: which day is open, so every answer is offered as a guess."""
    same = chosen.start + timedelta(days=here.today.weekday()) if (chosen.end - chosen.start).days == 6 else chosen.start
    spread = [chosen.start, chosen.end]
    others = tuple(Instant(moment(day, reading.minutes, here.zone, zone)) for day in spread if day != same)
    return Pick(Instant(moment(same, reading.minutes, here.zone, zone)), (*chosen.assumed, "week"), others)


def clock_pick(chosen: Choice, reading: Dial, here: Here, zone: int | None, approx: bool = False) -> Pick:
    """Put a clock on chosen days, with every doubt about either."""
    at = moment(chosen.start, reading.minutes, here.zone, zone)
    others = [Instant(moment(day, reading.minutes, here.zone, zone)) for day in chosen.others]
    others += [Instant(moment(chosen.start, minutes, here.zone, zone)) for minutes in reading.others]
    value: When = Around(at - timedelta(minutes=15), at + timedelta(minutes=15)) if approx else Instant(at)
    return Pick(value, (*chosen.assumed, *reading.assumed), tuple(others))


def _today_or_so(side: Side, clock: ClockSaid, reading: Dial, here: Here) -> Pick:
    """Resolve a clock with no day: the next one to come, or the last one for "tadi"."""
    zone, tense, today = clock.zone or side.zone, _tense(side), here.today
    at = moment(today, reading.minutes, here.zone, zone)
    if tense in (-1, -2):
        return _back(side, clock, reading, here)
    if at > here.now:
        early = reading.minutes - 1440
        if early >= 0 and tense is None and moment(today, early, here.zone, zone) > here.now:
            return clock_pick(days.one(today - days.DAY, ("night",), (today,)), reading, here, zone, clock.approx)
        return clock_pick(days.one(today), reading, here, zone, clock.approx)
    late = evening(clock)
    if tense == 1 and late is not None and moment(today, late, here.zone, zone) > here.now:
        return clock_pick(days.one(today, ("morning",)), Dial(late, reading.assumed), here, zone, clock.approx)
    if tense == 0:
        raise InThePast(Instant(at), others=_instead(today, clock, reading, here, zone))
    pick = clock_pick(days.one(today + days.DAY, ("passed",)), reading, here, zone, clock.approx)
    instead = () if late is None else (Instant(moment(today, late, here.zone, zone)),)
    return pick._replace(others=(*(other for other in instead if other.at > here.now), *pick.others))


def _back(side: Side, clock: ClockSaid, reading: Dial, here: Here) -> Pick:
    zone = clock.zone or side.zone
    minutes = [reading.minutes, *reading.others]
    tries = [moment(here.today - back * days.DAY, minute, here.zone, zone) for minute in minutes for back in (0, 1)]
    if side.part and side.part.tense == -2:
        tries = [moment(here.today - days.DAY, reading.minutes, here.zone, zone)]
    past = sorted((at for at in tries if at <= here.now), reverse=True)
    others = tuple(Instant(at) for at in past[1:]) if len(minutes) > 1 else ()
    return Pick(Instant(past[0]), reading.assumed, others)


def _in_window(side: Side, here: Here) -> Pick | None:
    today = here.today
    reason: Reason = "prayer" if side.prayer else "part_of_day"

    def window(day: date) -> tuple[datetime, datetime, datetime]:
        first, end, last = _minutes(side, day, here)
        return tuple(moment(day, minutes, here.zone) for minutes in (first, end, last))  # type: ignore[return-value]  # three go in

    chosen = day_of(side, here, lambda day: window(day)[2] <= here.now)
    if chosen is None:
        chosen = _window_day(side, today, window, here)
    day = chosen.start
    if side.prayer and side.prayer.name == "jumat" and day.weekday() != 4:
        raise WeekdayMismatch(4, day.weekday(), day, others=(Day(day),))
    start, end, last = window(day)
    if day == today and start < here.now < last and _tense(side) not in (-1, -2):
        start = here.now.replace(second=0, microsecond=0)
        end = end if end > start else last
    others = tuple(Around(*window(other)[:2]) for other in chosen.others)
    return Pick(Around(start, end), (*chosen.assumed, reason), others)


def _window_day(side: Side, today: date, window, here: Here) -> Choice:  # type: ignore[no-untyped-def]  # noqa: ANN001
    tense = _tense(side)
    if side.prayer and side.prayer.name == "jumat":
        return days.on_weekday(WeekdaySaid(4), today, lambda day: window(day)[2] <= here.now)
    if tense == -2 or (tense == -1 and window(today)[0] > here.now):
        return days.one(today - days.DAY)
    if tense == -1 or window(today)[2] > here.now:
        return days.one(today)
    return days.one(today + days.DAY, ("passed",))


def _minutes(side: Side, day: date, here: Here) -> tuple[int, int, int]:
    """Return start, usual end and last end of the window a side names, in minutes of the day."""
    if side.prayer:
        at = prayer_times(day, here.place)[side.prayer.name]
        if side.prayer.name == "jumat":
            return at + 20, at + 60, at + 90
        first, end, last = {-1: (-40, -5, 0), 0: (0, 15, 45), 1: (10, 45, 60)}[side.prayer.side]
        return at + first, at + end, at + last
    found = WINDOWS.get(side.slot or (side.part.part if side.part else ""))
    if found is None:
        raise NoSuchDate(side.slot or "")
    return found.start, found.end, found.last
