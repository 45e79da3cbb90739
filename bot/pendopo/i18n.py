"""Phrases in the reader's language: gettext catalogues, light markup, and values formatted as people write them.

A catalogue is a `.po` file whose msgid is a key (`izin.diterima`) and whose msgstr is the sentence. `{nama}` and `{izin.nomor}`
are arguments; `*tebal*`, `_miring_` and `` `kode` `` are styles. Arguments are never parsed as markup. A sentence missing in a
language is taken from Indonesian, which is always complete (a test holds that).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import structlog

from pendopo import when
from pendopo.errors import PluginError
from pendopo.model import Phrase, TextRun

log = structlog.get_logger(__name__)
SOURCE = "id"
"""The language that is always complete and stands in for the others."""
LOCALES = ("id", "en", "su")
CORE_SENTENCES = Path(__file__).parent / "locale"
"""The folder of the engine's own catalogues."""
_TOKEN = re.compile(r"\{([\w.]+)\}|([*_`])")
"""An argument in braces, or a mark of a style."""
_MARKS: Mapping[str, str] = {"*": "bold", "_": "italic", "`": "code"}
"""The style that each mark turns on and off."""
_WHEN = (
    when.Instant,
    when.Day,
    when.TimeRange,
    when.DateRange,
    when.ApproximateTime,
    when.Duration,
    when.Recurrence,
    when.RelativeTime,
)
_WHEN_TAGS = frozenset(kind.__struct_config__.tag for kind in _WHEN)
"""The `type` of stored values that the time grammar formats."""


_NUMBERED = frozenset("#/-:=@")
"""Signs before the number of something, which is no quantity."""
_OPEN_QUOTE = re.compile(r'(?:msgid|msgstr|msgctxt)\s+(?:[^"].*|"(?:[^"\\]|\\.)*)|"(?:[^"\\]|\\.)*')
"""A line of a catalogue whose text does not begin or end with its quote; what is read of it would be another text."""
_POINTS = str.maketrans(",.", ".,")


class SentencePiece(msgspec.Struct, frozen=True):
    """A piece of a sentence in one style: text, or the path of an argument."""

    text: str
    field: str
    style: TextRun


class Catalogues:
    """All sentences of the installation, by language and key."""

    def __init__(self, zone: ZoneInfo | None = None) -> None:
        self._sentences: dict[str, dict[str, str]] = {locale: {} for locale in LOCALES}
        # Per instance: the cache must not outlive the catalogues, nor mix those of two bots.
        self._get_pieces = lru_cache(maxsize=4096)(self._compile_sentence)
        self.unwritten: set[str] = set()
        """Keys that were to be said though their owner's catalogue lacks them: people read the key instead."""
        self._zone = zone or ZoneInfo("Asia/Jakarta")

    def add_folder(self, folder: Path, owner: str = "") -> None:
        """Adds the catalogues of a folder. A plugin's keys must begin with its name (`owner`), else `PluginError`."""
        for locale in LOCALES:
            path = folder / f"{locale}.po"
            if path.is_file():
                self._add_sentences(locale, read_po(path), owner)

    def _add_sentences(self, locale: str, sentences: Mapping[str, str], owner: str) -> None:
        for key in sentences:
            if owner and not key.startswith(f"{owner}."):
                raise PluginError(f"the catalogue of {owner} holds {key!r}, which does not begin with {owner!r}")
        self._sentences[locale].update(sentences)

    def has_key(self, key: str) -> bool:
        """Tells whether the source language has a sentence for a key."""
        return key in self._sentences[SOURCE]

    def render_runs(self, phrase: Phrase, locale: str = SOURCE) -> list[TextRun]:
        """Renders a sentence in its styles. An unknown key is shown as itself, so that nothing is lost."""
        spans: list[TextRun] = []
        styled: TextRun | None = None
        left_out = False
        for piece in self._get_pieces(phrase.key, locale):
            text = self._format_field(phrase.args, piece, spans, locale) if piece.field else piece.text
            if left_out and (not spans or spans[-1].text[-1].isspace()):
                text = text.removeprefix(" ")  # the spaces around an empty argument become one
            left_out = bool(piece.field) and not text
            if text and piece.style == styled:  # one run: a messenger's marks between two would show
                spans[-1] = msgspec.structs.replace(piece.style, text=spans[-1].text + text)
            elif text:
                styled = piece.style
                spans.append(msgspec.structs.replace(piece.style, text=text))
        return spans

    def render_text(self, phrase: Phrase, locale: str = SOURCE) -> str:
        """Renders a sentence as plain text."""
        return "".join(span.text for span in self.render_runs(phrase, locale))

    def _compile_sentence(self, key: str, locale: str) -> tuple[SentencePiece, ...]:
        sentence = self._sentences.get(locale, {}).get(key) or self._sentences[SOURCE].get(key) or key
        if sentence is key and key.partition(".")[0] in {known.partition(".")[0] for known in self._sentences[SOURCE]}:
            log.warning("a sentence is not written; people read its key", event_name="phrase_missing", key=key)
            self.unwritten.add(key)
        pieces: list[SentencePiece] = []
        style = TextRun("")
        position = 0
        for found in _TOKEN.finditer(sentence) if sentence is not key else ():
            if found.start() > position:
                pieces.append(SentencePiece(sentence[position : found.start()], "", style))
            position = found.end()
            if found[1]:
                pieces.append(SentencePiece("", found[1], style))
            else:
                mark = _MARKS[found[2]]
                style = msgspec.structs.replace(style, **{mark: not getattr(style, mark)})
        if position < len(sentence):
            pieces.append(SentencePiece(sentence[position:], "", style))
        return tuple(pieces)

    def _format_field(self, args: Mapping[str, Any], piece: SentencePiece, before: Sequence[TextRun], locale: str) -> str:
        value = _get_argument(args, piece.field)
        if type(value) is int and (piece.style.code or (before and before[-1].text[-1] in _NUMBERED)):
            return str(value)  # the number of something, which is typed as it is
        return self._format_value(value, locale)

    def _format_value(self, value: Any, locale: str) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return self.render_text(Phrase("umum.ya" if value else "umum.tidak"), locale)
        if isinstance(value, list):
            # Sentences follow one another, plain values are listed.
            between = " " if value and isinstance(value[0], dict) else ", "
            return between.join(self._format_value(item, locale) for item in value)
        if isinstance(value, dict):
            return self._format_tagged(value, locale)
        if isinstance(value, (int, float)):
            return format_number(Decimal(repr(round(value, 6))), locale, of=10_000)
        return "" if value is None else str(value)

    def _format_tagged(self, value: Mapping[str, Any], locale: str) -> str:
        tag = value.get("type")
        if tag == "said":
            return self.render_text(Phrase(value["key"], value.get("args", {})), locale)
        if tag == "datetime":
            return when.describe(when.Instant(datetime.fromisoformat(value["at"]).astimezone(self._zone)), locale)
        if tag == "decimal":
            return format_number(Decimal(value["value"]), locale)
        if tag in _WHEN_TAGS:
            return when.describe(msgspec.convert(value, when.When), locale)
        return str(value.get("name") or value.get("id") or "")


def format_number(value: Decimal, locale: str = SOURCE, of: int = 1000) -> str:
    """Writes a number as readers of a language do; its thousands are parted from `of` on, since a smaller one may be a year."""
    said = f"{value:,f}" if abs(value) >= of else f"{value:f}"
    said = said.rstrip("0").rstrip(".") if said.endswith(".0") else said
    return said if locale == "en" else said.translate(_POINTS)


def _get_argument(args: Mapping[str, Any], path: str) -> Any:
    value: Any = args
    for step in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def read_po(path: Path) -> Mapping[str, str]:
    """Returns the sentences of one file, read again only when it has changed."""
    state = path.stat()
    return _parse_po(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _parse_po(path: Path, changed: int, size: int) -> Mapping[str, str]:
    from babel.messages.pofile import read_po as babel_read

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if _OPEN_QUOTE.fullmatch(line.strip()):
            raise PluginError(f"{'/'.join(path.parts[-3:])}:{number}: a quote is missing: {line.strip()}")
    with path.open("rb") as file:
        catalogue = babel_read(file)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}


def find_fields(sentence: str) -> frozenset[str]:
    """Returns the arguments that a sentence names."""
    return frozenset(found[1] for found in _TOKEN.finditer(sentence) if found[1])


def join_lines(parts: Iterable[Sequence[TextRun]]) -> tuple[TextRun, ...]:
    """Joins sentences, each on a line of its own."""
    spans: list[TextRun] = []
    for part in parts:
        if spans and part:
            spans.append(TextRun("\n"))
        spans.extend(part)
    return tuple(spans)
