"""What all stations share: the database, the directory, the routes, the sentences, the messengers and the time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bot.adapters.adapter import Adapter
from bot.config import Options, RetentionSettings, Settings, StorageSettings, options_of, redacted, secrets_in, site_of
from bot.directory import Directory, People
from bot.errors import PluginError
from bot.i18n import Catalogues
from bot.model import Attachment, Chat, ChatKind, Document, Message, Person, Photo, Said
from bot.plugin import Context, Item, Plugin
from bot.plugin.arguments import Param
from bot.plugin.button import Handler
from bot.plugin.host import Busy, Chosen, Installed, Made, Marked, Reach, Refusal, Stored, Upkeep, Usage
from bot.plugin.page import Overview
from bot.plugin.route import Route
from bot.store import Arrivals, Blobs, Database, agenda, audit
from bot.store.delivery import find_chat, from_ms
from bot.when.calendar import Calendar

from . import items, quoting, reaching, refusals, retention, sweep
from .clock import Clock
from .fetching import Fetching
from .gate import Gate
from .intake import Intake
from .metrics import Metrics
from .pages import Pages
from .router import Router
from .spans import NoSpans, Spans
from .standing import Standing

MEGABYTE = 1_000_000

SENTENCES = Path(__file__).parent.parent / "locale"


@dataclass
class Core:
    """Built once, in `engine.app`; it is also what a `Context` leans on."""

    database: Database
    directory: Directory
    router: Router
    catalogues: Catalogues
    adapters: Mapping[str, Adapter]
    blobs: Blobs
    arrivals: Arrivals
    clock: Clock
    zone: ZoneInfo
    locale: str = "id"
    secrets: Sequence[str] = ()
    calendar: Calendar = field(default_factory=Calendar)
    chosen: dict[type[Options], Options] = field(default_factory=dict)
    """What the operator decided for each plugin."""
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    post_to: str = ""
    public_url: str = ""
    """What the web app is reached under from outside."""
    site: str = ""
    """The same, or where it is reached on this machine."""
    rates: tuple[int, int] = (0, 0)
    """What one person and one chat may ask for in a minute; 0: no limit."""

    spans: Spans = field(default_factory=NoSpans)

    def __post_init__(self) -> None:
        self.standing = Standing(self)
        self.gate = Gate(self.router, self.standing.down)
        self.metrics = Metrics()
        self.fetching = Fetching(self)
        self.intake = Intake(self)
        self.pages = Pages(self)

    @property
    def people(self) -> People:
        return self.directory.people

    def tidy(self) -> None:
        """Remove halves of files that a process left when it died; before anything else writes."""
        for shelf in (self.blobs, self.arrivals):
            shelf.tidy()

    def now_ms(self) -> int:
        return self.clock.now_ms()

    def explain(self, error: Exception) -> str:
        """An error as it may be logged and stored: an address with a token in it is an error's favourite."""
        return redacted(f"{type(error).__name__}: {error}", self.secrets)

    def route_of(self, handler: Handler) -> str:
        return self.router.of(handler).name

    def put_away(self, route: str, args: Sequence[Any]) -> dict[str, Any]:
        return self.router.put_away(route, args)

    def take(self, plugin: Plugin, settings: Settings) -> None:
        """Take a plugin's options, sentences and routes. Raises `PluginError` or `ConfigError`, and takes no route then."""
        if plugin.options is not None:
            self.chosen[plugin.options] = options_of(settings, plugin.name, plugin.options)
        self.catalogues.add(plugin.home / "locale", plugin.name)
        self.router.add(plugin)

    async def usable(self, ctx: Context) -> list[Usage]:
        """The commands this person may use, in the order of their plugins."""
        routes = [route for route in self.router.routes.values() if route.words and not route.hidden]
        return [self._usage(route) for route in routes if await self.gate.may_begin(ctx, route)]

    def installed(self, chat: Chat) -> list[Installed]:
        off = self.people.off.get(chat.key, frozenset())
        return [Installed(plugin.name, plugin.name not in off, plugin.always) for plugin in self.router.plugins.values()]

    async def last_refusal(self, ctx: Context) -> Refusal | None:
        return await refusals.last(ctx, self.router, self.gate)

    def options(self, model: type[Chosen]) -> Chosen:
        found = self.chosen.get(model)
        if not isinstance(found, model):
            raise PluginError(f"no plugin in use is given {model.__name__}: say Plugin(options={model.__name__})")
        return found

    def words(self, said: Said, locale: str) -> str:
        return self.catalogues.words(said, locale or self.locale)

    async def keep_file(self, data: bytes) -> str:
        return await self.intake.keep(data)

    async def keep_path(self, path: Path) -> str:
        return (await self.blobs.put_file(path)).sha256

    async def keep_attachment(self, adapter: str, file: Attachment) -> Stored:
        return await self.intake.take(adapter, file)

    async def collage(self, thumbs: Sequence[str]) -> str:
        return await self.intake.collage(thumbs)

    async def blob_path(self, sha256: str) -> Path:
        return await self.blobs.here(sha256)

    async def beside(self, work: Callable[[], Made]) -> Made:
        return await self.intake.run(work)

    async def agenda(self, person: int, start: int, end: int) -> list[Busy]:
        return [
            Busy(key, plugin, kind, from_ms(begin), from_ms(finish), msgspec.json.decode(title, type=Said))
            for key, plugin, kind, begin, finish, title in await agenda.between(self.database, person, start, end)
        ]

    async def entry(self, key: str) -> Marked | None:
        rows = await agenda.entry(self.database, key)
        persons = frozenset(row[6] for row in rows)
        found = [
            Marked(key, plugin, kind, from_ms(begin), from_ms(finish), msgspec.json.decode(title, type=Said), persons)
            for key, plugin, kind, begin, finish, title, _ in rows[:1]
        ]
        return found[0] if found else None

    @property
    def followers(self) -> Sequence[str]:
        return self.router.followers

    async def upkeep(self) -> Upkeep:
        removed = await retention.run(self)
        if swept := await sweep.sweep(self):
            removed["file"] = swept
        line, head = await audit.head(self.database)
        return Upkeep(removed, line, head, self.group(self.post_to))

    def group(self, key: str) -> Chat | None:
        adapter, _, id_ = key.partition(":")
        return Chat(adapter, id_, ChatKind.GROUP) if adapter in self.adapters else None

    def menu(self, locale: str) -> list[tuple[str, str]]:
        """The commands that whoever is known may use, with what they do: for a messenger's own menu."""
        routes = [r for r in self.router.routes.values() if r.words and not r.hidden and r.policy in ("anyone", "known")]
        return [(r.words[0], self.catalogues.words(self._usage(r).summary, locale)) for r in routes]

    def _usage(self, route: Route) -> Usage:
        own = f"{route.plugin}.bantuan.{route.name.split('.')[1]}"
        summary = Said(own) if self.catalogues.has(own) else Said("umum.pilihan", {"teks": route.summary})
        params = [(self.name_of(route, param), param.required) for param in route.params]
        return Usage(route.plugin, route.words, params, summary, route.examples)

    def name_of(self, route: Route, param: Param) -> Said:
        """What people call a parameter: a word of the plugin's catalogue, else its name."""
        own = f"{route.plugin}.arg.{param.name}"
        return Said(own) if self.catalogues.has(own) else Said("umum.pilihan", {"teks": param.name.replace("_", " ")})

    async def quoted(self, message: Message) -> str:
        return await quoting.key(self, message)

    async def quoted_text(self, message: Message) -> str:
        return await quoting.text(self, message)

    async def quoted_files(self, message: Message) -> list[Photo | Document]:
        return await quoting.files(self, message)

    async def files(self, message: Message) -> list[Photo | Document]:
        """The files of a message, stored. Raises `UserError` when one cannot be had."""
        return [await self.intake.fetch(message.chat.adapter, file) for file in message.attachments]

    async def items(self, ctx: Context, number: int, plugin: str) -> Sequence[Item]:
        return await items.items(ctx, self.router, self.gate, number, plugin)

    @property
    def offered(self) -> Sequence[tuple[str, str]]:
        return [(route.offers, route.name) for route in self.router.offers]

    async def overview(self, ctx: Context, since: datetime, person: Person) -> Sequence[Overview]:
        return await self.pages.overview(ctx, since, person)

    async def reach(self, person: Person, at: datetime, here: Chat | None) -> Reach:
        return await reaching.reach(self, person, at, here)

    def address(self, route: str, token: str) -> str:
        return f"{self.public_url.rstrip('/')}/feed/{route}/{token}" if self.public_url else ""

    async def adapter_of(self, delivery: str) -> str:
        chat = await find_chat(self.database, delivery)
        return chat.adapter if chat else ""

    async def private_chat(self, person: Person, beside: str = "") -> Chat | None:
        return await reaching.private_chat(self, person, beside)


def core_of(settings: Settings, database: Database, adapters: Mapping[str, Adapter], clock: Clock) -> Core:
    """A core as the settings say, with the sentences of the engine; its directory is not read yet, and it has no plugins."""
    zone, folder = ZoneInfo(settings.timezone), Path(settings.data_dir)
    core = Core(
        database=database,
        directory=Directory(database, zone),
        router=Router(),
        catalogues=Catalogues(zone),
        adapters=adapters,
        blobs=_blobs(settings.storage, folder),
        arrivals=Arrivals(folder / "arrivals"),
        clock=clock,
        zone=zone,
        locale=settings.locale,
        secrets=secrets_in(settings),
        calendar=Calendar(settings.calendar.country, settings.calendar.holidays, settings.calendar.working),
        retention=settings.retention,
        post_to=settings.audit.post_to,
        public_url=settings.web.public_url,
        site=site_of(settings.web),
        rates=(settings.limits.per_person, settings.limits.per_chat),
    )
    core.catalogues.add(SENTENCES)
    return core


def _blobs(settings: StorageSettings, folder: Path) -> Blobs:
    if not settings.url:
        return Blobs(folder / "blobs", settings.quota * MEGABYTE)
    from bot.store.bucket import Bucket  # only for those who have one

    return Blobs(folder / "blobs", settings.quota * MEGABYTE, Bucket(settings), settings.cache * MEGABYTE)
