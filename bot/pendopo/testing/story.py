"""Stories: a whole bot in memory and the people who use it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from pendopo.adapters.dashboard import Dashboard
from pendopo.config import Settings
from pendopo.engine.app import App
from pendopo.errors import PluginError
from pendopo.model import Document, Photo
from pendopo.plugin import Plugin
from pendopo.plugin.code_check import check_code
from pendopo.store import open_database
from pendopo.store.transfer.table_inventory import has_tables
from pendopo.testing.actor import GROUP, Actor, ChatView
from pendopo.testing.clock import START, FakeClock
from pendopo.testing.messenger import MemoryMessenger, NativeDelivery, ShownMessage
from pendopo.testing.schema_cache import make_new, make_tables
from pendopo.testing.stored import Stored

DEMO = {
    "walikota": ("Dewi Anggraeni", "Wali Kota", "", "walikota"),
    "sekda": ("Bambang Suryana", "Sekda", "walikota", "sekda"),
    "kadis": ("Rina Hidayat", "Kadis PU", "sekda", "kepala_opd"),
    "kadishub": ("Agus Permana", "Kadishub", "sekda", "kepala_opd"),
    "camat": ("Hendra Gunawan", "Camat Coblong", "sekda", "camat"),
    "lurah": ("Yuyun Wahyuni", "Lurah Dago", "camat", "lurah"),
}
"""By name in stories: person, title of the post, superior, role."""


class Story:
    """A whole bot in memory with the demo's people: `async with Story([plugin]) as story: …`

    People are attributes (`story.kadis`); `story.stranger` is in no directory; `story.group` is the group with all of them.
    `directory` is the text of another directory file, whose people `actor` finds. `messengers` adds messengers by name and
    profile (`messengers={"wa": "whatsapp"}`). Without `alone`, other processes may open the database too.

    What fails in the code of a plugin is raised in the test, as it was raised there: by a handler, a policy, a page's overview
    or a hook; a plugin that cannot be used and a sentence that is not written raise `PluginError`. With `raises=False` the bot
    goes on as it would in operation, and `failures` holds the errors.
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
        messengers: Mapping[str, str] | None = None,
        raises: bool = True,
    ) -> None:
        self._raises = raises
        self.failures: list[Exception] = []
        """What failed in the code of plugins and was not raised yet, oldest first."""
        self._alone = alone
        self._plugins = plugins
        self._url = database
        self._directory = directory
        self._folder = TemporaryDirectory(prefix="pendopo-story-")
        self.settings = settings or Settings()
        self.clock = FakeClock(start)
        self.messenger = MemoryMessenger(profile=profile)
        self.messengers = {name: MemoryMessenger(name, other) for name, other in (messengers or {}).items()}
        self.group = ChatView(self.messenger, GROUP)
        self.stranger = Actor(self, self.messenger, "orang_asing")
        self._app: App | None = None

    def actor(self, name: str, on: str = "") -> Actor:
        """Return a person of your own directory by account (`memory:siti` is "siti"), `on` one of the other messengers."""
        return Actor(self, self.messengers[on] if on else self.messenger, name)

    def __getattr__(self, name: str) -> Actor:
        if name in DEMO:
            return Actor(self, self.messenger, name)
        raise AttributeError(name)

    async def __aenter__(self) -> "Story":
        try:
            await self.start()
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        await self.stop()
        self._folder.cleanup()
        if error is None:
            self._raise_failure()

    @property
    def app(self) -> App:
        """The running bot. Raises `RuntimeError` before the story's start and after its end."""
        if self._app is None:
            raise RuntimeError("the bot of this story is not running: use `async with Story(…)`, or `await story.start()`")
        return self._app

    @property
    def people_file(self) -> Path:
        """The directory file with the people of this story."""
        return Path(self._folder.name) / "directory.toml"

    @property
    def stored(self) -> Stored:
        """The stored rows of the bot."""
        return Stored(self.app.database)

    def read_file(self, shown: ShownMessage) -> bytes:
        """Return the bytes of the picture or document that a message carries. Raises `ValueError` for one without."""
        if not isinstance(shown.content, (Photo, Document)):
            raise ValueError(f"this message carries no file: {shown.text!r}")
        return self.app.core.blobs.path(shown.content.blob).read_bytes()

    async def start(self) -> None:
        """Start the bot; after `stop` on a database file this is a restart."""
        folder = Path(self._folder.name)
        people = self.people_file
        people.write_text(self._directory or directory_file(self.messenger.name), encoding="utf-8")
        directory = self.settings.directory.model_copy(update={"file": str(people)})
        settings = self.settings.model_copy(update={"directory": directory, "data_dir": str(folder)})
        database = open_database(self._url, exclusive=self._alone)
        if not database.postgres and not await has_tables(database):
            await database.write(partial(make_new, plugins=self._plugins))
        if database.postgres:
            await asyncio.to_thread(make_tables, database, self._plugins)
        self._app = App(settings, database, [self.messenger, *self.messengers.values(), Dashboard()], self._plugins, self.clock)
        self._app.core.gate.report_failure = self.failures.append
        await self._app.start()
        await self._app.idle()
        if self._raises:
            self.failures += [PluginError(f"{name}: {why}") for name, why in self._app.broken.items()]
            self.failures += [PluginError(wrong) for plugin in self._plugins for wrong in check_code(plugin)]
            if self.failures:
                await self.stop()
        self._raise_failure()

    def _raise_failure(self) -> None:
        """Raises what failed first."""
        if self._app is not None and (unwritten := self._app.core.catalogues.unwritten):
            self.failures += [PluginError(f"there is no sentence {key!r}: people read its key") for key in sorted(unwritten)]
            unwritten.clear()
        if self._raises and self.failures:
            failed, self.failures[:] = self.failures[0], []
            raise failed

    async def stop(self) -> None:
        """Stop the bot."""
        if self._app is not None:
            await self._app.stop()
            self._app = None

    async def restart(self) -> None:
        """Stop and start again; only what is stored remains."""
        await self.stop()
        await self.start()

    async def deliver(self, *natives: NativeDelivery, messenger: MemoryMessenger | None = None) -> None:
        """Deliver to the bot and wait until it is idle. After an album two seconds pass, since the bot waits for its parts."""
        await (messenger or self.messenger).deliver(*natives)
        await self.wait_until_idle()
        if any(native.album for native in natives):
            await self.advance(seconds=2)

    async def advance(self, **delta: float) -> None:
        """Let time pass (`minutes=30`), and everything happen that falls due."""
        until = self.clock.now() + timedelta(**delta)
        while self.clock.step_until(until):
            await self.wait_until_idle()
        await self.wait_until_idle()

    async def wait_until_idle(self) -> None:
        """Wait until the bot has nothing left to do now."""
        if self._app is not None:
            await self._app.idle()
            self._raise_failure()


def directory_file(messenger: str) -> str:
    """Format the demo's people as a directory file."""
    lines = ['[[unit]]\ncode = "kota"\nname = "Pemerintah Kota"\n']
    for name, (person, title, superior, role) in DEMO.items():
        above = f'superior = "{superior}"\n' if superior else ""
        lines.append(f'[[post]]\ncode = "{name}"\ntitle = "{title}"\nunit = "kota"\n{above}roles = ["{role}"]\n')
        lines.append(f'[[person]]\nname = "{person}"\nposts = ["{name}"]\naccounts = ["{messenger}:{name}"]\n')
    return "\n".join(lines)
