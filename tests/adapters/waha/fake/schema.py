"""What WAHA takes, by its own OpenAPI description: a strict reading of the few parts of JSON Schema that it uses."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

DESCRIPTION = json.loads((Path(__file__).parent / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS: Mapping[str, Any] = DESCRIPTION["schemas"]
BEYOND = {"mentions"}
"""Fields that the documentation has and the description lacks."""
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict, bool),  # `multipleAnswers` is described as an object and is a boolean
}


class Operation(NamedTuple):
    """One endpoint: its pattern, what it takes, and the status of its success."""

    name: str
    method: str
    pattern: re.Pattern[str]
    query: set[str]
    body: str
    status: int


def operations() -> list[Operation]:
    """All endpoints of the description."""
    found = []
    for name, said in DESCRIPTION["paths"].items():
        method, path = name.split(" ")
        pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))
        found.append(Operation(name, method, pattern, set(said["query"]), said["body"], said["status"]))
    return found


def faults(value: Any, schema: Mapping[str, Any], where: str = "body") -> list[str]:
    """What is wrong with a value."""
    if ref := schema.get("$ref"):
        schema = SCHEMAS[ref.rsplit("/", 1)[1]]
    if "oneOf" in schema:
        tried = [faults(value, each, where) for each in schema["oneOf"]]
        return [] if sum(not each for each in tried) == 1 else [f"{where} is none, or several, of what it may be: {tried}"]
    if value is None and "default" in schema and schema["default"] is None:
        return []
    kind = schema.get("type", "object")
    if not isinstance(value, TYPES[kind]) or (kind == "number" and isinstance(value, bool)):
        return [f"{where} must be {kind}"]
    if isinstance(value, list):
        return [fault for n, each in enumerate(value) for fault in faults(each, schema["items"], f"{where}[{n}]")]
    if isinstance(value, dict):
        return _object(value, schema, where)
    return [f"{where} must be one of {schema['enum']}"] if "enum" in schema and value not in schema["enum"] else []


def _object(value: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    found += [f"{where}.{name} should not exist" for name in value if name not in known and name not in BEYOND]
    for name, each in value.items():
        if name in known:
            found += faults(each, known[name], f"{where}.{name}")
    return found
