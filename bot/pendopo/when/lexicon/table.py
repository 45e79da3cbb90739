"""The shape of a language's table: kind of word, its value, its spellings parted by bars."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Table: TypeAlias = Mapping[str, Mapping[Any, str]]
Meaning: TypeAlias = tuple[str, Any]


class Lexicon:
    """The words of some languages, and their phrases under the first word, longest first."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.words: dict[str, Meaning] = {}
        self.phrases: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        for table in tables:
            for kind, values in table.items():
                for value, spellings in values.items():
                    for spelling in spellings.split("|"):
                        self._add_spelling(spelling, (kind, value))
        for phrases in self.phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        self.known = frozenset(self.words) | frozenset(self.phrases)

    def _add_spelling(self, spelling: str, meaning: Meaning) -> None:
        first, *rest = spelling.replace("-", " - ").split()
        if rest:
            self.phrases.setdefault(first, []).append((tuple(rest), meaning))
        else:
            self.words.setdefault(first, meaning)
