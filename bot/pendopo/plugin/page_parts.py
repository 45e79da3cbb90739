"""The parts of a dashboard page, a closed set. A plugin names them; only the web app makes HTML of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct

from pendopo.model import Document, Phrase
from pendopo.model.numbers import parse_number
from pendopo.plugin.buttons import Button, Target

Label = Phrase | str
"""A phrase, or literal text that is shown as it is and never interpreted."""
Tone = Literal["", "good", "warn", "bad", "quiet"]


class PageElement(Struct, frozen=True):
    """What pages are made of."""


class Tile(PageElement, frozen=True):
    """One district on a tile map: its row and column, and a number."""

    name: str
    row: int
    column: int
    value: int
    path: str = ""


class TileMap(PageElement, frozen=True):
    """Districts as tiles of one size, roughly where they lie; the darker, the more. A table says the same."""

    tiles: Sequence[Tile]
    title: Label = ""
    unit: Label = ""


class Shape(PageElement, frozen=True):
    """One district on a map of borders: its rings of (longitude, latitude), and a number."""

    name: str
    rings: Sequence[Sequence[tuple[float, float]]]
    value: int
    path: str = ""


class ShapeMap(PageElement, frozen=True):
    """Districts by their borders, drawn without a map service's tiles; the darker, the more. A table says the same."""

    tiles: Sequence[Shape]
    title: Label = ""
    unit: Label = ""


class Bar(PageElement, frozen=True):
    """One bar of a chart; `tone` colours it."""

    label: Label
    value: float
    tone: Tone = ""
    path: str = ""


class Chart(PageElement, frozen=True):
    """A bar chart: horizontal, or `upright` for a course of time."""

    bars: Sequence[Bar]
    title: Label = ""
    upright: bool = False


class Badge(PageElement, frozen=True):
    """A short state with a colour; the text alone says the same."""

    text: Label
    tone: Tone = ""


class Link(PageElement, frozen=True):
    """A link to another page of the dashboard."""

    text: Label
    path: str


class Folded(PageElement, frozen=True):
    """Words for whoever reads, and behind a fold the raw line that they were made of."""

    text: Label
    raw: str


Cell = Phrase | str | int | float | datetime | date | Badge | Link | Folded | None


class Figure(PageElement, frozen=True):
    """One key figure, and the page it leads to."""

    label: Label
    value: int | float | str
    tone: Tone = ""
    path: str = ""


class Figures(PageElement, frozen=True):
    """Key figures side by side."""

    items: Sequence[Figure]


class DataTable(PageElement, frozen=True):
    """Rows under a head. `name` offers them as CSV, Excel and PDF. `next` continues after the last row."""

    head: Sequence[Label]
    rows: Sequence[Sequence[Cell]]
    title: Label = ""
    empty: Label = ""
    name: str = ""
    next: str = ""


class Card(PageElement, frozen=True):
    """One thing on a board or in a list: its title, lines, page and buttons."""

    title: Label
    lines: Sequence[Label] = ()
    badge: Badge | None = None
    path: str = ""
    buttons: Sequence[Button] = ()


class Column(PageElement, frozen=True):
    """One state of a board. `total` is the number of things, where not all are shown."""

    title: Label
    cards: Sequence[Card]
    tone: Tone = ""
    total: int = 0


class Board(PageElement, frozen=True):
    """Things by state, in columns."""

    columns: Sequence[Column]
    empty: Label = ""


class Cards(PageElement, frozen=True):
    """Things in a list; `dense` ones only tell something and take a line or two each."""

    items: Sequence[Card]
    title: Label = ""
    empty: Label = ""
    dense: bool = False


class CalendarItem(PageElement, frozen=True):
    """A calendar entry, from `start` until before `end`."""

    title: Label
    start: datetime
    end: datetime
    path: str = ""
    tone: Tone = ""


class MonthCalendar(PageElement, frozen=True):
    """The days from `first` to `last` with their entries. `path` leads to other months: `…{0}` is replaced by a month."""

    first: date
    last: date
    entries: Sequence[CalendarItem]
    title: Label = ""
    before: str = ""
    after: str = ""


class Picture(PageElement, frozen=True):
    """A stored picture (SHA-256) that may be shown, its thumbnail, and a later one of the same thing (`also`)."""

    blob: str
    thumb: str
    title: Label
    lines: Sequence[Label] = ()
    path: str = ""
    badge: Badge | None = None
    also: str = ""
    also_thumb: str = ""


class Gallery(PageElement, frozen=True):
    """Pictures that open in full size."""

    pictures: Sequence[Picture]
    title: Label = ""
    empty: Label = ""
    next: str = ""


class KeyValues(PageElement, frozen=True):
    """Names and values of one thing."""

    rows: Sequence[tuple[Label, Cell]]
    title: Label = ""


class TextList(PageElement, frozen=True):
    """Sentences, one a line."""

    items: Sequence[Label | Link]
    title: Label = ""


class Field(PageElement, frozen=True):
    """A field to fill in; `options` make it a choice, each with its value and label."""

    name: str
    label: Label
    value: str = ""
    options: Sequence[tuple[str, Label]] = ()
    kind: Literal["text", "date", "time", "month", "number", "search"] = "text"
    hint: Label = ""


class Filters(PageElement, frozen=True):
    """The filters of a page, named as its handler's parameters."""

    fields: Sequence[Field]


class Form(PageElement, frozen=True):
    """A form: a route with some arguments given and the others as fields; sending it is a press."""

    label: Label
    target: Target
    fields: Sequence[Field] = ()
    args: Sequence[Any] = ()
    title: Label = ""


class Actions(PageElement, frozen=True):
    """Buttons, as under a message; a press is an event like any other."""

    buttons: Sequence[Button]
    title: Label = ""


class Files(PageElement, frozen=True):
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


class Page(PageElement, frozen=True):
    """A page: its title, a lead line and its parts. `back_link` leads to the page before."""

    title: Label
    parts: Sequence[Part] = []
    lead: Label = ""
    back_link: Link | None = None


class View(PageElement, frozen=True):
    """How a page is viewed: `limit` rows of each table, those after `after`; `export` when it is downloaded as a file."""

    limit: int = 15
    after: str = ""
    export: bool = False


class Waiting(PageElement, frozen=True):
    """Something that waits for a person: its key (`izin/27`), title, due time, page, and what a decision rests on."""

    key: str
    title: Label
    due: datetime | None = None
    path: str = ""
    urgent: bool = False
    buttons: Sequence[Button] = ()
    lines: Sequence[Label] = ()


class News(PageElement, frozen=True):
    """A decision about a person or their unit, or news for everybody (`urgent`)."""

    title: Label
    at: datetime
    path: str = ""
    urgent: bool = False


class Overview(PageElement, frozen=True):
    """One plugin's overview for one person: what waits for them, what is new since they looked, and some figures."""

    waits: Sequence[Waiting] = ()
    news: Sequence[News] = ()
    figures: Sequence[Figure] = ()


def cut_words(text: str, most: int) -> str:
    """A text on one line of at most so many characters, cut after a whole word, with "…" where something is left out."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    kept = line[:most].rpartition(" ")[0] or line[: most - 1]
    return f"{kept.rstrip(',;:')}…"


def parse_month(text: str, today: date) -> date:
    """Parses a month of an address (`2026-08`) to its first day; anything else is the current month."""
    year, _, number = text.partition("-")
    in_year, month = parse_number(year, 2200), parse_number(number, 12)
    if in_year is not None and in_year >= 2000 and month:
        return date(in_year, month, 1)
    return today.replace(day=1)


def next_month(first: date, by: int = 1) -> date:
    """Returns the first day of a later month, or with a negative `by` of an earlier one."""
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
