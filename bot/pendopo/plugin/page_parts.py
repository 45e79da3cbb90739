"""The parts of a dashboard page, a closed set. A plugin names them; only the web app makes HTML of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from pendopo.model import Document, Phrase
from pendopo.plugin.buttons import Button, Target

Label = Phrase | str
"""A phrase, or literal text that is shown as it is and never interpreted."""
Tone = Literal["", "good", "warn", "bad", "quiet"]


@dataclass(frozen=True)
class Tile:
    """One district on a tile map: its row and column, and a number."""

    name: str
    row: int
    column: int
    value: int
    path: str = ""


@dataclass(frozen=True)
class TileMap:
    """Districts as tiles of one size, roughly where they lie; the darker, the more. A table says the same."""

    tiles: Sequence[Tile]
    title: Label = ""
    unit: Label = ""


@dataclass(frozen=True)
class Shape:
    """One district on a map of borders: its rings of (longitude, latitude), and a number."""

    name: str
    rings: Sequence[Sequence[tuple[float, float]]]
    value: int
    path: str = ""


@dataclass(frozen=True)
class ShapeMap:
    """Districts by their borders, drawn without a map service's tiles; the darker, the more. A table says the same."""

    tiles: Sequence[Shape]
    title: Label = ""
    unit: Label = ""


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; `tone` colours it."""

    label: Label
    value: float
    tone: Tone = ""
    path: str = ""


@dataclass(frozen=True)
class Chart:
    """A bar chart: horizontal, or `upright` for a course of time."""

    bars: Sequence[Bar]
    title: Label = ""
    upright: bool = False


@dataclass(frozen=True)
class Badge:
    """A short state with a colour; the text alone says the same."""

    text: Label
    tone: Tone = ""


@dataclass(frozen=True)
class Link:
    """A link to another page of the dashboard."""

    text: Label
    path: str


Cell = Phrase | str | int | float | datetime | date | Badge | Link | None


@dataclass(frozen=True)
class Figure:
    """One key figure, and the page it leads to."""

    label: Label
    value: int | float | str
    tone: Tone = ""
    path: str = ""


@dataclass(frozen=True)
class Figures:
    """Key figures side by side."""

    items: Sequence[Figure]


@dataclass(frozen=True)
class DataTable:
    """Rows under a head. `name` offers them as CSV, Excel and PDF. `next` continues after the last row."""

    head: Sequence[Label]
    rows: Sequence[Sequence[Cell]]
    title: Label = ""
    empty: Label = ""
    name: str = ""
    next: str = ""


@dataclass(frozen=True)
class Card:
    """One thing on a board or in a list: its title, lines, page and buttons."""

    title: Label
    lines: Sequence[Label] = ()
    badge: Badge | None = None
    path: str = ""
    buttons: Sequence[Button] = ()


@dataclass(frozen=True)
class Column:
    """One state of a board. `total` is the number of things, where not all are shown."""

    title: Label
    cards: Sequence[Card]
    tone: Tone = ""
    total: int = 0


@dataclass(frozen=True)
class Board:
    """Things by state, in columns."""

    columns: Sequence[Column]
    empty: Label = ""


@dataclass(frozen=True)
class Cards:
    """Things in a list."""

    items: Sequence[Card]
    title: Label = ""
    empty: Label = ""


@dataclass(frozen=True)
class CalendarItem:
    """A calendar entry, from `start` until before `end`."""

    title: Label
    start: datetime
    end: datetime
    path: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class MonthCalendar:
    """The days from `first` to `last` with their entries. `path` leads to other months: `…{0}` is replaced by a month."""

    first: date
    last: date
    entries: Sequence[CalendarItem]
    title: Label = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Picture:
    """A stored picture (SHA-256) that may be shown, its thumbnail, and a later one of the same thing (`also`)."""

    blob: str
    thumb: str
    title: Label
    lines: Sequence[Label] = ()
    path: str = ""
    badge: Badge | None = None
    also: str = ""
    also_thumb: str = ""


@dataclass(frozen=True)
class Gallery:
    """Pictures that open in full size."""

    pictures: Sequence[Picture]
    title: Label = ""
    empty: Label = ""
    next: str = ""


@dataclass(frozen=True)
class KeyValues:
    """Names and values of one thing."""

    rows: Sequence[tuple[Label, Cell]]
    title: Label = ""


@dataclass(frozen=True)
class TextList:
    """Sentences, one a line."""

    items: Sequence[Label | Link]
    title: Label = ""


@dataclass(frozen=True)
class Field:
    """A field to fill in; `options` make it a choice, each with its value and label."""

    name: str
    label: Label
    value: str = ""
    options: Sequence[tuple[str, Label]] = ()
    kind: Literal["text", "date", "time", "month", "number", "search"] = "text"
    hint: Label = ""


@dataclass(frozen=True)
class Filters:
    """The filters of a page, named as its handler's parameters."""

    fields: Sequence[Field]


@dataclass(frozen=True)
class Form:
    """A form: a route with some arguments given and the others as fields; sending it is a press."""

    label: Label
    target: Target
    fields: Sequence[Field] = ()
    args: Sequence[Any] = ()
    title: Label = ""


@dataclass(frozen=True)
class Actions:
    """Buttons, as under a message; a press is an event like any other."""

    buttons: Sequence[Button]
    title: Label = ""


@dataclass(frozen=True)
class Files:
    """Stored files to download."""

    items: Sequence[Document]
    title: Label = ""


Part = (
    Figures
    | DataTable
    | Board
    | Cards
    | MonthCalendar
    | Gallery
    | TileMap
    | ShapeMap
    | Chart
    | KeyValues
    | TextList
    | Filters
    | Form
    | Actions
    | Files
)


@dataclass(frozen=True)
class Page:
    """A page: its title, a lead line and its parts. `back_link` leads to the page before."""

    title: Label
    parts: Sequence[Part] = field(default_factory=list)
    lead: Label = ""
    back_link: Link | None = None


@dataclass(frozen=True)
class View:
    """How a page is viewed: `limit` rows of each table, those after `after`; `export` when it is downloaded as a file."""

    limit: int = 25
    after: str = ""
    export: bool = False


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: the thing's key (`izin/27`), its title, due time and page."""

    key: str
    title: Label
    due: datetime | None = None
    path: str = ""
    urgent: bool = False
    buttons: Sequence[Button] = ()


@dataclass(frozen=True)
class News:
    """A decision about a person or their unit, or news for everybody (`urgent`)."""

    title: Label
    at: datetime
    path: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Overview:
    """One plugin's overview for one person: what waits for them, what is new since they looked, and some figures."""

    waits: Sequence[Waiting] = ()
    news: Sequence[News] = ()
    figures: Sequence[Figure] = ()


def parse_month(text: str, today: date) -> date:
    """Parses a month of an address (`2026-08`) to its first day; anything else is the current month."""
    year, _, number = text.partition("-")
    if year.isdecimal() and number.isdecimal() and 2000 <= int(year) <= 2200 and 1 <= int(number) <= 12:
        return date(int(year), int(number), 1)
    return today.replace(day=1)


def next_month(first: date, by: int = 1) -> date:
    """Returns the first day of a later month, or with a negative `by` of an earlier one."""
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
