"""Reading JSON that somebody else shapes: a field that is missing or of another type is simply not there.

The Bot API grows every few weeks and its servers are of different ages, so nothing but what is needed is insisted on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

JsonObject = Mapping[str, Any]


def get_object(data: JsonObject, key: str) -> JsonObject:
    """The object under a key, else an empty one."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def get_objects(data: JsonObject, key: str) -> Sequence[JsonObject]:
    """The objects in the list under a key."""
    value = data.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def get_text(data: JsonObject, key: str) -> str:
    """The text under a key; numbers count, since documented samples have some where the API says text.

    A NUL, which no keyboard has and PostgreSQL refuses, is left out.
    """
    value = data.get(key)
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if value is None:  # most often: of the fields an update may have, it has few
        return ""
    return str(value) if get_int(data, key) is not None else ""


def get_int(data: JsonObject, key: str) -> int | None:
    """The whole number under a key."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def get_float(data: JsonObject, key: str) -> float | None:
    """The number under a key."""
    value = data.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9 else None


def mend_surrogates(value: Any) -> Any:
    """JSON whose texts hold no half of a UTF-16 pair: such a text cannot be stored, sent, or even printed."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [mend_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {mend_surrogates(key): mend_surrogates(item) for key, item in value.items()}
    return value
