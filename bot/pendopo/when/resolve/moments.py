"""Resolves one side of an expression to a value, seen from now."""

from datetime import date, datetime, timedelta

from pendopo.when.dates import DAY, make_moment
from pendopo.when.grammar.expression import Endpoint
from pendopo.when.grammar.nodes import ClockNode, DayPartNode, WeekdayNode
from pendopo.when.prayer_times import PRAYER_PARTS, prayer_times
from pendopo.when.resolve import day_resolution
from pendopo.when.resolve.clock_resolution import DAY_PART_HOURS, ClockReading, resolve_clock, shift_to_evening
from pendopo.when.resolve.day_resolution import DayChoice
from pendopo.when.resolve.endpoints import resolve_day
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.values import (
    ApproximateTime,
    DateRange,
    Day,
    Instant,
    InThePastError,
    NoSuchDateError,
    Reason,
    WeekdayMismatchError,
    When,
)


def resolve_endpoint(side: Endpoint, here: Reference) -> Pick | None:
    """Resolve one side of an expression; None where it names no time."""
    if side.stamp:
        return _resolve_stamp(side, here)
    if side.shift and not side.shift.whole and not side.shift.months:
        return Pick(Instant(here.add_length(side.shift)))
    if side.now:
        return Pick(Instant(here.now.replace(microsecond=0)))
    if side.since and side.timed and not side.dated:
        side.later = -1
    if side.timed and not side.clock and not _is_sure_part(side):
        return None
    if side.clock:
        return _resolve_at_clock(side, side.clock, here)
    if "night" in side.days and not side.timed:
        side.part = DayPartNode("malam")
    if side.prayer or side.slot or side.part:
        return resolve_window(side, here)
    chosen = resolve_day(side, here, lambda day: False)
    return day_pick(chosen) if chosen else None


def _is_sure_part(side: Endpoint) -> bool:
    """Whether a part of the day is a time and no greeting ("pagi"): it stands with a day, "nanti" or "ini"."""
    return bool(side.dated or side.later or side.prayer or side.slot or (side.part and side.part.tense is not None))


def day_pick(chosen: DayChoice) -> Pick:
    """The value of chosen days."""
    others = tuple(Day(other) for other in chosen.others)
    if chosen.start == chosen.end:
        return Pick(Day(chosen.start), chosen.assumed, others)
    return Pick(DateRange(chosen.start, chosen.end), chosen.assumed, others)


def _resolve_stamp(side: Endpoint, here: Reference) -> Pick:
    at: datetime = side.stamp.data if side.stamp else here.now
    return Pick(Instant(at.astimezone(here.zone) if at.tzinfo else at.replace(tzinfo=here.zone)))


# --- times of day ---------------------------------------------------------------------------------------------------


def _get_tense(side: Endpoint) -> int | None:
    return side.part.tense if side.part and side.part.tense is not None else side.later or None


def _resolve_at_clock(side: Endpoint, clock: ClockNode, here: Reference) -> Pick | None:
    reading = resolve_clock(clock, get_part(side, clock))
    zone = clock.zone or side.zone

    def gone(day: date) -> bool:
        return make_moment(day, reading.minutes, here.zone, zone) <= here.now

    chosen = resolve_day(side, here, gone)
    if chosen is None:
        return _resolve_without_day(side, clock, reading, here)
    if chosen.start != chosen.end:
        return _on_some_day(chosen, reading, here, zone)
    tense = _get_tense(side)
    if _is_today_over(side, chosen, gone, here) and tense != -1:
        value = Instant(make_moment(chosen.start, reading.minutes, here.zone, zone))
        raise InThePastError(value, others=_list_alternatives(chosen.start, clock, reading, here, zone, "day" in side.days))
    return clock_pick(chosen, reading, here, zone, clock.approx)


def get_part(side: Endpoint, clock: ClockNode) -> str | None:
    """The part of the day that decides the hour of a clock, None where none is said."""
    if clock.part:
        return clock.part
    if side.part or "night" in side.days:
        return side.part.part if side.part else "malam"
    return PRAYER_PARTS[side.prayer.name] if side.prayer else None


def _is_today_over(side: Endpoint, chosen: DayChoice, gone: day_resolution.IsOver, here: Reference) -> bool:
    if chosen.start != here.today or "weekday" in side.days.keys() - {"date", "day"} & side.days.keys():
        return False
    return bool({"day", "date"} & side.days.keys()) and gone(chosen.start)


def _list_alternatives(
    day: date, clock: ClockNode, reading: ClockReading, here: Reference, zone: int | None, relative: bool
) -> tuple[When, ...]:
    """What a time that is over may have meant: this evening, or tomorrow."""
    found: list[When] = []
    late = shift_to_evening(clock)
    if late is not None and make_moment(day, late, here.zone, zone) > here.now:
        found.append(Instant(make_moment(day, late, here.zone, zone)))
    if relative:
        found.append(Instant(make_moment(day + DAY, reading.minutes, here.zone, zone)))
    return tuple(found)


def _on_some_day(chosen: DayChoice, reading: ClockReading, here: Reference, zone: int | None) -> Pick:
    """Guess the day of a clock in a named week (today's weekday) or month (its first), with both ends as alternatives."""
    same = chosen.start + timedelta(days=here.today.weekday()) if (chosen.end - chosen.start).days == 6 else chosen.start
    spread = [chosen.start, chosen.end]
    others = tuple(Instant(make_moment(day, reading.minutes, here.zone, zone)) for day in spread if day != same)
    return Pick(Instant(make_moment(same, reading.minutes, here.zone, zone)), (*chosen.assumed, "week"), others)


def clock_pick(chosen: DayChoice, reading: ClockReading, here: Reference, zone: int | None, approx: bool = False) -> Pick:
    """Combine a clock with chosen days, and the doubts about both."""
    at = make_moment(chosen.start, reading.minutes, here.zone, zone)
    others = [Instant(make_moment(day, reading.minutes, here.zone, zone)) for day in chosen.others]
    others += [Instant(make_moment(chosen.start, minutes, here.zone, zone)) for minutes in reading.others]
    value: When = ApproximateTime(at - timedelta(minutes=15), at + timedelta(minutes=15)) if approx else Instant(at)
    return Pick(value, (*chosen.assumed, *reading.assumed), tuple(others))


def _resolve_without_day(side: Endpoint, clock: ClockNode, reading: ClockReading, here: Reference) -> Pick:
    """Resolve a clock without a day: the next one, or for "tadi" the last one."""
    zone, tense, today = clock.zone or side.zone, _get_tense(side), here.today
    at = make_moment(today, reading.minutes, here.zone, zone)
    if tense in (-1, -2):
        return _resolve_past(side, clock, reading, here)
    if at > here.now:
        early = reading.minutes - 1440
        if early >= 0 and tense is None and make_moment(today, early, here.zone, zone) > here.now:
            return clock_pick(day_resolution.choose_day(today - DAY, ("night",), (today,)), reading, here, zone, clock.approx)
        return clock_pick(day_resolution.choose_day(today), reading, here, zone, clock.approx)
    late = shift_to_evening(clock)
    if tense == 1 and late is not None and make_moment(today, late, here.zone, zone) > here.now:
        return clock_pick(
            day_resolution.choose_day(today, ("morning",)), ClockReading(late, reading.assumed), here, zone, clock.approx
        )
    if tense == 0:
        raise InThePastError(Instant(at), others=_list_alternatives(today, clock, reading, here, zone, True))
    pick = clock_pick(day_resolution.choose_day(today + DAY, ("passed",)), reading, here, zone, clock.approx)
    instead = () if late is None else (Instant(make_moment(today, late, here.zone, zone)),)
    return pick._replace(others=(*(other for other in instead if other.at > here.now), *pick.others))


def _resolve_past(side: Endpoint, clock: ClockNode, reading: ClockReading, here: Reference) -> Pick:
    zone = clock.zone or side.zone
    minutes = [reading.minutes, *reading.others]
    tries = [make_moment(here.today - back * DAY, minute, here.zone, zone) for minute in minutes for back in (0, 1)]
    if side.part and side.part.tense == -2:
        tries = [make_moment(here.today - DAY, reading.minutes, here.zone, zone)]
    past = sorted((at for at in tries if at <= here.now), reverse=True)
    if not past:
        raise NoSuchDateError("")
    others = tuple(Instant(at) for at in past[1:]) if len(minutes) > 1 else ()
    return Pick(Instant(past[0]), reading.assumed, others)


def resolve_window(side: Endpoint, here: Reference) -> Pick | None:
    today = here.today
    reason: Reason = "prayer" if side.prayer else "part_of_day"

    def window(day: date) -> tuple[datetime, datetime, datetime]:
        first, end, last = _window_minutes(side, day, here)
        return tuple(make_moment(day, minutes, here.zone) for minutes in (first, end, last))  # type: ignore[return-value]  # three go in

    chosen = resolve_day(side, here, lambda day: window(day)[2] <= here.now)
    if chosen is None:
        chosen = _window_day(side, today, window, here)
    day = chosen.start
    if side.prayer and side.prayer.name == "jumat" and day.weekday() != 4:
        raise WeekdayMismatchError(4, day.weekday(), day, others=(Day(day),))
    start, end, last = window(day)
    if day == today and start < here.now < last and _get_tense(side) not in (-1, -2):
        start = here.now.replace(second=0, microsecond=0)
        end = end if end > start else last
    others = tuple(ApproximateTime(*window(other)[:2]) for other in chosen.others)
    return Pick(ApproximateTime(start, end), (*chosen.assumed, reason), others)


def _window_day(side: Endpoint, today: date, window, here: Reference) -> DayChoice:  # type: ignore[no-untyped-def]
    tense = _get_tense(side)
    if side.prayer and side.prayer.name == "jumat":
        return day_resolution.resolve_weekday(WeekdayNode(4), today, lambda day: window(day)[2] <= here.now)
    if tense == -2 or (tense == -1 and window(today)[0] > here.now):
        return day_resolution.choose_day(today - DAY)
    if tense in (-1, 0) or window(today)[2] > here.now:
        return day_resolution.choose_day(today)
    return day_resolution.choose_day(today + DAY, ("passed",))


def _window_minutes(side: Endpoint, day: date, here: Reference) -> tuple[int, int, int]:
    """Start, usual end and latest end of the window that a side names, in minutes after midnight."""
    if side.prayer:
        at = prayer_times(day, here.place)[side.prayer.name]
        if side.prayer.name == "jumat":
            return at + 20, at + 60, at + 90
        first, end, last = {-1: (-40, -5, 0), 0: (0, 15, 45), 1: (10, 45, 60)}[side.prayer.side]
        return at + first, at + end, at + last
    found = DAY_PART_HOURS.get(side.slot or (side.part.part if side.part else ""))
    if found is None:
        raise NoSuchDateError(side.slot or "")
    return found.start, found.end, found.last
