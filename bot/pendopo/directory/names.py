"""Finds names in a text, exactly or by resemblance."""

import difflib
import re
from collections.abc import Iterable
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")
LONGEST = 12
"""The most words a name is expected to have; bounds the search at the start of a long text."""
_WORD_END = re.compile(r"(?<=[\w.)])(?!\w)")


class NameIndex(Generic[T]):
    """Values by name, ignoring case. An exact look-up finds neither of two values with the same name."""

    def __init__(self, named: Iterable[tuple[str, T]]) -> None:
        self._values: dict[str, list[T]] = {}
        for name, value in named:
            same = self._values.setdefault(name.lower(), [])
            if value not in same:
                same.append(value)
        # The longest first, so that "Camat Coblong" wins over "Camat". Patterns are compiled on first use.
        self._longest = sorted(self._values, key=len, reverse=True)
        self._patterns: dict[str, re.Pattern[str]] = {}

    def named_in(self, text: str) -> tuple[T | None, str]:
        """The value with the longest name in the text, and the text without that name."""
        lowered = text.lower()
        for name in self._longest:
            if found := self._match_name(name, text, lowered):
                return self._values[name][0], (text[: found.start()] + " " + text[found.end() :]).strip()
        return None, text

    def first_in(self, text: str) -> tuple[T | None, str]:
        """The value named first in the text (the longest name of those that start there), and the text without the name."""
        lowered = text.lower()
        matches = [(name, match) for name in self._longest if (match := self._match_name(name, text, lowered))]
        if not matches:
            return None, text
        name, match = min(matches, key=lambda each: each[1].start())  # of equals the first in the list, which is the longest
        return self._values[name][0], (text[: match.start()] + " " + text[match.end() :]).strip()

    def match_opening(self, text: str) -> tuple[T | None, str]:
        """The value with the longest name that the text begins with, and the rest of the text."""
        text = text.lstrip("@ \n\t")
        lowered = text.lower()
        for end in reversed([found.end() for found in islice(_WORD_END.finditer(text), LONGEST)]):
            values = self._values.get(lowered[:end], [])
            if len(values) == 1:
                return values[0], text[end:].strip()
        return None, text

    def similar_values(self, text: str, most: int = 3) -> list[T]:
        """Values whose name resembles the text, the closest first."""
        close = difflib.get_close_matches(text.strip().lower(), self._values, n=most * 2, cutoff=0.6)
        similar: list[T] = []
        for value in (value for name in close for value in self._values[name]):
            if value not in similar:  # values need not be hashable, so no dict drops the doubles
                similar.append(value)
        return similar[:most]

    def _match_name(self, name: str, text: str, lowered: str) -> re.Match[str] | None:
        alone = name in lowered and len(self._values[name]) == 1
        return self._name_pattern(name).search(text) if alone else None

    def _name_pattern(self, name: str) -> re.Pattern[str]:
        if name not in self._patterns:
            self._patterns[name] = re.compile(rf"@?(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        return self._patterns[name]
