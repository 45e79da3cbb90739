"""Papers of an izin: a letter, a calendar entry, recaps."""

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from pendopo.testing import Story
from pendopo_akun import plugin as akun
from pendopo_izin import plugin as izin
from pypdf import PdfReader

from .steps import read_document, send_izin


async def test_papers_a_letter_a_calendar_and_recaps(story: Story) -> None:
    await send_izin(story, "/izin =HYPERLINK rakor besok jam 9")
    await story.kadis.says("/izin surat 1")
    story.kadis.sees("belum disetujui")
    await story.sekda.presses("Setujui")
    await story.kadis.says("/izin surat 1")
    text = PdfReader(BytesIO(read_document(story, story.kadis.last))).pages[0].extract_text()
    assert "DRAF SURAT TUGAS" in text
    assert "Rina Hidayat" in text
    await story.kadis.says("/izin kalender 1")
    assert f"UID:izin-1@{story.app.core.installation.id}.pendopo".encode() in read_document(story, story.kadis.last)
    await story.sekda.says("/rekap izin bulan ini")
    story.sekda.sees("Rekap izin", "Pemerintah Kota: 1 izin, 1 hari disetujui")
    await story.sekda.says("/rekap izin bulan ini excel")
    book = load_workbook(BytesIO(read_document(story, story.sekda.last)))
    assert [cell.value for cell in book.worksheets[0][2]] == ["Pemerintah Kota", 1, 1, 1]
    assert book.worksheets[1]["E2"].data_type == "s"
    await story.sekda.says("/rekap izin bulan ini pdf")
    assert "Pemerintah Kota" in PdfReader(BytesIO(read_document(story, story.sekda.last))).pages[0].extract_text()
    await story.camat.says("/izin surat 1")


async def test_a_recap_ends_a_leave_on_its_last_day(tmp_path: Path) -> None:
    async with Story([izin], database=f"sqlite:///{tmp_path}/x.db") as story:
        await story.kadis.says("/izin cuti tahunan 19 s.d. 20 Agustus acara keluarga")
        await story.kadis.presses("Kirim")
        await story.sekda.presses("Setujui")
        await story.sekda.says("/rekap izin bulan ini excel")
        rows = load_workbook(BytesIO(read_document(story, story.sekda.last))).worksheets[1]
        assert [str(cell.value)[:10] for cell in rows[2][5:8]] == ["2026-08-19", "2026-08-20", "2"]
        await story.sekda.says("/rekap izin bulan ini pdf")
        text = PdfReader(BytesIO(read_document(story, story.sekda.last))).pages[0].extract_text()
        assert "20/08/2026" in text
        assert "21/08" not in text


async def test_a_letter_is_in_indonesian_whatever_its_asker_reads(tmp_path: Path) -> None:
    async with Story([izin, akun], database=f"sqlite:///{tmp_path}/x.db") as story:
        await story.kadis.says("/bahasa en")
        await send_izin(story)
        await story.sekda.presses("Setujui")
        await story.kadis.says("/izin surat 1")
        story.kadis.sees("The draft letter for izin #1.")
        text = PdfReader(BytesIO(read_document(story, story.kadis.last))).pages[0].extract_text()
        assert all(words in text for words in ("DRAF SURAT TUGAS", "Untuk", "pukul 09.00"))
