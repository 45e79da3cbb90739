"""The audit log shows every change that was made to it afterwards."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.engine import audit
from bot.engine.audit import By, append, verify
from bot.plugin.host import AuditEntry
from bot.store import Database, open_database
from bot.store.migrate import core_schema, upgrade


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    engine = opened.engine()
    upgrade(engine, core_schema())
    engine.dispose()
    for number in range(12):
        entry = AuditEntry("izin.setujui", f"izin/{number}", {"nomor": number, "apa": "ü 'x' \"y\""}, "karena")
        await opened.write(lambda c, e=entry, n=number: append(c, e, 1000 + n, By(7, "memory:kadis", "", str(n))))  # type: ignore[misc]
    yield opened
    await opened.close()


async def test_an_untouched_log_holds_in_pieces_of_any_size(database: Database) -> None:
    whole = await verify(database)
    assert (whole.rows, whole.broken_at) == (12, 0)
    assert whole.head == (await database.read("SELECT hash FROM audit ORDER BY id DESC LIMIT 1"))[0][0]
    assert await verify(database, batch=5) == await verify(database, batch=12) == await verify(database, batch=1) == whole


async def test_one_changed_value_is_found_in_every_column(database: Database) -> None:
    for column in (*audit._COLUMNS.split(", "), "previous", "hash"):
        select, update = f"SELECT {column} FROM audit WHERE id = 5", f"UPDATE audit SET {column} = ? WHERE id = 5"  # noqa: S608
        ((before,),) = await database.read(select)
        changed = "8" if isinstance(before, str) else 8
        await database.write(lambda c, sql=update, value=changed: c.execute(sql, (value,)))  # type: ignore[misc]
        verdict = await verify(database, batch=3)
        assert (verdict.rows, verdict.broken_at) == (4, 5), column
        await database.write(lambda c, sql=update, value=before: c.execute(sql, (value,)))  # type: ignore[misc]
    assert (await verify(database)).broken_at == 0


async def test_one_changed_byte_is_found(database: Database) -> None:
    await database.write(lambda c: c.execute("UPDATE audit SET detail = replace(detail, 'ü', 'u') WHERE id = 12"))
    assert (await verify(database)).broken_at == 12


async def test_a_row_taken_out_is_found_at_the_next_one(database: Database) -> None:
    await database.write(lambda c: c.execute("DELETE FROM audit WHERE id = 5"))
    assert (await verify(database)).broken_at == 6


async def test_a_row_taken_out_is_found_also_when_the_next_one_is_tied_to_the_one_before(database: Database) -> None:
    def hide(connection: Any) -> None:
        ((before,),) = connection.execute("SELECT hash FROM audit WHERE id = 4")
        connection.execute("DELETE FROM audit WHERE id = 5")
        connection.execute("UPDATE audit SET previous = ? WHERE id = 6", (before,))

    await database.write(hide)
    assert (await verify(database)).broken_at == 6


async def test_the_first_row_taken_out_is_found_too(database: Database) -> None:
    await database.write(lambda c: c.execute("DELETE FROM audit WHERE id = 1"))
    assert (await verify(database)).broken_at == 2


async def test_rows_taken_off_the_end_change_the_head(database: Database) -> None:
    """The chain alone cannot tell; that is what noting the head elsewhere is for."""
    before = await verify(database)
    await database.write(lambda c: c.execute("DELETE FROM audit WHERE id = 12"))
    after = await verify(database)
    assert (after.rows, after.broken_at) == (11, 0)
    assert after.head != before.head


async def test_two_rows_that_changed_places_are_found(database: Database) -> None:
    def swap(connection: Any) -> None:
        for before, now in ((5, 100), (6, 5), (100, 6)):
            connection.execute("UPDATE audit SET id = ? WHERE id = ?", (now, before))

    await database.write(swap)
    assert (await verify(database)).broken_at == 5


async def test_many_writers_at_once_make_one_chain(database: Database) -> None:
    import asyncio

    entry = AuditEntry("x", "", {}, "")
    await asyncio.gather(*(database.write(lambda c: append(c, entry, 1, By(1))) for _ in range(50)))
    assert (await verify(database)).rows == 62
    assert (await verify(database)).broken_at == 0


async def test_an_empty_log_holds() -> None:
    opened = open_database("sqlite://")
    upgrade(opened.engine(), core_schema())
    assert await verify(opened) == audit.Verdict(0, 0, audit.START)
    await opened.close()
