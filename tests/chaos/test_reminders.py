"""kill -9 while reminders fire: each comes once, wherever between its claim and its delivery the process dies.

As a program this file is the bot that is killed: `python -m tests.chaos.test_reminders PORT DATABASE DATA_DIR DIE_AT`.
"""

import asyncio
import logging
import os
import random
import signal
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from pendopo import Context, Plugin, phrase
from pendopo.config import Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.store import Connection, open_database

from tests.chaos.adapter import ChaosAdapter
from tests.chaos.server import MessengerServer

ROOT = Path(__file__).parent.parent.parent
FIRST = 7
"""The reminder at which a process dies that was told to."""

plugin = Plugin("alarm", summary="Reminds", policy="anyone")


@plugin.command("alarm")
async def alarm(ctx: Context, nomor: int, milidetik: int) -> None:
    """Plan one, and what recurs plans itself again when it fires."""
    await ctx.schedule(ctx.now + timedelta(milliseconds=milidetik), tiba, nomor, 3, key=f"alarm:{nomor}")


@plugin.job()
async def tiba(ctx: Context, nomor: int, lagi: int) -> None:
    """Say so, and plan the next turn in the same transaction."""
    _die_at("handler", nomor)
    await ctx.reply(phrase("umum.pilihan", teks=f"{nomor}:{lagi}"))
    if lagi > 1:
        await ctx.schedule(ctx.now + timedelta(milliseconds=30), tiba, nomor, lagi - 1, key=f"alarm:{nomor}")


def _die_at(place: str, nomor: int = FIRST) -> None:
    if place == DIE_AT and nomor == FIRST:
        os.kill(os.getpid(), signal.SIGKILL)


class Dying(App):
    """An app that may die in the middle of a claim, or just after it."""

    async def start(self) -> None:
        fire, take = self.scheduler._claim_batch, self.inbox.enqueue_rows

        def dying_fire(connection: Connection, now: int) -> Any:
            fired = fire(connection, now)
            if fired:
                _die_at("claiming")  # claimed, not committed
            return fired

        def dying_take(rows: Any) -> int:
            if any(row.kind == "due" for row in rows):
                _die_at("claimed")  # committed, and nobody knows of it yet
            return take(rows)

        self.scheduler._claim_batch, self.inbox.enqueue_rows = dying_fire, dying_take
        await super().start()


async def main(port: int, database: str, folder: str) -> None:
    app = Dying(Settings(data_dir=folder), open_database(database), [ChaosAdapter(port)], [plugin], SystemClock())
    await app.start()
    await asyncio.Event().wait()


class Mortal:
    """Starts the bot, and again whenever it died."""

    def __init__(self, server: MessengerServer, *arguments: str) -> None:
        self._server = server
        self._arguments = arguments
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, die_at: str = "") -> asyncio.subprocess.Process:
        command = (sys.executable, "-m", "tests.chaos.test_reminders", *self._arguments, die_at)
        self.process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        return self.process

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


def commands(count: int, chats: int = 5) -> list[dict[str, Any]]:
    return [{"id": n, "chat": f"c{n % chats}", "text": f"/alarm {n} {200 + n % 3}"} for n in range(count)]


async def settled(url: str, count: int) -> list[tuple[Any, ...]]:
    """What the database says when the bot is gone."""
    database = open_database(url)
    dead = await database.read("SELECT * FROM inbox WHERE state = 'dead'")
    waiting = await database.read("SELECT * FROM reminder WHERE state = 'waiting'")
    fired = await database.read("SELECT count(*) FROM inbox WHERE kind = 'due' AND state = 'done'")
    await database.close()
    assert fired == [(count * 3,)]
    return [*dead, *waiting]


@pytest.mark.parametrize("die_at", ["claiming", "claimed", "handler"])
async def test_killed_between_claim_and_delivery_each_fires_once(tmp_path: Path, die_at: str) -> None:
    server, count = MessengerServer(), 20
    url = f"sqlite:///{tmp_path}/pendopo.db"
    mortal = Mortal(server, str(await server.start()), url, str(tmp_path))
    try:
        await server.put(*commands(count))
        process = await mortal.start(die_at)
        assert await process.wait() == -signal.SIGKILL
        await mortal.start()
        await server.until(lambda: len(server.screen) == count * 3)
        await asyncio.sleep(0.3)  # a second firing would come within this
    finally:
        await mortal.stop()
        await server.stop()
    told = Counter(sent["text"] for sent in server.screen.values())
    assert told == Counter(f"{n}:{turn}" for n in range(count) for turn in (3, 2, 1))
    assert await settled(url, count) == []


async def test_killed_at_any_instant_while_they_fire_none_is_lost_and_none_comes_twice(
    tmp_path: Path, kills: int, seed: int
) -> None:
    """The dice choose the send at which the process dies, before or after the messenger answered it."""
    chance, server, count = random.Random(seed + 5), MessengerServer(), kills * 8
    url = f"sqlite:///{tmp_path}/pendopo.db"
    mortal = Mortal(server, str(await server.start()), url, str(tmp_path))
    death: list[tuple[int, bool]] = []

    def maybe(number: int, answered: bool) -> None:
        process = mortal.process
        if death and number >= death[0][0] and answered is death[0][1] and process and process.returncode is None:
            process.kill()

    server.on_request = maybe
    try:
        await server.put(*commands(count))
        for _ in range(kills):
            death[:] = [(server.requests + chance.randint(1, 20), chance.random() < 0.5)]
            process = await mortal.start()
            await process.wait()
        death.clear()
        await mortal.start()
        await server.until(lambda: len(server.screen) == count * 3)
        await asyncio.sleep(0.3)
    finally:
        await mortal.stop()
        await server.stop()
    told = Counter(sent["text"] for sent in server.screen.values())
    assert told == Counter(f"{n}:{turn}" for n in range(count) for turn in (3, 2, 1))
    assert await settled(url, count) == []


DIE_AT = sys.argv[4] if __name__ == "__main__" and len(sys.argv) > 4 else ""

if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
