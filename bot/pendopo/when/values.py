"""What a time expression can mean: a closed set of frozen values, and the reading that holds one."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal, Self, TypeAlias
from zoneinfo import ZoneInfo

import msgspec


class Instant(msgspec.Struct, frozen=True, tag="Instant"):
    """A moment: "besok jam 9"."""

    at: datetime


class Day(msgspec.Struct, frozen=True, tag="Day"):
    """A whole day: "tgl 5"."""

    on: date

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when to before when it lasts in a zone."""
        return DateRange(self.on, self.on).bounds(zone)


class TimeRange(msgspec.Struct, frozen=True, tag="Span"):
    """From one moment to another; `end` None is "s.d. selesai"."""

    start: datetime
    end: datetime | None = None


class DateRange(msgspec.Struct, frozen=True, tag="DaySpan"):
    """Whole days, both ends included: "14-16 Agustus"."""

    start: date
    end: date

    @classmethod
    def month_of(cls, day: date) -> Self:
        """From the first to the last day of a day's month."""
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return cls(day.replace(day=1), following - timedelta(days=1))

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when to before when they last in a zone."""
        return datetime.combine(self.start, time(0), zone), datetime.combine(self.end + timedelta(days=1), time(0), zone)


class ApproximateTime(msgspec.Struct, frozen=True, tag="Around"):
    """Some moment between two: "nanti sore", "ba'da isya"."""

    start: datetime
    end: datetime


class Duration(msgspec.Struct, frozen=True, tag="Duration"):
    """A length without a place in time: "3 hari". Months are kept apart, since they have no fixed length."""

    delta: timedelta
    months: int = 0

    @property
    def iso(self) -> str:
        """The ISO 8601 form, for example P3D or PT1H30M."""
        return format_iso_duration(self.delta, self.months)


class Recurrence(msgspec.Struct, frozen=True, tag="Every"):
    """A recurrence: an RFC 5545 rule without DTSTART, and the first occurrence (midnight where only the days count)."""

    rrule: str
    anchor: datetime
    zone: str = "Asia/Jakarta"
    lasts: timedelta | None = None

    @property
    def timed(self) -> bool:
        """Whether the rule fixes a time of day; otherwise only its days count."""
        return "BYHOUR" in self.rrule or "HOURLY" in self.rrule or "MINUTELY" in self.rrule


class RelativeTime(msgspec.Struct, frozen=True, tag="Offset"):
    """So long before (negative) or after something else: "15 menit sebelum rapat 12", "H-1 jam 8"."""

    anchor: str | None
    delta: timedelta
    months: int = 0
    at: time | None = None

    @property
    def iso(self) -> str:
        """The signed ISO 8601 form, for example -PT30M."""
        return format_iso_duration(self.delta, self.months)


OneTime: TypeAlias = Instant | Day | TimeRange | DateRange | ApproximateTime | Duration
"""What comes once, and has its place in time (a duration has it from now)."""
When: TypeAlias = OneTime | Recurrence | RelativeTime

Reason = Literal[
    "afternoon",  # a bare hour 1-6 was taken as after noon
    "morning",  # a bare hour could also be said of the evening
    "night",  # a small hour "malam" was taken as after midnight
    "approximate",  # "sekitar jam 9"
    "part_of_day",  # a part of the day stands for a window of hours
    "prayer",  # a prayer time of the configured place
    "passed",  # the nearest one is over, so the one after it was taken
    "today",  # the day of today was named as a weekday
    "next_week",  # "Jumat depan" can be this Friday or next week's
    "week",  # a week was named, and it is open on which day
    "early",  # "besok" said between midnight and four
    "edge",  # "akhir bulan" stands for its last day
    "year",  # no year was said and the nearest date is far away
    "holidays",  # working days were counted with the holidays known here
    "repeats",  # "Senin dan Kamis" was taken as every week
    "phase",  # where the recurrence starts was not said
    "several",  # several times were found, the fullest was taken
    "order",  # the parts stood apart in the sentence and were joined
    "unsaid",  # something was filled in from the other end of a range
    "unread",  # a word of time stands beside it that was not understood
    "distance",  # "2 minggu depan" can mean a distance or a calendar week
    "half",  # half a day, of which it was not said which
    "skips",  # months or years without that day are passed over
    "changed",  # of an old time and the one in its place, the new one was taken
]


class Reading(msgspec.Struct, frozen=True):
    """One expression found in a text.

    `span` covers it in the original text, `pieces` are the parts of that span which belong to it. `assumed` says what was
    not said but taken; `others` are the readings a person may have meant instead. `unread` are the places of what was said
    of time and is neither in the value nor in `others`; then `assumed` has "unread". `bound` tells that only a beginning
    ("mulai jam 1", "sejak Senin") or only an end ("sampai Jumat") was said. `fields` are the other labelled lines of a
    pasted invitation.
    """

    value: When
    span: tuple[int, int]
    assumed: tuple[Reason, ...] = ()
    others: tuple[When, ...] = ()
    pieces: tuple[tuple[int, int], ...] = ()
    fields: dict[str, str] = {}
    unread: tuple[tuple[int, int], ...] = ()
    bound: Literal["", "from", "until"] = ""

    @property
    def sure(self) -> bool:
        """Whether nothing was assumed and nothing else could be meant."""
        return not self.assumed and not self.others

    @property
    def doubtful(self) -> bool:
        """Whether something else may be meant, or something was not read: whoever takes the value asks first."""
        return bool(self.others or self.unread)

    def remove_from(self, text: str) -> str:
        """Return `text` without the expression and the small words that led to it."""
        return _remove_pieces(text, self.pieces or (self.span,))

    def list_unread(self, text: str) -> list[str]:
        """The words of `unread`."""
        return [text[start:end] for start, end in self.unread]


class WhenError(Exception):
    """The text holds a time that cannot be used; `pieces` are its places."""

    def __init__(self, span: tuple[int, int] = (0, 0), others: tuple[When, ...] = ()) -> None:
        super().__init__((type(self).__doc__ or "").strip())
        self.span = span
        self.others = others
        self.pieces: tuple[tuple[int, int], ...] = ()

    def remove_from(self, text: str) -> str:
        """Return `text` without the expression and the small words that led to it."""
        return _remove_pieces(text, self.pieces or (self.span,))


class NoSuchDateError(WhenError):
    """There is no such date or time of day."""

    def __init__(self, said: str, span: tuple[int, int] = (0, 0)) -> None:
        super().__init__(span)
        self.said = said


class WeekdayMismatchError(WhenError):
    """The weekday that was said is not the weekday of that date."""

    def __init__(self, said: int, is_: int, on: date, span: tuple[int, int] = (0, 0), others: tuple[When, ...] = ()) -> None:
        super().__init__(span, others)
        self.said = said
        self.is_ = is_
        self.on = on


class DayMismatchError(WhenError):
    """Two different days were said in one expression."""

    def __init__(self, said: date, is_: date, span: tuple[int, int] = (0, 0), others: tuple[When, ...] = ()) -> None:
        super().__init__(span, others)
        self.said = said
        self.is_ = is_


class InThePastError(WhenError):
    """That time is over already."""

    def __init__(self, value: When, span: tuple[int, int] = (0, 0), others: tuple[When, ...] = ()) -> None:
        super().__init__(span, others)
        self.value = value


def start_of(value: When) -> datetime | date | None:
    """Return when `value` begins: a moment, a day, or None for what has no place in time."""
    match value:
        case Instant(at):
            return at
        case Day(on):
            return on
        case TimeRange(start=start) | ApproximateTime(start=start) | DateRange(start=start):
            return start
        case Recurrence(anchor=anchor):
            return anchor
        case _:
            return None


def format_iso_duration(delta: timedelta, months: int = 0) -> str:
    """Write a length in ISO 8601, with a sign before it when it is negative."""
    if delta < timedelta(0) or months < 0:
        return "-" + format_iso_duration(-delta, -months)
    hours, seconds = divmod(delta.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    day = "".join(f"{n}{unit}" for n, unit in ((months, "M"), (delta.days, "D")) if n)
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return "P" + day + ("T" + clock if clock else "") if day or clock else "PT0S"


# Words that lead to a time and mean nothing once it is cut out.
_LEAD = re.compile(
    r"(?<!\w)(?:pada|tepat|pas|sekitar|di|tgl|tanggal|jam|pukul|pkl|hari|untuk|utk|mulai|dari|sejak|paling lambat|"
    r"selambatnya|selambat-lambatnya|sebelum|sampai|s\.?d\.?|on|at|by|from|for|dina|selama|ke|deadline|the|until)\.?$",
    re.IGNORECASE,
)
_LONGEST_LEAD = 24
"""Letters that are searched for such a word; the longest has 18."""
_BETWEEN = ",;:(–-"
_TRAILING = re.compile(r"^(?:[\s,;:)–-]|\.(?=\s|$))+(?:ya|yah|yaa+|nya|teng)?(?=\W|$)[\s,;]*", re.IGNORECASE)


def _remove_pieces(text: str, pieces: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(pieces, reverse=True):
        text = _join_ends(_strip_lead(text[:start]), _TRAILING.sub("", text[end:]))
    return re.sub(r"[ \t]{2,}", " ", text).strip().strip(" \t\r\n,;:-–").strip()


def _strip_lead(text: str) -> str:
    """Cut what leads to a time off the end, piece by piece: one pattern for all of it would try every way to divide it."""
    end = len(text)
    while True:
        while end and (text[end - 1].isspace() or text[end - 1] in _BETWEEN):
            end -= 1
        found = _LEAD.search(text, max(0, end - _LONGEST_LEAD), end)
        if found is None:
            return text[:end]
        end = found.start()


def _join_ends(left: str, right: str) -> str:
    """Put two ends together with what was between them: a line break stays one, else a space."""
    return f"{left} {right}" if left and right else left or right
