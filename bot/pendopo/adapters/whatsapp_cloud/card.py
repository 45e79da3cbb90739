"""A visiting card that somebody shared, in one line of words."""

from collections.abc import Mapping
from typing import Any

from pendopo.adapters.whatsapp_cloud.fields import get_list, get_object, get_text

CARD_SIGN = "👤"
"""Stands first, so that a card of somebody named "/setuju" is no command of whoever passes it on."""


def describe_card(given: Mapping[str, Any]) -> str:
    """`👤 name phone phone`; a card given on request has a vCard (RFC 6350) in place of a name."""
    vcard = get_text(given, "vcard")
    name = get_text(get_object(given, "name"), "formatted_name") or " ".join(_find_property(vcard, "FN"))
    phones = [get_text(phone, "phone") for phone in get_list(given, "phones") if isinstance(phone, dict)]
    words = " ".join([name, *(filter(None, phones) if any(phones) else _find_property(vcard, "TEL"))]).split()
    return " ".join([CARD_SIGN, *words]) if words else ""


def _find_property(vcard: str, wanted: str) -> list[str]:
    """The values of a property, whatever its group and parameters: `item1.TEL;waid=62…:+62 812…`."""
    found = []
    for line in vcard.splitlines():
        head, colon, value = line.partition(":")
        name = head.partition(";")[0].rpartition(".")[2]
        if colon and name.upper() == wanted:
            found.append(value.strip())
    return found
