"""Small values that pass between a handler and the engine."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal

import msgspec

from pendopo.config import Options
from pendopo.model import Chat, Document, Person, Photo, Phrase
from pendopo.plugin.buttons import Handler, RouteName
from pendopo.when import DayHours

ENGINE = "pendopo"
"""The adapter name of chats and events that the engine itself makes."""
WEB = "web"
"""The adapter name of the dashboard: each person's own page, where they act as in a private chat."""


class MessageRef(msgspec.Struct, frozen=True):
    """A message that will be sent; a row that keeps `key` can edit the message later."""

    key: str


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A stored file: its SHA-256 (`blob`), and size and type by its bytes.

    Of a picture also: copies without any trace of origin (`shared`, `thumb`), what the camera noted, and a `fingerprint` that
    is close for similar pictures. Only the copies may be shown.
    """

    blob: str
    size: int
    mime: str
    name: str = ""
    shared: str = ""
    thumb: str = ""
    width: int = 0
    height: int = 0
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    facts: dict[str, str] = {}
    fingerprint: int = 0


class PluginHealth(msgspec.Struct, frozen=True):
    """The health of a plugin: whether it works, a `note` for operators, and the `code` of its error in the log."""

    ok: bool = True
    note: str = ""
    code: str = ""


class PluginStatus(msgspec.Struct, frozen=True):
    """A plugin in use: whether it is `on` in a chat, and whether it is `always`."""

    name: str
    on: bool
    always: bool


class CommandHelp(msgspec.Struct, frozen=True):
    """How a command is used: its words, its parameters and whether each is required, and what it does.

    `route` is what `ctx.prompt_for` takes to ask for its arguments.
    """

    plugin: str
    words: Sequence[str]
    params: Sequence[tuple[Phrase, bool]]
    summary: Phrase
    examples: Sequence[str]
    route: RouteName


class Refusal(msgspec.Struct, frozen=True):
    """A refusal: the command's words (none for a button), by which rule and why, and people to `ask`."""

    at: datetime
    words: Sequence[str]
    rule: str
    reason: Phrase
    ask: Sequence[Person]


Reach = Literal["full", "template", "waits", "none"]
"""How a notice arrives: in full, in a template, once the person writes again, or not at all."""


class MaintenanceReport(msgspec.Struct, frozen=True):
    """The result of maintenance: rows `removed` by kind, the head of the audit log, and the chat to post it in."""

    removed: dict[str, int]
    line: int
    """The number of the newest audit line, whose digest is `head`."""
    head: str
    post_to: Chat | None


class Typed(msgspec.Struct, frozen=True):
    """Words for an argument of `prompt_for`, read as if the person had typed them: what is in doubt is asked."""

    text: str


class Question(msgspec.Struct, frozen=True):
    """A route to ask the arguments of, with those already known."""

    handler: Any
    known: dict[str, Any]
    offered: Mapping[str, Sequence[tuple[Any, Any]]] = {}
    """Values (label, value) to offer as buttons for arguments that are asked for."""


class Weekday(StrEnum):
    """The days of a week, Monday first, as settings name them."""

    MONDAY = "senin"
    TUESDAY = "selasa"
    WEDNESDAY = "rabu"
    THURSDAY = "kamis"
    FRIDAY = "jumat"
    SATURDAY = "sabtu"
    SUNDAY = "minggu"


class SeasonHours(Options):
    """Other office hours from a first to a last day, such as those of Ramadan."""

    dari: date
    sampai: date
    buka: time = time(8)
    tutup: time = time(15)


class BusinessHoursOptions(Options):
    """Options of a plugin whose deadlines count office hours only: from `buka` to `tutup`.

    Perpres 21/2023: 37.5 hours a week from 07.30; in Ramadan 32.5 from 08.00; the break of a Friday is half an hour longer.
    """

    buka: time = time(7, 30)
    tutup: time = time(16, 0)
    jumat_tambah: int = 30
    """Minutes that offices close later on a Friday."""
    jam: dict[Weekday, tuple[time, time]] = {}
    """Weekdays with hours of their own, outside the seasons."""
    # Idulfitri as decreed for 2026 (SKB 1497/2025) and 2027; a month is 29 or 30 days: the first day is to be checked yearly.
    masa: list[SeasonHours] = [
        SeasonHours(dari=date(2026, 2, 19), sampai=date(2026, 3, 20)),
        SeasonHours(dari=date(2027, 2, 8), sampai=date(2027, 3, 9)),
    ]
    """Seasons with other hours."""

    def get_day_hours(self, day: date) -> DayHours:
        """The office hours of a day."""
        weekday = list(Weekday)[day.weekday()]
        season = next((each for each in self.masa if each.dari <= day <= each.sampai), None)
        if season is None and weekday in self.jam:
            return DayHours(*self.jam[weekday])
        opens, closes = (season.buka, season.tutup) if season else (self.buka, self.tutup)
        later = timedelta(minutes=self.jumat_tambah if weekday == Weekday.FRIDAY else 0)
        return DayHours(opens, (datetime.combine(day, closes) + later).time())


class Item(msgspec.Struct, frozen=True):
    """How a plugin's thing is shown elsewhere: its `title`, some `lines` about it, the `files` that go with it.

    `key` is "plugin/number". `passed` is a job of its plugin that runs whenever the item is handed on or answered: it takes
    `nomor: int, orang: int, selesai: bool`: the number, a person's id, and whether that person is done. The engine fills
    `route` with that job's name, so that another plugin can store it.
    """

    key: str
    title: Phrase
    lines: Sequence[Phrase] = ()
    files: Sequence[Photo | Document] = ()
    passed: Handler | None = None
    route: RouteName | None = None
