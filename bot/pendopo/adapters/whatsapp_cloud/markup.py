"""Writes styles as WhatsApp's marks, which texts cannot forge. Lengths are in UTF-16 units.

WhatsApp has no escape character. A mark opens only if no letter precedes it and closes only if none follows, so a word joiner
(zero-width, not a space) on both sides of a mark leaves it visible but without effect.
"""

import bisect
import re
from collections.abc import Sequence

import msgspec

from pendopo.model import TextRun

JOINER = "\u2060"
_URL = re.compile(r"(https?://\S+)")
_MARK = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
_QUOTE = re.compile(r"^>(?=\s)", re.MULTILINE)
_LINE = re.compile(r"(\n)")


def count_units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def clip_text(text: str, limit: int) -> str:
    """The text, cut at its end if it is longer than `limit` UTF-16 units."""
    if count_units(text) <= limit:
        return text
    return text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + "…"


def defuse_marks(text: str) -> str:
    """The text with all marks defused. URLs stay unchanged, since a joiner would break the link."""
    pieces = _URL.split(text)
    return "".join(piece if number % 2 else _defuse_piece(piece) for number, piece in enumerate(pieces))


def _defuse_piece(text: str) -> str:
    text = _MARK.sub(lambda mark: f"{JOINER}{mark[0]}{JOINER}", text)
    return _QUOTE.sub(f"{JOINER}>", text)


def format_runs(spans: Sequence[TextRun]) -> str:
    """The text with its styles as WhatsApp's marks."""
    before, pieces = "", []
    for number, span in enumerate(spans):
        after = spans[number + 1].text[:1] if number + 1 < len(spans) else ""
        pieces.append(_format_run(span, before, after))
        before = span.text[-1:] or before
    return "".join(pieces)


def _format_run(span: TextRun, before: str, after: str) -> str:
    text = span.text
    if span.url and span.url != text:
        return f"{defuse_marks(text)} ({span.url})"
    # WhatsApp ignores a mark inside a word and would show it literally.
    if not (span.bold or span.italic or span.code) or (before.isalnum() and text[:1].isalnum()):
        return defuse_marks(text)
    if after.isalnum() and text[-1:].isalnum():
        return defuse_marks(text)
    return "".join(piece if piece == "\n" else _wrap_line(piece, span) for piece in _LINE.split(text))


def _wrap_line(line: str, span: TextRun) -> str:
    """One line with its marks: they do not span lines, nor work next to a space."""
    inner = line.strip()
    if not inner:
        return line
    start = line.index(inner)
    if span.code:
        words = "`" + inner.replace("`", "'") + "`"
    else:
        words = defuse_marks(inner)
        words = f"_{words}_" if span.italic else words
        words = f"*{words}*" if span.bold else words
    return line[:start] + words + line[start + len(inner) :]


def split_runs(spans: Sequence[TextRun], limit: int, last: int) -> list[str]:
    """The text in messages of at most `limit`, the last of at most `last`, since buttons belong under the end of the text."""
    whole = format_runs(spans)
    if count_units(whole) <= last:
        return [whole]
    text = "".join(span.text for span in spans)
    at = _find_cut(spans, text, last)
    head, tail = _slice_runs(spans, 0, at), format_runs(_slice_runs(spans, at, len(text)))
    return [*(piece.rstrip() for piece in split_runs(head, limit, limit)), tail.lstrip()]


def _find_cut(spans: Sequence[TextRun], text: str, last: int) -> int:
    """The start of the last message: at a line, else at a word, else anywhere; as early as fits."""

    def fits(at: int) -> bool:
        return count_units(text[at:]) <= last and count_units(format_runs(_slice_runs(spans, at, len(text)))) <= last

    for mark in ("\n", " "):
        places = [found.end() for found in re.finditer(mark, text) if found.end() < len(text)]
        # A shorter end fits better, so bisection finds the first place that fits.
        found = bisect.bisect_left(places, True, key=fits)
        if found < len(places) and fits(places[found]):
            return places[found]
    at = max(1, len(text) - last // 4)  # one endless word: a quarter leaves room for marks and joiners
    while at < len(text) - 1 and not fits(at):
        at += 1
    return at


def _slice_runs(spans: Sequence[TextRun], start: int, stop: int) -> list[TextRun]:
    found, at = [], 0
    for span in spans:
        text = span.text[max(0, start - at) : max(0, stop - at)]
        at += len(span.text)
        if text:
            found.append(msgspec.structs.replace(span, text=text))
    return found
