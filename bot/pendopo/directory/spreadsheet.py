"""Tables as other programs write them: Excel, OpenDocument, CSV, and the HTML that some call `.xls`.

Workbooks are read by python-calamine, which the extra `excel` installs.
"""

import csv
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from pendopo.errors import DirectoryError

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How workbooks begin: a ZIP of XML, and the compound file of old ones."""
LARGEST = 50_000_000
"""Bytes of a file: fifty times the export of a large city hall."""


class Sheet(NamedTuple):
    """A table; its cells are texts, numbers, dates, or None."""

    name: str
    rows: list[list[Any]]


def read_sheets(path: Path) -> list[Sheet]:
    """Reads all tables of a file. Raises `DirectoryError` when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise DirectoryError(f"{path}: larger than {LARGEST // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise DirectoryError(f"{path}: {error.strerror}") from error
    if data.startswith(WORKBOOKS):
        return list(_read_workbook(path))
    text = _decode(data)
    if "<table" in text[:4000].lower():
        reader = _TableReader()
        reader.feed(text)
        return [Sheet(path.stem, reader.rows)]
    try:
        dialect = csv.Sniffer().sniff(text[:20_000], ";,\t|")
    except csv.Error:
        dialect = csv.excel
    return [Sheet(path.stem, list(csv.reader(text.splitlines(), dialect)))]


def _read_workbook(path: Path) -> Iterator[Sheet]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ModuleNotFoundError as error:
        raise DirectoryError(f"{path}: workbooks are read by python-calamine: pip install 'pendopo[excel]'") from error
    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows = [[None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                for row in rows[top : bottom + 1]:  # what is written once, over several rows, is said of each
                    row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
            yield Sheet(name, rows)
    except CalamineError as error:
        raise DirectoryError(f"{path}: {error}") from error


def _decode(data: bytes) -> str:
    """UTF-8, and what Windows writes otherwise."""
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


class _TableReader(HTMLParser):
    """Collects the cells of all rows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[Any]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        self._inside = tag in ("td", "th") or (self._inside and tag != "tr")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("td", "th", "tr", "table")

    def handle_data(self, data: str) -> None:
        if self._inside and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data
