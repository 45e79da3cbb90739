"""Removes stored files that no row names any more: of failed handlers, erased people and deleted things.

Any text in the database that names a file keeps it, also in tables of plugins that are switched off.
"""

import asyncio
import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator
from datetime import timedelta

import structlog

from pendopo.engine.runtime import Runtime
from pendopo.store.queries.audit import AuditEntry, append_entry
from pendopo.store.transfer.table_inventory import read_texts

log = structlog.get_logger(__name__)
GRACE = timedelta(days=2)
"""How long a file may stay unnamed: its handler may still run, or be retried."""
KEEPING = {"delivery": ("content",), "dialog": ("state",), "button": ("args",), "reminder": ("args",)}
"""Columns of the engine's tables that name files. The inbox and the audit log keep none."""
BATCH = 500
"""Names in one line of the audit log, and rows read at a time."""
_NAME = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
"""A SHA-256 in hexadecimal, and not a part of a longer number."""


class FileNames:
    """A set of file names, by the first eight bytes of each: a million of them take eight megabytes."""

    def __init__(self, names: Iterator[str]) -> None:
        self._numbers = array("Q", sorted(array("Q", (int(name[:16], 16) for name in names))))

    def __contains__(self, name: str) -> bool:
        number = int(name[:16], 16)
        at = bisect_left(self._numbers, number)
        return at < len(self._numbers) and self._numbers[at] == number


async def find_named(runtime: Runtime, only: Collection[str] = ()) -> FileNames:
    """Finds all files that some text names; with `only`, just those of them."""
    wanted = frozenset(only)

    def read() -> FileNames:
        with runtime.database.open_engine() as engine, engine.connect() as connection:
            names = (name for text in read_texts(connection, KEEPING, BATCH) for name in _NAME.findall(text))
            return FileNames(name for name in names if not wanted or name in wanted)

    return await asyncio.to_thread(read)


async def remove_unnamed(runtime: Runtime) -> int:
    """Removes files that nothing has named for two days; returns how many. The audit log lists them."""
    mark = runtime.blobs.get_mark()
    names = await find_named(runtime)
    gone = await runtime.blobs.sweep_unnamed(runtime.clock.now() - GRACE, names.__contains__, mark)
    if gone:
        log.info("files nobody names were removed", event_name="swept", count=len(gone), bytes=sum(kept.size for kept in gone))
        for at in range(0, len(gone), BATCH):
            hashes = [kept.sha256 for kept in gone[at : at + BATCH]]
            entry = AuditEntry("sistem.sapu_berkas", "", {"jumlah": len(hashes), "sidik": hashes})
            await runtime.database.write(lambda connection, entry=entry: append_entry(connection, entry, runtime.now_ms()))  # type: ignore[misc]
    return len(gone)


async def discard_files(runtime: Runtime, names: Collection[str]) -> int:
    """Removes these files unless something still names them; returns how many were removed."""
    if not names:
        return 0
    mark = runtime.blobs.get_mark()
    kept = await find_named(runtime, names)
    return len(await runtime.blobs.remove_blobs([name for name in names if name not in kept], mark))


def names_in(text: object) -> list[str]:
    """Returns the names of files in a text."""
    return _NAME.findall(str(text)) if text else []
