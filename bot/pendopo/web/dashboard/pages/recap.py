"""Recaps: a table of a page as a CSV, Excel or PDF file."""

import csv
import io
from datetime import datetime
from typing import Any

from pendopo.paper import Paper, Sheet
from pendopo.plugin.pages.parts import Badge, DataTable, Link, Page
from pendopo.web.dashboard.rendering import Painter

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": Sheet.MIME, "pdf": Paper.MIME}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet read a cell as a formula."""


def make_recap(page: Page, table: DataTable, kind: str, painter: Painter, now: datetime) -> bytes:
    """Return the bytes of the file."""
    head = [painter.words(word) for word in table.head]
    if kind == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([head, *[[_escape_formula(painter.words(cell)) for cell in row] for row in table.rows]])
        return out.getvalue().encode("utf-8-sig")  # Excel reads a CSV file as UTF-8 only with a byte order mark
    title = painter.words(table.title) or painter.words(page.title)
    if kind == "xlsx":
        sheet = Sheet()
        sheet.add_page(title, head, [[_cell_value(cell, painter) for cell in row] for row in table.rows])
        return sheet.to_bytes()
    paper = Paper(painter.words(page.title), [], now)
    paper.add_table(head, [[painter.words(cell) for cell in row] for row in table.rows])
    return paper.to_bytes()


def _escape_formula(text: str) -> str:
    """Escape typed text, so that a spreadsheet runs no formula in it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _cell_value(cell: Any, painter: Painter) -> Any:
    if isinstance(cell, (Badge, Link)):
        return painter.words(cell)
    return cell if isinstance(cell, (int, float, datetime)) or hasattr(cell, "isoformat") else painter.words(cell)
