"""WhatsApp Cloud on the bench: the adapter, its Graph API, Budi, and a small group."""

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from pendopo.adapters.whatsapp_cloud import WhatsAppCloud
from pendopo.config import WhatsAppCloudSettings
from pendopo.model import Chat, ChatKind
from pendopo.testing.conformance import Failure, NativeMessage, RecordingEngine, run_adapter

from tests.adapters.serving import listening, served

from .graph import DISPLAY, NUMBER, TOKEN, FakeGraph, error
from .people import APP_SECRET, BUDI, GROUP, VERIFY, Meta, People, Value
from .screen import shown
from .wire import Answer

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used: reading the system's certificates for each test takes its time
FAULTS = {"busy": error(130429), "down": Answer(0, lost=True), "refused": error(131009), "closed": error(131026)}


class CloudBench:
    """Implements `conformance.Bench`."""

    def __init__(self, graph: FakeGraph, adapter: WhatsAppCloud, desk: RecordingEngine, meta: Meta) -> None:
        self.graph, self.adapter, self.desk, self.meta = graph, adapter, desk, meta
        self.people = People(graph)
        self.person = Chat("whatsapp_cloud", BUDI.phone)
        self.group = Chat("whatsapp_cloud", GROUP, ChatKind.GROUP)
        self.bot_name = f"@{DISPLAY}"

    async def sends_message(
        self,
        chat: Chat,
        text: str = "",
        *,
        reply_to: str = "",
        files: Sequence[bytes] = (),
        place: tuple[float, float] | None = None,
    ) -> str:
        more: Value = {} if chat.private else {"group_id": chat.id}
        if reply_to:
            more["context"] = {"id": reply_to}
        if place:
            values = [self.people.value(BUDI, "location", {"latitude": place[0], "longitude": place[1]}, **more)]
        elif files:
            values = [self.people.shows(BUDI, data, "" if n else text, **more) for n, data in enumerate(files)]
        else:
            values = [self.people.says(BUDI, text, **more)]
        await self.meta.deliver(*values)
        return str(values[-1]["messages"][0]["id"])

    async def presses_button(self, chat: Chat, message: str, title: str) -> None:
        await self.meta.deliver(self.people.touches(BUDI, message, title))

    async def repeats(self) -> None:
        self.meta.waiting.append(self.meta.last)

    async def wait_until_idle(self) -> None:
        await self.meta.settle()

    def screen(self, chat: Chat) -> Sequence[NativeMessage]:
        return [shown(self.graph, sent) for sent in self.graph.to(chat.id)]

    def toasts(self) -> Sequence[str]:
        return []

    def fail(self, how: Failure) -> None:
        if how == "lost":
            self.graph.lost.append(None)
        else:
            self.graph.faults.append(FAULTS[how])


def settings(graph: FakeGraph, token: str = TOKEN, template: str = "") -> WhatsAppCloudSettings:
    return WhatsAppCloudSettings.model_validate(
        {
            "access_token": token,
            "phone_number_id": NUMBER,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY,
            "graph_base_url": graph.origin,
            "template": template,
        }
    )


@asynccontextmanager
async def open_bench(folder: Path) -> AsyncIterator[CloudBench]:
    """The adapter at work. Budi has written before, privately and in the group, so that he may be written to."""
    desk = RecordingEngine(folder)
    graph = FakeGraph(desk.now)
    await graph.start()
    adapter = WhatsAppCloud(settings(graph))
    desk.connect_adapter(adapter)
    listener, url = listening()
    async with served(desk, listener), run_adapter(adapter), httpx.AsyncClient(base_url=url, verify=PLAIN) as client:
        ready = CloudBench(graph, adapter, desk, Meta(client))
        await ready.sends_message(ready.person, "halo")
        await ready.sends_message(ready.group, "halo")
        desk.taken.clear()
        desk.attempts = 0
        yield ready
    await graph.stop()


JPEG = b"\xff\xd8\xff\xe0 a small picture"
