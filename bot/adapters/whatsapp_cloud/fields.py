"""Reading fields of JSON that a stranger's phone had a hand in."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

PHONE = re.compile(r"\d{4,20}")
BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")
"""A business-scoped user id: `ID.1349…`, or `US.ENT.5068…` across linked portfolios (Meta, 2026)."""
_ID = re.compile(r"[\x21-\x7e]{1,512}")


class UnreadableError(ValueError):
    """A delivery that does not have the shape Meta describes."""


def part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object in an object; empty where there is none."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def parts(of: Mapping[str, Any], name: str) -> list[Any]:
    """A list in an object; empty where there is none."""
    found = of.get(name)
    return found if isinstance(found, list) else []


def text(of: Mapping[str, Any], name: str) -> str:
    """Words in an object. A NUL, which no keyboard has and PostgreSQL refuses, is left out."""
    found = of.get(name)
    return found.replace("\0", "") if isinstance(found, str) else ""


def native_id(value: Any) -> str:
    """An id, which Meta's own examples write as a text or a number; empty when it is none."""
    found = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return found if _ID.fullmatch(found) else ""


def phone(value: Any) -> str:
    """A wa_id: digits with the country code."""
    found = native_id(value).removeprefix("+")
    return found if PHONE.fullmatch(found) else ""


def bsuid(value: Any) -> str:
    """A business-scoped user id."""
    found = native_id(value)
    return found if BSUID.fullmatch(found) else ""


def needed(of: Mapping[str, Any], name: str) -> str:
    """An id without which nothing can be done. Raises `UnreadableError`."""
    found = native_id(of.get(name))
    if not found:
        raise UnreadableError(f"there is no {name}")
    return found


def instant(of: Mapping[str, Any]) -> datetime:
    """`timestamp`, unix seconds as a text. Raises `UnreadableError`."""
    found = of.get("timestamp")
    try:
        return datetime.fromtimestamp(int(native_id(found)), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableError(f"timestamp is {str(found)[:40]!r}") from error


def ours(what: Mapping[str, Any]) -> str:
    """Our own phone number, which Meta writes with or without spaces and a plus."""
    return "".join(filter(str.isdigit, text(part(what, "metadata"), "display_phone_number")))
