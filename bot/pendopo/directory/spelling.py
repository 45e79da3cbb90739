"""Corrects the spelling of a word by a vocabulary."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from pendopo.directory.post_forms import list_compounds, load_seed

SHORTEST = 4
"""Words with fewer letters are not corrected: they are near to too many others."""
LONGEST = 24
MOST = 5
"""Corrections at most."""


class Spelling:
    """A vocabulary, in which a misspelt word is found by leaving out a letter of either: none is compared with all others."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        seed = load_seed()
        self._words = frozenset((*vocabulary, *seed["words"], *seed["units"], *seed["titles"], *list_compounds()))

    def correct_word(self, word: str) -> list[str]:
        """The words of the vocabulary that a word is a slip away from, all equally close; none when it is one of them."""
        if word in self._words or not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return []
        near = {known for short in _shorten(word) for known in self._shortened.get(short, ())}
        allowed = 1 if len(word) <= 6 else 2
        measured = sorted((measure_distance(word, known), known) for known in near)
        return [known for distance, known in measured if distance <= allowed and distance == measured[0][0]][:MOST]

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self._words:
            if SHORTEST - 1 <= len(word) <= LONGEST + 1:
                for short in _shorten(word):
                    found.setdefault(short, []).append(word)
        return found


def _shorten(word: str) -> Iterator[str]:
    yield word
    yield from {word[:at] + word[at + 1 :] for at in range(len(word))}


def measure_distance(one: str, other: str) -> int:
    """Letters to change, add, leave out or swap with their neighbour to make one word of another (Damerau and Levenshtein)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, row, older = row, [at], before
        for place, sign in enumerate(other, 1):
            cost = min(last[place] + 1, row[-1] + 1, last[place - 1] + (letter != sign))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == sign:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
