"""Helpers of the templates: words in the reader's language, times, seals of buttons and pictures, calendars and maps."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from math import cos, radians
from typing import Any
from urllib.parse import quote

import msgspec
from markupsafe import Markup, escape

from pendopo import when
from pendopo.engine.dashboard_pages import DashboardPages
from pendopo.engine.runtime import Runtime
from pendopo.i18n import join_lines
from pendopo.model import Person, Phrase, TextRun
from pendopo.plugin.buttons import Button
from pendopo.plugin.page_parts import (
    Badge,
    Bar,
    CalendarItem,
    DataTable,
    Folded,
    Form,
    Link,
    MonthCalendar,
    Shape,
    ShapeMap,
    Tile,
    TileMap,
)
from pendopo.web.dashboard.questions import Question

VOID = ("", "–")
"""Words of a cell that says nothing."""
LONG = 40
"""Characters from which a cell needs no head to be understood."""
STEPS = 5
"""Shades of a map above 0."""
WIDTH, SQUEEZE = 1000.0, cos(radians(6.9))
"""Width of a map, and the length of a degree of longitude in degrees of latitude at 6.9° south (Bandung)."""


SEALED_MS = 600_000
"""The address of a file of an answer counts for this long at least, and for twice as long at most."""


class Painter:
    """Renders parts for one reader, in their language and with their rights."""

    def __init__(self, core: Runtime, dashboard_pages: DashboardPages, person: Person, locale: str, source: str = "") -> None:
        self._source = source
        self._core = core
        self._dashboard_pages = dashboard_pages
        self._person = person
        self.locale = locale
        self._months = self.words(Phrase("web.bulan")).split()
        self.weekdays = self.words(Phrase("web.hari_singkat")).split()
        self.today = core.clock.now().astimezone(core.zone).date()

    def localize(self, value: Any) -> Any:
        """The value of a cell, an instant in the zone of the installation."""
        return value.astimezone(self._core.zone) if isinstance(value, datetime) else value

    def words(self, value: Any, full: bool = False) -> str:
        """Format the value of a cell as plain text; `full` dates do not depend on the day on which they are read."""
        if isinstance(value, Phrase):
            return self._core.catalogues.render_text(value, self.locale)
        if isinstance(value, (Badge, Link, Folded)):
            return self.words(value.text)
        if isinstance(value, datetime):
            return self.moment(value, full)
        if isinstance(value, date):
            return self.day(value, full)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if isinstance(value, float):
            return f"{value:,.1f}".replace(",", " ").replace(".", "." if self.locale == "en" else ",")
        return "" if value is None else str(value)

    def spans(self, *said: Phrase | str) -> Sequence[TextRun]:
        """Render sentences with their styles, each on its own line."""
        return join_lines(
            [[TextRun(one)] if isinstance(one, str) else self._core.catalogues.render_runs(one, self.locale) for one in said]
        )

    def line(self, said: Phrase | str) -> Sequence[TextRun]:
        """A sentence of a list, without the bullet that it has in a chat."""
        first, *rest = self.spans(said) or [TextRun("")]
        return [msgspec.structs.replace(first, text=first.text.removeprefix("• ")), *rest]

    def number(self, value: int) -> str:
        """1.234, or 1,234 in English."""
        return f"{value:,}".replace(",", "," if self.locale == "en" else ".")

    def moment(self, at: datetime, full: bool = False) -> str:
        """`26 Nov 2026, 11.20`; only the hour for today, unless `full`."""
        on, hour = self._local_date(at), self.hour(at)
        return hour if on == self.today and not full else f"{self.day(on, full)}, {hour}"

    def day(self, on: date, full: bool = False) -> str:
        """`26 Nov 2026`; without the year for this year, unless `full`."""
        year = "" if on.year == self.today.year and not full else f" {on.year}"
        return f"{on.day} {self._months[on.month - 1][:3]}{year}"

    def whole_day(self, on: date) -> str:
        """`Kamis, 26 November 2026`"""
        return when.describe(when.Day(on), self.locale)

    def month(self, on: date) -> str:
        return f"{self._months[on.month - 1]} {on.year}"

    def iso(self, value: Any) -> str:
        """Format a date or time by ISO 8601; "" for anything else."""
        if isinstance(value, datetime):
            return value.astimezone(self._core.zone).isoformat(timespec="minutes")
        return value.isoformat() if isinstance(value, date) else ""

    def cell(self, value: Any) -> Markup:
        """Render a cell as HTML, its text escaped."""
        words = escape(self.words(value))
        if isinstance(value, Badge):
            return Markup(f'<span class="badge {escape(value.tone)}">{words}</span>')  # noqa: S704  every part is escaped
        if isinstance(value, Link):
            return Markup(f'<a href="{escape(value.path)}">{words}</a>')  # noqa: S704  every part is escaped
        if isinstance(value, Folded):
            raw, label = escape(value.raw), escape(self.words(Phrase("web.mentah")))
            fold = Markup(f"<details><summary>{label}</summary><code>{raw}</code></details>")  # noqa: S704  every part is escaped
            return words + fold
        if isinstance(value, date):
            return Markup(f'<time datetime="{self.iso(value)}">{words}</time>')  # noqa: S704  every part is escaped
        return words

    def rows(self, table: DataTable) -> Markup:
        """Render the rows of a table here, since templates are slow for the hundreds of cells of a page."""
        heads = [escape(self.words(word)) for word in table.head]
        rows = ("".join(self._draw_cells(heads, row)) for row in table.rows)
        return Markup("".join(f"<tr>{row}</tr>\n" for row in rows))  # noqa: S704  every part is escaped

    def _draw_cells(self, heads: Sequence[str], row: Sequence[Any]) -> Iterator[str]:
        """Each cell with its part in the row on a phone: number and title, state, what needs its head beside it, or nothing."""
        words = [self.words(value) for value in row]
        title = next((n for n, value in enumerate(row) if isinstance(value, (str, Phrase, Folded)) and words[n] not in VOID), 0)
        for number, (head, value) in enumerate(zip(heads, row, strict=True)):
            looks = ["number"] if isinstance(value, (int, float)) else []
            if words[number] in VOID:
                looks.append("void")
            elif number in (0, title):
                looks.append("title")
            elif isinstance(value, Badge):
                looks.append("state")
            elif len(words[number]) > LONG:
                looks.append("long")
            look = f' class="{" ".join(looks)}"' if looks else ""
            yield f'<td data-head="{head}"{look}>{self.cell(value)}</td>'

    @staticmethod
    def kind(value: Any) -> str:
        return type(value).__name__.lower()

    # -- what can be done ----------------------------------------------------------------------------------------

    def button(self, button: Button) -> str:
        """The seal of a button; "" when this reader may not press it."""
        return self._dashboard_pages.seal_button(self._person, button)

    def asks(self, question: Question, buttons: Sequence[Button]) -> bool:
        """Whether one of these buttons led to the question, so that it stands beside them."""
        return any(question.is_about(self._core, button) for button in buttons)

    def label(self, button: Button) -> str:
        return self.words(button.label if isinstance(button.label, Phrase) else Phrase(button.label))

    def form(self, form: Form) -> str:
        return self._dashboard_pages.seal_offer(self._person, form.target, form.args)

    def picture(self, blob: str, name: str = "") -> str:
        """The address of a stored file that this page shows: each request asks whether it still does so to this reader."""
        if not self._source:
            return self.answered(blob, name)
        seal = self._dashboard_pages.seal_text(f"{blob}:{self._person.id}:{self._source}")
        return f"/berkas/{blob}/{seal}" + (f"/{quote(name)}" if name else "") + f"?dari={quote(self._source, safe='')}"

    def answered(self, blob: str, name: str = "") -> str:
        """The address of a stored file that an answer to this reader brought, for some minutes."""
        seal = self._dashboard_pages.seal_text(f"{blob}:{self._person.id}:{self._core.now_ms() // SEALED_MS}")
        return f"/berkas/{blob}/{seal}" + (f"/{quote(name)}" if name else "")

    # -- calendars, tiles, bars ----------------------------------------------------------------------------------

    def weeks(self, calendar: MonthCalendar) -> list[list[date]]:
        """The days of a calendar in whole weeks, from Monday."""
        first = calendar.first - timedelta(days=calendar.first.weekday())
        last = calendar.last + timedelta(days=6 - calendar.last.weekday())
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [days[at : at + 7] for at in range(0, len(days), 7)]

    def on(self, calendar: MonthCalendar, day: date) -> list[CalendarItem]:
        """The entries of one day, earliest first."""
        tick = timedelta(microseconds=1)  # an entry that ends at midnight is not shown on the day after
        found = [e for e in calendar.entries if self._local_date(e.start) <= day <= self._local_date(e.end - tick)]
        return sorted(found, key=lambda entry: entry.start)

    def _local_date(self, at: datetime) -> date:
        return at.astimezone(self._core.zone).date()

    def hour(self, at: datetime) -> str:
        local = self.localize(at)
        return f"{local:%H.%M}" if self.locale != "en" else f"{local:%H:%M}"

    @staticmethod
    def drawn(shapes: ShapeMap) -> list[tuple[Shape, str, float, float]]:
        """Each shape with its outline as an SVG path and the position (x, y) of its name, scaled to a width of 1000."""
        points = [point for shape in shapes.tiles for ring in shape.rings for point in ring]
        if not points:
            return []
        west, north = min(p[0] for p in points), max(p[1] for p in points)
        scale = WIDTH / ((max(p[0] for p in points) - west) * SQUEEZE or 1)

        def at(point: tuple[float, float]) -> tuple[float, float]:
            return round((point[0] - west) * SQUEEZE * scale, 1), round((north - point[1]) * scale, 1)

        return [(shape, *_trace_outline([[at(point) for point in ring] for ring in shape.rings])) for shape in shapes.tiles]

    @staticmethod
    def height(shapes: ShapeMap) -> int:
        """The height of the map at a width of 1000."""
        points = [point for shape in shapes.tiles for ring in shape.rings for point in ring]
        wide = (max(p[0] for p in points) - min(p[0] for p in points)) * SQUEEZE or 1 if points else 1
        return round((max(p[1] for p in points) - min(p[1] for p in points)) * WIDTH / wide) if points else 0

    @staticmethod
    def shade(tiles: TileMap | ShapeMap, value: int) -> int:
        """The shade of a tile: 0 for nothing, 5 for the most."""
        most = max((tile.value for tile in tiles.tiles), default=0)
        return 0 if not value or not most else max(1, -(-value * STEPS // most))

    @staticmethod
    def share(bars: Sequence[Bar | Tile | Shape], bar: Bar | Tile | Shape) -> int:
        """The length of a bar, in hundredths of the longest."""
        most = max((each.value for each in bars), default=0)
        return round(bar.value * 100 / most) if most else 0


def _trace_outline(rings: Sequence[Sequence[tuple[float, float]]]) -> tuple[str, float, float]:
    """The SVG path of closed rings, without points less than 2 apart, and the middle of the longest ring."""
    thinned = [_thin_ring(ring) for ring in rings if len(ring) > 2]
    path = " ".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in thinned)
    longest = max(thinned, key=len, default=[(0.0, 0.0)])
    xs, ys = [x for x, _ in longest], [y for _, y in longest]
    return path, (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _thin_ring(ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    kept = [ring[0]]
    for x, y in ring[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 2:
            kept.append((x, y))
    return [*kept, ring[-1]]
