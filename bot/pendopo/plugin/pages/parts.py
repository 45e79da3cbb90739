"""What a page of the dashboard is made of: a closed set of parts. A plugin names them; only the web app makes HTML of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pendopo.model import Document, Phrase
from pendopo.plugin.buttons import Button, Target
from pendopo.plugin.pages.charts import Chart, Label, ShapeMap, TileMap, Tone


@dataclass(frozen=True)
class Badge:
    """A short state with a colour; the words alone say the same."""

    text: Label
    tone: Tone = ""


@dataclass(frozen=True)
class Link:
    """Words that lead to another page of the dashboard."""

    text: Label
    path: str


Cell = Phrase | str | int | float | datetime | date | Badge | Link | None


@dataclass(frozen=True)
class Figure:
    """One number that matters, and where it leads."""

    label: Label
    value: int | float | str
    tone: Tone = ""
    path: str = ""


@dataclass(frozen=True)
class Figures:
    """Numbers beside each other."""

    items: Sequence[Figure]


@dataclass(frozen=True)
class DataTable:
    """Rows under a head. `name` makes it a recap: CSV, Excel and PDF of the same rows. `next` continues after the last one."""

    head: Sequence[Label]
    rows: Sequence[Sequence[Cell]]
    title: Label = ""
    empty: Label = ""
    name: str = ""
    next: str = ""


@dataclass(frozen=True)
class Card:
    """One thing on a board or in a list: its title, some lines, where it leads, and what can be done with it here."""

    title: Label
    lines: Sequence[Label] = ()
    badge: Badge | None = None
    path: str = ""
    buttons: Sequence[Button] = ()


@dataclass(frozen=True)
class Column:
    """One state of a board. `total` is how many there are, where not all are shown."""

    title: Label
    cards: Sequence[Card]
    tone: Tone = ""
    total: int = 0


@dataclass(frozen=True)
class Board:
    """Things by their state, side by side."""

    columns: Sequence[Column]
    empty: Label = ""


@dataclass(frozen=True)
class Cards:
    """Things one below the other."""

    items: Sequence[Card]
    title: Label = ""
    empty: Label = ""


@dataclass(frozen=True)
class CalendarItem:
    """Something in a calendar, from an instant until before another."""

    title: Label
    start: datetime
    end: datetime
    path: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class MonthCalendar:
    """The days from `first` to `last` with what is on them. `path` leads to other times: `…{0}` is replaced by a month."""

    first: date
    last: date
    entries: Sequence[CalendarItem]
    title: Label = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Picture:
    """A stored picture (SHA-256) that may be shown, with its thumbnail, and the one that shows the same later (`also`)."""

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
    """Pictures that can be looked at whole."""

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
    """Sentences, each on a line of its own."""

    items: Sequence[Label | Link]
    title: Label = ""


@dataclass(frozen=True)
class Field:
    """What can be filled in or chosen: `options` make it a choice, each with its value and words."""

    name: str
    label: Label
    value: str = ""
    options: Sequence[tuple[str, Label]] = ()
    kind: Literal["text", "date", "time", "month", "number", "search"] = "text"
    hint: Label = ""


@dataclass(frozen=True)
class Filters:
    """What the page shows, to be chosen by the names of its handler's parameters."""

    fields: Sequence[Field]


@dataclass(frozen=True)
class Form:
    """A route with some arguments given and the others to be filled in; sending it is touching a button."""

    label: Label
    target: Target
    fields: Sequence[Field] = ()
    args: Sequence[Any] = ()
    title: Label = ""


@dataclass(frozen=True)
class Actions:
    """Buttons, as under a message; pressing one is an event like any other."""

    buttons: Sequence[Button]
    title: Label = ""


@dataclass(frozen=True)
class Files:
    """Stored files to take away."""

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
    """One page: its title, a line on it, its parts. `back_link` is where one came from."""

    title: Label
    parts: Sequence[Part] = field(default_factory=list)
    lead: Label = ""
    back_link: Link | None = None


@dataclass(frozen=True)
class View:
    """How a page is looked at: `limit` rows of each table, those after `after`; `export` when it is taken away as a file."""

    limit: int = 25
    after: str = ""
    export: bool = False


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: the thing's key (`izin/27`), what it is, until when, where it is seen."""

    key: str
    title: Label
    due: datetime | None = None
    path: str = ""
    urgent: bool = False
    buttons: Sequence[Button] = ()


@dataclass(frozen=True)
class News:
    """Something that was decided about a person or their unit, or that everybody should know at once (`urgent`)."""

    title: Label
    at: datetime
    path: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Overview:
    """What one plugin says of now to one person: what waits for them, what is new since they looked, and some figures."""

    waits: Sequence[Waiting] = ()
    news: Sequence[News] = ()
    figures: Sequence[Figure] = ()


def parse_month(text: str, today: date) -> date:
    """The first day of a month as addresses name it (`2026-08`); of anything else, the first of this month."""
    year, _, number = text.partition("-")
    if year.isdecimal() and number.isdecimal() and 2000 <= int(year) <= 2200 and 1 <= int(number) <= 12:
        return date(int(year), int(number), 1)
    return today.replace(day=1)


def next_month(first: date, by: int = 1) -> date:
    """The first day of a later month, or of an earlier one."""
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def count_month_days(first: date) -> int:
    """How many days a month has."""
    return (next_month(first) - first) // timedelta(days=1)
