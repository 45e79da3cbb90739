"""Reading JSON that others wrote: engines of the gateway differ, and fields go missing."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any


def find_value(value: Any, *path: str) -> Any:
    """What lies at a path of keys; None when any of it is missing or of another shape."""
    for step in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def get_text(value: Any, *path: str) -> str:
    """A text at a path, else "". A NUL, which no keyboard has and PostgreSQL refuses, is left out."""
    found = find_value(value, *path)
    return found.replace("\0", "") if isinstance(found, str) else ""


def get_list(value: Any, *path: str) -> Sequence[Any]:
    """A list at a path, else an empty one."""
    found = find_value(value, *path)
    return found if isinstance(found, list) else []


def get_number(value: Any, *path: str) -> float | None:
    """A number at a path, also one written as text, as engines write degrees."""
    found = find_value(value, *path)
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return None
    try:
        value = float(found)
    except (ValueError, OverflowError):
        return None
    return value if isfinite(value) else None
