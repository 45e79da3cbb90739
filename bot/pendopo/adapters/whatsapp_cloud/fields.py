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


def get_object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object in an object; empty where there is none."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def get_list(of: Mapping[str, Any], name: str) -> list[Any]:
    """A list in an object; empty where there is none."""
    found = of.get(name)
    return found if isinstance(found, list) else []


def get_text(of: Mapping[str, Any], name: str) -> str:
    """Words in an object. A NUL, which no keyboard has and PostgreSQL refuses, is left out."""
    found = of.get(name)
    return found.replace("\0", "") if isinstance(found, str) else ""


def parse_id(value: Any) -> str:
    """An id, which Meta's own examples write as a text or a number; empty when it is none."""
    found = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return found if _ID.fullmatch(found) else ""


def parse_phone(value: Any) -> str:
    """A wa_id: digits with the country code."""
    found = parse_id(value).removeprefix("+")
    return found if PHONE.fullmatch(found) else ""


def parse_bsuid(value: Any) -> str:
    """A business-scoped user id."""
    found = parse_id(value)
    return found if BSUID.fullmatch(found) else ""


def require_id(of: Mapping[str, Any], name: str) -> str:
    """An id without which nothing can be done. Raises `UnreadableError`."""
    found = parse_id(of.get(name))
    if not found:
        raise UnreadableError(f"there is no {name}")
    return found


def parse_timestamp(of: Mapping[str, Any]) -> datetime:
    """`timestamp`, unix seconds as a text. Raises `UnreadableError`."""
    found = of.get("timestamp")
    try:
        return datetime.fromtimestamp(int(parse_id(found)), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableError(f"timestamp is {str(found)[:40]!r}") from error


def get_own_number(what: Mapping[str, Any]) -> str:
    """Our own phone number, which Meta writes with or without spaces and a plus."""
    return "".join(filter(str.isdigit, get_text(get_object(what, "metadata"), "display_phone_number")))
