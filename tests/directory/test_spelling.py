"""A slip of a letter is corrected; another word is left alone."""

import pytest
from pendopo.directory.spelling import Spelling, measure_distance

SPELLING = Spelling(["lengkong", "coblong", "hidayat", "dedi", "perhubungan"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("lengkog", "lengkong"), ("cobolng", "coblong"), ("hidayatt", "hidayat"), ("dedy", "dedi"), ("kadishubb", "kadishub")],
)
def test_a_slip_is_corrected(typed: str, meant: str) -> None:
    assert SPELLING.correct_word(typed)[0] == meant


@pytest.mark.parametrize("word", ["lengkong", "gudang", "de", "123456", "perumahan", "x" * 500, ""])
def test_a_word_of_its_own_is_left_alone(word: str) -> None:
    assert SPELLING.correct_word(word) == []


def test_distance_counts_slips() -> None:
    assert [measure_distance("camat", other) for other in ("camat", "caamt", "cama", "camatt", "lurah")] == [0, 1, 1, 1, 4]
