"""The rows of one handler are kept together, or not at all."""

import pytest
from pendopo.errors import StaleError
from pendopo.store import Database, Unit
from sqlmodel import select

from .notebook import Catatan, insert_and_fail, list_texts, make_insert, save_note


async def test_rows_read_are_kept_with_their_changes_by_themselves(database: Database) -> None:
    id_ = await save_note(database)
    unit = Unit(database)
    row = await unit.get(Catatan, id_)
    assert row is not None
    row.teks = "lain"
    await unit.commit()
    assert await list_texts(database) == ["lain"]


async def test_a_handler_that_decides_on_a_row_somebody_changed_meanwhile_is_stale(database: Database) -> None:
    read_only, changed = await save_note(database, "a"), await save_note(database, "b")
    mine = Unit(database)
    assert await mine.get(Catatan, read_only) is not None
    row = await mine.first(select(Catatan).where(Catatan.id == changed))
    assert row is not None
    row.teks = "saya"
    other = Unit(database)
    theirs = await other.get(Catatan, read_only)
    assert theirs is not None
    theirs.teks = "anda"
    await other.commit()
    with pytest.raises(StaleError):
        await mine.commit()
    assert await list_texts(database) == ["anda", "b"]


async def test_a_row_somebody_deleted_meanwhile_is_stale(database: Database) -> None:
    id_ = await save_note(database)
    mine, other = Unit(database), Unit(database)
    row, same = await mine.get(Catatan, id_), await other.get(Catatan, id_)
    assert row is not None
    assert same is not None
    await other.delete(same)
    await other.commit()
    row.teks = "lain"
    with pytest.raises(StaleError):
        await mine.commit()
    assert await list_texts(database) == []


async def test_rows_and_later_jobs_are_one_thing(database: Database) -> None:
    unit = Unit(database)
    await unit.save(Catatan(teks="x"))
    unit.later.append(make_insert(500, "y"))
    unit.later.append(insert_and_fail)
    with pytest.raises(ZeroDivisionError):
        await unit.commit()
    assert await list_texts(database) == []


async def test_a_row_made_and_deleted_by_the_same_handler_never_was(database: Database) -> None:
    unit = Unit(database)
    row = await unit.save(Catatan(teks="x"))
    await unit.delete(row)
    await unit.commit()
    assert await list_texts(database) == []


async def test_all_finds_what_was_committed_before(database: Database) -> None:
    await save_note(database, "a")
    await save_note(database, "b")
    unit = Unit(database)
    await unit.save(Catatan(teks="mine"))
    assert [row.teks for row in await unit.all(select(Catatan).order_by(Catatan.teks))] == ["a", "b"]
    assert await unit.get(Catatan, 12345) is None


async def test_a_plain_text_save_that_breaks_a_rule_of_the_database_leaves_nothing(database: Database) -> None:
    id_ = await save_note(database)
    unit = Unit(database)
    await unit.save(Catatan(id=id_, teks="the same id"))
    with pytest.raises(StaleError):
        await unit.commit()
    assert await list_texts(database) == ["awal"]
