"""Styles in WhatsApp's marks, and marks of people that stay letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.waha.marks import harmless, marked
from bot.model import Span

from .fake.server import formatted


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ((Span("Izin", bold=True),), "*Izin*"),
        ((Span("Izin ", bold=True), Span("baru")), "*Izin* baru"),
        ((Span("a\nb", bold=True),), "*a*\n*b*"),
        ((Span("x", bold=True, italic=True),), "*_x_*"),
        ((Span("x = 1", code=True),), "```x = 1```"),
        ((Span("peta", url="https://x/y"),), "peta (https://x/y)"),
        ((Span("https://x/y", url="https://x/y"),), "https://x/y"),
        ((Span("  ", bold=True),), "  "),
        ((Span("*", bold=True), Span("x"), Span("*")), "*∗*x∗"),
    ],
)
def test_styles_are_marks(spans: tuple[Span, ...], text: str) -> None:
    assert marked(spans) == text


@pytest.mark.parametrize("text", ["nama_berkas_baru.pdf", "2*3*4", "https://x.id/a_b_c", "/izin_saya", "3 * 4", "a ~ b"])
def test_marks_that_do_nothing_stay(text: str) -> None:
    assert harmless(text) == text


@given(st.lists(st.text(alphabet="*_~` ab\n.", max_size=8), max_size=5))
def test_no_words_of_people_become_a_style(texts: list[str]) -> None:
    said = marked(Span(text) for text in texts)
    shown, bold = formatted(said)
    assert bold == []
    assert shown == "".join(texts)
