"""The audit log is checked and written out; one changed byte is found and named."""

import asyncio
import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from pendopo.cli.bootstrap.databases import open_offline
from pendopo.config import Settings
from pendopo.store.queries.audit import AuditActor, AuditEntry, append_entry

from tests.cli.conftest import Pendopo


@pytest.fixture
def audited(pendopo: Pendopo, place: Path) -> Path:
    """Three lines, as the engine writes them."""
    pendopo("db", "upgrade")

    async def write() -> None:
        async with open_offline(Settings()) as database:
            for number in range(3):
                entry = AuditEntry(action="izin.setujui", object=f"izin/{number}", reason="baik\nsekali", detail={"a": number})
                await database.write(
                    partial(append_entry, entry=entry, now_ms=1764000000000, by=AuditActor(0, "simulator:rina", "", "c1"))
                )

    asyncio.run(write())
    return place


def test_a_whole_chain_shows_its_head(pendopo: Pendopo, audited: Path) -> None:
    said = pendopo("audit", "verify")
    assert said.code == 0
    assert said.out.startswith("3 lines, all whole. Head: ")
    told = json.loads(pendopo("audit", "verify", "--json").out)
    assert (told["ok"], told["rows"]) == (True, 3)
    assert told["head"] in said.out


@pytest.mark.parametrize("change", ["UPDATE audit_note SET body = '{}' WHERE id = 2", "DELETE FROM audit WHERE id = 1"])
def test_a_changed_chain_is_a_problem_and_names_the_line(pendopo: Pendopo, audited: Path, change: str) -> None:
    with closing(sqlite3.connect(audited / "var" / "pendopo.db")) as database, database:
        for name in ("audit_no_delete", "audit_note_no_update"):
            database.execute(f"DROP TRIGGER {name}")
        database.execute(change)
    said = pendopo("audit", "verify")
    assert said.code == 1
    assert said.out.startswith("BROKEN at line 2: ")
    assert json.loads(pendopo("audit", "verify", "--json").out)["ok"] is False


def test_the_log_is_written_a_line_an_entry(pendopo: Pendopo, audited: Path) -> None:
    lines = pendopo("audit", "export").out.splitlines()
    assert lines[0].split("\t") == ["1", "2025-11-24 23:00:00 WIB", "simulator:rina", "izin.setujui", "izin/0", "baik sekali"]
    assert len(lines) == 3
    entries = [json.loads(line) for line in pendopo("audit", "export", "--lines", "json").out.splitlines()]
    assert entries[2]["detail"] == {"a": 2}
    assert entries[1]["previous"] == entries[0]["hash"]
    assert pendopo("audit", "export", "--json").out == pendopo("audit", "export", "--lines", "json").out
