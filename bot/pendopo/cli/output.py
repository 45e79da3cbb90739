"""How verbs answer: for people in plain columns, for machines in JSON. Nothing is coloured."""

import difflib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

PROBLEM, WRONG_USE = 1, 2
"""Exit codes of every verb; 0 is fine."""
T = TypeVar("T")


def print_json(value: Any, at_once: bool = False) -> None:
    """One JSON value on one line; `at_once`: somebody waits for it."""
    print(msgspec.json.encode(value).decode(), flush=at_once)


def print_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Columns as wide as they must be; nothing at all when there are no rows."""
    if not rows:
        return
    cells = [list(map(str, head)), *([_to_one_line(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _to_one_line(cell: Any) -> str:
    return " ".join(str(cell).split())


def format_instant(at_ms: int, zone: ZoneInfo) -> str:
    """An instant as the database holds it, for people; nothing for none."""
    return datetime.fromtimestamp(at_ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S %Z") if at_ms else ""


def truncate_text(text: str, length: int = 60) -> str:
    """The beginning of a text, on one line."""
    line = _to_one_line(text)
    return line if len(line) <= length else line[: length - 1] + "…"


def make_url(host: str, port: int) -> str:
    """The address of what listens there."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def is_terminal(stream: Any = None) -> bool:
    """Whether a person looks on, so that a bar may move."""
    return (stream or sys.stderr).isatty() and os.environ.get("TERM") != "dumb"


def show_progress(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """The items, with a bar beside them in a terminal."""
    if not is_terminal():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, total, console=Console(stderr=True), transient=True)


def suggest_nearest(word: str, known: Sequence[str]) -> str:
    """A question about the nearest known word, or nothing."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
