"""Differences between two directory files: the entries that are added, removed and changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pendopo.directory.file import DirectoryFile

KEYS: Mapping[str, Sequence[str]] = {
    "unit": ("code",),
    "post": ("code",),
    "person": ("name",),
    "term": ("person", "post", "since"),
    "mandate": ("kind", "post", "person", "since"),
    "forum": ("name",),
}
"""The fields that identify an entry of each kind."""


def list_differences(before: DirectoryFile, after: DirectoryFile) -> Iterator[tuple[str, str, str, str]]:
    """Each change as (new | gone | changed, the kind of entry, its name, the fields that differ)."""
    for kind in KEYS:
        old, new = _index_by_name(before, kind), _index_by_name(after, kind)
        yield from (("gone", kind, name, "") for name in old if name not in new)
        for name, entry in new.items():
            if name not in old:
                yield "new", kind, name, ""
            elif what := ", ".join(_list_changes(old[name], entry)):
                yield "changed", kind, name, what


def _index_by_name(file: DirectoryFile, kind: str) -> dict[str, dict[str, Any]]:
    entries = [msgspec.structs.asdict(entry) for entry in getattr(file, kind)]
    for entry in entries:
        # One file may name a person by NIP and the other by name.
        person = file.find_entry(entry["person"]) if "person" in entry else None
        if person is not None:
            entry["person"] = person.nip or person.name
    return {_entry_name(kind, entry): entry for entry in entries}


def _entry_name(kind: str, entry: Mapping[str, Any]) -> str:
    if kind == "person" and entry["nip"]:
        return str(entry["nip"])  # the NIP identifies a person even when the name changes
    return " ".join(str(entry[key]) for key in KEYS[kind] if entry[key])


def _list_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for field, value in new.items():
        if sorted(map(str, value)) != sorted(map(str, old[field])) if isinstance(value, list) else value != old[field]:
            yield f"{field}: {_format_value(old[field])} → {_format_value(value)}"


def _format_value(value: Any) -> str:
    return ", ".join(map(str, value)) or "–" if isinstance(value, list) else str(value or "–")
