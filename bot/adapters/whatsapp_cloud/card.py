"""A visiting card that somebody shared, in one line of words."""

from collections.abc import Mapping
from typing import Any

from .fields import part, parts, text

MARK = "👤"
"""Stands first, so that a card of somebody named "/setuju" is no command of whoever passes it on."""


def card(given: Mapping[str, Any]) -> str:
    """`👤 name phone phone`; a card given on request has a vCard (RFC 6350) in place of a name."""
    vcard = text(given, "vcard")
    name = text(part(given, "name"), "formatted_name") or " ".join(_of_vcard(vcard, "FN"))
    phones = [text(phone, "phone") for phone in parts(given, "phones") if isinstance(phone, dict)]
    words = " ".join([name, *(filter(None, phones) if any(phones) else _of_vcard(vcard, "TEL"))]).split()
    return " ".join([MARK, *words]) if words else ""


def _of_vcard(vcard: str, wanted: str) -> list[str]:
    """The values of a property, whatever its group and parameters: `item1.TEL;waid=62…:+62 812…`."""
    found = []
    for line in vcard.splitlines():
        head, colon, value = line.partition(":")
        name = head.partition(";")[0].rpartition(".")[2]
        if colon and name.upper() == wanted:
            found.append(value.strip())
    return found
