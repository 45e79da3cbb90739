"""Recaps as text, Excel and PDF have the same numbers."""

from io import BytesIO

from openpyxl import load_workbook
from pendopo.testing import Story
from pypdf import PdfReader

from .readers import read_file, report_three


async def test_the_recap_as_text(tale: Story) -> None:
    await report_three(tale)
    await tale.sekda.says("/rekap laporan bulan ini")
    shown = tale.sekda.sees("Rekap laporan (semua wilayah)")
    assert "Coblong: 2 (selesai 0, terbuka 1, terlambat 0, kegiatan 1)" in shown.text
    assert "Buahbatu: 1 (selesai 0, terbuka 1" in shown.text
    await tale.sekda.says("/rekap laporan Coblong Agustus")
    assert "Dago: 2" in tale.sekda.last.text
    assert "Buahbatu" not in tale.sekda.last.text


async def test_the_recap_as_excel_has_the_same_numbers_and_no_formulas(tale: Story) -> None:
    await report_three(tale)
    await tale.sekda.says("/rekap laporan Coblong Agustus excel")
    book = load_workbook(BytesIO(read_file(tale, tale.sekda.last)))
    counts, details = (list(sheet.values) for sheet in book.worksheets)
    assert counts[0][:3] == ("Wilayah", "Jumlah", "Selesai")
    assert counts[1][:4] == ("Dago", 2, 0, 1)
    assert {row[0] for row in details[1:]} == {1, 2}
    (cell,) = [row[6] for row in details if row[0] == 1]
    assert cell == "Banjir =HYPERLINK(1)"


async def test_the_recap_as_pdf(tale: Story) -> None:
    await report_three(tale)
    await tale.sekda.says("/rekap laporan pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(read_file(tale, tale.sekda.last))).pages)
    assert "Coblong" in text
    assert "kerja bakti" in text.lower()


async def test_recaps_are_for_those_who_answer_for_a_unit(tale: Story) -> None:
    await report_three(tale)
    await tale.camat.says("/rekap laporan bulan ini")
    assert "Dago: 2" in tale.camat.last.text  # those of the own unit, so one kecamatan
    await tale.kadis.says("/rekap laporan bulan ini")
    assert "Buahbatu" in tale.kadis.last.text or "Cijaura" in tale.kadis.last.text
    assert "Dago" not in tale.kadis.last.text
