"""Random updates, valid by the Bot API's own description."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from .fake.schema import ARRAY, description

WORDS: Mapping[str, Sequence[str]] = {
    "status": ("creator", "administrator", "member", "restricted", "left", "kicked"),
    "type": ("private", "group", "supergroup", "channel", "emoji", "custom_emoji", "mention", "text_mention", "bold", "paid"),
}
TEXTS = ("", "/izin@kota_test_bot besok", "halo 😀 @kota_test_bot", "\x00", "a\u202eb", "-1", "x" * 300, "\U0010ffff\u200d")
NUMBERS = (0, 1, -1, 7, 1087968824, 136817688, 777000, -1001234567890, 1776972025, 2**31, 2**52, -(2**52), 7000000001)
DEEPEST = 3


class Dice:
    """Makes updates by chance; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._types = description()["types"]

    def update(self, number: int) -> dict[str, Any]:
        """An update of any kind."""
        fields = [(name, types) for name, types, _ in self._types["Update"]["fields"] if name != "update_id"]
        name, types = self.chance.choice(fields) if self.chance.random() < 0.7 else fields[0]
        return {"update_id": number, name: self.value(types, name, 0)}

    def value(self, types: Sequence[str], name: str, depth: int) -> Any:
        type_ = self.chance.choice(types)
        if type_.startswith(ARRAY):
            inner = [type_.removeprefix(ARRAY)]
            return [self.value(inner, name, depth + 1) for _ in range(self.chance.randint(0, 2 if depth < DEEPEST else 0))]
        if type_ == "String":
            return self.chance.choice(WORDS.get(name, TEXTS))
        if type_ == "Integer":
            return self.chance.choice(NUMBERS)
        if type_ == "Boolean":
            return self.chance.random() < 0.5
        if type_ == "Float":
            return self.chance.choice((0.0, -6.9, 107.6, 1e300, -180.0))
        return self._object(type_, depth)

    def _object(self, type_: str, depth: int) -> Any:
        shape = self._types[type_]
        if "one_of" in shape:
            simple = [each for each in shape["one_of"] if each == "String"] if depth > DEEPEST else []
            return self.value(simple or shape["one_of"], "", depth + 1)
        wanted = max(0.0, 0.2 - depth * 0.07)
        return {
            name: self.value(types, name, depth + 1)
            for name, types, required in shape["fields"]
            if required or self.chance.random() < wanted
        }


def faulty(dice: Dice, value: Any) -> Any:
    """The same with something wrong here and there."""
    if dice.chance.random() < 0.04:
        return dice.chance.choice((None, 1, "x", [], {}, True, 1.5, [None], {"id": None}))
    if isinstance(value, dict):
        return {key: faulty(dice, item) for key, item in value.items() if dice.chance.random() > 0.03}
    return [faulty(dice, item) for item in value] if isinstance(value, list) else value
