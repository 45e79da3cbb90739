"""Styles in WhatsApp's marks, and marks of people that stay letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.adapters.waha.markup import defuse_marks, format_runs
from pendopo.model import TextRun

from .fake.server import formatted


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ((TextRun("Izin", bold=True),), "*Izin*"),
        ((TextRun("Izin ", bold=True), TextRun("baru")), "*Izin* baru"),
        ((TextRun("a\nb", bold=True),), "*a*\n*b*"),
        ((TextRun("x", bold=True, italic=True),), "*_x_*"),
        ((TextRun("x = 1", code=True),), "```x = 1```"),
        ((TextRun("peta", url="https://x/y"),), "peta (https://x/y)"),
        ((TextRun("https://x/y", url="https://x/y"),), "https://x/y"),
        ((TextRun("  ", bold=True),), "  "),
        ((TextRun("*", bold=True), TextRun("x"), TextRun("*")), "*∗*x∗"),
    ],
)
def test_styles_are_marks(spans: tuple[TextRun, ...], text: str) -> None:
    assert format_runs(spans) == text


@pytest.mark.parametrize("text", ["nama_berkas_baru.pdf", "2*3*4", "https://x.id/a_b_c", "/izin_saya", "3 * 4", "a ~ b"])
def test_marks_that_do_nothing_stay(text: str) -> None:
    assert defuse_marks(text) == text


@given(st.lists(st.text(alphabet="*_~` ab\n.", max_size=8), max_size=5))
def test_no_words_of_people_become_a_style(texts: list[str]) -> None:
    said = format_runs(TextRun(text) for text in texts)
    shown, bold = formatted(said)
    assert bold == []
    assert shown == "".join(texts)
