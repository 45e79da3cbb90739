"""Finds what was said in an expression that its value does not hold: whatever can be left out without changing it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pendopo.when.grammar.expression import Expression, fold_atoms
from pendopo.when.grammar.nodes import Atom, DayPartNode, Length, PrayerNode, RelativeNode
from pendopo.when.grammar.tokens import Token
from pendopo.when.prayer_times import prayer_times
from pendopo.when.resolve.clock_resolution import DAY_PART_HOURS
from pendopo.when.resolve.day_resolution import resolve_relative
from pendopo.when.resolve.endpoints import resolve_day
from pendopo.when.resolve.ranges import resolve_value
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.values import ApproximateTime, DateRange, Day, Instant, Recurrence, TimeRange, When, WhenError, start_of

_GLUE = {"and", "or", "from", "range", "limit", "later", "times"}
"""What binds, and what is looked at elsewhere."""
_DAYS = {"weekday", "weekdays", "day", "date", "night", "rel", "edge", "monthspan", "nth", "weekend", "shift"}
_CHECKED = {"weekday", "weekdays", "day", "night", "date", "dates"}
"""Days that are compared with a date beside them: where they disagree, that is an error."""
_PLAIN = {
    frozenset(kinds.split())
    for kinds in [
        "date clock",
        "day clock",
        "weekday clock",
        "date hours",
        "day hours",
        "weekday hours",
        "weekday date",
        "weekday date clock",
        "weekday date hours",
        "every weekday clock",
        "every date clock",
        "every weekday",
        "every date",
        "every clock",
        "dates",
        "weekday dates",
        "date duration",
    ]
}
"""Kinds that are never lost together, unless one of them is when something begins or ends."""
_MOST = 12
"""Atoms of one expression; beyond them it is no sentence any more, and all of it is in doubt."""


def find_unused(draft: Expression, pick: Pick, tokens: Sequence[Token], here: Reference, anchor: str | None) -> list[Atom]:
    """The atoms that can be left out without changing the value, unless they agree with it."""
    said = [atom for atom in draft.atoms if atom.data is not None and atom.kind not in _GLUE]
    kinds = frozenset(atom.kind for atom in said)
    plain = len(said) == len(kinds) and kinds in _PLAIN and not any(atom.kind in ("from", "range") for atom in draft.atoms)
    if len(said) < 2 or plain:
        return []
    if len(said) > _MOST:
        return said
    return [atom for atom in said if _is_unused(atom, draft, pick, tokens, here, anchor)]


def _is_unused(atom: Atom, draft: Expression, pick: Pick, tokens: Sequence[Token], here: Reference, anchor: str | None) -> bool:
    left = [other for other in draft.atoms if other is not atom]
    without, taken = fold_atoms(left, tokens)
    if taken < len(left):
        return False
    without.loose = without.loose and draft.loose
    try:
        other = resolve_value(without, here, anchor)
    except (WhenError, OverflowError, ValueError):
        return False
    if other is None or (other.value, other.others) != (pick.value, pick.others):
        return False
    if atom.kind in _DAYS and other.assumed != pick.assumed:
        return False
    return not _agrees(atom, draft, pick.value, here)


def _agrees(atom: Atom, draft: Expression, value: When, here: Reference) -> bool:
    """Whether what was said twice is the same both times."""
    if isinstance(value, Recurrence):
        if draft.start is not None and atom in draft.start.days.values():
            begins = resolve_day(draft.start, here, lambda day: False)
            return begins is not None and begins.start == value.anchor.date()
        return atom.kind == "every" or (atom.kind == "part" and _is_within(atom.data, value.anchor))
    start = start_of(value)
    day = start.date() if isinstance(start, datetime) else start
    if day is None or start is None:
        return False
    match atom.kind, atom.data:
        case "zone", int(zone):
            return here.now.utcoffset() == timedelta(hours=zone)
        case "duration", Length() as length:
            return _has_length(value, length)
        case "rel", RelativeNode() as rel:
            span = resolve_relative(rel, here.today)
            return span.start <= day <= span.end
        case "part" | "slot", DayPartNode() | str() as part:
            return isinstance(start, datetime) and _is_within(part, start)
        case "prayer", PrayerNode(name):
            return isinstance(start, datetime) and _is_near_prayer(name, start, here)
    if atom.kind == "date" and atom.data.day != day.day:
        return False
    return atom.kind in _CHECKED and any(other.kind in _COMPARED for other in draft.atoms if other is not atom)


_COMPARED = {"date", "dates", "datelist", "day", "weekday", "night"}


def _is_within(part: DayPartNode | str, at: datetime) -> bool:
    hours = DAY_PART_HOURS.get(part if isinstance(part, str) else part.part)
    minute = at.hour * 60 + at.minute
    return hours is not None and (hours.first <= minute <= hours.last or hours.first <= minute + 1440 <= hours.last + 240)


def _is_near_prayer(name: str, at: datetime, here: Reference) -> bool:
    return abs(at.hour * 60 + at.minute - prayer_times(at.date(), here.place)[name]) <= _NEAR_PRAYER


_NEAR_PRAYER = 120


def _has_length(value: When, length: Length) -> bool:
    match value:
        case TimeRange(start, end) if end is not None:
            took = end - start
            return took <= _LONGEST_HALF if length.half else took == length.delta and not length.months
        case DateRange(start, end):
            return _count_days(start, end) == length.delta.days and not length.months
        case Day():
            return length.whole and length.delta == timedelta(days=1)
        case Instant() | ApproximateTime():
            return False
    return False


_LONGEST_HALF = timedelta(hours=5)


def _count_days(start: date, end: date) -> int:
    return (end - start).days + 1
