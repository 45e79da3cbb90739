"""Items named in a text: "izin 27", "#311", or in the card of a message that is answered."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_ALSO: Mapping[str, str] = {"ijin": "izin", "lapor": "laporan", "dispo": "disposisi", "meeting": "rapat"}
_FIRST = re.compile(r"\s*(?:(?P<word>[^\W\d_]{3,20})\s*)?(?:no\.?\s*|#)?(?P<number>\d{1,9})(?!\w|[.:]\d)[\s,:]*", re.IGNORECASE)
_CARD = re.compile(r"(?<!\w)(?P<word>[^\W\d_]{3,20})\s*#(?P<number>\d{1,9})(?!\w)")


class ItemRef(NamedTuple):
    """What a text names: the number of an item and its plugin, "" where that was not said; a number of 0 is none."""

    number: int = 0
    plugin: str = ""


def parse_reference(text: str) -> tuple[ItemRef, str]:
    """The item a text begins with, and what follows it."""
    found = _FIRST.match(text)
    if found is None:
        return ItemRef(), text.strip()
    return _make_reference(found), text[found.end() :].strip()


def find_references(text: str) -> Iterator[ItemRef]:
    """The items a card speaks of, in order."""
    return (_make_reference(found) for found in _CARD.finditer(text))


def _make_reference(found: re.Match[str]) -> ItemRef:
    word = (found["word"] or "").lower()
    return ItemRef(int(found["number"]), _ALSO.get(word, word))
