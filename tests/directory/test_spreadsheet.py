"""Tables of other programs are read as they stand: workbooks, CSV of Windows, HTML that is called `.xls`."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from pendopo.directory.spreadsheet import read_sheets
from pendopo.errors import DirectoryError


def test_a_workbook_has_its_sheets_types_and_what_is_written_once_over_several_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "PU"
    for row in (["Unit", "Nama", "Nomor"], ["Dinas PU", "Rina", 12], [None, "Hendra", None], [None, "Eko", 1.5]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.create_sheet("Kosong")
    book.save(tmp_path / "a.xlsx")
    pu, empty = read_sheets(tmp_path / "a.xlsx")
    assert (pu.name, empty.name, empty.rows) == ("PU", "Kosong", [])
    assert pu.rows[1:] == [["Dinas PU", "Rina", 12], ["Dinas PU", "Hendra", None], [None, "Eko", 1.5]]


def test_openpyxl_reads_the_same_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["a", None, 3], [None, "é 東", "0012"], [True, datetime(2026, 8, 12), "x"]):  # noqa: DTZ001  Excel knows no zones
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    ours = read_sheets(tmp_path / "a.xlsx")[0].rows
    theirs = [list(row) for row in openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows(values_only=True)]
    assert ours[:2] == theirs[:2]
    assert [str(cell)[:10] for cell in ours[2]] == [str(cell)[:10] for cell in theirs[2]]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("Nama;Unit\r\nRené;PU\r\n".encode("cp1252"), [["Nama", "Unit"], ["René", "PU"]]),
        ("Nama,Unit\nSiti,\"Dinas PU, Kota\"\n".encode("utf-8-sig"), [["Nama", "Unit"], ["Siti", "Dinas PU, Kota"]]),
        ("Nama\tUnit\nSiti\tPU\n".encode("utf-16"), [["Nama", "Unit"], ["Siti", "PU"]]),
        (b"<table><tr><th>Nama<th>Unit</tr><tr><td>A &amp; B<td>C</tr></table>", [["Nama", "Unit"], ["A & B", "C"]]),
    ],
)  # fmt: skip
def test_what_is_called_xls_and_is_none_is_read_too(tmp_path: Path, data: bytes, rows: list[list[str]]) -> None:
    (tmp_path / "pegawai.xls").write_bytes(data)
    assert read_sheets(tmp_path / "pegawai.xls")[0].rows == rows


@pytest.mark.parametrize("data", [b"PK\x03\x04 no workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 none either"])
def test_a_damaged_workbook_is_said(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(DirectoryError, match=r"a\.xlsx: "):
        read_sheets(tmp_path / "a.xlsx")
    with pytest.raises(DirectoryError, match="No such file"):
        read_sheets(tmp_path / "none.xlsx")
