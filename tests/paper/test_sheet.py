"""An Excel file in which nothing that people typed is anything but text."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pendopo.paper import Sheet


def cells(sheet: Sheet, page: int = 0) -> list[list[object]]:
    book = load_workbook(BytesIO(sheet.to_bytes()))
    return [[cell.value for cell in row] for row in book.worksheets[page].iter_rows()]


def test_numbers_days_and_words_are_what_they_are() -> None:
    sheet = Sheet()
    at = datetime(2026, 8, 12, 9, 30, tzinfo=UTC)
    sheet.add_page("Rekap Agustus", ["No", "Hari", "Kapan", "Siapa"], [[1, date(2026, 8, 12), at, "Rina"], [2, None, at, True]])
    assert cells(sheet) == [
        ["No", "Hari", "Kapan (UTC)", "Siapa"],
        [1, datetime(2026, 8, 12), datetime(2026, 8, 12, 9, 30), "Rina"],  # noqa: DTZ001  Excel knows no zones
        [2, "", datetime(2026, 8, 12, 9, 30), "True"],  # noqa: DTZ001
    ]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "{=1}"])
def test_what_looks_like_a_formula_or_a_link_stays_text(text: str) -> None:
    sheet = Sheet()
    sheet.add_page("A", [text], [[text]])
    book = load_workbook(BytesIO(sheet.to_bytes()))
    for cell in (book.worksheets[0]["A1"], book.worksheets[0]["A2"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_any_title_makes_a_page() -> None:
    sheet = Sheet()
    sheet.add_page("Izin: [Dinas] a/b * panjang sekali lebih dari tiga puluh satu", ["x"], [])
    sheet.add_page("", ["x"], [])
    assert len(load_workbook(BytesIO(sheet.to_bytes())).sheetnames) == 2
