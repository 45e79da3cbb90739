"""From what one side of an expression says to a value, seen from now."""

from datetime import date, datetime, timedelta

from . import days
from .clocks import WINDOWS, Dial, dial, evening, moment
from .days import Choice
from .draft import Side
from .here import Here, Pick
from .prayers import prayer_times
from .said import ClockSaid, PartSaid, WeekdaySaid
from .sides import day_of
from .values import Around, Day, DaySpan, Instant, InThePast, NoSuchDate, Reason, WeekdayMismatch, When


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
        raise InThePast(value, others=_instead(chosen.start, clock, reading, here, zone, "day" in side.days))
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


def _instead(day: date, clock: ClockSaid, reading: Dial, here: Here, zone: int | None, relative: bool) -> tuple[When, ...]:
    """Offer what may have been meant by a time that is over: this evening, or tomorrow."""
    found: list[When] = []
    late = evening(clock)
    if late is not None and moment(day, late, here.zone, zone) > here.now:
        found.append(Instant(moment(day, late, here.zone, zone)))
    if relative:
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
        raise InThePast(Instant(at), others=_instead(today, clock, reading, here, zone, True))
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
    if not past:
        raise NoSuchDate("")
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


def _window_day(side: Side, today: date, window, here: Here) -> Choice:  # type: ignore[no-untyped-def]
    tense = _tense(side)
    if side.prayer and side.prayer.name == "jumat":
        return days.on_weekday(WeekdaySaid(4), today, lambda day: window(day)[2] <= here.now)
    if tense == -2 or (tense == -1 and window(today)[0] > here.now):
        return days.one(today - days.DAY)
    if tense in (-1, 0) or window(today)[2] > here.now:
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
