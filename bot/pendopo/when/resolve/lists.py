"""Resolves lists of days, and distances from something else."""

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from itertools import pairwise

from pendopo.when.dates import DAY, add_months, make_moment
from pendopo.when.grammar.expression import Endpoint, Expression
from pendopo.when.grammar.nodes import ClockNode, Length, RecurrenceNode, WeekdayNode
from pendopo.when.resolve import day_resolution
from pendopo.when.resolve.clock_resolution import resolve_clock
from pendopo.when.resolve.clock_spans import span_minutes
from pendopo.when.resolve.moments import clock_pick, day_pick, get_part, resolve_endpoint
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.resolve.repetition import resolve_recurrence
from pendopo.when.values import ApproximateTime, DateRange, Day, Instant, RelativeTime, TimeRange, WeekdayMismatchError, When


def resolve_weekday_list(draft: Expression, here: Reference) -> Pick | None:
    """Resolve "Senin dan Kamis" without "setiap": every week, or a range where the days are adjacent."""
    draft.every = RecurrenceNode()
    every = resolve_recurrence(draft, here, ("repeats",))
    singles: list[Pick] = []
    for index in draft.weekdays:
        side = draft.sides[0]
        chosen = day_resolution.resolve_weekday(WeekdayNode(index), here.today, lambda day: False, side.rels.get("minggu"))
        reading = resolve_clock(side.clock, get_part(side, side.clock)) if side.clock else None
        singles.append(clock_pick(chosen, reading, here, side.zone) if reading else day_pick(chosen))
    spread = [pick.value for pick in singles]
    ends = [value.on for value in spread if isinstance(value, Day)]
    if len(ends) == len(spread) and all(b - a == DAY for a, b in pairwise(ends)):
        return Pick(DateRange(ends[0], ends[-1]), ("several",), (every.value,) if every else ())
    if draft.sides[0].rels:
        return Pick(spread[0], ("several",), tuple(spread[1:]))
    return every and every._replace(others=tuple(spread))


def resolve_date_list(draft: Expression, here: Reference) -> Pick:
    """Resolve "tgl 5 dan 20": the first, with the others beside it, or a range where the days are adjacent."""
    side = draft.sides[0]
    chosen = [day_resolution.resolve_date(said, side.rels, here.today, lambda day: False).start for said in draft.dates]
    _check_weekdays(draft, chosen)
    adjacent = all(b - a == DAY for a, b in pairwise(chosen))
    if side.clock:
        return _list_at_clock(side, side.clock, chosen, adjacent, here)
    if side.timed:
        draft.unused |= {"part", "prayer", "slot"}
    if "date" in side.days:
        draft.unused.add("date")
    if adjacent:
        return Pick(DateRange(chosen[0], chosen[-1]), ("several",), tuple(Day(day) for day in chosen))
    return Pick(Day(chosen[0]), ("several",), tuple(Day(day) for day in chosen[1:]))


def _list_at_clock(side: Endpoint, clock: ClockNode, days: Sequence[date], adjacent: bool, here: Reference) -> Pick:
    """Resolve "7 dan 8 September jam 9": each day then and, where they are adjacent, all of them from then on."""
    reading, zone = resolve_clock(clock, get_part(side, clock)), clock.zone or side.zone
    starts = [make_moment(day, reading.minutes, here.zone, zone) for day in days]
    if side.until:
        first, last, _ = span_minutes(side, clock, side.until)
        ends = [make_moment(day, last, here.zone, zone) for day in days]
        begins = [make_moment(day, first, here.zone, zone) for day in days]
        values: list[When] = [TimeRange(begin, end) for begin, end in zip(begins, ends, strict=True)]
    else:
        ends = [make_moment(day, 1440, here.zone) for day in days]
        values = [Instant(start) for start in starts]
    if adjacent:
        values.append(TimeRange(starts[0], ends[-1]))
    return Pick(values[0], ("several", *reading.assumed), tuple(values[1:]))


def _check_weekdays(draft: Expression, days: Sequence[date]) -> None:
    """Check the weekdays said with as many dates: "Kamis dan Jumat, 27 dan 28 Agustus". Raises `WeekdayMismatchError`."""
    if len(draft.weekdays) not in (0, len(days)):
        draft.unused.add("weekdays")
        return
    for index, day in zip(draft.weekdays, days, strict=False):
        if day.weekday() != index:
            raise WeekdayMismatchError(index, day.weekday(), day, others=(Day(day),))


def resolve_offset(draft: Expression, here: Reference, anchor: str | None) -> Pick:
    """Resolve a distance: from a time it gives a time, from anything else it stays a distance."""
    length = draft.offset or draft.hminus or Length(timedelta(0))
    side = draft.sides[0]
    if len(draft.sides) > 1 or side.until:  # what is counted from has one moment
        draft.unused |= {"hminus", "offset"}
    if draft.hminus and not side.dated:
        at = (
            make_moment(here.today, resolve_clock(side.clock, get_part(side, side.clock)).minutes, here.zone)
            if side.clock
            else None
        )
        return Pick(RelativeTime(anchor, length.delta, length.months, at.time() if at else None))
    base = resolve_endpoint(side, here) if draft.hminus or not side.empty else None
    if base is None:
        return Pick(RelativeTime(anchor, length.delta, length.months))
    return Pick(_shift_value(base.value, length), base.assumed, tuple(_shift_value(other, length) for other in base.others))


def _shift_value(value: When, length: Length) -> When:
    match value:
        case Instant(at):
            return Instant((at.astimezone(UTC) + length.delta).astimezone(at.tzinfo))
        case ApproximateTime(start=start, end=end):
            return ApproximateTime(start + length.delta, end + length.delta)
        case Day(on):
            return Day(add_months(on, length.months) + timedelta(days=length.delta.days))
        case TimeRange(start=start):
            return Instant(start + length.delta)
        case DateRange(start=on):
            return Day(on + timedelta(days=length.delta.days))
    return value
