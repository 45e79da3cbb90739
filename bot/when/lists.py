"""Lists of days, and distances from something else."""

from datetime import UTC, timedelta
from itertools import pairwise

from . import days
from .clocks import dial, moment
from .draft import Draft
from .here import Here, Pick
from .repeat import repeated
from .resolve import clock_pick, day_pick, side_part, side_value
from .said import EverySaid, Length, WeekdaySaid
from .values import Around, Day, DaySpan, Instant, Offset, Span, When


def weekday_list(draft: Draft, here: Here) -> Pick | None:
    """Resolve "Senin dan Kamis" with no "setiap": taken as every week, or as a span where the days touch."""
    draft.every = EverySaid()
    every = repeated(draft, here, ("repeats",))
    singles: list[Pick] = []
    for index in draft.weekdays:
        side = draft.sides[0]
        chosen = days.on_weekday(WeekdaySaid(index), here.today, lambda day: False, side.rels.get("minggu"))
        reading = dial(side.clock, side_part(side, side.clock)) if side.clock else None
        singles.append(clock_pick(chosen, reading, here, side.zone) if reading else day_pick(chosen))
    spread = [pick.value for pick in singles]
    ends = [value.on for value in spread if isinstance(value, Day)]
    if len(ends) == len(spread) and all(b - a == days.DAY for a, b in pairwise(ends)):
        return Pick(DaySpan(ends[0], ends[-1]), ("several",), (every.value,) if every else ())
    if draft.sides[0].rels:
        return Pick(spread[0], ("several",), tuple(spread[1:]))
    return every and every._replace(others=tuple(spread))


def date_list(draft: Draft, here: Here) -> Pick:
    side = draft.sides[0]
    chosen = [days.on_date(said, side.rels, here.today, lambda day: False).start for said in draft.dates]
    if side.clock:
        reading = dial(side.clock, side_part(side, side.clock))
        values: list[When] = [Instant(moment(day, reading.minutes, here.zone, side.zone)) for day in chosen]
        return Pick(values[0], ("several", *reading.assumed), tuple(values[1:]))
    if all(b - a == days.DAY for a, b in pairwise(chosen)):
        return Pick(DaySpan(chosen[0], chosen[-1]), ("several",), tuple(Day(day) for day in chosen))
    return Pick(Day(chosen[0]), ("several",), tuple(Day(day) for day in chosen[1:]))


def offset(draft: Draft, here: Here, anchor: str | None) -> Pick:
    """Resolve a distance from something: from a time it becomes a time, from anything else it stays a distance."""
    length = draft.offset or draft.hminus or Length(timedelta(0))
    side = draft.sides[0]
    if draft.hminus and not side.dated:
        at = moment(here.today, dial(side.clock, side_part(side, side.clock)).minutes, here.zone) if side.clock else None
        return Pick(Offset(anchor, length.delta, length.months, at.time() if at else None))
    base = side_value(side, here) if draft.hminus or not side.empty else None
    if base is None:
        return Pick(Offset(anchor, length.delta, length.months))
    return Pick(_moved(base.value, length), base.assumed, tuple(_moved(other, length) for other in base.others))


def _moved(value: When, length: Length) -> When:
    match value:
        case Instant(at):
            return Instant((at.astimezone(UTC) + length.delta).astimezone(at.tzinfo))
        case Around(start=start, end=end):
            return Around(start + length.delta, end + length.delta)
        case Day(on):
            return Day(days.add_months(on, length.months) + timedelta(days=length.delta.days))
        case Span(start=start):
            return Instant(start + length.delta)
        case DaySpan(start=on):
            return Day(on + timedelta(days=length.delta.days))
    return value
