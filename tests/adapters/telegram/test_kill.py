"""kill -9 in the middle of 200 updates: none is lost, and none is handled twice."""

import asyncio
import random
import sys
from collections import Counter
from pathlib import Path

from pendopo.store import open_database
from pendopo.testing import Stored

from .bench import BUDI, fake
from .fake.people import People
from .fake.server import BotApi

ROOT = Path(__file__).parents[3]
UPDATES, CHATS, KILLS = 200, 20, 4


class Killer:
    """Kills the bot at a call the dice choose: the call has had its effect, and its answer never arrives."""

    def __init__(self, api: BotApi, arguments: list[str], chance: random.Random) -> None:
        self._api, self._arguments, self._chance = api, arguments, chance
        self._process: asyncio.subprocess.Process | None = None
        self._left = 0
        api.on_call = self._maybe

    async def run(self) -> None:
        for _ in range(KILLS):
            await self._start()
            self._left = self._chance.randint(10, 50)  # the first ten calls are the beginning
            assert self._process is not None
            await self._process.wait()
        self._left = 0
        await self._start()

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _start(self) -> None:
        command = [sys.executable, "-m", "tests.adapters.telegram.child", *self._arguments]
        self._process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)

    def _maybe(self, method: str) -> None:
        if self._left:
            self._left -= 1
            if not self._left and self._process is not None and self._process.returncode is None:
                self._process.kill()


async def test_killed_in_the_middle_of_two_hundred_updates(tmp_path: Path) -> None:
    """A reply may come twice only where the kill fell between the call and its record, and then it says so."""
    async with fake() as api:
        groups = [api.state.group(-1002000000000 - number, f"Grup {number}") for number in range(CHATS)]
        people = People(api)
        said = [(groups[number % CHATS], f"{number % CHATS}-{number // CHATS + 1}") for number in range(UPDATES)]
        for chat, text in said:
            await people.says(BUDI, chat, text)
        url = f"sqlite:///{tmp_path}/pendopo.db"
        killer = Killer(api, [api.url, url, str(tmp_path)], random.Random(2026))
        try:
            await killer.run()
            await api.until(lambda: len(replies(api)) >= UPDATES)
        finally:
            await killer.stop()
        told = replies(api)

    database = open_database(url)
    rows = [(row.chat, row.teks, row.urutan) for row in await Stored(database).list_table("hitung")]
    await database.close()
    assert sorted(rows) == sorted((str(chat), text, int(text.split("-")[1])) for chat, text in said)
    assert set(told) == {(chat, f"{text}={text.split('-')[1]}") for chat, text in said}
    posts = [(room.id, post.text) for room in api.state.rooms.values() for post in room.posts.values() if post.by != BUDI]
    repeats = [text for _, text in posts if text.startswith("(Dikirim ulang")]
    doubles = Counter(_plain(chat, text) for chat, text in posts)
    assert sum(count - 1 for count in doubles.values()) <= len(repeats) <= KILLS * CHATS


def replies(api: BotApi) -> set[tuple[int, str]]:
    """Everything the bot has answered, each once."""
    rooms = api.state.rooms.values()
    return {_plain(room.id, post.text) for room in rooms for post in room.posts.values() if post.by != BUDI}


def _plain(chat: int, text: str) -> tuple[int, str]:
    return chat, text.splitlines()[-1]
