"""One bot on Telegram, WhatsApp Cloud and WAHA at once, each against its own strict server, with one clock for all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
from pendopo.adapters.contract import Adapter
from pendopo.adapters.telegram import Telegram
from pendopo.adapters.waha import Waha as WahaAdapter
from pendopo.adapters.whatsapp_cloud import WhatsAppCloud
from pendopo.config import Settings
from pendopo.engine.app import App
from pendopo.plugin import Plugin
from pendopo.store import open_database
from pendopo.testing import FakeClock, Stored
from pendopo.testing.schema_cache import make_new

from tests.adapters.serving import listening, served

from .offices import OFFICES
from .telegram.bench import QUICK
from .telegram.bench import settings as telegram_settings
from .telegram.fake.people import People as TelegramPeople
from .telegram.fake.server import BotApi
from .waha.bench import GROUP
from .waha.bench import settings as waha_settings
from .waha.fake.people import People as WahaPeople
from .waha.fake.server import Bubble, Waha, serving
from .whatsapp_cloud.bench import settings as cloud_settings
from .whatsapp_cloud.graph import FakeGraph, Sent
from .whatsapp_cloud.people import Meta, Person, Value
from .whatsapp_cloud.people import People as CloudPeople

RINA_PHONE, RINA_TELEGRAM = "6281200000001", 1000000001
SEKDA = Person("6281200000002", "ID.102", "Bambang")
SEKDA_TELEGRAM = 1000000002
DIRECTORY = f"""{OFFICES}[[person]]
name = "Bambang Suryana"
nip = "2"
posts = ["sekda"]
accounts = ["whatsapp:{SEKDA.phone}", "telegram:{SEKDA_TELEGRAM}"]
[[person]]
name = "Rina Hidayat"
nip = "1"
posts = ["kadis"]
accounts = ["whatsapp:{RINA_PHONE}", "telegram:{RINA_TELEGRAM}"]
"""


class Town:
    """People act on any messenger, and then everything happens that can happen now."""

    def __init__(self, app: App, clock: FakeClock, api: BotApi, graph: FakeGraph, waha: Waha, meta: Meta) -> None:
        self.app, self.clock, self.api, self.graph, self.waha, self.meta = app, clock, api, graph, waha, meta
        self.on_telegram, self.on_cloud, self.on_waha = TelegramPeople(api), CloudPeople(graph), WahaPeople(waha)

    async def telegram(self, user: int, text: str) -> None:
        await self.on_telegram.says(user, user, text)
        await self.passes()

    async def cloud(self, *values: Value) -> None:
        """Meta tells of something."""
        await self.meta.deliver(*values)
        await self.passes()

    async def group(self, phone: str, text: str, to: Bubble | None = None) -> None:
        """Somebody says something in the group behind the gateway."""
        self.on_waha.says(f"{phone}@c.us", GROUP, text, reply_to=to.id if to else "")
        await self.passes()

    def in_group(self) -> list[Bubble]:
        return [bubble for bubble in self.waha.chats.get(GROUP, []) if bubble.mine]

    def on_phone(self, person: Person) -> list[Sent]:
        return self.graph.to(person.phone)

    def in_telegram(self, user: int) -> list[str]:
        return [post.text for post in self.api.state.rooms[user].posts.values() if post.by == 7000000001]

    async def passes(self, **delta: float) -> None:
        """Half a minute, or as long as is said, in which everybody is told what they are to be told."""
        until = self.clock.now() + timedelta(**delta or {"seconds": 30})
        await self.settle()
        while self.clock.step_until(until):
            await self.app.idle()
        await self.settle()

    async def settle(self) -> None:
        await self.api.delivered()
        await self.waha.deliver()
        await self.app.idle()

    @property
    def stored(self) -> Stored:
        return Stored(self.app.database)


@asynccontextmanager
async def open_town(folder: Path, plugins: Sequence[Plugin], template: str = "") -> AsyncIterator[Town]:
    (folder / "directory.toml").write_text(DIRECTORY, encoding="utf-8")
    clock = FakeClock()
    async with AsyncExitStack() as stack:
        api = BotApi(clock=lambda: clock.now().timestamp(), limits=True)
        for user, name in ((RINA_TELEGRAM, "Rina"), (SEKDA_TELEGRAM, "Bambang")):
            api.state.person(user, name)
        graph = FakeGraph(clock.now)
        for server in (api, graph):
            await server.start()
            stack.push_async_callback(server.stop)
        waha = await stack.enter_async_context(serving(Waha()))
        waha.now = int(clock.now().timestamp())
        adapters: list[Adapter] = [
            Telegram(telegram_settings(api.url), timing=QUICK),
            WhatsAppCloud(cloud_settings(graph, template=template)),
            WahaAdapter(waha_settings(waha.url)),
        ]
        chosen = {"data_dir": str(folder), "directory": {"file": str(folder / "directory.toml")}}
        database = open_database(f"sqlite:///{folder}/x.db")
        await database.write(lambda c: make_new(c, []))
        app = App(Settings.model_validate(chosen), database, adapters, plugins, clock)
        await app.start()
        stack.push_async_callback(app.stop)
        await api.until(lambda: api.allowed is not None)
        listener, url = listening()
        waha.webhook = f"{url}/hooks/waha"
        await stack.enter_async_context(served(app, listener))
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url))
        yield Town(app, clock, api, graph, waha, Meta(client))
