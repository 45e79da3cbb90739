"""Finds names in a text: exactly, by the forms people use, or by resemblance.

Every look-up costs at most `LONGEST` dictionary accesses a word of the text, however many names there are.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from pendopo.directory.post_forms import (
    Word,
    expand_word,
    extend_words,
    load_role_words,
    load_words,
    normalise_words,
    split_words,
)
from pendopo.directory.spelling import Spelling

T = TypeVar("T")
LONGEST = 12
"""The most words a name is expected to have."""
COMMON = 80
"""A word in more names than this says nothing of which one is meant."""
CLOSE = 0.5
"""The least part of a name that must be said for it to be offered."""
READ = 40
"""Words of a text that are compared with names when none is in it exactly."""
BETWEEN = frozenset(" \t\n.-/&'’()")
"""Signs that may stand between the words of one name."""


class Rank(IntEnum):
    """How sure a name is, the surest first."""

    EXACT = 0
    """A title, a full name, or an alias of the directory."""
    MADE = 1
    """A form that a rule or the seed makes of one."""
    WEAK = 2
    """A given name, or a form so short that it counts only behind a title or alone."""
    ROLE = 3
    """A post said without its unit: which one is meant depends on who says it."""


class NameMatch(NamedTuple, Generic[T]):
    """A name in a text, its title included: where it stands, and whom it may mean, the likeliest first."""

    start: int
    end: int
    values: Sequence[T]
    rank: Rank = Rank.EXACT
    sure: bool = True
    """Whether the first value is meant and no other."""

    def cut_from(self, text: str) -> str:
        """The text without the name."""
        return f"{text[: self.start].rstrip()} {text[self.end :].lstrip()}".strip()


class NameIndex(Generic[T]):
    """Values by their names, compared word by word as `normalise_words` writes them."""

    def __init__(self, named: Iterable[tuple[str | tuple[str, ...], T, Rank]]) -> None:
        self._values: dict[tuple[str, ...], dict[Rank, list[T]]] = {}
        for name, value, rank in named:
            words = normalise_words(name) if isinstance(name, str) else name
            if words:
                self._values.setdefault(words, {}).setdefault(rank, []).append(value)
        for ranks in self._values.values():
            for rank, same in ranks.items():
                if len(same) > 1:
                    ranks[rank] = drop_doubles(same)

    def match_at(self, text: str, words: Sequence[Word], at: int, *, weak: bool = False) -> NameMatch[T] | None:
        """The longest name that begins with a word; `weak` names count where the text says that it is a name."""
        said: tuple[str, ...] = ()
        best: NameMatch[T] | None = None
        if not expand_word(words[at].text):
            return None
        for last in range(at, min(at + LONGEST, len(words))):
            if last > at and not BETWEEN.issuperset(text[words[last - 1].end : words[last].start]):
                break
            if not expand_word(words[last].text):
                continue  # "dan" may stand within a name, not at its ends
            said = extend_words(said, words[last].text)
            ranks = self._values.get(said)
            if ranks is not None and (found := self._select_rank(ranks, weak)) is not None:
                values = ranks[found]
                best = NameMatch(words[at].start, words[last].end, values, found, len(values) == 1)
        return best

    @staticmethod
    def _select_rank(ranks: dict[Rank, list[T]], weak: bool) -> Rank | None:
        if len(ranks.get(Rank.ROLE, ())) > 1:
            return Rank.ROLE  # also where one of several posts has no other title
        return next((rank for rank in Rank if rank in ranks and (weak or rank != Rank.WEAK)), None)

    def find_similar(self, text: str) -> Iterable[NameMatch[T]]:
        """Names of which some word is misspelt in the text, the first in the text first."""
        words = split_words(text)[:READ]
        for at, word in enumerate(words):
            for near in self._spelling.correct_word(word.text):
                spelt = [*words[:at], Word(near, word.start, word.end), *words[at + 1 :]]
                # The misspelt word may be anywhere in the name.
                for start in range(max(0, at - 3), at + 1):
                    found = self.match_at(text, spelt, start, weak=start == at)
                    if found is not None and found.end >= word.end:
                        yield found._replace(sure=False)
                        break

    def match_by_words(self, text: str, most: int) -> NameMatch[T] | None:
        """Values whose names share telling words with the text, the closest first, and where those words stand."""
        words = split_words(text)[:READ]
        said = {each for word in words for each in expand_word(word.text)}
        near: set[tuple[str, ...]] = set()
        for telling in said - load_role_words() - load_words("titles"):
            keys = self._keys_by_word.get(telling, ())
            if len(keys) <= COMMON:
                near.update(keys)
        close = sorted(((_compare_words(said, key), key) for key in near), key=lambda each: (-each[0], each[1]))
        close = [each for each in close if each[0] >= CLOSE]
        if not close:
            return None
        values = [value for _, key in close for rank in sorted(self._values[key]) for value in self._values[key][rank]]
        shared = [word for word in words if not set(expand_word(word.text)).isdisjoint(close[0][1])]
        return NameMatch(shared[0].start, shared[-1].end, drop_doubles(values)[:most], Rank.MADE, False)

    @cached_property
    def _keys_by_word(self) -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = {}
        for key in self._values:
            for word in set(key):
                found.setdefault(word, []).append(key)
        return found

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._keys_by_word)


def _compare_words(said: set[str], key: tuple[str, ...]) -> float:
    """How much of a name is said, 1 for all of it."""
    return len(said.intersection(key)) / len(set(key))


def drop_doubles(values: Iterable[T]) -> list[T]:
    """The values, each once, in their order."""
    return list(dict.fromkeys(values))
