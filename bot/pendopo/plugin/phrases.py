"""Phrases with their arguments made JSON-able, so that they can wait in the outbox."""

import inspect
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from pendopo.errors import PluginError
from pendopo.model import Album, Contact, Document, Location, Person, Photo, Phrase, Poll, Post, Text, Unit
from pendopo.model.ids import require_zone
from pendopo.plugin.buttons import Button
from pendopo.store import Row
from pendopo.when import Day

PLAIN = (str, int, float, bool, type(None))
NO_WORDS = (Album, Button, Contact, Document, Location, Photo, Poll, Text)
"""What a message carries beside its words: as an argument of a sentence it would be lost without a trace."""


def phrase(key: str, /, **args: Any) -> Phrase:
    """Makes a phrase. `args` may be words, numbers, instants, times as typed, persons, rows or other phrases.

    Raises `PluginError` for what no sentence can show: files, buttons, places, a time without a zone, what was not awaited.
    """
    return Phrase(key, {name: _encode_argument(key, name, value) for name, value in args.items()}) if args else Phrase(key)


def _encode_argument(key: str, name: str, value: Any) -> Any:
    if type(value) in PLAIN:
        return value
    try:
        for each in value if isinstance(value, (list, tuple)) else (value,):
            _refuse_unspeakable(each)
        return encode_value(value)
    except (PluginError, TypeError) as error:
        raise PluginError(f"{name}= of the sentence {key}: {error}") from error


def _refuse_unspeakable(value: Any) -> None:
    """Raises `PluginError` for a value that has no words."""
    kind = type(value).__name__
    if inspect.iscoroutine(value):
        value.close()
        raise PluginError(f"{value.__qualname__}() was not awaited: write `await` before it")
    if isinstance(value, Button):
        raise PluginError("a Button is no word of a sentence: give it as buttons=[…]")
    if isinstance(value, (Photo, Document)):
        raise PluginError(f"a {kind} is no word of a sentence: give it as photo=, document= or file=")
    if isinstance(value, NO_WORDS):
        raise PluginError(f"a {kind} is no word of a sentence: name what of it is to be read")


def encode_value(value: Any, plain: bool = False) -> Any:
    """Makes an argument JSON-able, and unless it is to be `plain` keeps what is needed to show it in the reader's language.

    Raises `PluginError` for a time without a zone, and `TypeError` for what JSON cannot hold.
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, Person):
        return value.called
    if isinstance(value, (Post, Unit)):
        return value.title if isinstance(value, Post) else value.name
    if isinstance(value, (datetime, msgspec.Struct)):
        return _encode_time(value)
    if isinstance(value, Row):
        return {name: encode_value(getattr(value, name), plain) for name in type(value).model_fields}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, Decimal)):
        return str(value) if plain else _encode_figure(value)
    if isinstance(value, Mapping):
        return {name: encode_value(item, plain) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [encode_value(item, plain) for item in value]
    return msgspec.to_builtins(value)


def _encode_figure(value: date | Decimal) -> Any:
    return {"type": "decimal", "value": str(value)} if isinstance(value, Decimal) else msgspec.to_builtins(Day(value))


def _encode_time(value: datetime | msgspec.Struct) -> Any:
    """Makes an instant JSON-able, or a value of several (a time range). Raises `PluginError` for one without a zone."""
    if isinstance(value, datetime):
        return {"type": "datetime", "at": require_zone(value).isoformat()}
    for each in msgspec.structs.astuple(value):
        if isinstance(each, datetime):
            require_zone(each)
    return msgspec.to_builtins(value)
