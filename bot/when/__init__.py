"""Time expressions as people type them, read into a closed set of values.

`parse` finds the time in a text: a `Reading`, a `WhenError` that says why it cannot be used, or None where there is no
time in it. Indonesian, Sundanese, English and chat spelling; nothing is guessed without saying so in `Reading.assumed`.
"""

from .describe import describe
from .prayers import Place
from .reader import parse
from .recurrence import upcoming
from .values import (
    Around,
    Day,
    DayMismatch,
    DaySpan,
    Duration,
    Every,
    Instant,
    InThePast,
    NoSuchDate,
    Offset,
    Once,
    Reading,
    Reason,
    Span,
    WeekdayMismatch,
    When,
    WhenError,
    start_of,
)

__all__ = [
    "Around",
    "Day",
    "DayMismatch",
    "DaySpan",
    "Duration",
    "Every",
    "InThePast",
    "Instant",
    "NoSuchDate",
    "Offset",
    "Once",
    "Place",
    "Reading",
    "Reason",
    "Span",
    "WeekdayMismatch",
    "When",
    "WhenError",
    "describe",
    "parse",
    "start_of",
    "upcoming",
]
