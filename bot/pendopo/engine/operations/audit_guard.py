"""Watches the audit log from outside: whether it reaches as far as it did, and whether the database still protects it."""

import asyncio
from pathlib import Path

import structlog

from pendopo.engine.runtime import Runtime
from pendopo.store import Connection
from pendopo.store.audit_heads import append_head, update_record
from pendopo.store.queries.audit import AuditEntry, Head, append_entry, read_head, restore_guards

HEAD_SECONDS = 3600
"""How often the head is written into `audit.head_file`."""
log = structlog.get_logger(__name__)


class AuditGuard:
    """Compares the log with the head that was noted last, and notes the new one."""

    def __init__(self, runtime: Runtime, folder: Path, head_file: str) -> None:
        self._runtime = runtime
        self._folder = folder
        self._head_file = head_file
        self._written_at: float | None = None
        self.lost: list[Head] = []
        """Heads that were seen and are not in the log any more."""

    async def check_start(self) -> None:
        """Say what is missing, make the protections again that are gone, and note the head."""
        self._folder.mkdir(parents=True, exist_ok=True)
        await self.note_head()
        if made := await self._runtime.database.write(self._restore_guards):
            log.error("the protection of the audit log was gone and is made again", event_name="audit_unguarded", made=made)

    async def note_head(self) -> None:
        """Note how far the log reaches now, and say what it lost since the last time."""
        known, self.lost = self.lost, await update_record(self._folder, self._runtime.database)
        for head in self.lost:
            if head not in known:
                log.error("lines of the audit log are missing: pendopo audit verify", event_name="audit_lost", head=str(head))

    async def write_head(self) -> None:
        """Add the head to the file that the settings name, once an hour."""
        now = self._runtime.clock.now().timestamp()
        if not self._head_file or (self._written_at is not None and now - self._written_at < HEAD_SECONDS):
            return
        self._written_at = now
        head = await read_head(self._runtime.database)
        try:
            await asyncio.to_thread(append_head, Path(self._head_file), head)
        except OSError as error:
            log.error("audit.head_file cannot be written", event_name="audit_head_unwritten", error=str(error))

    def _restore_guards(self, connection: Connection) -> list[str]:
        made = restore_guards(connection)
        if made:
            append_entry(connection, AuditEntry("sistem.pelindung", "", {"dibuat": made}), self._runtime.now_ms())
        return made
