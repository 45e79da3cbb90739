"""Finds whom or what a text names, as the one who says it means it: titles before, degrees behind, the own unit first."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from pendopo.directory.names import BETWEEN, NameIndex, NameMatch, Rank, drop_doubles
from pendopo.directory.post_forms import Word, degrees_after, load_words, split_words

T = TypeVar("T")
SAID = 200
"""Letters of a text at whose beginning a misspelt name is looked for."""
OPENING = " \t\n@,.:;-–(“\"'"
"""Signs that may stand before the first name of a text."""


class NameFinder(Generic[T]):
    """Looks names up. `units_of` gives the units of a value, `parents` the unit above each unit."""

    def __init__(
        self,
        named: Iterable[tuple[str | tuple[str, ...], T, Rank]],
        units_of: Callable[[T], Sequence[str]],
        parents: Mapping[str, str],
    ) -> None:
        self._index = NameIndex(named)
        self._units_of = units_of
        self._parents = parents

    def find_first(self, text: str, near: Sequence[str] = ()) -> NameMatch[T] | None:
        """The name that stands first in the text. `near` are the units of the one who says it."""
        return next(self.iter_names(text, near), None)

    def find_opening(self, text: str, near: Sequence[str] = (), *, weak: bool = False) -> NameMatch[T] | None:
        """The name that the text begins with; with `weak` a form that counts only behind a title or alone counts, too."""
        words = split_words(text)
        if not words or text[: words[0].start].strip(OPENING):
            return None
        return self._match_at(text, words, 0, near, weak=weak)

    def find_whole(self, text: str, near: Sequence[str] = ()) -> NameMatch[T] | None:
        """The name that is the whole text, but for titles, degrees and signs."""
        found = self.find_opening(text, near)
        return found if found is not None and not text[found.end :].strip(" \t\n.,;:!?)”\"'") else None

    def iter_names(self, text: str, near: Sequence[str] = ()) -> Iterator[NameMatch[T]]:
        """The names in the text, in order."""
        words = split_words(text)
        end = 0
        for at, word in enumerate(words):
            if word.start >= end and (found := self._match_at(text, words, at, near)) is not None:
                yield found
                end = found.end

    def suggest(self, text: str, near: Sequence[str] = (), most: int = 3) -> NameMatch[T] | None:
        """What a text may mean that names nothing surely: names said otherwise or misspelt, and those that share its words."""
        found = self.find_first(text, near)
        if found is None or found.rank == Rank.ROLE:
            # "Camat Coblog" names a post; that of another unit would be a guess.
            near_spelt = self._find_similar(text, near)
            found = near_spelt if found is None or (near_spelt and near_spelt.start <= found.start) else found
        if found is not None:
            return found._replace(values=found.values[:most], sure=False)
        return self._index.match_by_words(text, most)

    def suggest_opening(self, text: str, near: Sequence[str] = (), most: int = 3) -> NameMatch[T] | None:
        """What a text begins with that may be a misspelt name."""
        found = self._find_similar(text[:SAID], near)
        words = split_words(text[:SAID])
        opens = found is not None and skip_titles(words, 0) >= sum(word.start < found.start for word in words)
        return found._replace(start=words[0].start, values=found.values[:most]) if found is not None and opens else None

    def _find_similar(self, text: str, near: Sequence[str]) -> NameMatch[T] | None:
        found = list(self._index.find_similar(text))
        if not found:
            return None
        first = min(found, key=lambda match: match.start)
        same = drop_doubles(value for match in found if match.end > first.start for value in match.values)
        return first._replace(values=self._order_by_unit(same, near), sure=False)

    def _match_at(
        self, text: str, words: Sequence[Word], at: int, near: Sequence[str], *, weak: bool = False
    ) -> NameMatch[T] | None:
        name = skip_titles(words, at)
        found = self._index.match_at(text, words, name, weak=True) if name < len(words) else None
        if found is None and name > at:  # a title may be a name itself: "Haji", "Mas"
            found = self._index.match_at(text, words, at)
        if found is None:
            return None
        end = degrees_after(text, found.end)
        if found.rank == Rank.WEAK and not weak and name == at and (at or text[end:].strip(" \t\n.,;:!?)")):
            # A given name without a title, among other words, may be a word like any other.
            found = self._index.match_at(text, words, name)
            if found is None:
                return None
            end = degrees_after(text, found.end)
        start = words[at].start
        start -= text[:start].endswith("@")
        return self._judge_match(found._replace(start=start, end=end), text, words, at, near)

    def _judge_match(self, found: NameMatch[T], text: str, words: Sequence[Word], at: int, near: Sequence[str]) -> NameMatch[T]:
        """Decides whether a name is sure: nobody else's, of this administration, and one value only."""
        after = next((word for word in words[at:] if word.start >= found.end), None)
        beside = after is not None and after.text in load_words("elsewhere") and not text[found.end : after.start].strip(" .")
        others = at > 0 and words[at - 1].text in load_words("relations") and _is_beside(text, words[at - 1], found.start)
        if beside or others:
            return found._replace(sure=False)
        if found.rank == Rank.WEAK:
            return found._replace(values=self._order_by_unit(found.values, near))
        if found.rank == Rank.ROLE and after is not None and not _ends_role(after, text[found.end : after.start]):
            return found._replace(values=self._select_nearest(found.values, near)[0], sure=False)
        if found.rank != Rank.ROLE and len(found.values) == 1:
            return found
        values, sure = self._select_nearest(found.values, near)
        return found._replace(values=values, sure=sure)

    def _select_nearest(self, values: Sequence[T], near: Sequence[str]) -> tuple[Sequence[T], bool]:
        """The values of the nearest unit that has any, and whether that is one value."""
        for own in near:
            here = [value for value in values if own in self._units_of(value)]
            here = here or [value for value in values if any(self._is_within(unit, own) for unit in self._units_of(value))]
            if here:
                return here, len(here) == 1
        above = [unit for own in near for unit in self._list_above(own)]
        for unit in above:
            if here := [value for value in values if unit in self._units_of(value)]:
                return here, len(here) == 1
        return values, len(values) == 1 and not near

    def _order_by_unit(self, values: Sequence[T], near: Sequence[str]) -> Sequence[T]:
        around = {unit for own in near for unit in (own, *self._list_above(own))}
        return sorted(values, key=lambda value: around.isdisjoint(self._units_of(value)))

    def _list_above(self, unit: str) -> list[str]:
        above: list[str] = []
        while (unit := self._parents.get(unit, "")) and unit not in above:
            above.append(unit)
        return above

    def _is_within(self, unit: str, of: str) -> bool:
        return unit == of or of in self._list_above(unit)


def _ends_role(after: Word, between: str) -> bool:
    """Whether what follows a role is no name of a unit."""
    return bool(between.strip()) or after.text in load_words("after_role")


def skip_titles(words: Sequence[Word], at: int) -> int:
    """The place of the first word that is no title, at most five further on."""
    titles = load_words("titles")
    end = at
    while end < len(words) and end < at + 5 and words[end].text in titles:
        end += 1
    return end


def _is_beside(text: str, word: Word, start: int) -> bool:
    return BETWEEN.issuperset(text[word.end : start].rstrip("@"))
