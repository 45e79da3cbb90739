"""What is dangerous in any text is taken away where it comes in, and what a file name may not hold where it goes out."""

import mimetypes
import re
from typing import TypeVar, cast

import msgspec

T = TypeVar("T")
_BLANKS = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
"""Control characters that part words."""
_DANGEROUS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Other control characters, overrides and isolates of the direction, and halves of characters."""
_NAMES = frozenset(
    ("adapter", "album", "alias", "aliases", "continues", "id", "key", "message", "raw", "ref", "reply_to", "token", "topic")
)
"""Fields by which a messenger knows things: they are never shown, and stay as they came."""
_MARKS = re.compile(r'[\r\n\t<>:"|?*\u061c\u200b-\u200f\u2028\u2029\ufeff]')
LONGEST_NAME = 150
"""Characters of a file name; its ending stays."""


def strip_dangerous(text: str) -> str:
    """Returns a text without control characters (but line breaks and tabs), directional overrides and lone surrogates."""
    return _DANGEROUS.sub("", _BLANKS.sub(" ", text))


def clean_texts(value: T) -> T:
    """Returns a value (a text, or a struct or tuple with texts) whose texts hold nothing dangerous."""
    return cast(T, _clean(value))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return strip_dangerous(value)
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    if not isinstance(value, msgspec.Struct):
        return value
    fields = {name: getattr(value, name) for name in value.__struct_fields__ if name not in _NAMES}
    changed = {name: new for name, old in fields.items() if (new := _clean(old)) != old}
    return msgspec.structs.replace(value, **changed) if changed else value


def clean_file_name(name: str, mime: str = "") -> str:
    """Returns a file name without path, control characters and marks of direction, with an ending that fits its type."""
    plain = _MARKS.sub(" ", strip_dangerous(name)).replace("\\", "/").rstrip("/ .").rpartition("/")[2]
    plain = " ".join(plain.split()).lstrip(".") or "berkas"
    if not _fits(plain, mime):
        plain += mimetypes.guess_extension(mime) or ""
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else plain[:LONGEST_NAME]


def _fits(name: str, mime: str) -> bool:
    """Whether a name's ending is of the same family as its type; types that say little fit any."""
    family = mime.partition("/")[0]
    if family not in ("image", "audio", "video") and mime != "application/pdf":
        return True
    meant = mimetypes.guess_type(name)[0] or ""
    return meant == mime or (family != "application" and meant.partition("/")[0] == family)
