"""Resolves whole expressions: single times, ranges, lengths from a start; lists and recurrences are passed on."""

from datetime import UTC, date, datetime

from pendopo.when.dates import DAY, add_months, make_moment
from pendopo.when.grammar.expression import Endpoint, Expression
from pendopo.when.grammar.nodes import ClockNode, Length, WeekdayNode
from pendopo.when.resolve import day_resolution
from pendopo.when.resolve.clock_resolution import resolve_clock
from pendopo.when.resolve.day_resolution import DayChoice
from pendopo.when.resolve.endpoints import resolve_day
from pendopo.when.resolve.lists import resolve_date_list, resolve_offset, resolve_weekday_list
from pendopo.when.resolve.moments import get_part, resolve_endpoint
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.resolve.repetition import resolve_recurrence
from pendopo.when.values import (
    ApproximateTime,
    DateRange,
    Day,
    Duration,
    Instant,
    InThePastError,
    NoSuchDateError,
    Reason,
    TimeRange,
    When,
)


def resolve_value(draft: Expression, here: Reference, anchor: str | None) -> Pick | None:
    """Resolve an expression; `anchor` names what an offset is counted from where that is no time."""
    if draft.every:
        return resolve_recurrence(draft, here)
    if draft.offset or draft.hminus:
        return resolve_offset(draft, here, anchor)
    if draft.weekdays:
        return resolve_weekday_list(draft, here)
    if draft.dates:
        return resolve_date_list(draft, here)
    if len(draft.sides) > 1 and not draft.sides[-1].empty:
        return _resolve_range(draft, here)
    return _resolve_single(draft, draft.sides[0], here)


def _resolve_single(draft: Expression, side: Endpoint, here: Reference) -> Pick | None:
    if side.clock and side.until:
        return _resolve_hours(draft, side, side.clock, side.until, here)
    pick = _not_today(resolve_endpoint(side, here), side)
    length = draft.duration
    if pick is None:
        return Pick(Duration(length.delta, length.months)) if length and side.empty else None
    if side.limit:
        pick = pick._replace(assumed=(*pick.assumed, "approximate"))
    if length is None:
        return _make_open(pick, here) if draft.open else _offer_span(pick, side)
    lasting = _apply_length(pick, length, here)
    if draft.loose:  # "besok jam 9 terlambat 30 menit" need not last so long
        return pick._replace(assumed=(*pick.assumed, "order"), others=(lasting.value, *pick.others))
    return lasting


def _not_today(pick: Pick | None, side: Endpoint) -> Pick | None:
    """Read a bare weekday that is today's as the next one: for today people say "hari ini"."""
    bare = "weekday" in side.days and "date" not in side.days
    if bare and pick and pick.assumed == ("today",) and isinstance(pick.value, Day):
        return Pick(pick.others[0], ("today",), (pick.value,))
    return pick


def _offer_span(pick: Pick, side: Endpoint) -> Pick:
    """Offer the whole range beside the day that "3 hari ke depan" was read as."""
    if "onward" in side.days and isinstance(pick.value, Day):
        length: Length = side.days["onward"].data
        first = add_months(pick.value.on, -length.months) - length.delta
        return pick._replace(others=(DateRange(first, pick.value.on),))
    return pick


def _make_open(pick: Pick, here: Reference) -> Pick:
    match pick.value:
        case Instant(at):
            return Pick(
                TimeRange(at), pick.assumed, tuple(TimeRange(other.at) for other in pick.others if isinstance(other, Instant))
            )
        case ApproximateTime(start=start):
            return pick._replace(value=TimeRange(start))
        case Day(on):
            return Pick(TimeRange(make_moment(on, 0, here.zone)), (*pick.assumed, "unsaid"))
    return pick


def _apply_length(pick: Pick, length: Length, here: Reference) -> Pick:
    """Apply a length to a start: "3 hari mulai Senin depan", "besok jam 9 selama 2 jam"."""
    return Pick(
        _extend_value(pick.value, length, here),
        (*pick.assumed, *_find_doubts(pick.value, length)),
        tuple(_extend_value(other, length, here) for other in pick.others),
    )


def _find_doubts(value: When, length: Length) -> tuple[Reason, ...]:
    if length.working:
        return ("holidays",)
    return () if length.whole or isinstance(value, Instant) else ("unsaid",)


def _extend_value(value: When, length: Length, here: Reference) -> When:
    match value:
        case Instant(at):
            if length.whole or length.months:
                return DateRange(at.date(), _find_last_day(at.date(), length, here))
            return TimeRange(at, (at.astimezone(UTC) + length.delta).astimezone(at.tzinfo))
        case Day(on) | DateRange(start=on) if length.whole or length.months:
            return DateRange(on, _find_last_day(on, length, here))
    return value


def _find_last_day(start: date, length: Length, here: Reference) -> date:
    if length.working:
        return day_resolution.working_day(length.delta.days, start - DAY, here.holidays).start
    return add_months(start, length.months) + length.delta - DAY


# --- ranges ---------------------------------------------------------------------------------------------------------


def _resolve_hours(draft: Expression, side: Endpoint, first: ClockNode, last: ClockNode, here: Reference) -> Pick | None:
    """Resolve "besok jam 9-11"; a part of the day at the end applies to both clocks where that makes sense."""
    start, end, reasons = _span_minutes(side, first, last)
    zone = last.zone or first.zone or side.zone

    def over(day: date) -> bool:
        return make_moment(day, start, here.zone, zone) <= here.now

    chosen = resolve_day(side, here, over)
    if chosen is None:
        chosen = (
            day_resolution.choose_day(here.today)
            if not over(here.today)
            else day_resolution.choose_day(here.today + DAY, ("passed",))
        )
        if side.later == -1 or (side.part and side.part.tense in (-1, 0)):
            chosen = day_resolution.choose_day(here.today)
    if chosen.start != chosen.end:
        chosen = day_resolution.choose_day(chosen.start, (*chosen.assumed, "week"))
    value = _make_span(draft, chosen.start, start, end, here, zone)
    close = make_moment(chosen.start, end, here.zone, zone)
    if {"day", "date"} & side.days.keys() and chosen.start == here.today and close <= here.now and side.later != -1:
        raise InThePastError(value, others=(_make_span(draft, chosen.start + DAY, start, end, here, zone),))
    others = tuple(_make_span(draft, day, start, end, here, zone) for day in chosen.others)
    loose: tuple[Reason, ...] = ("approximate",) if draft.between else ()
    return Pick(value, (*chosen.assumed, *reasons, *loose), others)


def _make_span(
    draft: Expression, day: date, start: int, end: int, here: Reference, zone: int | None
) -> TimeRange | ApproximateTime:
    first, last = make_moment(day, start, here.zone, zone), make_moment(day, end, here.zone, zone)
    return ApproximateTime(first, last) if draft.between else TimeRange(first, last)


def _span_minutes(side: Endpoint, first: ClockNode, last: ClockNode) -> tuple[int, int, tuple[Reason, ...]]:
    part = side.part.part if side.part else None
    own = first.part or (None if first.exact else part)
    start = resolve_clock(first, own or (None if first.exact else _borrow_part(first, last)))
    end = resolve_clock(last, last.part or (None if last.exact else part))
    minutes, reasons = end.minutes, start.assumed
    if not last.part and not last.exact:
        minutes = _find_next_turn(start.minutes, last, part)
    elif minutes <= start.minutes:
        minutes += 1440
    return start.minutes, minutes, reasons


def _borrow_part(first: ClockNode, last: ClockNode) -> str | None:
    """The second clock's part of the day, if it puts the first one before it: "jam 1 sampai 3 sore", not "9 sampai 3 sore"."""
    if last.part is None:
        return None
    try:
        start, end = resolve_clock(first, last.part).minutes, resolve_clock(last).minutes
    except NoSuchDateError:
        return None
    if start < end and end - start <= 720:
        return last.part
    return "am" if last.part == "pm" else "pagi" if resolve_clock(first).minutes >= end else None


def _find_next_turn(start: int, last: ClockNode, part: str | None) -> int:
    """The first minute after the start at which the second clock's hand is there: "jam 10-2" ends at 14."""
    turn = last.hour * 60 + last.minute - last.said * 60
    return next(m for half in range(6) if (m := (last.said % 12 + 12 * half) * 60 + turn) > start)


def _resolve_range(draft: Expression, here: Reference) -> Pick | None:
    """Resolve a range of two sides."""
    first, last = draft.sides[0], draft.sides[-1]
    _share_details(first, last)
    start = resolve_endpoint(first, here) if not first.empty else None
    if start is None:
        return resolve_endpoint(last, here)
    begin = _get_begin(start.value)
    if last.clock and not last.dated and isinstance(start.value, Instant):
        minutes = _find_next_turn(_minute_of(start.value.at), last.clock, None)
        end = resolve_clock(last.clock, get_part(last, last.clock)).minutes if last.clock.part or last.clock.exact else minutes
        end += 1440 if end <= _minute_of(start.value.at) else 0
        return Pick(TimeRange(start.value.at, make_moment(begin, end, here.zone)), start.assumed)
    if not first.clock and not last.clock and not last.timed:
        return _day_range(start, last, begin, here)
    return _resolve_mixed(draft, start, begin, last, here)


def _share_details(first: Endpoint, last: Endpoint) -> None:
    """Apply what is said at the end to the start too: "Senin-Rabu minggu depan", "28 Agustus - 2 September 2026"."""
    if last.rels and not first.rels and first.days.keys() & {"weekday", "date"}:
        first.rels = dict(last.rels)
    if "date" in first.days and "date" in last.days:
        one, two = first.days["date"], last.days["date"]
        if one.data.month is None and two.data.month is not None:
            one = one._replace(data=one.data._replace(month=two.data.month))
        if one.data.year is None and two.data.year is not None:
            year = two.data.year - ((one.data.month or 0) > (two.data.month or 13))
            one = one._replace(data=one.data._replace(year=year))
        first.days["date"] = one
    if "weekday" in last.days and "weekday" in first.days and first.days["weekday"].data.which is None:
        said: WeekdayNode = last.days["weekday"].data
        if said.which is not None:
            first.days["weekday"] = first.days["weekday"]._replace(data=first.days["weekday"].data._replace(which=said.which))


def _get_begin(value: When) -> date:
    match value:
        case Day(on) | DateRange(start=on):
            return on
        case Instant(at) | ApproximateTime(start=at):
            return at.date()
    raise NoSuchDateError("")


def _minute_of(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _resolve_end_day(last: Endpoint, begin: date, here: Reference) -> DayChoice:
    """Resolve the end of a range from its start, not from today. Raises `NoSuchDateError`."""
    if "weekday" in last.days and not last.rels:
        last.days["weekday"] = last.days["weekday"]._replace(data=WeekdayNode(last.days["weekday"].data.day))
    ref = begin if "day" not in last.days and not last.rels and not last.shift else here.today
    chosen = resolve_day(last, here, lambda day: False, ref)
    if chosen is None or chosen.end < begin:
        raise NoSuchDateError("")
    return chosen


def _day_range(start: Pick, last: Endpoint, begin: date, here: Reference) -> Pick:
    chosen = _resolve_end_day(last, begin, here)
    reasons = tuple(reason for reason in (*start.assumed, *chosen.assumed) if reason != "year")
    if isinstance(start.value, Instant):
        end = make_moment(chosen.end, 1440, here.zone)
        return Pick(TimeRange(start.value.at, end), (*reasons, "unsaid"))
    return Pick(DateRange(begin, chosen.end), reasons + (("year",) if "year" in start.assumed else ()))


def _resolve_mixed(draft: Expression, start: Pick, begin: date, last: Endpoint, here: Reference) -> Pick:
    """Resolve a range that is not of two whole days."""
    if not last.dated:
        end = resolve_endpoint(last, here)
        until = _moment_in(end, begin) if end else None
        opening = start.value.at if isinstance(start.value, Instant) else max(here.now, make_moment(begin, 0, here.zone))
        return Pick(TimeRange(opening, until), (*start.assumed, "unsaid"))
    chosen = _resolve_end_day(last, begin, here)
    clock = last.clock
    if isinstance(start.value, Instant):
        if clock is None:
            return Pick(TimeRange(start.value.at, make_moment(chosen.end, 1440, here.zone)), (*start.assumed, "unsaid"))
        end_minutes = resolve_clock(clock, get_part(last, clock))
        finish = make_moment(chosen.start, end_minutes.minutes, here.zone, clock.zone or last.zone)
        return Pick(TimeRange(start.value.at, finish), (*start.assumed, *chosen.assumed, *end_minutes.assumed))
    whole = DateRange(begin, chosen.end)
    if clock is None:
        return Pick(whole, (*start.assumed, "part_of_day"))
    return _days_with_hours(draft, whole, last, clock, here)


def _days_with_hours(draft: Expression, whole: DateRange, last: Endpoint, clock: ClockNode, here: Reference) -> Pick:
    """Resolve "14-16 Agustus pukul 08.00": it begins then and, unless an end is given, lasts through the last day."""
    start = make_moment(whole.start, resolve_clock(clock, get_part(last, clock)).minutes, here.zone, clock.zone or last.zone)
    if last.until:
        first, final, _ = _span_minutes(last, clock, last.until)
        span = TimeRange(
            make_moment(whole.start, first, here.zone, clock.zone), make_moment(whole.end, final, here.zone, clock.zone)
        )
        return Pick(span, ("unsaid",), (whole,))
    end = None if draft.open else make_moment(whole.end, 1440, here.zone)
    return Pick(TimeRange(start, end), ("unsaid",), (whole,))


def _moment_in(pick: Pick, day: date) -> datetime | None:
    match pick.value:
        case Instant(at) | ApproximateTime(end=at):
            return at
    return None
