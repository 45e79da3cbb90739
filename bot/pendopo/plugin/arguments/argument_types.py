"""How each type of argument is parsed from text, stored as JSON and loaded again."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from pendopo import when
from pendopo.directory import People
from pendopo.model import Document, Location, Message, Person, Photo
from pendopo.model.amounts import format_rupiah, read_amount
from pendopo.model.numbers import LARGEST, is_number, parse_number

YES = frozenset({"ya", "y", "iya", "yes", "ok", "oke", "betul", "benar", "setuju", "enya", "muhun"})
"""Words for yes in Indonesian, English and Sundanese, chat spellings among them."""
NO = frozenset({"tidak", "tdk", "t", "no", "gak", "ga", "nggak", "bukan", "jangan", "henteu"})
_RUPIAH = re.compile(r"^\s*rp\.?\s*(?=\d)", re.IGNORECASE)
_UNTIL = re.compile(r"(?<!\w)(sampai(\s+dengan)?|hingga|s\.?\s?d\.?|until|till|tepi|dugi\s+ka)\s*$", re.IGNORECASE)
_LETTER = re.compile(
    r"(?<!\w)(?:no|nomor)\b[.:]?\s*(?:(?:[A-Za-z]{1,6}[\s./-]{0,2})?\d[\w./-]*|\w{1,12}/[\w./-]+)", re.IGNORECASE
)
"""The number of a letter ("no SP/7"), of which no part is a time."""
_AMOUNT = re.compile(r"[+-]?(?=\.?\d)\d{0,18}(\.\d{0,9})?")
"""The form of an amount. `1e999999` would be a valid number to Python, and a million digits when written out."""
_SCALED = re.compile(
    r"\s*(?:rp\.?\s*)?\d[\d.,]{0,30}(?:k\b|\s*(?:ribu|rb|rebu|juta|jt|mil[iy]ar|tril[iy]un|ratus|puluh|belas))", re.IGNORECASE
)
"""A number that more words belong to: without them it would be another number."""
_WORD = re.compile(r'"([^"]*)"|\'([^\']*)\'|(\S+)')
"""A word, or several in quotes."""


class ParseContext(msgspec.Struct, frozen=True):
    """What parsing depends on besides the text."""

    now: datetime
    zone: ZoneInfo
    people: People
    message: Message | None = None
    files: Sequence[Photo | Document] = ()
    speaker: Person | None = None
    """Who said the text: a post without its unit is that of their own."""
    office: Callable[[date], when.DayHours] | None = None
    """The office hours of a day, by which half days are read."""


class ArgumentProblem(msgspec.Struct, frozen=True):
    """What is wrong with an argument: a phrase, and the values the person may choose instead."""

    key: str
    args: Mapping[str, Any]
    options: tuple[tuple[str, Any], ...] = ()
    guessed: bool = False
    """Whether the options are only near to what was said: another answer is offered, too."""


class ArgumentType(Protocol):
    """A type of argument. `order` says when it takes its share of the text, the lowest first."""

    order: int
    name: str

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        """Returns the value (None: absent; `ArgumentProblem`: present, but wrong) and the text without it."""

    def dump_value(self, value: Any) -> Any: ...

    def load_value(self, data: Any, people: People) -> Any: ...

    def list_options(self) -> Sequence[str]:
        """Returns values to offer as buttons when the argument is asked for."""


class PlainKind:
    """Values that are JSON already, of the type in `holds`."""

    order = 5
    """Positional words, taken after what can stand anywhere in the text."""
    name = "kata"
    """What the usage line calls a value of this type."""
    holds: type = str

    def dump_value(self, value: Any) -> Any:
        return msgspec.to_builtins(value)

    def load_value(self, data: Any, people: People) -> Any:
        if type(data) is not self.holds:
            raise ValueError(f"{type(data).__name__} where {self.holds.__name__} is wanted")
        return data

    def list_options(self) -> Sequence[str]:
        return ()


def _split_word(text: str) -> tuple[str, str]:
    found = _WORD.search(text)
    if found is None:
        return "", text
    return found[1] or found[2] or found[3] or "", text[found.end() :].strip()


class WordKind(PlainKind):
    """One word, or several in quotes."""

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        word, left = _split_word(text)
        return word or None, left


class TextKind(PlainKind):
    """The whole text."""

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        return text.strip() or None, ""


class RestRole(StrEnum):
    """What the rest of a text is to the handler, which decides how far words typed under a message count as it."""

    WORDS = "words"
    NOTE = "note"
    INQUIRY = "inquiry"
    ANSWER = "answer"


class RestKind(TextKind):
    """The text that all other arguments left."""

    order = 9
    """After all others."""
    name = "teks"

    def __init__(self, role: RestRole = RestRole.WORDS) -> None:
        self.role = role


_LED = re.compile(r"\s*(?:no|nomor|nomer|nmr)\b\.?\s*(?=#?\d)", re.IGNORECASE)
"""What people put before a number."""


class IntKind(PlainKind):
    """A whole number; `#27` and `nomor 27` are 27."""

    name = "angka"
    holds = int

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        if _SCALED.match(text):
            return _read_scaled(text, whole=True)
        word, left = _split_word(_LED.sub("", text, count=1) if _LED.match(text) else text)
        digits = word.lstrip("#").replace(".", "") if re.fullmatch(r"#?-?\d{1,3}(\.\d{3})+", word) else word.lstrip("#")
        if is_number(number := digits.removeprefix("-")):
            # A number beyond all columns is kept as the largest one: nothing has it, and that is said.
            value = parse_number(number)
            value = LARGEST if value is None else value
            return (-value if digits.startswith("-") else value), left
        return (ArgumentProblem("tanya.bukan_angka", {"tertulis": word}) if word else None), text


class DecimalKind(PlainKind):
    """A number as Indonesians write it (1.500.000,50), or as keyboards do (1500000.50)."""

    name = "angka"

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        if _SCALED.match(text):
            return _read_scaled(text)
        word, left = _split_word(_RUPIAH.sub("", text))
        if not word:
            return None, text
        number = word.lower()
        if "," in number or re.fullmatch(r"\d{1,3}(\.\d{3})+", number):
            number = number.replace(".", "").replace(",", ".")
        if _AMOUNT.fullmatch(number):
            return Decimal(number), left
        return ArgumentProblem("tanya.bukan_angka", {"tertulis": word}), text

    def load_value(self, data: Any, people: People) -> Any:
        value = Decimal(super().load_value(data, people))
        if not value.is_finite():
            raise ValueError(f"{value} is no amount")
        return value


def _read_scaled(text: str, whole: bool = False) -> tuple[Any, str]:
    """Reads `250 ribu` in all of its words; what is left of `text` stands beside it."""
    read = read_amount(text)
    if read is None or read.doubtful or (whole and read.value != int(read.value)):
        return ArgumentProblem("tanya.bukan_angka", {"tertulis": " ".join(text.split()[:3])[:60]}), text
    return int(read.value) if whole else read.value, text[read.end :].strip()


class RupiahKind(DecimalKind):
    """An amount of money, in rupiah: read whole, or asked for with what may be meant."""

    name = "rupiah"

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        if not text.strip():
            return None, text
        read = read_amount(text)
        if read is None:
            return ArgumentProblem("tanya.bukan_rupiah", {"tertulis": " ".join(text.split()[:3])[:60]}), text
        left = text[read.end :].strip(" ,;")
        if not read.doubtful:
            return read.value, left
        options = tuple((format_rupiah(value), value) for value in (read.value, *read.others))
        return ArgumentProblem("tanya.rupiah_ragu", {"tertulis": text.strip()[:60]}, options, True), left


class TruthKind(PlainKind):
    """Yes or no."""

    name = "ya/tidak"
    holds = bool

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        word, left = _split_word(text)
        if word.lower() in YES | NO:
            return word.lower() in YES, left
        return (ArgumentProblem("tanya.ya_atau_tidak", {"tertulis": word}) if word else None), text

    def list_options(self) -> Sequence[str]:
        return ("ya", "tidak")


class ChoiceKind(PlainKind):
    """One of a few words."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {str(name).lower(): value for name, value in values.items()}
        self.name = "|".join(self._values)

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        said = text.strip()
        for name in sorted(self._values, key=len, reverse=True):
            if said.lower() == name or said.lower().startswith(f"{name} "):
                return self._values[name], said[len(name) :].strip()
        word, left = _split_word(text)
        if word.lower() in self._values:  # in quotes
            return self._values[word.lower()], left
        return (ArgumentProblem("tanya.salah_pilih", {"tertulis": word, "pilihan": list(self._values)}) if word else None), text

    def load_value(self, data: Any, people: People) -> Any:
        return self._values[str(data).lower()]

    def list_options(self) -> Sequence[str]:
        return tuple(self._values)


class WhenKind(PlainKind):
    """A time as people say it, anywhere in the text, of one of the given types."""

    order = 1
    """Before the words: a time may stand anywhere, and its words must not be taken for another argument."""
    name = "waktu"

    def __init__(self, types: tuple[type, ...], ignored: Collection[when.Reason] = ()) -> None:
        self._types = types
        self._ignored = frozenset(ignored)
        self._lasts = when.DateRange in types and when.Recurrence not in types

    def with_ignored(self, reasons: Collection[when.Reason]) -> "WhenKind":
        """The same kind that does not ask about these doubts."""
        return WhenKind(self._types, reasons)

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        masked = _LETTER.sub(lambda found: "x" * len(found[0]), text)
        reading = when.parse(masked, around.now.astimezone(around.zone), around.zone, office=around.office)
        if reading is None:
            return None, text
        left = reading.remove_from(text)
        if isinstance(reading, when.WhenError):
            return self._explain_error(reading), left
        read = [self._complete(value, reading, text, around) for value in (reading.value, *reading.others)]
        fitting = [value for value in read if isinstance(value, self._types)]
        if not fitting:
            return ArgumentProblem("waktu.jenis_lain", {"terbaca": when.describe(reading.value)}), text
        return self._find_doubt(reading, text, read, fitting) or fitting[0], left

    def _find_doubt(
        self, reading: when.Reading, text: str, read: Sequence[when.When], fitting: Sequence[when.When]
    ) -> ArgumentProblem | None:
        """What must be asked before the first of the readings may be taken."""
        if self._ignored.issuperset(reading.assumed):
            return None
        if reading.unread:
            said = ", ".join(reading.list_unread(text))[:_SHOWN]
            return ArgumentProblem("waktu.belum_terbaca", {"tertulis": said}, _describe_values(fitting))
        lost = [value for value in read if not isinstance(value, (*self._types, when.Recurrence))]
        if (len(fitting) > 1 and not _names_each_day(fitting)) or ("several" in reading.assumed and lost):
            key = next((key for reason, key in _QUESTIONS.items() if reason in reading.assumed), "waktu.pilih")
            return ArgumentProblem(key, {}, _describe_values(fitting))
        return None

    def _complete(self, value: when.When, reading: when.Reading, text: str, around: ParseContext) -> when.When:
        """Where a time with a length is wanted: "sampai Jumat" begins now, "mulai jam 1" is open, "sejak Senin" ends today."""
        if not self._lasts:
            return value
        now = around.now.astimezone(around.zone)
        if reading.bound == "until" or (not reading.bound and _UNTIL.search(text[: reading.span[0]])):
            return _begin_now(value, now)
        if reading.bound == "from":
            if isinstance(value, when.Instant) and when.TimeRange in self._types:
                return when.TimeRange(value.at)
            if isinstance(value, when.Day) and value.on < now.date():
                return when.DateRange(value.on, now.date())
        return value

    def load_value(self, data: Any, people: People) -> Any:
        value = msgspec.convert(data, when.When)
        if not isinstance(value, self._types):
            raise ValueError(f"{type(value).__name__} where another kind of time is wanted")
        return value

    def _explain_error(self, error: when.WhenError) -> ArgumentProblem:
        options = _describe_values([value for value in error.others if isinstance(value, self._types)])
        if isinstance(error, when.NoSuchDateError):
            return ArgumentProblem("waktu.tidak_ada", {"tertulis": error.said}, options)
        if isinstance(error, when.InThePastError):
            return ArgumentProblem("waktu.sudah_lewat", {"waktu": when.describe(error.value)}, options)
        return ArgumentProblem("waktu.tidak_cocok", {}, options)


_SHOWN = 80
"""Letters of what was not read that are shown."""
_QUESTIONS: Mapping[when.Reason, str] = {"half": "waktu.paruh_hari", "skips": "waktu.dilewati"}
"""The question for a doubt that needs one of its own."""


def _names_each_day(values: Sequence[when.When]) -> bool:
    """Whether the first is a row of days and the others are these days: "7, 8 dan 9 September" needs no question."""
    first, *others = values
    return isinstance(first, when.DateRange) and all(
        isinstance(other, when.Day) and first.start <= other.on <= first.end for other in others
    )


def _begin_now(value: when.When, now: datetime) -> when.When:
    """What ends at a time, from now on; on a later day from the opening of offices."""
    match value:
        case when.Day(on) if on > now.date():
            return when.DateRange(now.date(), on)
        case when.Instant(end) | when.ApproximateTime(end):
            opens = end.replace(hour=_OPENS.hour, minute=_OPENS.minute)
            start = now.replace(second=0, microsecond=0) if end.date() == now.date() else opens
            return when.TimeRange(start, end) if start < end else value
    return value


_OPENS = time(7, 30)


def _describe_values(values: Sequence[when.When]) -> tuple[tuple[str, when.When], ...]:
    return tuple((when.describe(value), value) for value in values)


class SharedKind(PlainKind):
    """Values of a type that JSON must be read as."""

    holds: Any

    def load_value(self, data: Any, people: People) -> Any:
        return msgspec.convert(data, self.holds)


class LocationKind(SharedKind):
    """A shared location."""

    order = 0
    """First: it takes nothing from the text."""
    name = "lokasi"
    holds = Location

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        return (around.message.location if around.message else None), text


class PlaceKind(SharedKind):
    """A shared location, else the text that describes a place."""

    order = 9
    name = "tempat"
    holds = str | Location

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        if around.message is not None and around.message.location is not None:
            return around.message.location, text
        return text.strip() or None, ""


class FilesKind(SharedKind):
    """Pictures or files that came with the message, already stored."""

    order = 0
    name = "foto"

    def __init__(self, types: tuple[type, ...], many: bool) -> None:
        self._types, self._many = types, many
        self.holds = list[Photo | Document] if many else Photo | Document

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        files = [file for file in around.files if isinstance(file, self._types)]
        return ((files or None) if self._many else files[0] if files else None), text
