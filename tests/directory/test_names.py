"""Look-ups cost the same however many names there are, and grow with the text only."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pendopo.directory.names import NameIndex, Rank
from pendopo.directory.post_forms import split_words


class Counted(dict[Any, Any]):
    """A dictionary that counts how often it is asked."""

    asked = 0

    def get(self, key: Any, default: Any = None) -> Any:
        Counted.asked += 1
        return super().get(key, default)


def list_titles(count: int) -> Iterator[tuple[str, int, Rank]]:
    yield from ((f"Kepala Bidang Urusan Nomor{number}", number, Rank.EXACT) for number in range(count))


def count_lookups(names: int, words: int) -> int:
    index = NameIndex(list_titles(names))
    values: Mapping[Any, Any] = Counted(index._values)
    index._values = values  # type: ignore[assignment]
    text = " ".join(["kepala bidang urusan"] * words)
    said = split_words(text)
    Counted.asked = 0
    assert not any(index.match_at(text, said, at) for at in range(len(said)))
    return Counted.asked


def test_a_lookup_costs_the_same_in_a_directory_of_two_thousand_posts() -> None:
    assert count_lookups(2000, 40) == count_lookups(2, 40)


def test_a_lookup_grows_with_the_text_only() -> None:
    assert count_lookups(50, 400) <= 10 * count_lookups(50, 40) * 1.1


def test_two_values_of_one_name_are_both_found_and_none_surely() -> None:
    index = NameIndex([("Agus Salim", 1, Rank.EXACT), ("Agus Salim", 2, Rank.EXACT)])
    found = index.match_at("Agus Salim", split_words("Agus Salim"), 0)
    assert found is not None
    assert (found.values, found.sure) == ([1, 2], False)


@pytest.mark.parametrize("text", ["Kadis PU, Kesehatan", "Kadis; PU", "Kadis: PU"])
def test_a_name_does_not_go_on_behind_a_comma(text: str) -> None:
    index = NameIndex([("Kadis PU Kesehatan", 1, Rank.EXACT), ("Kadis PU", 2, Rank.EXACT)])
    found = index.match_at(text, split_words(text), 0)
    assert found is None or found.values == [2]


def test_similar_names_are_found_without_comparing_all() -> None:
    index = NameIndex(list_titles(2000))
    found = list(index.find_similar("Kepala Bidang Urusann Nomor7"))
    assert [match.values for match in found] == [[7]]
