"""Stories: people who say, touch and see things, over a whole bot in memory."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from bot.adapters.dashboard import Dashboard
from bot.config import Settings
from bot.engine.app import App
from bot.errors import StoreError
from bot.model import Attachment, Location, Mention
from bot.plugin import Plugin
from bot.store import Database, open_database
from bot.store.migrate import Schema, core_schema, upgrade

from .clock import START, FakeClock
from .messenger import MemoryMessenger, Native, Shown
from .opened import Opened, opened

DEMO = {
    "walikota": ("Dewi Anggraeni", "Wali Kota", "", "walikota"),
    "sekda": ("Bambang Suryana", "Sekda", "walikota", "sekda"),
    "kadis": ("Rina Hidayat", "Kadis PU", "sekda", "kepala_opd"),
    "kadishub": ("Agus Permana", "Kadishub", "sekda", "kepala_opd"),
    "camat": ("Hendra Gunawan", "Camat Coblong", "sekda", "camat"),
    "lurah": ("Yuyun Wahyuni", "Lurah Dago", "camat", "lurah"),
}
"""name in stories: person, post, superior, role"""
GROUP = "forum"


class Wall:
    """What everybody in one chat can see."""

    def __init__(self, story: "Story", chat: str, messenger: MemoryMessenger | None = None) -> None:
        self._story = story
        self.chat = chat
        self.messenger = messenger or story.messenger

    @property
    def messages(self) -> list[Shown]:
        """The bot's messages in this chat, oldest first, as they stand now."""
        return [shown for shown in self.messenger.screen if shown.chat == self.chat]

    @property
    def last(self) -> Shown:
        """The newest message of the bot. Fails when there is none."""
        assert self.messages, f"the bot has said nothing in {self.chat}"  # noqa: S101  this is a test kit
        return self.messages[-1]

    def sees(self, *texts: str) -> Shown:
        """The newest message that holds all these texts. Fails when none does, and shows what was there."""
        for shown in reversed(self.messages):
            if all(text in shown.text for text in texts):
                return shown
        raise AssertionError(f"nobody sees {texts} in {self.chat}; there is:\n{self.transcript()}")

    def does_not_see(self, text: str) -> None:
        """Fails when a message holds this text."""
        found = [shown for shown in self.messages if text in shown.text]
        assert not found, f"{text!r} is in {self.chat}:\n{found[0].text}"  # noqa: S101  this is a test kit

    def transcript(self) -> str:
        """Everything the bot said here, with its buttons, to read aloud."""
        lines = []
        for shown in self.messages:
            buttons = " ".join(f"[{choice.title}]" for choice in shown.buttons)
            lines.append(f"Bot: {shown.text}" + (f"\n     {buttons}" if buttons else ""))
        return "\n".join(lines) or "(nothing)"


class Actor(Wall):
    """A person with a phone. What they see without `group` is their private chat with the bot."""

    def __init__(self, story: "Story", name: str, messenger: MemoryMessenger | None = None) -> None:
        super().__init__(story, name, messenger)
        self.name = name

    async def says(
        self,
        text: str = "",
        *,
        group: bool = False,
        to: Shown | None = None,
        mention: bool = False,
        photos: Sequence[bytes] = (),
        naming: Mapping[str, str] | None = None,
        files: Sequence[tuple[str, bytes]] = (),
        place: Location | None = None,
    ) -> None:
        """Say something privately or in the group; `to` quotes a message, `mention` names the bot.

        `photos` come along, `files` as documents by their names, and `place` is shared.
        """
        await self._story.deliver(
            *self._natives(text, group, to, mention, photos, naming or {}, files, place), messenger=self.messenger
        )

    async def presses(self, label: str, *, on: Shown | None = None, group: bool = False) -> None:
        """Touch a button by its label: on the newest message that has one. Numbers are typed where there are no buttons."""
        wall: Wall = Wall(self._story, GROUP, self.messenger) if group else self
        candidates = [on] if on else list(reversed(wall.messages))
        for shown in candidates:
            for choice in shown.buttons:
                if choice.title == label:
                    await self.touches(choice.token, shown, group)
                    return
            number = _number(shown.text, label)
            if number:
                await self.says(number, group=group, to=shown)
                return
        raise AssertionError(f"there is no button {label!r} in {wall.chat}:\n{wall.transcript()}")

    async def touches(self, token: str, shown: Shown, group: bool = False) -> None:
        """Send a button's token, real or forged."""
        await self._story.deliver(self._native(group, token=token, message=shown.id), messenger=self.messenger)

    async def opens(self, address: str, *, whole: bool = False) -> Opened:
        """Look at a page of the dashboard, by its path and query; `whole` as a recap takes it."""
        assert self._story.app is not None, "the bot is not running"  # noqa: S101  this is a test kit
        return await opened(self._story, self._story.app, f"{self.messenger.name}:{self.name}", address, whole)

    @property
    def toast(self) -> str:
        """The short note this messenger showed last on a touch, by whomever."""
        return self.messenger.toasts[-1][1] if self.messenger.toasts else ""

    def _native(self, group: bool, **more: Any) -> Native:
        chat = GROUP if group else self.name
        return self.messenger.native(chat, not group, self.name, self._story.clock.now(), name=self.name, **more)

    def _natives(
        self,
        text: str,
        group: bool,
        to: Shown | None,
        mention: bool,
        photos: Sequence[bytes],
        naming: Mapping[str, str],
        documents: Sequence[tuple[str, bytes]] = (),
        place: Location | None = None,
    ) -> list[Native]:
        messenger = self.messenger
        sent = [("photo", "", data) for data in photos] + [("document", name, data) for name, data in documents]
        files = []
        for number, (kind, name, data) in enumerate(sent):
            ref = f"f{len(messenger.files)}-{number}"
            messenger.files[ref] = data
            files.append(Attachment(kind, ref, name, size=len(data)))
        mentions = [Mention(shown, f"{messenger.name}:{account}") for shown, account in naming.items()]
        album = f"album-{len(messenger.files)}" if len(files) > 1 else ""
        first = self._native(
            group,
            text=text,
            reply_to=to.id if to else "",
            addressed=mention,
            files=files[:1],
            mentions=mentions,
            album=album,
            place=place,
        )
        return [first, *(self._native(group, files=[file], album=album) for file in files[1:])]


class Story:
    """A whole bot in memory with the demo's people: `async with Story([plugin]) as story: …`

    People are attributes (`story.kadis`); `story.stranger` is in no directory. `group` is the forum they are all in.
    `directory` is the text of a directory file of your own, whose people `actor` finds. `beside` are more messengers, by name
    and profile: `Story([…], beside={"wa": "whatsapp"})`. Without `alone` other processes may have the database open too.
    """

    def __init__(
        self,
        plugins: Sequence[Plugin],
        *,
        profile: str = "telegram",
        database: str = "sqlite://",
        start: datetime = START,
        settings: Settings | None = None,
        directory: str = "",
        alone: bool = True,
        beside: Mapping[str, str] | None = None,
    ) -> None:
        self._alone = alone
        self._plugins = plugins
        self._url = database
        self._directory = directory
        self._folder = TemporaryDirectory(prefix="pendopo-story-")
        self.settings = settings or Settings()
        self.clock = FakeClock(start)
        self.messenger = MemoryMessenger(profile=profile)
        self.beside = {name: MemoryMessenger(name, other) for name, other in (beside or {}).items()}
        self.group = Wall(self, GROUP)
        self.stranger = Actor(self, "orang_asing")
        self.app: App | None = None

    def actor(self, name: str, on: str = "") -> Actor:
        """Somebody by their account (`memory:siti` is "siti"), `on` one of the messengers beside: people of your own file."""
        return Actor(self, name, self.beside[on] if on else None)

    def __getattr__(self, name: str) -> Actor:
        if name in DEMO:
            return Actor(self, name)
        raise AttributeError(name)

    async def __aenter__(self) -> "Story":
        await self.begin()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        await self.end()
        self._folder.cleanup()

    @property
    def people_file(self) -> Path:
        """The directory file this story's people stand in."""
        return Path(self._folder.name) / "directory.toml"

    async def begin(self) -> None:
        """Start the bot; after `end` on a database file this is a restart."""
        folder = Path(self._folder.name)
        people = self.people_file
        people.write_text(self._directory or directory_file(self.messenger.name), encoding="utf-8")
        directory = self.settings.directory.model_copy(update={"file": str(people)})
        settings = self.settings.model_copy(update={"directory": directory, "data_dir": str(folder)})
        database = open_database(self._url, exclusive=self._alone)
        if not database.postgres and not await database.read("SELECT 1 FROM sqlite_master LIMIT 1"):
            await database.write(lambda c: [c.execute(statement) for statement in core_tables()])
        if database.postgres:
            await asyncio.to_thread(make_tables, database, self._plugins)
        self.app = App(settings, database, [self.messenger, *self.beside.values(), Dashboard()], self._plugins, self.clock)
        await self.app.start()
        await self.app.idle()

    async def end(self) -> None:
        """Stop the bot."""
        if self.app is not None:
            await self.app.stop()
            self.app = None

    async def restart(self) -> None:
        """Stop and start again; only what is in the database is left."""
        await self.end()
        await self.begin()

    async def deliver(self, *natives: Native, messenger: MemoryMessenger | None = None) -> None:
        """Hand native deliveries to the bot and wait until it has done what there is to do."""
        await (messenger or self.messenger).deliver(*natives)
        await self.settle()
        if any(native.album for native in natives):
            await self.advance(seconds=2)

    async def advance(self, **delta: float) -> None:
        """Let time pass (`minutes=30`), with everything that falls due on the way."""
        until = self.clock.now() + timedelta(**delta)
        while self.clock.step(until):
            await self.settle()
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is left that could be done now."""
        if self.app is not None:
            await self.app.idle()


def make_tables(database: Database, plugins: Sequence[Plugin]) -> None:
    """Make or bring up to date what a start on PostgreSQL only checks. What cannot be made, the bot says when it starts."""
    engine = database.engine()
    try:
        upgrade(engine, core_schema())
        for plugin in plugins:
            if plugin.tables is not None:
                folder = plugin.home / "migrations"
                with suppress(StoreError):
                    upgrade(engine, Schema(plugin.name, folder if folder.is_dir() else None, plugin.tables.metadata))
    finally:
        engine.dispose()


@lru_cache(maxsize=1)
def core_tables() -> Sequence[str]:
    """What the core's migrations leave in a new SQLite database, as statements: fifty times faster than migrating each."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    schema = core_schema()
    upgrade(engine, schema)
    with engine.connect() as connection:
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        statements = [str(row[0]) for row in made]
    engine.dispose()
    return [*statements, f"INSERT INTO {schema.version_table} VALUES ('{schema.head}')"]  # noqa: S608  our own names


def directory_file(messenger: str) -> str:
    """The demo's people as a directory file."""
    lines = ['[[unit]]\ncode = "kota"\nname = "Pemerintah Kota"\n']
    for name, (person, title, superior, role) in DEMO.items():
        above = f'superior = "{superior}"\n' if superior else ""
        lines.append(f'[[post]]\ncode = "{name}"\ntitle = "{title}"\nunit = "kota"\n{above}roles = ["{role}"]\n')
        lines.append(f'[[person]]\nname = "{person}"\nposts = ["{name}"]\naccounts = ["{messenger}:{name}"]\n')
    return "\n".join(lines)


def _number(text: str, label: str) -> str:
    for line in text.splitlines():
        number, _, title = line.partition(". ")
        if number.isdigit() and title == label:
            return number
    return ""


__all__ = ["Actor", "Story", "Wall", "directory_file"]
