"""What the Bot API takes: every call is held against its description, field by field."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "bot_api.json"
ARRAY = "Array of "

Given = str | tuple[str, bytes]


class BadRequest(Exception):
    """400, with Telegram's own words."""

    def __init__(self, description: str, status: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.parameters = status, parameters


@cache
def description() -> Mapping[str, Any]:
    """The names, types and requirements of the Bot API's methods and types, as far as they concern us."""
    read: Mapping[str, Any] = json.loads(FILE.read_text())
    return read


def parameters(method: str, fields: Mapping[str, Given]) -> dict[str, Any]:
    """The parameters of a call, of their types. Stricter than Telegram, which overlooks what it does not know."""
    known = {name: (types, required) for name, types, required in description()["methods"][method]}
    attached = {name for name, value in fields.items() if isinstance(value, tuple) and name not in known}
    if unknown := set(fields) - set(known) - attached:
        raise BadRequest(f"Bad Request: {method} has no parameter {sorted(unknown)}")
    read = {name: _read(method, name, fields[name], types) for name, (types, _) in known.items() if name in fields}
    if missing := [name for name, (_, required) in known.items() if required and name not in read]:
        raise BadRequest(f"Bad Request: {method} needs the parameter {missing}")
    return read | {f"attach://{name}": fields[name] for name in attached}


def _read(method: str, name: str, value: Given, types: Sequence[str]) -> Any:
    for type_ in types:
        if isinstance(value, tuple):
            if type_ == "InputFile":
                return value
        elif type_ == "String":
            return value
        elif (type_ == "Integer" and re.fullmatch(r"-?\d+", value)) or type_ == "Float":
            return json.loads(value)
        elif type_ == "Boolean" and value in ("true", "false"):
            return value == "true"
        elif value[:1] in ("{", "["):
            read = json.loads(value)
            if fault_of(read, type_) is None:
                return read
    raise BadRequest(f"Bad Request: {method}: {name} is no {' or '.join(types)}: {str(value)[:200]}")


def fault_of(value: Any, type_: str) -> str | None:
    """What is wrong with a value as one of a type; None when nothing is."""
    if type_.startswith(ARRAY):
        inner = type_.removeprefix(ARRAY)
        if not isinstance(value, list):
            return f"{value!r} is no list"
        return next((fault for item in value if (fault := fault_of(item, inner))), None)
    simple = {"String": str, "Integer": int, "Boolean": bool, "Float": int | float}
    if type_ in simple:
        right = isinstance(value, simple[type_]) and (type_ == "Boolean" or not isinstance(value, bool))
        return None if right else f"{value!r} is no {type_}"
    return _object_fault(value, type_)


def _object_fault(value: Any, type_: str) -> str | None:
    shape = description()["types"][type_]
    if "one_of" in shape:
        faults = [fault_of(value, each) for each in shape["one_of"]]
        return None if None in faults else f"{value!r} is no {type_}"
    if not isinstance(value, dict):
        return f"{value!r} is no {type_}"
    fields = {name: (types, required) for name, types, required in shape["fields"]}
    if unknown := set(value) - set(fields):
        return f"{type_} has no {sorted(unknown)}"
    for name, (types, required) in fields.items():
        if name not in value:
            if required:
                return f"{type_} needs {name}"
        elif all(fault_of(value[name], each) for each in types):
            return f"{type_}.{name}: {value[name]!r} is no {types}"
    return None
