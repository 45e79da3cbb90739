"""Checking the audit log: half a million lines."""

import asyncio
import time
from pathlib import Path

from pendopo.store import Connection, open_database
from pendopo.store.migrate import core_schema, upgrade_schema
from pendopo.store.queries.audit import AuditActor, AuditEntry, append_entry, verify_chain

from tests.benchmarks.figure import Figure

LINES = 500_000
BATCH = 5000


async def _verified(folder: Path, lines: int) -> float:
    """Seconds to check so many lines."""
    database = open_database(f"sqlite:///{folder}/audit.db")
    engine = database.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()

    def fill(connection: Connection) -> None:
        for number in range(min(BATCH, lines)):
            entry = AuditEntry("izin.setujui", f"izin/{number}", {"status": "disetujui"}, "sesuai ketentuan")
            append_entry(connection, entry, number, AuditActor(7, "telegram:1000000001", "Plh. Sekda", "1", "telegram"))

    for _ in range(max(1, lines // BATCH)):
        await database.write(fill)
    begun = time.perf_counter()
    verdict = await verify_chain(database)
    took = time.perf_counter() - begun
    await database.close()
    if (verdict.rows, verdict.broken_at) != (max(lines, min(BATCH, lines)), 0):
        raise RuntimeError(f"the log does not hold: {verdict}")
    return took


def figures(quick: bool, folder: Path) -> list[Figure]:
    """Seconds for half a million lines."""
    lines = 5000 if quick else LINES
    return [Figure("audit log of 500,000 lines verified", asyncio.run(_verified(folder, lines)) * LINES / lines, "s", 10)]
