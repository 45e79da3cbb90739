"""A table of a page as a file: CSV, Excel or PDF, from the very rows that the page shows."""

import csv
import io
from datetime import datetime
from typing import Any

from pendopo.paper import Paper, Sheet
from pendopo.plugin.pages.parts import Badge, DataTable, Link, Page
from pendopo.web.dashboard.rendering import Painter

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": Sheet.MIME, "pdf": Paper.MIME}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet reads as a formula where it stands first."""


def make_recap(page: Page, table: DataTable, kind: str, painter: Painter, now: datetime) -> bytes:
    """The finished file."""
    head = [painter.words(word) for word in table.head]
    if kind == "csv":
        return _make_csv(head, [[_escape_formula(painter.words(cell)) for cell in row] for row in table.rows])
    title = painter.words(table.title) or painter.words(page.title)
    if kind == "xlsx":
        sheet = Sheet()
        sheet.add_page(title, head, [[_cell_value(cell, painter) for cell in row] for row in table.rows])
        return sheet.to_bytes()
    paper = Paper(painter.words(page.title), [], now)
    paper.add_table(head, [[painter.words(cell) for cell in row] for row in table.rows])
    return paper.to_bytes()


def _make_csv(head: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")  # Excel takes it for UTF-8 only then


def _escape_formula(text: str) -> str:
    """What a person typed stays text in a spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _cell_value(cell: Any, painter: Painter) -> Any:
    if isinstance(cell, (Badge, Link)):
        return painter.words(cell)
    return cell if isinstance(cell, (int, float, datetime)) or hasattr(cell, "isoformat") else painter.words(cell)
