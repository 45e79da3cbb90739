"""What was said, piece by piece, before anybody asks what day it is today."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple


class Atom(NamedTuple):
    """One piece of a time, from token `i` up to token `j`."""

    kind: str
    data: Any
    i: int
    j: int


class ClockNode(NamedTuple):
    """A time of day as said: `said` is the hour that was named, `exact` is the 24-hour style ("07.00")."""

    hour: int
    minute: int
    said: int
    part: str | None = None
    exact: bool = False
    approx: bool = False
    zone: int | None = None


class DateNode(NamedTuple):
    """A calendar date, of which month and year may be left open."""

    day: int
    month: int | None = None
    year: int | None = None
    text: str = ""


class WeekdayNode(NamedTuple):
    """A weekday; `which` is -1 last, 0 this, 1 next, 2 "Jumat besok", None nothing said."""

    day: int
    which: int | None = None


class RelativeNode(NamedTuple):
    """A week, month or year counted from this one: "bulan depan"."""

    unit: str
    which: int


class NthNode(NamedTuple):
    """The nth weekday (or week, where weekday is None) of a month."""

    nth: int
    weekday: int | None
    which: int | None = None
    month: int | None = None
    year: int | None = None


class EdgeNode(NamedTuple):
    """The beginning (0), middle (1) or end (2) of a week, month or year."""

    edge: int
    unit: str
    which: int | None = None
    month: int | None = None
    year: int | None = None


class DayPartNode(NamedTuple):
    """A part of the day; `tense` is 1 nanti, -1 tadi, 0 ini."""

    part: str
    tense: int | None = None


class PrayerNode(NamedTuple):
    """A prayer and the side of it: -1 before, 0 at, 1 after."""

    name: str
    side: int


class Length(NamedTuple):
    """A length of time; months have no fixed length.

    `whole` says that it counts days and not hours, `working` only working days, `half` that it is half a working day.
    """

    delta: timedelta
    months: int = 0
    whole: bool = False
    working: bool = False
    half: bool = False


class RecurrenceNode(NamedTuple):
    """The beginning of a recurrence: each `interval` of `unit`; unit None where a weekday or date follows.

    `sunday` says that the unit was written "Minggu", as the day is.
    """

    unit: str | None = None
    interval: int = 1
    sunday: bool = False


class InvalidNode(NamedTuple):
    """Something that has the shape of a time and is none: "31 Februari", "jam 25"."""

    text: str


Moment = datetime | date
