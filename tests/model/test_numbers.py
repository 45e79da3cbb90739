"""A number is read in the digits of any script, within the range of its column; what only looks like one is none."""

import time

import pytest
from pendopo.model.numbers import LARGEST, LARGEST_ROW, is_number, parse_number, parse_row_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("27", 27),
        (" #27 ", 27),
        ("# 27", 27),
        ("007", 7),
        ("٣", 3),
        ("३४", 34),
        ("１２", 12),
        ("0", 0),
        (str(LARGEST), LARGEST),
    ],
)
def test_digits_of_any_script_are_a_number(text: str, number: int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["²", "①", "Ⅳ", "½", "", "#", "2a", "-1", "1.5", "dua", "1 2", "１a"])
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert parse_number(text) is None
    assert parse_row_number(text) is None
    assert not is_number(text)


@pytest.mark.parametrize("text", [str(LARGEST + 1), "9" * 30, "9" * 5000])
def test_a_number_beyond_the_column_is_none_and_no_row_has_it(text: str) -> None:
    assert parse_number(text) is None
    assert is_number(text)
    assert parse_row_number(text) == LARGEST_ROW


def test_the_largest_of_a_column_is_taken_and_one_more_is_not() -> None:
    assert parse_number("12", 12) == 12
    assert parse_number("13", 12) is None
    assert parse_row_number(str(LARGEST_ROW)) == LARGEST_ROW


def test_blanks_around_a_number_cost_what_they_are_long() -> None:
    for text in (" " * 200_000, " " * 200_000 + "x", "#" + " " * 200_000 + "x"):
        begun = time.process_time()
        assert parse_number(text) is None
        assert not is_number(text)
        assert time.process_time() - begun < 1.0
