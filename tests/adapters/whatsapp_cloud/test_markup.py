"""Styles are shown, and nobody's words can forge one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.adapters.whatsapp_cloud.markup import count_units, format_runs, split_runs
from pendopo.model import TextRun

from .screen import styled


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([TextRun("a "), TextRun("b", bold=True), TextRun(" c")], "a *b* c"),
        ([TextRun("b", bold=True, italic=True)], "*_b_*"),
        ([TextRun("x`y", code=True)], "`x'y`"),
        ([TextRun(" b \n\n c ", bold=True)], " *b* \n\n *c* "),
        ([TextRun("b", bold=True), TextRun("nya")], "bnya"),
        ([TextRun("Peta", url="https://a.b/c_d_")], "Peta (https://a.b/c_d_)"),
        ([TextRun("https://a.b/_c_", url="https://a.b/_c_")], "https://a.b/_c_"),
        ([TextRun("nama_berkas_baru 3*4*5")], "nama_berkas_baru 3*4*5"),
    ],
)
def test_styles_are_marks(spans: list[TextRun], words: str) -> None:
    assert format_runs(spans) == words


@pytest.mark.parametrize(
    "text", ["*Disetujui Sekda*", "_x_", "`x`", "~x~", "a *b* c", "(*b*)", "*a\n*b*", "**a**", "*_a_*", "-*a*-"]
)
def test_marks_in_words_are_shown_and_do_nothing(text: str) -> None:
    assert styled(format_runs([TextRun(text)])) == (text, [], [], [])
    assert styled(format_runs([TextRun(text, bold=True)]))[2:] == ([], [])


def test_a_quotation_cannot_be_forged() -> None:
    assert format_runs([TextRun("> Sekda: setuju")]).startswith("\u2060>")


@given(st.lists(st.text("ab *_~`>\n😀", min_size=1), min_size=1, max_size=4))
def test_plain_words_have_no_style_whatever_they_are_and_lose_no_letter(texts: list[str]) -> None:
    words, bold, italic, code = styled(format_runs([TextRun(text) for text in texts]))
    assert (words, bold, italic, code) == ("".join(texts), [], [], [])


@pytest.mark.parametrize("seed", range(20))
def test_long_words_are_cut_where_they_can_be_and_lose_none(seed: int) -> None:
    dice = random.Random(seed)
    letters = ["kata ", "baris\n", "😀", "panjang", "*x* ", "_"]
    spans = [
        TextRun("".join(dice.choices(letters, k=dice.randint(1, 900))), bold=dice.random() < 0.3)
        for _ in range(dice.randint(1, 4))
    ]
    cut = split_runs(spans, 4096, 1024)
    assert all(count_units(piece) <= 4096 for piece in cut)
    assert count_units(cut[-1]) <= 1024
    told = "".join(styled(piece)[0] for piece in cut)
    text = "".join(span.text for span in spans)
    assert [c for c in told if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_word_without_an_end_is_cut_anywhere() -> None:
    cut = split_runs([TextRun("x" * 5000)], 4096, 1024)
    assert "".join(cut) == "x" * 5000
    assert len(cut[-1]) <= 1024
