"""Styles as WhatsApp's own marks, which people's words cannot forge. Lengths are in UTF-16 units.

WhatsApp has no escape character. A mark opens only where no letter stands before it and closes only where none follows, so
a word joiner (zero-width, and no space) on both sides of a mark leaves it visible and powerless.
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
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def clip_text(text: str, limit: int) -> str:
    """The text, cut at its end where it is too long."""
    if count_units(text) <= limit:
        return text
    return text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + "…"


def defuse_marks(text: str) -> str:
    """Words as they are, with every mark in them made powerless. Addresses are left whole: a broken link helps nobody."""
    pieces = _URL.split(text)
    return "".join(piece if at % 2 else _defuse_piece(piece) for at, piece in enumerate(pieces))


def _defuse_piece(text: str) -> str:
    text = _MARK.sub(lambda mark: f"{JOINER}{mark[0]}{JOINER}", text)
    return _QUOTE.sub(f"{JOINER}>", text)


def format_runs(spans: Sequence[TextRun]) -> str:
    """The words with their marks."""
    before, said = "", []
    for number, span in enumerate(spans):
        after = spans[number + 1].text[:1] if number + 1 < len(spans) else ""
        said.append(_format_run(span, before, after))
        before = span.text[-1:] or before
    return "".join(said)


def _format_run(span: TextRun, before: str, after: str) -> str:
    text = span.text
    if span.url and span.url != text:
        return f"{defuse_marks(text)} ({span.url})"
    # A mark inside a word is not read as one by WhatsApp: it would only be seen.
    if not (span.bold or span.italic or span.code) or (before.isalnum() and text[:1].isalnum()):
        return defuse_marks(text)
    if after.isalnum() and text[-1:].isalnum():
        return defuse_marks(text)
    return "".join(piece if piece == "\n" else _wrap_line(piece, span) for piece in _LINE.split(text))


def _wrap_line(line: str, span: TextRun) -> str:
    """One line between its marks: they do not reach over lines, nor begin or end at a space."""
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
    """The words in messages of at most `limit`, the last of at most `last`: what stands under it must stand with its end."""
    whole = format_runs(spans)
    if count_units(whole) <= last:
        return [whole]
    text = "".join(span.text for span in spans)
    at = _find_cut(spans, text, last)
    head, tail = _slice_runs(spans, 0, at), format_runs(_slice_runs(spans, at, len(text)))
    return [*(piece.rstrip() for piece in split_runs(head, limit, limit)), tail.lstrip()]


def _find_cut(spans: Sequence[TextRun], text: str, last: int) -> int:
    """Where the last message begins: at a line, else at a word, else anywhere; as early as fits."""

    def fits(at: int) -> bool:
        return count_units(text[at:]) <= last and count_units(format_runs(_slice_runs(spans, at, len(text)))) <= last

    for mark in ("\n", " "):
        places = [found.end() for found in re.finditer(mark, text) if found.end() < len(text)]
        # The shorter the end, the better it fits: a few looks find the first place that does.
        found = bisect.bisect_left(places, True, key=fits)
        if found < len(places) and fits(places[found]):
            return places[found]
    at = max(1, len(text) - last // 4)  # a word without an end: a quarter has room for whatever stands around it
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
