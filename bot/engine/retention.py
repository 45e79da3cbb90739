"""What need not be kept any longer goes: the words of old messages, of old audit notes, and of the fields plugins declare."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa
import structlog

from bot.model import Text
from bot.plugin.personal import Personal
from bot.store import Connection
from bot.store.audit import ERASING, Entry, append, erase_notes
from bot.store.delivery import encode

from .core import Core

log = structlog.get_logger(__name__)
BATCH = 2000
"""So many rows go in one transaction, so that nobody waits for it."""
NOTHING_SAID = encode(Text()).decode()
_INBOX = "UPDATE inbox SET body = ? WHERE id IN (SELECT id FROM inbox WHERE {where} ORDER BY id LIMIT ?) RETURNING id"
_OUTBOX = "UPDATE delivery SET content = ? WHERE id IN (SELECT id FROM delivery WHERE {where} ORDER BY id LIMIT ?) RETURNING id"
_NOTES = """SELECT a.id FROM audit_note n JOIN audit a ON a.id = n.id
WHERE a.at < ? AND a.action NOT IN ({skip}) ORDER BY a.id LIMIT ?"""


async def run(core: Core) -> dict[str, int]:
    """Remove what is older than it may be; returns how much of what. Reported in the audit log when it is anything."""
    removed: dict[str, int] = {}
    for name, job in _jobs(core):
        count = BATCH
        while count == BATCH:
            count = await core.database.write(job)
            removed[name] = removed.get(name, 0) + count
    removed = {name: count for name, count in removed.items() if count}
    if removed:
        log.info("old words were removed", event_name="retention", **removed)
        entry = Entry("sistem.retensi", "", {"jumlah": removed})
        await core.database.write(lambda connection: append(connection, entry, core.now_ms()))
    return removed


def _jobs(core: Core) -> Iterator[tuple[str, Callable[[Connection], int]]]:
    if days := core.retention.messages:
        before = _before(core, timedelta(days=days))
        yield "inbox", lambda c: _blank(c, _INBOX, "state <> 'open' AND received_at < ? AND length(body) > 0", before, b"")
        where = f"state IN ('sent', 'dead') AND created_at < ? AND content <> '{NOTHING_SAID}'"
        yield "delivery", lambda c: _blank(c, _OUTBOX, where, before, NOTHING_SAID)
    if days := core.retention.notes:
        oldest = _before(core, timedelta(days=days))
        yield "audit_note", lambda c: _erase_old_notes(c, oldest, core.now_ms())
    for plugin in core.router.plugins.values():
        for personal in plugin.personal:
            for word in (*personal.words, *personal.files):
                keep = _keep(core, personal, f"{plugin.name}.{word}")
                if keep is not None and personal.since:
                    job = partial(_blank_field, personal=personal, word=word, before=core.clock.now() - keep)
                    yield f"{personal.table.name}.{word}", job


def _before(core: Core, age: timedelta) -> int:
    return core.now_ms() - int(age.total_seconds() * 1000)


def _keep(core: Core, personal: Personal, name: str) -> timedelta | None:
    """How long a field is kept: as the configuration says, else as its plugin does. None: for ever."""
    if name in core.retention.fields:
        days = core.retention.fields[name]
        return timedelta(days=days) if days else None
    return personal.keep


def _blank(connection: Connection, sql: str, where: str, before: int, empty: object) -> int:
    return len(connection.execute(sql.format(where=where), (empty, before, BATCH)))


def _erase_old_notes(connection: Connection, before: int, now: int) -> int:
    skip = ", ".join(f"'{action}'" for action in sorted(ERASING))
    ids = [row[0] for row in connection.execute(_NOTES.format(skip=skip), (before, BATCH))]
    if ids:
        append(connection, Entry("sistem.retensi", "", {"catatan": erase_notes(connection, ids)}), now)
    return len(ids)


def _blank_field(connection: Connection, personal: Personal, word: str, before: datetime) -> int:
    table, column = personal.table, personal.table.c[word]
    instant = before.astimezone(UTC)
    old = sa.select(table.c.id).where(table.c[personal.since] < instant, *_filled(column)).limit(BATCH)
    values = {word: blank(column), "version": table.c.version + 1}
    return int(connection.alchemy.execute(sa.update(table).where(table.c.id.in_(old)).values(values)).rowcount)


def _filled(column: "sa.Column[object]") -> Iterator["sa.ColumnElement[bool]"]:
    yield column.is_not(None)
    if not column.nullable:
        yield column != blank(column)


def blank(column: "sa.Column[object]") -> object:
    """What stands in a field whose words are gone."""
    if column.nullable:
        return None
    kind = getattr(column.type, "impl", column.type)  # a type of SQLModel's own says nothing of what it holds
    return kind.python_type()
