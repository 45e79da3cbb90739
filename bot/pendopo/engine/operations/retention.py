"""Removes what has passed its retention: texts of old messages, audit notes, and fields that plugins declare."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import structlog

from pendopo.engine.operations import blob_gc
from pendopo.engine.runtime import Runtime
from pendopo.plugin.plugin import PersonalData
from pendopo.plugin.values import MaintenanceReport
from pendopo.store import Connection
from pendopo.store.personal_data import blank_old_deliveries, blank_old_field, blank_old_inbox
from pendopo.store.queries.audit import AuditEntry, append_entry, erase_notes, find_old_notes, read_head
from pendopo.store.queries.settings import POSTED, set_setting

log = structlog.get_logger(__name__)
BATCH = 2000
"""Rows changed in one transaction, so that other work need not wait for it."""


async def remove_expired(runtime: Runtime) -> dict[str, int]:
    """Removes what has passed its retention; returns the counts by kind. Writes them to the audit log if any."""
    removed: dict[str, int] = {}
    for name, job in _list_jobs(runtime):
        count = BATCH
        while count == BATCH:
            count = await runtime.database.write(job)
            removed[name] = removed.get(name, 0) + count
    removed = {name: count for name, count in removed.items() if count}
    if removed:
        log.info("old words were removed", event_name="retention", **removed)
        entry = AuditEntry("sistem.retensi", "", {"jumlah": removed})
        await runtime.database.write(lambda connection: append_entry(connection, entry, runtime.now_ms()))
    return removed


def _list_jobs(runtime: Runtime) -> Iterator[tuple[str, Callable[[Connection], int]]]:
    if days := runtime.retention.messages:
        before = _compute_cutoff(runtime, timedelta(days=days))
        yield "inbox", partial(blank_old_inbox, before_ms=before, limit=BATCH)
        yield "delivery", partial(blank_old_deliveries, before_ms=before, limit=BATCH)
    if days := runtime.retention.notes:
        oldest = _compute_cutoff(runtime, timedelta(days=days))
        yield "audit_note", lambda c: _erase_old_notes(c, oldest, runtime.now_ms())
    for plugin in runtime.router.plugins.values():
        for personal in plugin.personal:
            for word in (*personal.text_fields, *personal.file_fields):
                keep = _get_retention(runtime, personal, f"{plugin.name}.{word}")
                if keep is not None and personal.since:
                    table, before_then = personal.table, runtime.clock.now() - keep
                    job = partial(
                        blank_old_field, table=table, name=word, since=personal.since, before=before_then, limit=BATCH
                    )
                    yield f"{table.name}.{word}", job


def _compute_cutoff(runtime: Runtime, age: timedelta) -> int:
    return runtime.now_ms() - int(age.total_seconds() * 1000)


def _get_retention(runtime: Runtime, personal: PersonalData, name: str) -> timedelta | None:
    """Returns how long a field is kept: by the configuration, else by its plugin. None: for ever."""
    if name in runtime.retention.fields:
        days = runtime.retention.fields[name]
        return timedelta(days=days) if days else None
    return personal.retention


def _erase_old_notes(connection: Connection, before: int, now: int) -> int:
    if ids := find_old_notes(connection, before, BATCH):
        append_entry(connection, AuditEntry("sistem.retensi", "", {"catatan": erase_notes(connection, ids)}), now)
    return len(ids)


async def run_maintenance(runtime: Runtime) -> MaintenanceReport:
    """Removes what has passed its retention and unnamed files, and reports the head of the audit log."""
    removed = await remove_expired(runtime)
    if swept := await blob_gc.remove_unnamed(runtime):
        removed["file"] = swept
    head = await read_head(runtime.database)
    await runtime.database.write(lambda connection: set_setting(connection, POSTED, str(head)))
    return MaintenanceReport(removed, head.line, head.hash, runtime.find_group(runtime.post_to))
