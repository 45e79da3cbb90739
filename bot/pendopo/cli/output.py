"""The output of verbs: plain columns for people, JSON for machines. Nothing is coloured."""

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

PROBLEM, WRONG_USE = 1, 2
"""Exit codes of every verb besides 0, which is success."""
T = TypeVar("T")
_BIDI = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Classes of the signs that turn the direction of what follows."""


def print_json(value: Any, at_once: bool = False) -> None:
    """Print a value as JSON on one line; `at_once` flushes it, for a reader that waits."""
    print(_escape(msgspec.json.encode(value).decode(), "\\u{:04x}"), flush=at_once)


def print_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print aligned columns under their heads; nothing when there are no rows."""
    if not rows:
        return
    cells = [list(map(str, head)), *([_to_one_line(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _to_one_line(cell: Any) -> str:
    return " ".join(escape_controls(str(cell)).split())


def escape_controls(text: str) -> str:
    """Replace what a terminal would obey instead of showing it (C0, C1, bidi), but for line breaks and tabs."""
    return _escape(text, "\\x{:02x}")


def _escape(text: str, form: str) -> str:
    return text if text.isprintable() else "".join(form.format(ord(sign)) if _is_obeyed(sign) else sign for sign in text)


def _is_obeyed(sign: str) -> bool:
    return sign not in "\n\t" and (unicodedata.category(sign) == "Cc" or unicodedata.bidirectional(sign) in _BIDI)


def format_instant(at_ms: int, zone: ZoneInfo) -> str:
    """Format an instant of the database (milliseconds since 1970) for people; "" for 0."""
    return datetime.fromtimestamp(at_ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S %Z") if at_ms else ""


def truncate_text(text: str, length: int = 60) -> str:
    """Shorten a text to `length` characters on one line."""
    line = _to_one_line(text)
    return line if len(line) <= length else line[: length - 1] + "…"


def make_url(host: str, port: int) -> str:
    """The HTTP URL of a host and port; IPv6 addresses are bracketed."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def show_progress(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield the items, with a progress bar on a terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, total, console=Console(stderr=True), transient=True)
