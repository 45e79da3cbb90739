"""Reads numbers that people type: the one place that knows what a digit is, and how large a column is."""

import re

LARGEST = 2**63 - 1
"""The largest number that a column of the core holds, and that JSON takes along."""
LARGEST_ROW = 2**31 - 1
"""The largest number of a plugin's row: a column INTEGER of PostgreSQL."""
_NUMBER = re.compile(r"(?:#\s*)?(\d+)")


def parse_number(text: str, largest: int = LARGEST) -> int | None:
    """The number that a text is, in the digits of any script; None for any other text, and for a larger number.

    "²" and "①" are signs, and no digits.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None or len(digits := found[1].lstrip("0")) > len(str(LARGEST)):
        return None
    number = int(digits or "0")
    return number if number <= largest else None


def is_number(text: str) -> bool:
    """Whether a text is a number, however large."""
    return _NUMBER.fullmatch(text.strip()) is not None


def parse_row_number(text: str) -> int | None:
    """The number of a row that a text is, None for other text. One that no row can have becomes the largest: nothing has it."""
    number = parse_number(text, LARGEST_ROW)
    return LARGEST_ROW if number is None and is_number(text) else number
