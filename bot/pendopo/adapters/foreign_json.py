"""Tolerant reading of JSON from outside: a field that is missing or of another type counts as absent.

Messengers' APIs grow every few weeks, servers and engines differ in version, and any phone can shape what it sends, so only
what is needed is required.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import msgspec

JsonObject = Mapping[str, Any]
UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
MOST_SECONDS = 1e11
"""A larger Unix time must be in milliseconds, which some WAHA engines write."""
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class UnreadableError(ValueError):
    """A delivery lacks a field that every delivery of its kind has."""


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object with its surrogates mended. Raises `ValueError` on anything else."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, RecursionError):
        return _parse_tolerantly(body)


def _parse_tolerantly(body: bytes) -> dict[str, Any]:
    """Accept what the fast decoder refuses: half a surrogate pair, which JSON can hold as an escape."""
    try:
        data = json.loads(body.decode(), parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("no object")
    mended: dict[str, Any] = mend_surrogates(data)
    return mended


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def mend_surrogates(value: Any) -> Any:
    """The same JSON without halves of UTF-16 pairs in its texts: they cannot be stored, sent or printed."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [mend_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {mend_surrogates(key): mend_surrogates(item) for key, item in value.items()}
    return value


def find_value(value: Any, *path: str) -> Any:
    """The value at a path of keys; None if any step is missing or not an object."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def get_object(value: Any, *path: str) -> JsonObject:
    """The object at a path, else an empty one."""
    item = find_value(value, *path)
    return item if isinstance(item, dict) else {}


def get_list(value: Any, *path: str) -> list[Any]:
    """The list at a path, else an empty one."""
    items = find_value(value, *path)
    return items if isinstance(items, list) else []


def get_objects(value: Any, *path: str) -> list[JsonObject]:
    """The objects in the list at a path."""
    return [item for item in get_list(value, *path) if isinstance(item, dict)]


def get_text(value: Any, *path: str) -> str:
    """The text at a path, else "". Integers count, as documented samples have some; NULs, refused by PostgreSQL, go."""
    item = find_value(value, *path)
    if isinstance(item, str):
        return item.replace("\0", "")
    return str(item) if isinstance(item, int) and not isinstance(item, bool) else ""


def get_int(value: Any, *path: str) -> int | None:
    """The integer at a path, else None."""
    number = find_value(value, *path)
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def get_number(value: Any, *path: str) -> float | None:
    """The finite number at a path, also when written as text, as WAHA engines write degrees and Meta writes times."""
    found = find_value(value, *path)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def get_degrees(value: Any, *path: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, from the object at a path; None if out of range."""
    latitude, longitude = get_number(value, *path, "latitude"), get_number(value, *path, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def get_time(value: Any, *path: str) -> datetime | None:
    """The Unix time at a path as UTC; None for 0, which stands for "unknown", and for values that are no time."""
    seconds = get_number(value, *path) or 0.0
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > MOST_SECONDS else seconds, UTC) if seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None


def require_time(value: Any, *path: str) -> datetime:
    """The Unix time at a path as UTC. Raises `UnreadableError` if there is none."""
    if (instant := get_time(value, *path)) is None:
        raise UnreadableError(f"{path[-1]} is {str(find_value(value, *path))[:40]!r}")
    return instant
