"""The hours of two clocks that belong together: "jam 9-11", "jam 1 sampai 3 sore"."""

from pendopo.when.grammar.expression import Endpoint
from pendopo.when.grammar.nodes import ClockNode
from pendopo.when.resolve.clock_resolution import resolve_clock
from pendopo.when.values import NoSuchDateError, Reason


def span_minutes(side: Endpoint, first: ClockNode, last: ClockNode) -> tuple[int, int, tuple[Reason, ...]]:
    """Start and end in minutes after midnight, and what was assumed."""
    part = side.part.part if side.part else None
    own = first.part or (None if first.exact else part)
    start = resolve_clock(first, own or (None if first.exact else _borrow_part(first, last)))
    end = resolve_clock(last, last.part or (None if last.exact else part))
    minutes, reasons = end.minutes, start.assumed
    if not last.part and not last.exact:
        minutes = find_next_turn(start.minutes, last, part)
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


def find_next_turn(start: int, last: ClockNode, part: str | None) -> int:
    """The first minute after the start at which the second clock's hand is there: "jam 10-2" ends at 14."""
    turn = last.hour * 60 + last.minute - last.said * 60
    return next(m for half in range(6) if (m := (last.said % 12 + 12 * half) * 60 + turn) > start)
