"""Names in a text: the one it holds, and those it resembles."""

import difflib
import re
from collections.abc import Iterable
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")
LONGEST = 12
"""No name has more words."""
_WORD_END = re.compile(r"(?<=[\w.)])(?!\w)")


class NameIndex(Generic[T]):
    """Values by the names they go by, whatever the case."""

    def __init__(self, named: Iterable[tuple[str, T]]) -> None:
        self._values: dict[str, list[T]] = {}
        for name, value in named:
            same = self._values.setdefault(name.lower(), [])
            if value not in same:
                same.append(value)
        # The longest first: "Camat Coblong" is not the camat of somewhere else. Compiled when somebody looks.
        self._longest = sorted(self._values, key=len, reverse=True)
        self._patterns: dict[str, re.Pattern[str]] = {}

    def named_in(self, text: str) -> tuple[T | None, str]:
        """The value the text names, and the text without the name. A name that two share is nobody's."""
        lowered = text.lower()
        for name in self._longest:
            if found := self._match_name(name, text, lowered):
                return self._values[name][0], (text[: found.start()] + " " + text[found.end() :]).strip()
        return None, text

    def first_in(self, text: str) -> tuple[T | None, str]:
        """The value named first in the text, of several that begin there the longest; and the text without the name."""
        lowered = text.lower()
        found = [
            (match.start(), -len(name), name, match)
            for name in self._longest
            if (match := self._match_name(name, text, lowered))
        ]
        if not found:
            return None, text
        _, _, name, match = min(found, key=lambda each: each[:2])
        return self._values[name][0], (text[: match.start()] + " " + text[match.end() :]).strip()

    def match_opening(self, text: str) -> tuple[T | None, str]:
        """The value whose name the text begins with, the longest such name, and what follows it."""
        text = text.lstrip("@ \n\t")
        lowered = text.lower()
        for end in reversed([found.end() for found in islice(_WORD_END.finditer(text), LONGEST)]):
            found_here = self._values.get(lowered[:end], [])
            if len(found_here) == 1:
                return found_here[0], text[end:].strip()
        return None, text

    def similar_values(self, text: str, most: int = 3) -> list[T]:
        """Values whose name resembles the text, the likeliest first."""
        close = difflib.get_close_matches(text.strip().lower(), self._values, n=most * 2, cutoff=0.6)
        found: list[T] = []
        for value in (value for name in close for value in self._values[name]):
            if value not in found:
                found.append(value)
        return found[:most]

    def _match_name(self, name: str, text: str, lowered: str) -> re.Match[str] | None:
        alone = name in lowered and len(self._values[name]) == 1
        return self._name_pattern(name).search(text) if alone else None

    def _name_pattern(self, name: str) -> re.Pattern[str]:
        if name not in self._patterns:
            self._patterns[name] = re.compile(rf"@?(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        return self._patterns[name]
