"""What nobody types and somebody sends: texts, JSON and bytes for tests that try whatever they can think of."""

import copy
import random
from collections.abc import Sequence
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

SIGNS = (
    "\0", "\u200b", "\u200d", "\u200e", "\u200f", "\u202e", "\u2066", "\u2069", "\ufeff",
    "\u00a0", "\u3000", "\x85", "\u2028",
    "İ", "ß", "ﬁ", "①", "٣", "𝟗", "½", "²", "👨\u200d👩\u200d👧", "a\u0301\u0301",
    '"', "'", "“", "@", "/", "／", "#", "\\", "-", ",",
)  # fmt: skip
"""Marks of direction, signs without width, letters that grow when their case changes, digits of other scripts."""
LONGEST = 10_000


def times(few: int) -> int:
    """How often to try what takes long: a few times, and as much more often as the profile asks for."""
    usual = 100
    return few * max(1, settings().max_examples // usual)


def texts(*words: str) -> st.SearchStrategy[str]:
    """Any text, or the given words among odd signs, or one piece of these ten thousand letters long."""
    piece = st.sampled_from([*words, *SIGNS]) | st.text(max_size=5)
    joined = st.builds(str.join, st.sampled_from(["", " ", "  ", "\n"]), st.lists(piece, max_size=12))
    return st.text(max_size=200) | joined | st.builds(_repeated, st.lists(piece, min_size=1, max_size=3).map("".join))


def _repeated(piece: str) -> str:
    return (piece * (LONGEST // max(len(piece), 1)))[:LONGEST]


ODD: Sequence[Any] = (
    None, True, 0, -1, 1.5, 1e308, 10**17, 2**63, "", "x", "\0", "😀", "true__@c.us",
    "9" * 600, [], {}, [None], [[]], {"id": 1}, {"id": None},
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where everything in a piece of JSON stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places(each, (*path, key)))]


def mutated(sample: Any, dice: random.Random) -> Any:
    """The sample with a few things removed, replaced, doubled or put elsewhere."""
    found = copy.deepcopy(sample)
    for _ in range(dice.randint(1, 4)):
        inner = [path for path in places(found) if path]
        if not inner:
            return dice.choice(ODD)
        path = dice.choice(inner)
        parent = found
        for step in path[:-1]:
            parent = parent[step]
        _change(parent, path[-1], dice)
    return found


def _change(parent: Any, key: Any, dice: random.Random) -> None:
    what = dice.random()
    if what < 0.3:
        del parent[key]
    elif what < 0.8:
        parent[key] = copy.deepcopy(dice.choice(ODD))
    elif isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]))
    else:
        parent[dice.choice(sorted(parent))] = parent[key]


def scratched(body: bytes, dice: random.Random) -> bytes:
    """The same bytes with some of them changed, or the end torn off."""
    found = bytearray(body)
    for _ in range(dice.randint(1, 6) if found else 0):
        found[dice.randrange(len(found))] = dice.choice((0, 255, dice.randrange(256)))
    return bytes(found[: dice.randint(0, len(found))] if dice.random() < 0.3 else found)


dice = st.integers(0, 2**32).map(random.Random)
"""A die whose throws can be repeated."""
