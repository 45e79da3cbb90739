"""A whole bot against the fake server: three officials with phones, one group, and a clock that moves when it is told to."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pendopo.adapters.telegram import Telegram
from pendopo.config import DirectorySettings, Settings
from pendopo.engine.app import App
from pendopo.plugin import Plugin
from pendopo.store import open_database
from pendopo.testing import FakeClock
from pendopo.testing.conformance import NativeMessage

from .bench import QUICK, settings, shown
from .fake.people import People
from .fake.server import BotApi

KADIS, SEKDA, WALIKOTA, STRANGER, FORUM = 1000000001, 1000000002, 1000000003, 1000000009, -1001234567890
PEOPLE = {
    KADIS: ("Rina Hidayat", "Kadis PU", "sekda", "kadis"),
    SEKDA: ("Bambang Suryana", "Sekda", "walikota", "sekda"),
    WALIKOTA: ("Dewi Anggraeni", "Wali Kota", "", "walikota"),
}


class Town:
    """People act, and then everything happens that can happen now."""

    def __init__(self, api: BotApi, begin: Callable[[], App], clock: FakeClock) -> None:
        self.api, self.clock, self._begin = api, clock, begin
        self.people = People(api)

    async def start(self) -> None:
        self.app = self._begin()
        self.api.allowed = None
        await self.app.start()
        await self.api.until(lambda: self.api.allowed is not None)

    async def restart(self) -> None:
        """Another process on the same database."""
        await self.app.stop()
        await self.start()

    async def says(self, user: int, chat: int, text: str = "", *, reply_to: int = 0, photos: Sequence[bytes] = ()) -> list[int]:
        ids = await self.people.says(user, chat, text, reply_to=reply_to, photos=photos)
        await self.settle()
        return ids

    async def touches(self, user: int, chat: int, title: str) -> None:
        """Touch a button on the newest message that has it."""
        found = [post.id for post in self.api.state.rooms[chat].posts.values() if title in [b["text"] for b in post.buttons]]
        assert found, f"no button {title!r} in {[(s.text, s.buttons) for s in self.screen(chat)]}"
        await self.people.touches(user, chat, found[-1], title)
        await self.settle()

    def screen(self, chat: int) -> list[NativeMessage]:
        """What the bot has said in a chat, as it stands now."""
        return [shown(post) for post in self.api.state.rooms[chat].posts.values() if post.by == 7000000001]

    async def settle(self) -> None:
        """Updates are handed over, handled, and answered."""
        await self.api.delivered()
        await self.app.idle()

    async def advance(self, **delta: float) -> None:
        until = self.clock.now() + timedelta(**delta)
        while self.clock.step_until(until):
            await self.app.idle()
        await self.app.idle()


@asynccontextmanager
async def open_town(folder: Path, plugins: Sequence[Plugin]) -> AsyncIterator[Town]:
    """The bot on a database file of its own, and a server that enforces the real limits by the same clock."""
    clock = FakeClock()
    api = BotApi(clock=lambda: clock.now().timestamp(), limits=True)
    for user, (name, *_) in PEOPLE.items():
        api.state.person(user, name)
    api.state.person(STRANGER, "Orang Asing")
    api.state.group(FORUM, "Forum Pimpinan")
    await api.start()
    directory = folder / "directory.toml"
    directory.write_text(directory_file(), encoding="utf-8")
    made = Settings(data_dir=str(folder), directory=DirectorySettings(file=str(directory)))
    url = f"sqlite:///{folder}/pendopo.db"
    told = Town(api, lambda: App(made, open_database(url), [Telegram(settings(api.url), timing=QUICK)], plugins, clock), clock)
    await told.start()
    try:
        yield told
    finally:
        await told.app.stop()
        await api.stop()


def directory_file() -> str:
    lines = ['[[unit]]\ncode = "kota"\nname = "Pemerintah Kota"\n']
    for user, (name, title, superior, code) in PEOPLE.items():
        above = f'superior = "{superior}"\n' if superior else ""
        lines.append(f'[[post]]\ncode = "{code}"\ntitle = "{title}"\nunit = "kota"\n{above}roles = ["pimpinan"]\n')
        lines.append(f'[[person]]\nname = "{name}"\nposts = ["{code}"]\naccounts = ["telegram:{user}"]\n')
    return "\n".join(lines)


def texts(told: Town, chat: int) -> list[str]:
    return [shown.text for shown in told.screen(chat)]
