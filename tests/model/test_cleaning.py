"""Nothing dangerous comes in with a text or goes out in the name of a file; everything else stays as it was."""

from datetime import UTC, datetime

import pytest
from pendopo.model import Account, Attachment, Chat, Document, Message
from pendopo.model.cleaning import clean_file_name, clean_texts, strip_dangerous


@pytest.mark.parametrize(
    ("came", "stays"),
    [
        ("Evaluasi\x0bbanjir", "Evaluasi banjir"),
        ("nol\x00byte\x07", "nolbyte"),
        ("laporan\u202egpj.exe\u202c \u2066a\u2069", "laporangpj.exe a"),
        ("a\ud800b", "ab"),
        ("a\x1c\x1fb\x85c", "a  b c"),
    ],
)
def test_what_is_dangerous_is_taken_away(came: str, stays: str) -> None:
    assert strip_dangerous(came) == stays


@pytest.mark.parametrize("text", ["baris\nsatu\tdua\r\n", "كلمة\u200f", "👩\u200d👧", "a\xa0b\xadc", "", "漢字 ½"])
def test_everything_else_stays(text: str) -> None:
    assert strip_dangerous(text) == text


def test_all_texts_of_an_event_are_clean_and_its_ids_untouched() -> None:
    came = Message(
        key="k\x00",
        chat=Chat("memory", "1", title="Grup\u202e"),
        at=datetime(2026, 8, 12, tzinfo=UTC),
        account=Account(("memory:7",), name="Rina\x07"),
        text="a\x00b",
        quoted="c\u2066d",
        attachments=(Attachment("document", "f1", name="a\u202eb.pdf"),),
    )
    clean = clean_texts(came)
    assert (clean.key, clean.text, clean.quoted, clean.chat.title) == ("k\x00", "ab", "cd", "Grup")
    assert clean.account is not None
    assert clean.account.name == "Rina"
    assert clean.attachments[0].name == "ab.pdf"
    assert clean_texts(clean) is clean


@pytest.mark.parametrize(
    ("name", "mime", "sent"),
    [
        ("laporan\u202egpj.exe", "image/jpeg", "laporangpj.exe.jpg"),
        ("a\nb.pdf", "application/pdf", "a b.pdf"),
        ("nol\x00byte.pdf", "application/pdf", "nolbyte.pdf"),
        ("../../etc/passwd", "", "passwd"),
        ("C:\\Users\\x\\surat.docx", "application/zip", "surat.docx"),
        ("..", "", "berkas"),
        ("", "application/pdf", "berkas.pdf"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 146 + ".pdf"),
        ("foto.jpeg", "image/jpeg", "foto.jpeg"),
        ("foto.png", "image/jpeg", "foto.png"),
        ("Notulen rapat (1).pdf", "application/pdf", "Notulen rapat (1).pdf"),
        ("data.csv", "text/plain", "data.csv"),
        ("surat keputusan", "", "surat keputusan"),
    ],
)
def test_a_file_goes_out_under_a_plain_name(name: str, mime: str, sent: str) -> None:
    assert clean_file_name(name, mime) == sent
    assert Document("0" * 64, name, mime=mime).name == sent
