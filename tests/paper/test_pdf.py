"""A PDF paper holds what was put into it, in any letters, on as many pages as it takes."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
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


# -- Any text in any field.


def squeeze(text: str) -> str:
    """A text without blanks and line breaks, which a reader of PDF sets anew."""
    return "".join(text.split())


def fill(text: str) -> Paper:
    """A paper with this text in every kind of field."""
    paper = Paper("NOTULEN", ["Kantor", text])
    paper.add_facts([("Perihal", text)])
    paper.add_table(("No", "Apa", "Catatan"), [["1", text, text], ["2"]], widths=(10, 45, 45))
    paper.add_table(["kolom"] * 30, [[text], ["akhir"] * 30])
    paper.add_heading(text)
    paper.add_paragraph(text)
    paper.add_signatures([["Pimpinan", text], ["Notulis", "Siti"]])
    paper.add_note(text)
    return paper


LONG = [
    "kata " * 2000,
    "x" * 10_000,
    "butir rapat\n" * 500,
    "\n" * 500,
    ("W" * 300 + " ") * 30,
]


@pytest.mark.parametrize("text", LONG)
def test_text_of_any_length_runs_over_the_pages(text: str) -> None:
    found = squeeze(read(fill(text))[0])
    assert found.count(squeeze(text[:50])) >= 1
    assert sum(map(found.count, set(squeeze(text)))) >= 7 * len(squeeze(text))
    assert found.count("Siti") == 1
    assert found.count("akhir") == 30


WORDS = st.text(st.characters(codec="latin-1", exclude_categories=("C", "Z")), min_size=1, max_size=40)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=60), st.sampled_from([" ", "\n", "\t", "\r\n", "\x0b", "\u2028"]))
@example(["{nb}", "**a**", "__b__", "--c--", "[d](e)", "ﬁ".replace("ﬁ", "fi")], " ")
def test_a_reader_finds_every_word(words: list[str], between: str) -> None:
    found = squeeze(read(fill(between.join(words)))[0])
    for word in words:
        assert found.count(word) >= 6


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
@example("\ud800 \x00 \u202e \u2066 \U0010ffff")
def test_no_text_at_all_is_refused(text: str) -> None:
    assert "Siti" in read(fill(text))[0]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Tanah 漢字 seluas 3 ≤ 4 ½ ha", "Tanah […] seluas 3 ≤ 4 ½ ha"),
        ("nama ไทย, ＡＢＣ, 𝐁𝐚𝐧𝐝𝐮𝐧𝐠, 25 ㎡", "nama […], ABC, Bandung, 25 m2"),
        ("satu\u200bdua \u202etiga\u2069 👍\ufe0f", "satudua tiga […]"),
        ("Ñandú – “Жук” ελ", "Ñandú – “Жук” ελ"),
        ("Masjid السلام Dago", "Masjid السلام Dago"),
        ("SD ꦥꦼꦤ꧀ꦝꦥ", "SD ꦥꦼꦤ꧀ꦝꦥ"),
        ("Jalan ᮘᮔ᮪ᮓᮥᮀ No. 3", "Jalan ᮘᮔ᮪ᮓᮥᮀ No. 3"),
        ("fi ffi שלום", "fi ffi שלום"),
        ("नमस्ते ᬩᬮᬶ", "[…] […]"),
    ],
)
def test_what_the_font_lacks_is_written_plainly_or_marked(typed: str, printed: str) -> None:
    paper = Paper("NOTULEN")
    paper.add_paragraph(typed)
    assert squeeze(printed) in squeeze(read(paper)[0])


def test_a_picture_that_cannot_be_read_is_marked(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    paper = Paper("NOTULEN")
    paper.add_pictures([tmp_path / "a.jpg", tmp_path / "gone.jpg"])
    assert read(paper)[0].count("[…]") == 2


@pytest.mark.parametrize("text", ["السلام عليكم " * 100, "ꦥꦼꦤ꧀ꦝꦥ " * 100, "ᮘᮔ᮪ᮓᮥᮀ\n" * 60])
def test_shaped_text_of_any_length_runs_over_the_pages(text: str) -> None:
    found = read(fill(text))[0]
    assert found.count("Siti") == 1
    assert found.count("akhir") == 30


def test_joined_letters_are_drawn_as_other_glyphs_than_single_ones() -> None:
    """In a word the letters of Arabic have forms of their own, so it takes more glyphs than the letters alone."""
    assert count_glyphs("بببب") > count_glyphs("ب ب ب ب")
    assert count_glyphs("bbbb") == count_glyphs("b b b b")


def count_glyphs(text: str) -> int:
    paper = Paper("NOTULEN")
    paper.add_paragraph(text)
    paper.to_bytes()
    return len(paper._pdf.fonts["dejavu"].subset._char_id_per_glyph)


def test_without_harfbuzz_what_would_be_wrong_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pendopo.paper.pdf.find_spec", lambda _: None)
    paper = Paper("NOTULEN")
    paper.add_paragraph("Masjid السلام Dago")
    assert "Masjid […] Dago" in read(paper)[0]
