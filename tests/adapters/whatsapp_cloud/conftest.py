"""A Graph API, an adapter that is connected to it, and a whole bot around both, with a clock that stands still."""

import re
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from pendopo.adapters.contract import Incoming
from pendopo.adapters.whatsapp_cloud import WhatsAppCloud
from pendopo.adapters.whatsapp_cloud.convert import convert_or_explain
from pendopo.config import Settings
from pendopo.engine.app import App
from pendopo.model import Chat, Event, Phrase, Text, TextRun
from pendopo.model.content import Choice
from pendopo.plugin import Plugin
from pendopo.store import open_database
from pendopo.testing import FakeClock, Stored
from pendopo.testing.schema_cache import make_new
from pendopo.testing.story import directory_file
from pendopo.web import build_web_app
from pendopo_izin import plugin as izin

from tests.adapters.hosts import BareHost

from .bench import settings
from .graph import NUMBER, TOKEN, FakeGraph, Sent
from .people import BUDI, Meta, People, Person, Value, encoded, envelope, headers

CHAT = Chat("whatsapp_cloud", BUDI.phone)
OFFICIALS = {
    "walikota": Person("6281200000101", "ID.101", "Dewi"),
    "sekda": Person("6281200000102", "ID.102", "Bambang"),
    "kadis": Person("6281200000103", "ID.103", "Rina"),
}


@dataclass
class Lender(BareHost):
    """An engine that lends what an adapter needs."""

    folder: Path
    clock: FakeClock
    heard: dict[str, datetime] = field(default_factory=dict)

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        raise AssertionError("webhooks are accepted by the web side")

    def get_blob_path(self, sha256: str) -> Path:
        if not (self.folder / sha256).is_file():
            raise FileNotFoundError(sha256)
        return self.folder / sha256

    def keep(self, data: bytes) -> str:
        name = sha256(data).hexdigest()
        (self.folder / name).write_bytes(data)
        return name

    def now(self) -> datetime:
        return self.clock.now()

    async def get_last_seen(self, chat: Chat) -> datetime | None:
        return self.heard.get(chat.id)


class Lab:
    """An adapter at its Graph API; Budi has just written."""

    def __init__(self, graph: FakeGraph, lender: Lender) -> None:
        self.graph, self.lender, self.clock = graph, lender, lender.clock
        self.people = People(graph)
        self.made: list[WhatsAppCloud] = []
        lender.heard[BUDI.phone] = self.clock.now()
        self.adapter = self.make()

    def make(self, token: str = TOKEN, template: str = "", **more: Any) -> WhatsAppCloud:
        """Another adapter, as after a restart."""
        adapter = WhatsAppCloud(settings(self.graph, token, template), **more)
        adapter.connect(self.lender)
        self.made.append(adapter)
        return adapter

    def take(self, *values: Value, field: str = "messages") -> list[Incoming]:
        """Hand over one request with an entry for each value."""
        body = encoded(envelope(*values, field=field))
        return list(self.adapter.receive(body, headers(body)))

    def explain_skip(self, incoming: Incoming) -> str:
        """Why a delivery leads to no event, "" if it leads to some."""
        result = convert_or_explain(self.adapter.name, NUMBER, incoming)
        return result if isinstance(result, str) else ""

    def events(self, *values: Value, field: str = "messages") -> list[Event]:
        return [event for incoming in self.take(*values, field=field) for event in self.adapter.convert(incoming)]

    async def say(self, content: Any, key: str = "k1", chat: Chat = CHAT, **more: Any) -> str:
        return await self.adapter.send(chat, words(content) if isinstance(content, str) else content, key, **more)

    @property
    def last(self) -> Sent:
        return self.graph.messages[-1]


def words(text: str, *titles: str) -> Text:
    """A rendered text with buttons."""
    choices = tuple(Choice(f"t-{number}", Phrase("x"), title) for number, title in enumerate(titles))
    return Text(spans=(TextRun(text),) if text else (), buttons=choices)


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    clock = FakeClock()
    graph = FakeGraph(clock.now)
    await graph.start()
    lab = Lab(graph, Lender(tmp_path, clock))
    yield lab
    for adapter in lab.made:
        await adapter.close()
    await graph.stop()


class City:
    """A whole bot on WhatsApp Cloud, with officials who can be reached there only."""

    def __init__(self, app: App, graph: FakeGraph, clock: FakeClock, meta: Meta) -> None:
        self.app, self.graph, self.clock, self.meta = app, graph, clock, meta
        self.people = People(graph)

    async def happens(self, *values: Value) -> None:
        """People do something, and the bot does what there is to do."""
        await self.meta.deliver(*values)
        await self.app.idle()

    async def says(self, person: Person, text: str, **more: Any) -> None:
        await self.happens(self.people.says(person, text, **more))

    async def presses(self, person: Person, title: str) -> None:
        """Touch the newest button of that title."""
        message = next(sent for sent in reversed(self.screen(person)) if title in sent.buttons)
        await self.happens(self.people.touches(person, message.wamid, title))

    def screen(self, person: Person) -> list[Sent]:
        return self.graph.to(person.phone)

    @property
    def stored(self) -> Stored:
        return Stored(self.app.database)

    async def advance(self, **delta: float) -> None:
        until = self.clock.now() + timedelta(**delta)
        while self.clock.step_until(until):
            await self.app.idle()
        await self.app.idle()


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[City]:
    async with open_city(tmp_path, [izin], "kabar") as city:
        yield city


@asynccontextmanager
async def open_city(tmp_path: Path, plugins: Sequence[Plugin], template: str) -> AsyncIterator[City]:
    """The bot with these plugins, and an approved template or none."""
    clock = FakeClock()
    graph = FakeGraph(clock.now)
    await graph.start()
    people = directory_file("whatsapp")
    for name, person in OFFICIALS.items():
        people = people.replace(f'"whatsapp:{name}"', f'"whatsapp:{person.phone}"')
    people = re.sub(r'"whatsapp:[a-z]\w*"', lambda name: f'"whatsapp:62899{zlib.crc32(name[0].encode()):010}"', people)
    (tmp_path / "directory.toml").write_text(people, encoding="utf-8")
    chosen = Settings.model_validate({"directory": {"file": str(tmp_path / "directory.toml")}, "data_dir": str(tmp_path)})
    database = open_database(f"sqlite:///{tmp_path}/x.db")
    await database.write(lambda c: make_new(c, []))
    app = App(chosen, database, [WhatsAppCloud(settings(graph, template=template))], plugins, clock)
    await app.start()
    transport = httpx.ASGITransport(build_web_app(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.example.go.id") as client:
        yield City(app, graph, clock, Meta(client))
    await app.stop()
    await graph.stop()
