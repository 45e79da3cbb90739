"""Reading JSON that somebody else shapes: a field that is missing or of another type is simply not there.

Messengers' APIs grow every few weeks, servers and engines are of different ages, and strangers' phones have a hand in what
they bring, so nothing but what is needed is insisted on.
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
"""A larger Unix time is one in milliseconds, which some engines write."""
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class UnreadableError(ValueError):
    """A delivery without what every one of its kind has."""


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object, its texts mended. Raises `ValueError` on anything else."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, RecursionError):
        return _parse_tolerantly(body)


def _parse_tolerantly(body: bytes) -> dict[str, Any]:
    """Of what the fast decoder refuses: half a surrogate pair, which can only stand in JSON as an escape."""
    try:
        data = json.loads(body.decode(), parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("no object")
    found: dict[str, Any] = mend_surrogates(data)
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def mend_surrogates(value: Any) -> Any:
    """JSON whose texts hold no half of a UTF-16 pair: such a text cannot be stored, sent, or even printed."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [mend_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {mend_surrogates(key): mend_surrogates(item) for key, item in value.items()}
    return value


def find_value(value: Any, *path: str) -> Any:
    """What lies at a path of keys; None when any of it is missing or of another shape."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def get_object(value: Any, *path: str) -> JsonObject:
    """The object at a path, else an empty one."""
    found = find_value(value, *path)
    return found if isinstance(found, dict) else {}


def get_list(value: Any, *path: str) -> list[Any]:
    """The list at a path, else an empty one."""
    found = find_value(value, *path)
    return found if isinstance(found, list) else []


def get_objects(value: Any, *path: str) -> list[JsonObject]:
    """The objects in the list at a path."""
    return [item for item in get_list(value, *path) if isinstance(item, dict)]


def get_text(value: Any, *path: str) -> str:
    """The text at a path, else ""; whole numbers count, since documented samples have some where the API says text.

    A NUL, which no keyboard has and PostgreSQL refuses, is left out.
    """
    found = find_value(value, *path)
    if isinstance(found, str):
        return found.replace("\0", "")
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def get_int(value: Any, *path: str) -> int | None:
    """The whole number at a path."""
    found = find_value(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def get_number(value: Any, *path: str) -> float | None:
    """The finite number at a path, also one written as text, as engines write degrees and Meta writes times."""
    found = find_value(value, *path)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def get_degrees(value: Any, *path: str) -> tuple[float, float] | None:
    """Latitude and longitude in the object at a path; None for a place that is not on Earth."""
    latitude, longitude = get_number(value, *path, "latitude"), get_number(value, *path, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def get_time(value: Any, *path: str) -> datetime | None:
    """The instant of the Unix time at a path; None for 0, which stands for "unknown", and for what is no time."""
    seconds = get_number(value, *path) or 0.0
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > MOST_SECONDS else seconds, UTC) if seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None


def require_time(value: Any, *path: str) -> datetime:
    """The instant of the Unix time at a path. Raises `UnreadableError`."""
    at = get_time(value, *path)
    if at is None:
        raise UnreadableError(f"{path[-1]} is {str(find_value(value, *path))[:40]!r}")
    return at
