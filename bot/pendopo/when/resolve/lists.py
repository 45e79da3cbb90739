"""Resolves lists of days, and distances from something else."""

from datetime import UTC, timedelta
from itertools import pairwise

from pendopo.when.dates import DAY, add_months, make_moment
from pendopo.when.grammar.expression import Expression
from pendopo.when.grammar.nodes import Length, RecurrenceNode, WeekdayNode
from pendopo.when.resolve import day_resolution
from pendopo.when.resolve.clock_resolution import resolve_clock
from pendopo.when.resolve.moments import clock_pick, day_pick, get_part, resolve_endpoint
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.resolve.repetition import resolve_recurrence
from pendopo.when.values import ApproximateTime, DateRange, Day, Instant, RelativeTime, TimeRange, When


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
    if side.clock:
        reading = resolve_clock(side.clock, get_part(side, side.clock))
        values: list[When] = [Instant(make_moment(day, reading.minutes, here.zone, side.zone)) for day in chosen]
        return Pick(values[0], ("several", *reading.assumed), tuple(values[1:]))
    if all(b - a == DAY for a, b in pairwise(chosen)):
        return Pick(DateRange(chosen[0], chosen[-1]), ("several",), tuple(Day(day) for day in chosen))
    return Pick(Day(chosen[0]), ("several",), tuple(Day(day) for day in chosen[1:]))


def resolve_offset(draft: Expression, here: Reference, anchor: str | None) -> Pick:
    """Resolve a distance: from a time it gives a time, from anything else it stays a distance."""
    length = draft.offset or draft.hminus or Length(timedelta(0))
    side = draft.sides[0]
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
