"""Lists, the map, the gallery, archives and recaps."""

import re
import zipfile
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pendopo.model import Document, Location
from pendopo.testing import Story
from pendopo.testing.pictures import make_exif, make_jpeg
from PIL import Image
from pypdf import PdfReader

from .seen import arrows, data, pictures

HERE = Location(-6.885, 107.6136)


async def three(story: Story) -> None:
    """A flood with a place and photos, a working bee, and something of another district."""
    await story.lurah.says(
        "/laporan banjir =HYPERLINK(1)", photos=[make_jpeg(n, exif=make_exif((-6.885, 107.6136))) for n in (1, 2)]
    )
    await story.lurah.says("/laporan kerja bakti RW 03", photos=[make_jpeg(3)])
    await story.kadis.says("/laporan jalan rusak di Kel. Cijawura")
    await story.advance(seconds=5)


async def test_open_reports_near_a_place(story: Story) -> None:
    await three(story)
    await story.kadis.says("/laporan dekat")
    story.kadis.sees("Bagikan lokasi")
    await story.kadis.says(place=Location(-6.886, 107.614))
    story.kadis.sees("Laporan terbuka di dekat lokasi itu", "120 m: ", "#1")
    story.kadis.does_not_see("#3 Jalan rusak · Kel")
    await story.kadis.says("/laporan dekat")
    await story.kadis.says(place=Location(-7.5, 108.0))
    story.kadis.sees("Tidak ada laporan terbuka dalam 2 km")


async def test_the_map_is_a_picture_with_a_list(story: Story) -> None:
    await three(story)
    for text in ("/peta", "/peta 1", "/peta Coblong bulan ini", "/peta bencana"):
        await story.kadis.says(text)
        shown = story.kadis.sees("Peta 1 laporan", "#1 Banjir")
        with Image.open(BytesIO(data(story, shown))) as image:
            assert image.format == "PNG"
    await story.kadis.says("/peta Cijawura")
    story.kadis.sees("Tidak ada laporan berlokasi")


async def test_the_gallery_by_district_and_kind(story: Story) -> None:
    await three(story)
    await story.kadis.says("/galeri Dago bulan ini")
    assert len(data(story, story.kadis.sees("Foto terbaru (Dago)", "#2 #1"))) <= 100_000
    await story.kadis.says("/galeri kegiatan")
    story.kadis.sees("Foto terbaru (kegiatan)", ": #2")
    await story.kadis.says("/galeri Cijawura")
    story.kadis.sees("Tidak ada foto")


async def test_the_album_is_for_those_who_answer_for_it(story: Story) -> None:
    await three(story)
    await story.kadis.says("/galeri unduh 1")
    assert not [m for m in story.kadis.messages if isinstance(m.content, Document)]
    for who in (story.lurah, story.camat, story.sekda):
        await who.says("/galeri unduh 1")
        archive = zipfile.ZipFile(BytesIO(data(story, who.sees("Album laporan #1"))))
        assert len(archive.namelist()) == 2
        assert all(re.fullmatch(r"1-0\d-sebelum-20260812-1020\.jpg", name) for name in archive.namelist())
        assert not any(b"Exif" in archive.read(name) for name in archive.namelist())
    assert (await arrows(story)).count("laporan.ekspor") == 3


async def test_an_album_asked_for_in_a_group_comes_privately(story: Story) -> None:
    await three(story)
    await story.camat.says("/galeri unduh 1", group=True)
    story.group.sees("jawabannya di percakapan pribadi")
    assert not [m for m in story.group.messages if isinstance(m.content, Document)]
    assert isinstance(story.camat.sees("Album laporan #1").content, Document)


async def test_the_recap_as_text(tale: Story) -> None:
    await three(tale)
    await tale.sekda.says("/rekap laporan bulan ini")
    shown = tale.sekda.sees("Rekap laporan (semua wilayah)")
    assert "Coblong: 2 (selesai 0, terbuka 1, terlambat 0, kegiatan 1)" in shown.text
    assert "Buahbatu: 1 (selesai 0, terbuka 1" in shown.text
    await tale.sekda.says("/rekap laporan Coblong Agustus")
    assert "Dago: 2" in tale.sekda.last.text
    assert "Buahbatu" not in tale.sekda.last.text


async def test_the_recap_as_excel_has_the_same_numbers_and_no_formulas(tale: Story) -> None:
    await three(tale)
    await tale.sekda.says("/rekap laporan Coblong Agustus excel")
    book = load_workbook(BytesIO(data(tale, tale.sekda.last)))
    counts, details = (list(sheet.values) for sheet in book.worksheets)
    assert counts[0][:3] == ("Wilayah", "Jumlah", "Selesai")
    assert counts[1][:4] == ("Dago", 2, 0, 1)
    assert {row[0] for row in details[1:]} == {1, 2}
    (cell,) = [row[6] for row in details if row[0] == 1]
    assert cell == "Banjir =HYPERLINK(1)"


async def test_the_recap_as_pdf(tale: Story) -> None:
    await three(tale)
    await tale.sekda.says("/rekap laporan pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(data(tale, tale.sekda.last))).pages)
    assert "Coblong" in text
    assert "kerja bakti" in text.lower()


async def test_recaps_are_for_those_who_answer_for_a_unit(tale: Story) -> None:
    await three(tale)
    await tale.camat.says("/rekap laporan bulan ini")
    assert "Dago: 2" in tale.camat.last.text  # those of the own unit, so one kecamatan
    await tale.kadis.says("/rekap laporan bulan ini")
    assert "Buahbatu" in tale.kadis.last.text or "Cijaura" in tale.kadis.last.text
    assert "Dago" not in tale.kadis.last.text


@pytest.mark.parametrize("text", ["/laporan 99", "/galeri 99", "/peta 99", "/galeri unduh 99", "/laporan tutup 99"])
async def test_a_number_that_is_none_is_told(tale: Story, text: str) -> None:
    await tale.sekda.says(text)
    tale.sekda.sees("99")
    assert not pictures(tale.sekda.messages)
