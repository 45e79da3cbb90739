"""Tokens know their meaning and their place; what only looks like a time is disarmed."""

import pytest
from pendopo.when.grammar.tokens import fold_text, scan_tokens
from pendopo.when.lexicon import LANGUAGES, load_lexicon

WORDS = load_lexicon(LANGUAGES)


def kinds(text: str) -> list[str]:
    return [token.kind for token in scan_tokens(text, WORDS)]


def test_a_glued_number_is_parted_from_its_word() -> None:
    assert kinds("jam9 tgl17 2jam") == ["jam", "num", "tgl", "num", "num", "jam"]


@pytest.mark.parametrize(
    ("text", "number"), [("dua puluh lima", 25), ("sebelas", 11), ("dua belas", 12), ("tilu puluh", 30), ("twenty five", 25)]
)
def test_number_words_become_one_number(text: str, number: int) -> None:
    assert [token.value for token in scan_tokens(text, WORDS)] == [number]


@pytest.mark.parametrize("text", ["Jum'at", "Jum’at", "Jum`at", "JUMʼAT", "jumat", "Ｊｕｍａｔ"])
def test_apostrophes_and_widths_are_one(text: str) -> None:
    assert kinds(text) == ["wday"]


@pytest.mark.parametrize("text", ["s/d", "s.d.", "s.d", "sd", "sampai dengan", "S/D"])
def test_the_spellings_of_a_range_are_one(text: str) -> None:
    assert kinds(text) == ["range"]


@pytest.mark.parametrize(
    "text",
    ["RT 05", "no. 12", "0812-3456-7890", "005/123/Kel/2026", "Rp 10.000", "12.500", "50%", "#12", "@62812", "a@b.id", "#311"],
)
def test_numbers_that_are_no_time_are_junk(text: str) -> None:
    assert set(kinds(text)) == {"junk"}


def test_a_street_named_after_a_date_is_no_date() -> None:
    assert "month" not in kinds("Jl. 17 Agustus No. 12")
    assert "month" in kinds("jalan santai 17 Agustus")


def test_a_person_named_after_a_month_is_no_month() -> None:
    assert "month" not in kinds("Bu Mei")


def test_each_token_knows_where_it_stood() -> None:
    text = "Rapat ba’da Isya, 5 Séptember"
    assert [text[token.start : token.end] for token in scan_tokens(text, WORDS)] == [
        "Rapat",
        "ba’da",
        "Isya",
        ",",
        "5",
        "Séptember",
    ]


def test_folding_keeps_the_places() -> None:
    folded, places = fold_text("É½x")
    assert folded == "e1/2x"
    assert list(places) == [0, 1, 1, 1, 2, 3]


def test_a_doubled_word_is_not_a_number() -> None:
    assert kinds("tiap2 hari") == kinds("tiap-tiap hari") == ["every", "hari"]
