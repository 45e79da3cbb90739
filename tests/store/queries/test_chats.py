"""A chat goes on under another id wherever it stands; one that is closed to us is known to be."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from operator import methodcaller
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pendopo.model import Chat, ChatKind, JobDue, Text
from pendopo.store import Database, open_database
from pendopo.store.migrate import core_schema, upgrade_schema
from pendopo.store.queries import chats
from pendopo.store.queries.deliveries import Outgoing, post_delivery
from pendopo.store.queries.inbox import AcceptJob, IncomingRow

OLD, ELSEWHERE = Chat("telegram", "-5", ChatKind.GROUP, "Tim"), Chat("telegram", "7")
NEW = msgspec.structs.replace(OLD, id="-1005")
AT = datetime(2026, 8, 12, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = open_database(f"sqlite:///{tmp_path}/p.db")
    engine = made.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    yield made
    await made.close()


async def read_rows(database: Database, sql: str) -> list[Any]:
    return await database.read(sql)


async def move(database: Database) -> None:
    for _ in range(2):  # the second time nothing is left to do
        assert await database.write(lambda c: chats.move_chat(c, OLD, NEW.id)) == NEW.key


def chat(data: str | bytes) -> Chat:
    return msgspec.json.decode(data, type=Chat)


async def test_what_waits_to_be_sent_goes_with_the_chat(database: Database) -> None:
    await database.write(lambda c: post_delivery(c, Outgoing(key="a", chat=OLD, content=Text()), 0, 0))
    await database.write(lambda c: post_delivery(c, Outgoing(key="b", chat=ELSEWHERE, content=Text()), 0, 0, OLD))
    await move(database)
    found = await read_rows(database, "SELECT key, lane, chat, asked_in FROM delivery ORDER BY key")
    assert [(key, lane, chat(value)) for key, lane, value, _ in found] == [("a", NEW.key, NEW), ("b", ELSEWHERE.key, ELSEWHERE)]
    assert chat(found[1][3]) == NEW  # so that whoever asked there is told


async def test_a_plan_whose_time_has_come_runs_in_the_new_chat(database: Database) -> None:
    due = JobDue(key="j", chat=OLD, at=AT, route="izin.x", due=AT)
    body = msgspec.json.encode(due)
    await database.write(AcceptJob([IncomingRow("pendopo", "j", "due", OLD.key, "", body, 0)]))
    await move(database)
    ((lane, moved),) = await read_rows(database, "SELECT lane, body FROM inbox")
    assert (lane, msgspec.json.decode(moved, type=JobDue)) == (NEW.key, msgspec.structs.replace(due, chat=NEW))


async def test_a_dialog_goes_along_unless_its_owner_has_another_one_there_already(database: Database) -> None:
    sql = "INSERT INTO dialog (chat, owner, route, version, state, prompt) VALUES (?, ?, 'r', '', '{}', ?)"
    for where, owner, prompt in ((OLD, "budi", "p1"), (OLD, "rina", "p2"), (NEW, "rina", "p3")):
        await database.write(methodcaller("execute", sql, (where.key, owner, prompt)))
    await move(database)
    found = await read_rows(database, "SELECT chat, owner, prompt FROM dialog ORDER BY prompt")
    assert found == [(NEW.key, "budi", "p1"), (NEW.key, "rina", "p3")]


async def test_the_chat_is_open_in_its_new_place_although_the_old_one_was_left(database: Database) -> None:
    await database.write(lambda c: chats.close_chat(c, OLD))
    await move(database)
    ((key, value, active),) = await read_rows(database, "SELECT key, chat, active FROM chat")
    assert (key, chat(value), active) == (NEW.key, NEW, 1)


async def test_a_chat_where_nobody_ever_wrote_can_be_closed_too(database: Database) -> None:
    await database.write(lambda c: chats.close_chat(c, ELSEWHERE))
    assert await read_rows(database, "SELECT key, active FROM chat") == [(ELSEWHERE.key, 0)]
    await database.write(lambda c: chats.reopen_chat(c, ELSEWHERE))
    assert await read_rows(database, "SELECT key, active FROM chat") == [(ELSEWHERE.key, 1)]


async def test_what_is_switched_off_stays_so_where_the_chat_goes_on(database: Database) -> None:
    for row in ((OLD.key, "izin"), (OLD.key, "rapat"), (NEW.key, "izin"), (ELSEWHERE.key, "izin")):
        sql = "INSERT INTO plugin_off (chat, plugin) VALUES (?, ?)"
        await database.write(methodcaller("execute", sql, row))
    await move(database)
    found = {tuple(row) for row in await read_rows(database, "SELECT chat, plugin FROM plugin_off")}
    assert found == {(NEW.key, "izin"), (NEW.key, "rapat"), (ELSEWHERE.key, "izin")}
