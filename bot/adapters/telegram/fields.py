"""Reading JSON that somebody else shapes: a field that is missing or of another type is simply not there.

The Bot API grows every few weeks and its servers are of different ages, so nothing but what is needed is insisted on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Object = Mapping[str, Any]


def mapping(data: Object, key: str) -> Object:
    """The object under a key, else an empty one."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def objects(data: Object, key: str) -> Sequence[Object]:
    """The objects in the list under a key."""
    value = data.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def words(data: Object, key: str) -> str:
    """The text under a key; numbers count, since documented samples have some where the API says text.

    A NUL, which no keyboard has and PostgreSQL refuses, is left out.
    """
    value = data.get(key)
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if value is None:  # most often: of the fields an update may have, it has few
        return ""
    return str(value) if whole(data, key) is not None else ""


def whole(data: Object, key: str) -> int | None:
    """The whole number under a key."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def decimal(data: Object, key: str) -> float | None:
    """The number under a key."""
    value = data.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9 else None


def mended(value: Any) -> Any:
    """JSON whose texts hold no half of a UTF-16 pair: such a text cannot be stored, sent, or even printed."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [mended(item) for item in value]
    if isinstance(value, dict):
        return {mended(key): mended(item) for key, item in value.items()}
    return value
