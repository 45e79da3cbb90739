"""Any text becomes letters that a font has, and what it lacks is seen to be missing."""

import pytest
from pendopo.paper.letters import needs_shaping, spell_drawable

ASCII = frozenset(range(32, 127)) | {0xA0}


def test_missing_letters_are_marked_once_a_run() -> None:
    assert spell_drawable("a漢字b", ASCII) == "a[…]b"


def test_letters_with_a_plain_form_are_written_in_it() -> None:
    assert spell_drawable("é ﬁ ① ２", ASCII) == "e fi 1 2"


def test_what_draws_nothing_is_taken_away() -> None:
    assert spell_drawable("a\u200b\u00ad\u202eb\x07", ASCII) == "ab"


def test_every_line_break_is_one() -> None:
    assert spell_drawable("a\r\nb\u2028c\x0bd\te", ASCII) == "a\nb\nc\nd   e"


def test_a_blank_that_does_not_break_stays_one() -> None:
    assert spell_drawable("10\xa0ha\u3000x", ASCII) == "10\xa0ha x"


@pytest.mark.parametrize("text", ["السلام", "שלום", "ꦥꦼ", "ᮘᮔ", "नम", "ไทย", "a ب"])
def test_scripts_that_join_or_go_left_are_shaped(text: str) -> None:
    assert needs_shaping(text)


@pytest.mark.parametrize("text", ["", "Bandung – 3 ≤ 4", "Жук ελ Ñ", "漢字", "👍", "[…]"])
def test_letters_that_stand_alone_are_not_shaped(text: str) -> None:
    assert not needs_shaping(text)
