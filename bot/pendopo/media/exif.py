"""Reads what a camera wrote into a picture: when and where it was taken, and with what."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from PIL.Image import Image

_TAKEN, _TAKEN_PLAIN, _OFFSET, _MAKE, _MODEL = 0x9003, 0x0132, 0x9011, 0x010F, 0x0110
"""Tags of the EXIF standard: DateTimeOriginal, DateTime, OffsetTimeOriginal, Make, Model."""
_DETAIL, _GPS = 0x8769, 0x8825
"""The sub-directories of the details and of the position."""
LONGEST_TEXT = 100
_OFFSETS = re.compile(r"([+-])([01]\d):([0-5]\d)")


class Exif(Struct, frozen=True):
    """`taken_at` has no zone where the camera gave none: it is local time at that place."""

    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    facts: Mapping[str, str] = {}


def read_exif(image: "Image") -> Exif:
    """Reads the metadata of a picture; invalid values are left out."""
    try:
        tags = image.getexif()
        detail, gps = tags.get_ifd(_DETAIL), tags.get_ifd(_GPS)
    except Exception:  # unreadable metadata must not reject the picture
        return Exif()
    taken = _clean_text(detail.get(_TAKEN)) or _clean_text(tags.get(_TAKEN_PLAIN))
    place = _parse_position(gps)
    facts = {"make": _clean_text(tags.get(_MAKE)), "model": _clean_text(tags.get(_MODEL)), "taken": taken}
    if place:
        facts["gps"] = f"{place[0]:.6f},{place[1]:.6f}"
    return Exif(
        _parse_time(taken, _clean_text(detail.get(_OFFSET))), place, {name: value for name, value in facts.items() if value}
    )


def _clean_text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text = "".join(letter for letter in str(value or "") if letter.isprintable())
    return text.strip()[:LONGEST_TEXT]


def _parse_time(text: str, offset: str) -> datetime | None:
    try:
        at = datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  its zone is another field, or unknown
    except ValueError:
        return None
    match = _OFFSETS.fullmatch(offset)
    if match is None:
        return at
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return at.replace(tzinfo=timezone(-ahead if match[1] == "-" else ahead))


def _parse_position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    try:
        latitude, longitude = _parse_degrees(gps[2], gps[1], "S"), _parse_degrees(gps[4], gps[3], "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError, OverflowError):
        return None
    sensible = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0.0, 0.0)
    return (round(latitude, 6), round(longitude, 6)) if sensible else None


def _parse_degrees(value: Any, reference: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in value)
    whole = degrees + minutes / 60 + seconds / 3600
    if whole != whole:  # NaN, from a fraction of 0/0
        raise ValueError("no number")
    return -whole if _clean_text(reference).upper() == negative else whole
