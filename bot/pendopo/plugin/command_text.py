"""Parses commands as people type them: any case, `/cmd@bot`, full-width or autocorrected slashes, in text or caption."""

import re
from typing import NamedTuple

# Keyboards and autocorrection turn "/" into these; an invisible mark may stand before it when the text was pasted.
SLASHES = "/／⁄∕"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u2066\u2067\u2068\u2069"
QUOTES = str.maketrans("“”„‟«»‘’‚‛", '""""""\'\'\'\'')
_MARKS = re.escape("*_~`\"'“”„«»‘’(")
_END = rf"(?:[{INVISIBLE}]*\s+|[{INVISIBLE}]+|$|[,:;]\s*)"
_COMMAND = re.compile(rf"[\s{INVISIBLE}]*[{SLASHES}]([^\W_]\w*)(?:@(\w+))?{_END}", re.UNICODE)
_LOOSE = re.compile(
    rf"[\s{INVISIBLE}{_MARKS}]*(?:\d{{1,2}}[.)]\s*)?[{_MARKS}]*[{SLASHES}]\s*([^\W_]\w*)(?:@(\w+))?[{_MARKS}]*[.!]*{_END}",
    re.UNICODE,
)
_FIRST = re.compile(rf"[\s.{_MARKS}]*([^\W_]\w*)[{_MARKS}]*(?:[,:;.!]*(?:[\s{INVISIBLE}]+|$)|[,:;])", re.UNICODE)


LONGEST_START = 200
"""Characters at the start of a text in which a command is looked for behind marks."""


class TypedCommand(NamedTuple):
    """A command word in lower case, the bot it names (or ""), and the text after it with plain quotes."""

    word: str
    bot: str
    rest: str


def parse_command(text: str, loose: bool = False) -> TypedCommand | None:
    """Returns the command at the start of a text, or None.

    `loose` looks past styles, quotes and a number before it and a blank in it, as in texts copied from a list or a manual.
    """
    # Nearly all chatter ends here, without the cost of a pattern.
    if not text or not (loose or text[0] in SLASHES or text[0].isspace() or text[0] in INVISIBLE):
        return None
    match = _COMMAND.match(text) or (_LOOSE.match(text[:LONGEST_START]) if loose else None)
    if match is None:
        return None
    return TypedCommand(match[1].lower(), (match[2] or "").lower(), _normalize_text(text[match.end() :]))


def _normalize_text(text: str) -> str:
    return (text if text.isascii() else text.translate(QUOTES)).strip()


def parse_first_word(text: str) -> TypedCommand | None:
    """Returns the first word of a text as a command: in a private chat the slash may be left out."""
    match = _FIRST.match(text)
    return TypedCommand(match[1].lower(), "", _normalize_text(text[match.end() :])) if match else None
