"""The audit log shows every change that was made to it afterwards."""

from functools import partial
from typing import Any

import pytest
from pendopo.store import Database, open_database
from pendopo.store.migrate import core_schema, upgrade_schema
from pendopo.store.queries import audit
from pendopo.store.queries.audit import AuditActor, AuditEntry, append_entry, verify_chain


@pytest.fixture
async def database(migrated: Database) -> Database:
    for number in range(12):
        entry = AuditEntry("izin.setujui", f"izin/{number}", {"nomor": number, "apa": "ü 'x' \"y\""}, "karena")
        by = AuditActor(7, "memory:kadis", "", str(number))
        await migrated.write(partial(append_entry, entry=entry, now_ms=1000 + number, by=by))
    return migrated


async def tamper(database: Database, job: Any) -> None:
    """Change the log as somebody could who owns the database: its own guard is taken away first."""

    def unguarded(connection: Any) -> None:
        for table in ("audit", "audit_note"):
            if database.postgres:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        if not database.postgres:
            for name in ("audit_no_update", "audit_no_delete", "audit_note_no_update"):
                connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        job(connection)

    await database.write(unguarded)


@pytest.mark.parametrize(
    "sql",
    ["UPDATE audit SET at = 1 WHERE id = 5", "DELETE FROM audit WHERE id = 5", "UPDATE audit_note SET body = '' WHERE id = 5"],
)
async def test_the_database_itself_only_appends(database: Database, sql: str) -> None:
    with pytest.raises(Exception, match="only appended to"):
        await database.write(lambda c: c.execute(sql))
    assert await verify_chain(database) == audit.Verdict(12, 0, (await audit.read_newest(database))[1])


async def test_an_untouched_log_holds_in_pieces_of_any_size(database: Database) -> None:
    whole = await verify_chain(database)
    assert (whole.rows, whole.broken_at) == (12, 0)
    assert whole.head == (await database.read("SELECT hash FROM audit ORDER BY id DESC LIMIT 1"))[0][0]
    assert (
        await verify_chain(database, batch=5)
        == await verify_chain(database, batch=12)
        == await verify_chain(database, batch=1)
        == whole
    )


async def test_one_changed_value_is_found_in_every_column(database: Database) -> None:
    places = [("audit", column) for column in (*audit.COLUMNS, "previous", "hash")]
    for table, column in [*places, ("audit_note", "salt"), ("audit_note", "body")]:
        select, update = f"SELECT {column} FROM {table} WHERE id = 5", f"UPDATE {table} SET {column} = ? WHERE id = 5"  # noqa: S608
        ((before,),) = await database.read(select)
        changed = "8" if isinstance(before, str) else 8
        await tamper(database, lambda c, sql=update, value=changed: c.execute(sql, (value,)))
        verdict = await verify_chain(database, batch=3)
        assert (verdict.rows, verdict.broken_at) == (4, 5), column
        await tamper(database, lambda c, sql=update, value=before: c.execute(sql, (value,)))
    assert (await verify_chain(database)).broken_at == 0


async def test_one_changed_byte_is_found(database: Database) -> None:
    await tamper(database, lambda c: c.execute("UPDATE audit_note SET body = replace(body, 'ü', 'u') WHERE id = 12"))
    assert (await verify_chain(database)).broken_at == 12


async def test_a_row_taken_out_is_found_at_the_next_one(database: Database) -> None:
    await tamper(database, lambda c: c.execute("DELETE FROM audit WHERE id = 5"))
    assert (await verify_chain(database)).broken_at == 6


async def test_a_row_taken_out_is_found_also_when_the_next_one_is_tied_to_the_one_before(database: Database) -> None:
    def hide(connection: Any) -> None:
        ((before,),) = connection.execute("SELECT hash FROM audit WHERE id = 4")
        connection.execute("DELETE FROM audit WHERE id = 5")
        connection.execute("UPDATE audit SET previous = ? WHERE id = 6", (before,))

    await tamper(database, hide)
    assert (await verify_chain(database)).broken_at == 6


async def test_the_first_row_taken_out_is_found_too(database: Database) -> None:
    await tamper(database, lambda c: c.execute("DELETE FROM audit WHERE id = 1"))
    assert (await verify_chain(database)).broken_at == 2


async def test_rows_taken_off_the_end_change_the_head(database: Database) -> None:
    """The chain alone cannot tell; that is what noting the head elsewhere is for."""
    before = await verify_chain(database)
    await tamper(database, lambda c: c.execute("DELETE FROM audit WHERE id = 12"))
    after = await verify_chain(database)
    assert (after.rows, after.broken_at) == (11, 0)
    assert after.head != before.head


async def test_two_rows_that_changed_places_are_found(database: Database) -> None:
    def swap(connection: Any) -> None:
        for before, now in ((5, 100), (6, 5), (100, 6)):
            connection.execute("UPDATE audit SET id = ? WHERE id = ?", (now, before))

    await tamper(database, swap)
    assert (await verify_chain(database)).broken_at == 5


async def test_many_writers_at_once_make_one_chain(database: Database) -> None:
    import asyncio

    entry = AuditEntry("x", "", {}, "")
    await asyncio.gather(*(database.write(lambda c: append_entry(c, entry, 1, AuditActor(1))) for _ in range(50)))
    assert (await verify_chain(database)).rows == 62
    assert (await verify_chain(database)).broken_at == 0


async def test_an_empty_log_holds() -> None:
    opened = open_database("sqlite://")
    upgrade_schema(opened.make_engine(), core_schema())
    assert await verify_chain(opened) == audit.Verdict(0, 0, audit.START)
    await opened.close()


async def test_notes_may_go_when_a_later_line_accounts_for_them(database: Database) -> None:
    def erase(connection: Any) -> None:
        ranges = audit.erase_notes(connection, [3, 4, 5, 9])
        append_entry(connection, AuditEntry("data.hapus", "person/7", {"catatan": ranges}), 2000)

    before = await verify_chain(database)
    await database.write(erase)
    after = await verify_chain(database)
    assert (after.rows, after.broken_at, after.erased) == (13, 0, 4)
    assert after.head != before.head
    assert await verify_chain(database, batch=2) == after
    assert await database.read("SELECT count(*) FROM audit_note WHERE id IN (3, 4, 5, 9)") == [(0,)]


async def test_a_note_that_nobody_accounts_for_is_found(database: Database) -> None:
    def erase(connection: Any) -> None:
        audit.erase_notes(connection, [3, 4, 5, 9])
        append_entry(connection, AuditEntry("data.hapus", "person/7", {"catatan": [[3, 4], [9, 9]]}), 2000)

    await database.write(erase)
    assert (await verify_chain(database)).broken_at == 5


async def test_only_a_line_of_an_erasure_accounts_for_notes(database: Database) -> None:
    def erase(connection: Any) -> None:
        append_entry(connection, AuditEntry("izin.setujui", "izin/1", {"catatan": audit.erase_notes(connection, [3])}), 2000)

    await database.write(erase)
    assert (await verify_chain(database)).broken_at == 3


async def test_a_log_holds_no_name_or_address_outside_its_notes(database: Database) -> None:
    for row in await database.read("SELECT * FROM audit"):
        assert "memory:kadis" not in str(row)
        assert "karena" not in str(row)
    assert len(await database.read("SELECT * FROM audit_note WHERE body LIKE '%memory:kadis%karena%'")) == 12
