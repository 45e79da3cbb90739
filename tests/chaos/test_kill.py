"""kill -9 at any instant: nothing acknowledged is lost, nothing is done twice, order holds, and the audit chain is whole."""

import asyncio
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pendopo.store import open_database
from pendopo.store.migrate import Schema, core_schema, upgrade_schema
from pendopo.store.queries.audit import verify_chain

from tests.chaos.child import Table
from tests.chaos.server import MessengerServer

ROOT = Path(__file__).parent.parent.parent
CHATS = 6


class Killer:
    """Starts the bot again and again, and kills it when the server has had so many more requests."""

    def __init__(self, server: MessengerServer, arguments: list[str], chance: random.Random) -> None:
        self._server = server
        self._arguments = arguments
        self._chance = chance
        self._process: asyncio.subprocess.Process | None = None
        self._at = (0, False)
        server.on_request = self._maybe

    async def run(self, kills: int) -> None:
        """Kill so many times, at requests the dice choose; the last process is left running."""
        for _ in range(kills):
            await self._start()
            self._at = (self._server.requests + self._chance.randint(1, 25), self._chance.random() < 0.5)
            assert self._process is not None
            await self._process.wait()
        self._at = (0, False)
        await self._start()

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.chaos.child", *self._arguments, cwd=ROOT
        )

    def _maybe(self, number: int, answered: bool) -> None:
        at, after = self._at
        if at and number >= at and answered is after and self._process is not None and self._process.returncode is None:
            self._process.kill()


def traffic(chance: random.Random, messages: int) -> list[dict[str, Any]]:
    """Messages of several chats, with repeats (some with other bytes) and poison in between."""
    counters: Counter[str] = Counter()
    updates: list[dict[str, Any]] = []
    for number in range(messages):
        chat = f"c{chance.randrange(CHATS)}"
        counters[chat] += 1
        updates.append({"id": number, "chat": chat, "text": f"{chat}-{counters[chat]}"})
        if chance.random() < 0.2:
            again = dict(chance.choice(updates))
            updates.append(again | {"text": "forged"} if chance.random() < 0.5 else again)
        if chance.random() < 0.05 and number < messages - CHATS * 4:  # so that messages follow it in its chat
            updates.append({"id": f"poison-{number}", "chat": chat, "poison": True})
    return updates


async def test_kill_at_any_instant_loses_nothing_and_repeats_nothing(tmp_path: Path, kills: int, seed: int) -> None:
    """G1, G2, G3, G4, G10 at once, with a real process that is really killed."""
    chance = random.Random(seed)
    server = MessengerServer()
    url = f"sqlite:///{tmp_path}/pendopo.db"
    port = await server.start()
    updates = traffic(chance, kills * 20)
    expected = {u["id"]: u for u in reversed(updates) if not u.get("poison")}
    killer = Killer(server, [str(port), url, str(tmp_path), "yes"], chance)
    try:
        await server.put(*updates)
        await killer.run(kills)
        await server.until(lambda: len(server.screen) == len(expected))
    finally:
        await killer.stop()
        await server.stop()

    told: dict[str, list[str]] = {}
    for sent in server.screen.values():
        told.setdefault(sent["chat"], []).append(sent["text"])
    for chat, texts in told.items():
        # Each message of the chat once, in order, with the number its own transaction gave it.
        assert texts == [f"{chat}-{n}={n}" for n in range(1, len(texts) + 1)]
    assert sum(map(len, told.values())) == len(expected)

    database = open_database(url)
    rows = await database.read("SELECT chat, teks, urutan FROM hitung ORDER BY id")
    dead = await database.read("SELECT native_id FROM inbox WHERE state = 'dead'")
    verdict = await verify_chain(database)
    await database.close()
    assert sorted(rows) == sorted((u["chat"], u["text"], int(u["text"].split("-")[1])) for u in expected.values())
    assert {key for (key,) in dead} == {str(u["id"]) for u in updates if u.get("poison")}
    assert (verdict.broken_at, verdict.rows) == (0, len(expected))


async def test_without_idempotent_sends_a_repeat_after_a_kill_is_marked_and_nothing_is_missing(
    tmp_path: Path, kills: int, seed: int
) -> None:
    """A messenger that cannot tell a repeat may show a message twice, but then it says so, and none is lost."""
    chance = random.Random(seed + 1)
    server = MessengerServer()
    url = f"sqlite:///{tmp_path}/pendopo.db"
    port = await server.start()
    updates = [{"id": n, "chat": f"c{n % CHATS}", "text": f"c{n % CHATS}-{n // CHATS + 1}"} for n in range(kills * 18)]
    killer = Killer(server, [str(port), url, str(tmp_path), "no"], chance)
    try:
        await server.put(*updates)
        await killer.run(kills)
        await server.until(lambda: len({s["key"] for s in server.sent}) == len(updates))
    finally:
        await killer.stop()
        await server.stop()
    times = Counter(sent["key"] for sent in server.sent)
    for sent in server.sent[::-1]:
        if times[sent["key"]] > 1:
            assert sent["text"].startswith("(Dikirim ulang"), "a repeat must say that it is one"
            times[sent["key"]] -= 1
    assert max(times.values()) == 1


@pytest.mark.postgres
async def test_the_same_on_postgres(tmp_path: Path, postgres_url: str, seed: int) -> None:
    """The same tables and the same process on PostgreSQL, with fewer kills."""
    pytest.importorskip("psycopg")
    database = open_database(postgres_url)
    engine = database.make_engine()
    for schema in (core_schema(), Schema("hitung", None, Table.metadata)):
        upgrade_schema(engine, schema)
    await database.close()
    engine.dispose()
    chance = random.Random(seed + 2)
    server = MessengerServer()
    port = await server.start()
    updates = [{"id": n, "chat": f"c{n % CHATS}", "text": f"c{n % CHATS}-{n // CHATS + 1}"} for n in range(60)]
    killer = Killer(server, [str(port), postgres_url, str(tmp_path), "yes"], chance)
    try:
        await server.put(*updates)
        await killer.run(3)
        await server.until(lambda: len(server.screen) == len(updates))
    finally:
        await killer.stop()
        await server.stop()
    for chat in {u["chat"] for u in updates}:
        texts = [s["text"] for s in server.screen.values() if s["chat"] == chat]
        assert texts == [f"{chat}-{n}={n}" for n in range(1, len(texts) + 1)]
