"""Any text as a font can draw it: what it lacks is written in Latin letters, or marked."""

import re
import unicodedata
from collections.abc import Container

MISSING = "[…]"
"""Stands for letters that can be written in no way: a reader sees that something is missing."""
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SHAPED = re.compile(
    "[\u0590-\u109f\u1780-\u17ff\u1a00-\u1cff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00011fff\U0001e800-\U0001eeff]"
)
"""Scripts written from right to left, or whose letters join, stack or change places."""
_MISSING_RUN = re.compile(rf"(?:{re.escape(MISSING)})+")


def needs_shaping(text: str) -> bool:
    """Tells whether a text has letters that are wrong when they are drawn one by one, from left to right."""
    return _SHAPED.search(text) is not None


def spell_drawable(text: str, drawable: Container[int]) -> str:
    """Returns the text with only line breaks and letters of `drawable` (code points).

    Takes what draws nothing away, such as marks of direction, and gives a letter that is missing its plain form.
    """
    composed = unicodedata.normalize("NFC", _BREAKS.sub("\n", text).expandtabs(4))
    spelled = "".join(_spell_letter(letter, drawable) for letter in composed)
    return _MISSING_RUN.sub(MISSING, spelled)


def _spell_letter(letter: str, drawable: Container[int]) -> str:
    if letter == "\n":
        return letter
    category = unicodedata.category(letter)
    if category in ("Cc", "Cf") or "\ufe00" <= letter <= "\ufe0f":
        return ""
    if category.startswith("Z"):
        return "\xa0" if letter in "\xa0\u202f" else " "
    if ord(letter) in drawable:
        return letter
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if ord(part) in drawable)
    return plain or MISSING
