"""Dead letters can be listed, read and tried again, also beside a bot that runs."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pendopo.cli.bootstrap.composition import compose_bot
from pendopo.config import Settings

from tests.cli.conftest import Pendopo

CHAT = '{"adapter":"simulator","id":"rina"}'
TEXT = '{"type":"text","spans":[{"text":"Halo dari kemarin"}]}'


@contextmanager
def sql(place: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(place / "var" / "pendopo.db")) as database, database:
        yield database


@pytest.fixture
def dead(pendopo: Pendopo, place: Path) -> Path:
    """A database with a dead delivery, one that waits, and a dead event."""
    pendopo("db", "upgrade")
    with sql(place) as database:
        rows = [
            ("k1", CHAT, TEXT, "dead", 3, 0, "Rejected: too long", "K1-00AA"),
            ("k2", CHAT, TEXT, "open", 2, 99_999_999_999_999, "Retry: away", ""),
        ]
        database.executemany(
            "INSERT INTO delivery (key, lane, chat, content, created_at, state, attempts, due_at, error, code)"
            " VALUES (?, 'simulator:rina', ?, ?, 1764000000000, ?, ?, ?, ?, ?)",
            rows,
        )
        database.execute(
            "INSERT INTO inbox (adapter, native_id, kind, lane, body, received_at, state, attempts, error, code)"
            " VALUES ('simulator', 'm9', 'message', 'simulator:rina', ?, 1764000000000, 'dead', 3, ?, 'K2-00BB')",
            (b'{"text":"/izin \\u00e9"}', "ValueError: no"),
        )
    return place


def test_dead_letters_are_a_problem_and_say_what_to_do(pendopo: Pendopo, dead: Path) -> None:
    said = pendopo("outbox", "list")
    assert said.code == 1
    head, row, _, hint = said.out.splitlines()
    assert head.split() == ["ID", "SINCE", "CHAT", "WHAT", "TRIES", "CODE", "WHY"]
    assert row == "1   2025-11-24 23:00:00 WIB  simulator:rina  send  3      K1-00AA  Rejected: too long"
    assert hint == "Read one: pendopo outbox show ID   Try again: pendopo outbox retry ID"


def test_what_waits_is_no_problem(pendopo: Pendopo, dead: Path) -> None:
    said = pendopo("outbox", "list", "--state", "open")
    assert said.code == 0
    assert "Retry: away" in said.out
    assert pendopo("inbox", "list", "--state", "open").out == "Nothing is open.\n"


def test_what_waits_for_the_window_is_listed_with_its_reason_and_can_be_tried(pendopo: Pendopo, dead: Path) -> None:
    with sql(dead) as database:
        database.execute("UPDATE delivery SET state = 'held', error = 'WindowClosed: 24 hours' WHERE key = 'k2'")
    said = pendopo("outbox", "list", "--state", "held")
    assert said.code == 0
    assert "WindowClosed: 24 hours" in said.out
    assert pendopo("outbox", "retry", "2").code == 0
    assert pendopo("outbox", "list", "--state", "held").out == "Nothing is held.\n"


def test_for_machines_there_is_the_count_too(pendopo: Pendopo, dead: Path) -> None:
    said = pendopo("inbox", "list", "--json")
    assert said.code == 1
    told = json.loads(said.out)
    assert (told["count"], told["letters"][0]["code"], told["letters"][0]["about"]) == (1, "K2-00BB", "simulator message")


def test_one_is_shown_whole(pendopo: Pendopo, dead: Path) -> None:
    said = pendopo("inbox", "show", "1")
    assert "error        ValueError: no" in said.out
    assert '"text": "/izin é"' in said.out
    assert "received_at  2025-11-24 23:00:00 WIB" in said.out
    assert json.loads(pendopo("outbox", "show", "1", "--json").out)["content"]["spans"] == [{"text": "Halo dari kemarin"}]


def test_what_is_not_json_is_shown_all_the_same(pendopo: Pendopo, dead: Path) -> None:
    with sql(dead) as database:
        database.execute("UPDATE inbox SET body = ?", (b"\xff\x00halo",))
    assert "\\xff" in pendopo("inbox", "show", "1").out


def test_a_retry_begins_anew(pendopo: Pendopo, dead: Path) -> None:
    assert pendopo("outbox", "retry", "1").out.startswith("1 letter to be tried again")
    assert pendopo("outbox", "retry", "2").code == 0
    with sql(dead) as database:
        assert database.execute("SELECT state, attempts, due_at FROM delivery").fetchall() == [("open", 0, 0)] * 2
    assert pendopo("outbox", "list") == (0, "Nothing is dead.\n", "")


def test_the_code_a_person_reads_out_is_enough(pendopo: Pendopo, dead: Path) -> None:
    assert "ValueError: no" in pendopo("inbox", "show", "k2-00bb").out
    assert pendopo("inbox", "retry", "K2-00BB").code == 0
    assert pendopo("inbox", "show", "K9-FFFF").err == "pendopo: there is no K9-FFFF in the inbox\n"


def test_all_that_are_dead_at_once(pendopo: Pendopo, dead: Path) -> None:
    assert json.loads(pendopo("inbox", "retry", "--all", "--json").out) == {"retried": 1}
    assert json.loads(pendopo("inbox", "retry", "--all", "--json").out) == {"retried": 0}
    with sql(dead) as database:
        assert database.execute("SELECT state FROM delivery WHERE key = 'k1'").fetchall() == [("dead",)]


def test_what_is_done_is_not_done_again(pendopo: Pendopo, dead: Path) -> None:
    with sql(dead) as database:
        database.execute("UPDATE inbox SET state = 'done'")
    assert pendopo("inbox", "retry", "1") == (1, "", "pendopo: 1 is done: there is nothing to try again\n")
    assert pendopo("inbox", "retry", "77") == (1, "", "pendopo: there is no 77 in the inbox\n")
    assert pendopo("inbox", "retry", "1", "--all").code == 2


def test_a_bot_that_starts_delivers_what_was_dead(pendopo: Pendopo, dead: Path) -> None:
    """The whole way: dead, tried again by an operator, on Rina's phone."""
    pendopo("outbox", "retry", "--all")

    async def look() -> list[str]:
        bot = await compose_bot(Settings())
        await bot.app.start()
        await bot.app.idle()
        assert bot.simulator is not None
        seen = ["".join(span.text for span in bubble.spans) for bubble in bot.simulator.screen("rina", "rina").bubbles]
        await bot.app.stop()
        return seen

    assert any("Halo dari kemarin" in text for text in asyncio.run(look()))


def test_it_works_beside_a_bot_that_runs(pendopo: Pendopo, dead: Path) -> None:
    async def beside() -> str:
        bot = await compose_bot(Settings())
        await bot.app.start()
        said = await asyncio.to_thread(pendopo, "inbox", "retry", "--all", "--json")
        await bot.app.stop()
        return str(said.out)

    assert json.loads(asyncio.run(beside())) == {"retried": 1}
