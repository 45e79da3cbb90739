"""The hour that a clock means, and the hours of the parts of the day."""

from typing import NamedTuple

from pendopo.when.grammar.nodes import ClockNode
from pendopo.when.values import NoSuchDateError, Reason


class ClockReading(NamedTuple):
    """Minutes after the midnight at which the day begins (from 1440 on: the next day), what was assumed, and other readings."""

    minutes: int
    assumed: tuple[Reason, ...] = ()
    others: tuple[int, ...] = ()


class DayPartHours(NamedTuple):
    """A part of the day in minutes after midnight: the usual hours, and the widest (`first`, `last`)."""

    start: int
    end: int
    first: int
    last: int


DAY_PART_HOURS = {
    "dini": DayPartHours(120, 240, 0, 270),
    "pagi": DayPartHours(480, 600, 300, 660),
    "siang": DayPartHours(720, 840, 660, 900),
    "sore": DayPartHours(960, 1050, 900, 1110),
    "malam": DayPartHours(1140, 1260, 1080, 1440),
    "lunch": DayPartHours(720, 780, 690, 800),
    "afterlunch": DayPartHours(780, 840, 765, 900),
}


def resolve_clock(clock: ClockNode, part: str | None = None) -> ClockReading:
    """Decide the hour by the part of the day, else by the rules for bare hours (docs/when.md). Raises `NoSuchDateError`."""
    turn = clock.hour * 60 + clock.minute - clock.said * 60
    hour, assumed, others = _resolve_hour(clock, part or clock.part)
    reasons: tuple[Reason, ...] = (*assumed, "approximate") if clock.approx else assumed
    return ClockReading(hour * 60 + turn, reasons, tuple(other * 60 + turn for other in others))


def _resolve_hour(clock: ClockNode, part: str | None) -> tuple[int, tuple[Reason, ...], tuple[int, ...]]:
    said = clock.said
    if part is None:
        return _resolve_bare(clock)
    if part in ("am", "pm"):
        if said > 12 and part == "am":
            raise NoSuchDateError(f"{said} am")
        return (said % 12 if part == "am" else said % 12 + 12 if said <= 12 else said), (), ()
    if part in ("pagi", "dini"):
        if said > 12:
            raise NoSuchDateError(f"jam {said} {part}")
        return said % 12, (), ()
    if part == "siang":
        if said > 18 or said == 0:
            raise NoSuchDateError(f"jam {said} siang")
        return (said + 12 if said < 7 else said), (), ()
    return _resolve_evening(said, part)


def _resolve_evening(said: int, part: str) -> tuple[int, tuple[Reason, ...], tuple[int, ...]]:
    if part == "sore":
        if said > 19 or said == 0 or 8 <= said < 12:
            raise NoSuchDateError(f"jam {said} sore")
        return (said + 12 if said < 12 else said), (), ()
    if 13 <= said <= 16:
        raise NoSuchDateError(f"jam {said} malam")
    if said in (0, 12, 24):
        return 24, (), ()
    if said < 5:
        return 24 + said, ("night",), (said,)
    return (said + 12 if said < 12 else said), (), ()


def _resolve_bare(clock: ClockNode) -> tuple[int, tuple[Reason, ...], tuple[int, ...]]:
    if clock.exact:
        midnight = clock.said == 0 and not clock.minute
        return clock.said, (("night",) if midnight else ()), ((24,) if midnight else ())
    if clock.said < 7:
        return clock.said + 12, ("afternoon",), (clock.said,)
    doubtful = clock.said == 7 and clock.hour < 7
    return clock.said, (("morning",) if doubtful else ()), ((clock.said + 12,) if doubtful else ())


def shift_to_evening(clock: ClockNode) -> int | None:
    """The minutes of the same clock twelve hours later, None where it cannot mean that."""
    turn = clock.hour * 60 + clock.minute - clock.said * 60
    return (clock.said + 12) * 60 + turn if clock.part is None and not clock.exact and 7 <= clock.said < 12 else None
