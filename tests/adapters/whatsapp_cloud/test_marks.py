"""Styles are shown, and nobody's words can forge one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.whatsapp_cloud.marks import marked, pieces, units
from bot.model import Span

from .screen import styled


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([Span("a "), Span("b", bold=True), Span(" c")], "a *b* c"),
        ([Span("b", bold=True, italic=True)], "*_b_*"),
        ([Span("x`y", code=True)], "`x'y`"),
        ([Span(" b \n\n c ", bold=True)], " *b* \n\n *c* "),
        ([Span("b", bold=True), Span("nya")], "bnya"),
        ([Span("Peta", url="https://a.b/c_d_")], "Peta (https://a.b/c_d_)"),
        ([Span("https://a.b/_c_", url="https://a.b/_c_")], "https://a.b/_c_"),
        ([Span("nama_berkas_baru 3*4*5")], "nama_berkas_baru 3*4*5"),
    ],
)
def test_styles_are_marks(spans: list[Span], words: str) -> None:
    assert marked(spans) == words


@pytest.mark.parametrize(
    "text", ["*Disetujui Sekda*", "_x_", "`x`", "~x~", "a *b* c", "(*b*)", "*a\n*b*", "**a**", "*_a_*", "-*a*-"]
)
def test_marks_in_words_are_shown_and_do_nothing(text: str) -> None:
    assert styled(marked([Span(text)])) == (text, [], [], [])
    assert styled(marked([Span(text, bold=True)]))[2:] == ([], [])


def test_a_quotation_cannot_be_forged() -> None:
    assert marked([Span("> Sekda: setuju")]).startswith("\u2060>")


@given(st.lists(st.text("ab *_~`>\n😀", min_size=1), min_size=1, max_size=4))
def test_plain_words_have_no_style_whatever_they_are_and_lose_no_letter(texts: list[str]) -> None:
    words, bold, italic, code = styled(marked([Span(text) for text in texts]))
    assert (words, bold, italic, code) == ("".join(texts), [], [], [])


@pytest.mark.parametrize("seed", range(20))
def test_long_words_are_cut_where_they_can_be_and_lose_none(seed: int) -> None:
    dice = random.Random(seed)
    letters = ["kata ", "baris\n", "😀", "panjang", "*x* ", "_"]
    spans = [
        Span("".join(dice.choices(letters, k=dice.randint(1, 900))), bold=dice.random() < 0.3)
        for _ in range(dice.randint(1, 4))
    ]
    cut = pieces(spans, 4096, 1024)
    assert all(units(piece) <= 4096 for piece in cut)
    assert units(cut[-1]) <= 1024
    told = "".join(styled(piece)[0] for piece in cut)
    text = "".join(span.text for span in spans)
    assert [c for c in told if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_word_without_an_end_is_cut_anywhere() -> None:
    cut = pieces([Span("x" * 5000)], 4096, 1024)
    assert "".join(cut) == "x" * 5000
    assert len(cut[-1]) <= 1024
