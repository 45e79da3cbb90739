"""Whatever people type, a pattern reads it in bounded time: none of ours repeats what repeats already.

`(a+)+$` tries every way to divide a run of a's, so that thirty of them take an hour. Instead of counting seconds, this looks at
how the patterns are made.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]  # private, and in no stub
from re import _parser as parser  # type: ignore[attr-defined]  # private, and in no stub
from typing import Any

import pendopo
import pytest
from pendopo.cli.discovery.plugins import list_shipped

ONCE_EACH = {
    "pendopo.cli.discovery.adapters": "every turn of a name begins with its own _",
    "pendopo.plugin.code_check": "every turn of a key begins with its own dot",
    "pendopo.plugin.route": "every turn of a path begins with its own slash",
    "pendopo.testing.conformance.plugin": "every turn of a key begins with its own dot",
    "pendopo_rapat.meetings.notes": "every turn begins with a blank and ends with a word",
}
"""Modules with a pattern that repeats what repeats, where nothing can be divided in two ways."""
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)


def repeated_twice(pattern: Any, inside: bool = False) -> bool:
    """Whether something without end stands within something without end."""
    for code, argument in pattern:
        if code in REPEATS:
            _, most, body = argument
            endless = most == op.MAXREPEAT
            if (endless and inside) or repeated_twice(body, inside or endless):
                return True
        elif any(repeated_twice(part, inside) for part in parts(code, argument)):
            return True
    return False


def parts(code: Any, argument: Any) -> Iterator[Any]:
    if code is op.SUBPATTERN:
        yield argument[3]
    elif code is op.BRANCH:
        yield from argument[1]
    elif code in (op.ASSERT, op.ASSERT_NOT):
        yield argument[1]


def patterns(value: Any, deep: int = 2) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif deep and isinstance(value, list | tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from patterns(each, deep - 1)


def all_of_them() -> Iterator[tuple[str, re.Pattern[str]]]:
    for package in (pendopo, *(importlib.import_module(f"pendopo_{name}") for name in list_shipped())):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    for name, module in list(sys.modules.items()):
        if name.startswith("pendopo"):
            for value in vars(module).values():
                yield from ((name, pattern) for pattern in patterns(value))


def test_no_pattern_repeats_what_repeats() -> None:
    found = list(all_of_them())
    assert len({pattern.pattern for _, pattern in found}) > 80
    twice = {name for name, pattern in found if repeated_twice(parser.parse(pattern.pattern, pattern.flags))}
    assert twice == set(ONCE_EACH)


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(?:(?:x|[\s,]+)y*)*z", r"(?=(\w*a)*b)", r"(a|b*)*"])
def test_a_pattern_that_repeats_what_repeats_is_found(pattern: str) -> None:
    assert repeated_twice(parser.parse(pattern))


@pytest.mark.parametrize("pattern", [r"a+b+", r"(a{1,3}b)+", r"(?:a|b)*c", r"(ab)+\s*$"])
def test_a_pattern_that_repeats_in_bounded_time_is_left_alone(pattern: str) -> None:
    assert not repeated_twice(parser.parse(pattern))
