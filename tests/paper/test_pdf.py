"""A PDF paper holds what was put into it, in any letters, on as many pages as it takes."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pendopo.paper import Paper
from PIL import Image
from pypdf import PdfReader


def read(paper: Paper) -> tuple[str, int]:
    reader = PdfReader(BytesIO(paper.to_bytes()))
    return "\n".join(page.extract_text() for page in reader.pages), len(reader.pages)


def test_everything_that_was_put_in_can_be_read(tmp_path: Path) -> None:
    paper = Paper("NOTULEN", ["Pemerintah Kota", "Sekretariat Daerah"], datetime(2026, 8, 12, tzinfo=UTC))
    paper.add_heading("Peserta")
    paper.add_paragraph("Rapat dibuka pukul 09.00 – “selesai” → Ñandú ꦗ 😀")
    paper.add_facts([("Hari", "Kamis, 13 Agustus 2026"), ("Tempat", "Balai Kota")])
    paper.add_table(("No", "Apa"), [("1", "=1+1"), ("2", "x" * 200)])
    Image.new("RGB", (400, 300), "red").save(tmp_path / "a.jpg")
    paper.add_pictures([tmp_path / "a.jpg"] * 3)
    paper.add_signatures([["Pimpinan,", "Bambang"], ["Notulis,", "Siti"]])
    paper.add_note("SHA-256 abc")
    text, _ = read(paper)
    for word in ("PEMERINTAH KOTA", "NOTULEN", "Peserta", "“selesai”", "Balai Kota", "=1+1", "Bambang", "Siti", "SHA-256 abc"):
        assert word in text


def test_a_long_table_goes_on_with_its_head_on_the_next_page() -> None:
    paper = Paper("REKAP")
    paper.add_table(("Nomor", "Keperluan"), [(str(number), f"perihal {number}") for number in range(120)])
    text, pages = read(paper)
    assert pages > 2
    assert text.count("Keperluan") == pages
    assert "perihal 119" in text


def test_where_a_picture_was_taken_does_not_stand_in_the_paper(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Telepon Rahasia"
    exif.get_ifd(0x8825)[2] = (6.0, 54.0, 12.0)
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.jpg", exif=exif)
    assert b"Telepon Rahasia" in (tmp_path / "a.jpg").read_bytes()
    paper = Paper("NOTULEN")
    paper.add_pictures([tmp_path / "a.jpg"])
    data = paper.to_bytes()
    assert b"Telepon Rahasia" not in data
    assert b"Exif" not in data
