"""Exports or erases all data about one person. The audit log keeps what was done, without the words."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from pendopo.directory.import_file import deactivate_person
from pendopo.engine.operations import blob_gc
from pendopo.engine.outbound.render import render
from pendopo.engine.runtime import Runtime
from pendopo.model import Capabilities, Content, Person, Text
from pendopo.model.ids import from_ms
from pendopo.plugin.plugin import PersonalData
from pendopo.store import Connection, personal_data
from pendopo.store.queries import audit
from pendopo.store.queries.settings import bump_revision

INSTANTS = frozenset(("at", "since", "until", "linked_at", "seen_at", "created_at", "sent_at", "received_at", "due_at"))
WORDS = Capabilities(photo=False, document=False, location=False, contact=False, text=1_000_000)
_decode_content = msgspec.json.Decoder(Content).decode
SHORTEST = 4
"""Shorter words identify no one, and stand in too many messages."""


async def export_person(runtime: Runtime, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Returns everything held about a person, by what it is: rows by column, JSON-able; words as read, times in full."""
    locale = person.locale or runtime.locale
    held = await personal_data.read_held(runtime.database, person.id)
    found = {
        name: [{key: _explain(runtime, key, row[key], locale) for key in row} for row in rows] for name, rows in held.items()
    }
    for plugin in runtime.router.plugins.values():
        for personal in plugin.personal:
            table = personal.table
            names = [column.name for column in table.columns]
            rows = await personal_data.read_rows(runtime.database, table, personal.subject, person.id, names)
            found[table.name] = [dict(zip(names, map(_decode_value, row), strict=True)) for row in rows]
    return found


def _explain(runtime: Runtime, column: str, value: Any, locale: str) -> Any:
    """A value of the core as a reader understands it; what a messenger delivered is what it delivered."""
    if column in INSTANTS:
        return from_ms(value).astimezone(runtime.zone).isoformat(" ", "seconds") if value else None
    if column == "content":
        parts = render(_decode_content(value), WORDS, locale, runtime.catalogues).parts
        return "".join(part.plain for part in parts if isinstance(part, Text))
    if column in ("body", "args") and value:
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(value)
    return _decode_value(value)


def _decode_value(value: Any) -> Any:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else value


async def list_person_files(runtime: Runtime, person: Person) -> list[str]:
    """Returns the stored files that rows about a person name."""
    files: dict[str, None] = {}
    for plugin in runtime.router.plugins.values():
        for held in (held for held in plugin.personal if held.file_fields):
            for row in await personal_data.read_rows(runtime.database, held.table, held.subject, person.id, held.file_fields):
                files |= dict.fromkeys(name for value in row for name in blob_gc.names_in(value))
    return list(files)


async def erase_person(runtime: Runtime, person: Person) -> dict[str, int]:
    """Erases the words about a person everywhere and ends their access; returns the number of rows by table."""
    files = await list_person_files(runtime, person)
    now = runtime.now_ms()
    doubtful = (alias for alias, who in runtime.people.unconfirmed.items() if who == person.id)
    aliases = [*runtime.people.accounts_of(person), *doubtful]
    personal = [held for plugin in runtime.router.plugins.values() for held in plugin.personal]

    def job(connection: Connection) -> dict[str, int]:
        deactivate_person(connection, person.id, now)
        words = {person.name, *(value for held in personal for value in _collect_words(connection, held, person.id))}
        touched = {
            held.table.name: _erase_rows(connection, held, person.id)
            for held in personal
            if held.text_fields or held.file_fields
        }
        touched["delivery"], touched["inbox"] = personal_data.erase_messages(connection, person.id, aliases)
        touched["delivery"] += personal_data.erase_mentions(connection, [*words, *files])
        personal_data.erase_places(connection, person.id)
        personal_data.erase_identity(connection, person.id, aliases)
        notes = audit.erase_notes(connection, audit.find_notes_of(connection, person.id))
        touched["audit_note"] = sum(last - first + 1 for first, last in notes)
        audit.append_entry(
            connection, audit.AuditEntry("data.hapus", f"person/{person.id}", {"jumlah": touched, "catatan": notes}), now
        )
        bump_revision(connection)
        return touched

    touched = await runtime.database.write(job, alone=True)
    await runtime.directory.load(runtime.clock.now())
    touched["file"] = await blob_gc.discard_files(runtime, files)
    return touched


def _erase_rows(connection: Connection, held: PersonalData, person: int) -> int:
    return personal_data.blank_rows(connection, held.table, held.subject, person, (*held.text_fields, *held.file_fields))


def _collect_words(connection: Connection, held: PersonalData, person: int) -> Sequence[str]:
    """Returns the texts about to be erased from a person's rows, to be found in messages to others too."""
    values = personal_data.get_values(connection, held.table, held.subject, person, held.text_fields)
    return [value for value in values if isinstance(value, str) and len(value) >= SHORTEST]
