"""Writes styles as WhatsApp's marks, and defuses literal marks in texts.

`*bold*`, `_italic_`, `~struck~` and ```` ```code``` ```` work at the edge of words, within one line.
A literal mark in such a place is replaced by a look-alike; inside words (`nama_berkas`, URLs) marks do nothing and stay.
"""

import re
from collections.abc import Iterable

from pendopo.model import TextRun

_ALIKE = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼"})
_FREE = re.compile(r"\A[*_~]+|(?<!\w)[*_~]+(?=\S)|(?<=\S)[*_~]+(?!\w)|[*_~]+\Z")


def format_runs(spans: Iterable[TextRun]) -> str:
    """The text with its styles as WhatsApp's marks."""
    return "".join(_format_run(span) for span in spans)


def defuse_marks(text: str) -> str:
    """The same text without any effective mark."""
    # Backticks make code of anything between two of them, even inside words.
    return _FREE.sub(lambda found: found[0].translate(_ALIKE), text.replace("`", "ˋ"))


def _format_run(span: TextRun) -> str:
    text = defuse_marks(span.text)
    if span.code:
        text = _wrap_text(text, "```", "```")
    elif span.bold or span.italic:
        opening = "*" * span.bold + "_" * span.italic
        text = "\n".join(_wrap_text(line, opening, opening[::-1]) for line in text.split("\n"))
    return f"{text} ({span.url})" if span.url and span.url != span.text else text


def _wrap_text(text: str, opening: str, closing: str) -> str:
    """Marks work only if they touch the words, so spaces at the edges stay outside."""
    inner = text.strip()
    if not inner:
        return text
    start = text.index(inner)
    return f"{text[:start]}{opening}{inner}{closing}{text[start + len(inner) :]}"
