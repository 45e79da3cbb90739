"""The audit log is checked and written out; one changed byte is found and named."""

import asyncio
import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from pendopo.cli.bootstrap.composition import compose_bot
from pendopo.cli.bootstrap.databases import open_offline
from pendopo.config import Settings, load_settings
from pendopo.engine.operations import audit_guard
from pendopo.store import open_database
from pendopo.store.queries.audit import AuditActor, AuditEntry, append_entry, list_missing_guards, restore_guards

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


def tamper(place: Path, *statements: str, unguarded: bool = True) -> None:
    """Change the log as somebody does who may write into the database."""
    with closing(sqlite3.connect(place / "var" / "pendopo.db")) as database, database:
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)
        if not unguarded:
            for _, sql in guards:
                database.execute(sql)


CUT = "DELETE FROM audit WHERE id > 1"
TAIL = {
    "cut": [CUT, "DELETE FROM audit_note WHERE id > 1"],
    "all": ["DELETE FROM audit_note", "DELETE FROM audit"],
}


@pytest.mark.parametrize("unguarded", [True, False])
@pytest.mark.parametrize("how", ["cut", "all"])
def test_a_log_that_lost_its_end_is_not_whole(pendopo: Pendopo, audited: Path, how: str, unguarded: bool) -> None:
    head = json.loads(pendopo("audit", "verify", "--json").out)
    run_bot()
    tamper(audited, *TAIL[how], unguarded=unguarded)
    lines = {"cut": 2, "all": 3}[how]
    for words in (["audit", "verify"], ["audit", "verify", "--head", f"{head['line']}:{head['head']}"]):
        said = pendopo(*words)
        assert (said.code, f"BROKEN: line 3 ({head['head'][:12]})" in said.out) == (1, True), said
        assert f"is missing, and {lines} lines with it" in said.out
    assert "WRONG audit log" in pendopo("doctor").out
    assert [each["event_name"] for each in run_bot()][:1] == ["audit_lost"]
    assert pendopo("audit", "verify").code == 1  # a start does not make it whole


def test_a_given_head_is_compared_and_a_wrong_one_is_refused(pendopo: Pendopo, audited: Path) -> None:
    head = json.loads(pendopo("audit", "verify", "--json").out)["head"]
    assert pendopo("audit", "verify", "--head", f"3:{head}", "--head", f"3:{head[:12].upper()}").code == 0
    assert "line 4" in pendopo("audit", "verify", "--head", f"4:{head}").out
    assert "is another line now" in pendopo("audit", "verify", "--head", f"2:{head}").out
    for wrong in ("3", head, "3:xyz", "3:", "-1:" + head, "³:" + head):
        said = pendopo("audit", "verify", f"--head={wrong}")
        assert (said.code, "a head is LINE:HASH" in said.err) == (1, True), said


def test_a_loss_that_an_operator_accounts_for_is_accepted(pendopo: Pendopo, audited: Path) -> None:
    assert "no line is known to be missing" in pendopo("audit", "accept", "--reason", "x").err
    run_bot()
    tamper(audited, *TAIL["cut"], unguarded=False)
    assert pendopo("audit", "verify").code == 1
    said = pendopo("audit", "accept", "--reason", "the backup of Monday")
    assert (said.code, "It stands in the log now: line 3" in said.out) == (0, True)
    assert pendopo("audit", "verify").out.startswith("2 lines, all whole.")
    assert "sistem.hilang\t\tthe backup of Monday" in pendopo("audit", "export").out


def test_protection_that_is_gone_is_named_and_made_again_by_a_start(pendopo: Pendopo, audited: Path) -> None:
    tamper(audited)
    said = pendopo("audit", "verify")
    assert (said.code, "The protection of the audit log is missing" in said.out) == (1, True)
    assert "its protection is missing" in pendopo("doctor").out
    assert "audit_unguarded" in [each["event_name"] for each in run_bot()]
    assert pendopo("audit", "verify").out.startswith("4 lines, all whole.")
    assert "sistem.pelindung" in pendopo("audit", "export").out
    with closing(sqlite3.connect(audited / "var" / "pendopo.db")) as database:
        database.execute("DROP TRIGGER audit_no_update")
        database.execute("CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT 1; END")
        database.commit()
    assert "audit_no_update" in pendopo("audit", "verify").out


def test_heads_go_into_a_file_that_verify_reads(pendopo: Pendopo, audited: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_AUDIT__HEAD_FILE", "heads.txt")
    asyncio.run(write_head())
    assert len(Path("heads.txt").read_text().splitlines()) == 1
    (audited / "var" / "audit-heads.json").unlink()
    assert pendopo("audit", "verify").code == 0
    tamper(audited, *TAIL["cut"], unguarded=False)
    assert "is missing, and 2 lines with it" in pendopo("audit", "verify").out
    monkeypatch.delenv("PENDOPO_AUDIT__HEAD_FILE")
    assert pendopo("audit", "verify").code == 0


async def write_head() -> None:
    bot = await compose_bot(load_settings(None))
    await bot.app.audit_guard.write_head()
    await bot.app.audit_guard.write_head()  # once an hour only
    await bot.app.database.close()


def run_bot() -> list[Any]:
    """Start the bot and stop it; returns what it logged about the audit log."""

    async def run() -> None:
        bot = await compose_bot(Settings())
        try:
            await bot.app.start()
        finally:
            await bot.app.stop()

    captured = structlog.testing.CapturingLogger()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_guard, "log", captured)
        asyncio.run(run())
    return [call.kwargs for call in captured.calls]


@pytest.mark.postgres
def test_postgresql_names_a_lost_end_and_lost_protection_too(pendopo: Pendopo, full_postgres: Path, postgres_url: str) -> None:
    head = json.loads(pendopo("audit", "verify", "--json").out)
    assert head["unguarded"] == []
    with psycopg.connect(postgres_url) as connection:
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(f"ALTER TABLE audit DISABLE TRIGGER {name}")
        connection.execute("DELETE FROM audit_note WHERE id > 1")
        connection.execute(CUT)
    said = pendopo("audit", "verify", "--head", f"{head['line']}:{head['head']}")
    assert (said.code, "is missing, and 2 lines with it" in said.out) == (1, True), said
    assert "(audit_no_update, audit_no_delete)" in said.out

    async def restore() -> list[str]:
        database = open_database(postgres_url, exclusive=False)
        made = await database.write(restore_guards)
        missing = await list_missing_guards(database)
        await database.close()
        return [*made, *missing]

    assert asyncio.run(restore()) == ["audit_no_update", "audit_no_delete"]


async def append_lines(first: int, last: int) -> None:
    async with open_offline(Settings()) as database:
        for number in range(first, last):
            entry = AuditEntry(action="izin.tolak", object=f"izin/{number % 3}", reason=f"rahasia {number}")
            await database.write(
                partial(
                    append_entry,
                    entry=entry,
                    now_ms=1764000000000,
                    by=AuditActor(1, "telegram:7", "Plh. Sekda", "c", "telegram"),
                )
            )


def test_a_decision_is_proved_to_whoever_holds_a_posted_head(pendopo: Pendopo, audited: Path) -> None:
    asyncio.run(append_lines(3, 9))
    head = json.loads(pendopo("audit", "verify", "--json").out)
    (audited / "proof.json").write_text(proof := pendopo("audit", "prove", "izin", "1").out)
    assert "rahasia 4" in proof
    assert "rahasia 5" not in proof  # of another matter
    (audited / "var").rename(audited / "gone")  # a third party has no database
    said = pendopo("audit", "check", "proof.json", "--head", f"{head['line']}:{head['head']}")
    assert said.code == 0, said
    (*lines, last) = said.out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["2", "5", "8"]
    assert lines[1].split("\t")[3:] == ["Plh. Sekda", "telegram", "izin.tolak", "izin/1", "rahasia 4"]
    assert last.startswith("All of it holds: the chain from line 2 to line 9")
    for changed, sentence in (
        (proof.replace("Plh. Sekda", "Sekda", 1), "was changed or removed"),
        (proof.replace("izin.tolak", "izin.setujui"), "was changed or removed"),
        (proof.replace("rahasia 4", "rahasia 5"), "the words of line 5 are not those that were written"),
        (proof.replace('"object": "izin/1"', '"object": "izin/7"', 1), "no line of it is about izin/7"),
        (proof[:-20], "this is no proof"),
        (proof.replace('"format": 1', '"format": 2'), "made by a newer version"),
    ):
        assert changed != proof
        (audited / "changed.json").write_text(changed)
        said = pendopo("audit", "check", "changed.json", "--head", f"{head['line']}:{head['head']}")
        assert (said.code, sentence in said.err) == (1, True), said
    for wrong in (f"8:{head['head']}", f"10:{head['head']}", "9:" + "0" * 64):
        said = pendopo("audit", "check", "proof.json", "--head", wrong)
        assert (said.code, "belongs to another log, or ends before that" in said.err) == (1, True), said


def test_what_cannot_be_proved_is_refused_in_a_sentence(pendopo: Pendopo, audited: Path) -> None:
    assert "no line about izin/77" in pendopo("audit", "prove", "izin", "77").err
    assert "cannot read none.json" in pendopo("audit", "check", "none.json", "--head", "1:" + "0" * 64).err
    tamper(audited, "UPDATE audit SET action = 'else' WHERE id = 3")
    assert "the log is broken, and proves nothing: line 3" in pendopo("audit", "prove", "izin", "1").err
