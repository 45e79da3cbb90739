"""Time expressions as people type them, read into a closed set of values.

`parse` finds the time in a text: a `Reading`, a `WhenError` that says why it cannot be used, or None where there is no
time in it. Indonesian, Sundanese, English and chat spelling; nothing is guessed without saying so in `Reading.assumed`.
"""

from pendopo.when.dates import DayHours
from pendopo.when.describe import describe
from pendopo.when.parse import parse
from pendopo.when.prayer_times import Place
from pendopo.when.recurrence import upcoming
from pendopo.when.values import (
    ApproximateTime,
    DateRange,
    Day,
    DayMismatchError,
    Duration,
    Instant,
    InThePastError,
    NoSuchDateError,
    OneTime,
    Reading,
    Reason,
    Recurrence,
    RelativeTime,
    TimeRange,
    WeekdayMismatchError,
    When,
    WhenError,
    start_of,
)

__all__ = [
    "ApproximateTime",
    "DateRange",
    "Day",
    "DayHours",
    "DayMismatchError",
    "Duration",
    "InThePastError",
    "Instant",
    "NoSuchDateError",
    "OneTime",
    "Place",
    "Reading",
    "Reason",
    "Recurrence",
    "RelativeTime",
    "TimeRange",
    "WeekdayMismatchError",
    "When",
    "WhenError",
    "describe",
    "parse",
    "start_of",
    "upcoming",
]
