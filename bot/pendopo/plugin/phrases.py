"""Phrases with their arguments made JSON-able, so that they can wait in the outbox."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from pendopo.model import Person, Phrase, Post, Unit
from pendopo.store import Row

PLAIN = (str, int, float, bool, type(None))


def phrase(key: str, **args: Any) -> Phrase:
    """Makes a phrase. `args` may be words, numbers, instants, times as typed, persons, rows or other phrases."""
    return Phrase(key, {name: encode_value(value) for name, value in args.items()}) if args else Phrase(key)


def encode_value(value: Any) -> Any:
    """Makes an argument JSON-able, and keeps what is needed to show it in the reader's language."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, Person):
        return value.called
    if isinstance(value, (Post, Unit)):
        return value.title if isinstance(value, Post) else value.name
    if isinstance(value, datetime):
        return {"type": "datetime", "at": value.isoformat()}
    if isinstance(value, Row):
        return {name: encode_value(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, Decimal)):
        return str(value)
    if isinstance(value, Mapping):
        return {name: encode_value(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [encode_value(item) for item in value]
    return msgspec.to_builtins(value)
