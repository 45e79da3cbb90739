"""Excel files in which typed text stays text: no cell becomes a formula or a link."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

WIDEST_COLUMN = 60
"""Characters; longer cells wrap."""


def name_zones(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """The heads of a table; those above instants name the zone: "Mulai (WIB)"."""
    zones: dict[int, dict[str, None]] = {}
    for row in rows:
        for column, value in enumerate(row):
            if isinstance(value, datetime) and (zone := value.tzname()):
                zones.setdefault(column, {})[zone] = None
    return [f"{name} ({', '.join(zones[n])})" if n in zones else name for n, name in enumerate(head)]


class Sheet:
    """A workbook with one table per sheet."""

    MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self) -> None:
        from xlsxwriter import Workbook

        self._file = BytesIO()
        safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
        self._book = Workbook(self._file, safe)
        self._bold = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._plain = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._time = self._book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"})
        self._day = self._book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})

    def add_page(self, title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Adds a sheet with a table; its head stays in view and its columns can be filtered."""
        # Excel allows 31 characters in a name, and forbids some.
        page = self._book.add_worksheet("".join("-" if letter in "[]:*?/\\'" else letter for letter in title)[:31] or "1")
        head = name_zones(head, rows)
        for column, name in enumerate(head):
            page.write_string(0, column, name, self._bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self._write_cell(page, number, column, value)
        for column, name in enumerate(head):
            longest = max([len(name), *(len(str(row[column])) for row in rows)])
            page.set_column(column, column, min(WIDEST_COLUMN, longest + 2))
        page.freeze_panes(1, 0)
        if rows:
            page.autofilter(0, 0, len(rows), len(head) - 1)

    def to_bytes(self) -> bytes:
        """Returns the finished file."""
        self._book.close()
        return self._file.getvalue()

    def _write_cell(self, page: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, float, datetime, date)):
            page.write_string(row, column, "" if value is None else str(value), self._plain)
        elif isinstance(value, datetime):
            page.write_datetime(row, column, value, self._time)
        elif isinstance(value, date):
            page.write_datetime(row, column, value, self._day)
        else:
            page.write_number(row, column, value, self._plain)
