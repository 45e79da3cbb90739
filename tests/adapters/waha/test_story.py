"""The whole bot behind the gateway: asked in a group, decided by a number, told to everybody concerned."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from pendopo.adapters.waha import Waha as Adapter
from pendopo.config import Settings
from pendopo.engine.app import App
from pendopo.plugin import Plugin
from pendopo.store import open_database
from pendopo.testing import FakeClock, Stored
from pendopo.testing.schema_cache import make_new
from pendopo_bantuan import plugin as bantuan
from pendopo_izin import plugin as izin
from pendopo_izin.models import Izin

from tests.adapters.offices import OFFICES
from tests.adapters.serving import listening, served

from .bench import GROUP, settings
from .fake.people import People
from .fake.server import Bubble, Waha, formatted, serving

RINA, SEKDA, STRANGER = "6281200000001@c.us", "6281200000002@c.us", "6281299999999@c.us"
HIDDEN = {RINA: "382000000000001@lid", SEKDA: "382000000000002@lid", STRANGER: "382000000000009@lid"}
DIRECTORY = f"""{OFFICES}[[person]]
name = "Bambang Suryana"
posts = ["sekda"]
accounts = ["whatsapp:6281200000002"]
[[person]]
name = "Rina Hidayat"
posts = ["kadis"]
accounts = ["whatsapp:6281200000001"]
"""


class City:
    """The bot and its gateway, and the time they share."""

    def __init__(self, waha: Waha, adapter: Adapter, app: App, clock: FakeClock) -> None:
        self.waha, self.adapter, self.app, self.clock = waha, adapter, app, clock
        self.people = People(waha, HIDDEN)

    async def passes(self, seconds: float = 30) -> None:
        """What people did reaches the bot, and what it has to say is said, at a human pace."""
        until = self.clock.now() + timedelta(seconds=seconds)
        await self.waha.deliver()
        await self.app.idle()
        while self.clock.step_until(until):
            await self.app.idle()
        await self.waha.deliver()
        await self.app.idle()

    async def says(self, who: str, text: str, chat: str = GROUP, to: Bubble | None = None) -> None:
        self.people.says(who, chat, text, reply_to=to.id if to else "")
        await self.passes()

    def said(self, chat: str = GROUP) -> list[Bubble]:
        return [bubble for bubble in self.waha.chats.get(chat, []) if bubble.mine]

    def last(self, chat: str = GROUP) -> str:
        return formatted(self.said(chat)[-1].text)[0]

    @property
    def stored(self) -> Stored:
        return Stored(self.app.database)


@asynccontextmanager
async def city(
    folder: Path, choices: Literal["numbers", "polls"] = "numbers", plugins: Sequence[Plugin] = (bantuan, izin)
) -> AsyncIterator[City]:
    (folder / "directory.toml").write_text(DIRECTORY, encoding="utf-8")
    clock = FakeClock()
    async with AsyncExitStack() as stack:
        waha = await stack.enter_async_context(serving(Waha()))
        waha.now = int(clock.now().timestamp())
        adapter = Adapter(settings(waha.url), choices)
        given = Settings.model_validate({"data_dir": str(folder), "directory": {"file": str(folder / "directory.toml")}})
        database = open_database("sqlite://")
        await database.write(lambda c: make_new(c, []))
        app = App(given, database, [adapter], plugins, clock)
        await app.start()
        stack.push_async_callback(app.stop)
        listener, url = listening()
        waha.webhook = f"{url}/hooks/waha"
        await stack.enter_async_context(served(app, listener))
        yield City(waha, adapter, app, clock)


@pytest.fixture
async def kota(tmp_path: Path) -> AsyncIterator[City]:
    async with city(tmp_path) as made:
        yield made


async def test_asked_in_a_group_sent_and_decided_by_number(kota: City) -> None:
    await kota.says(SEKDA, "halo", SEKDA)
    await kota.says(RINA, "/izin menghadiri rakor Bappenas besok jam 9 di Jakarta")
    draft = kota.said()[-1]
    assert "1. " in draft.text
    await kota.says(RINA, "1", to=draft)
    asked = kota.said(SEKDA)[-1]
    assert "Rina Hidayat" in asked.text or "Kadis PU" in asked.text
    await kota.says(SEKDA, "1", SEKDA)
    assert "disetujui" in kota.last().lower()
    assert {row.state for row in await kota.stored.list_deliveries()} == {"sent"}


async def test_decided_by_a_vote(tmp_path: Path) -> None:
    async with city(tmp_path, "polls") as kota:
        await kota.says(SEKDA, "halo", SEKDA)
        await kota.says(RINA, "/izin menghadiri rakor Bappenas besok jam 9 di Jakarta")
        kota.people.votes(RINA, GROUP, kota.said()[-1].id, kota.said()[-1].options[0].removeprefix("1. "))
        await kota.passes()
        poll = kota.said(SEKDA)[-1]
        kota.people.votes(SEKDA, SEKDA, poll.id, poll.options[0].removeprefix("1. "))
        await kota.passes()
        assert any("disetujui" in bubble.text.lower() for bubble in kota.said())


async def test_a_wrong_signature_is_403_and_leaves_no_row(kota: City) -> None:
    before = len(await kota.stored.list_inbox())
    kota.people.says(RINA, GROUP, "/izin 😀 besok")
    body = kota.waha.owed.pop()[0]
    assert await kota.waha.call(body, "another key") == 403
    assert len(await kota.stored.list_inbox()) == before
    assert await kota.waha.call(body) == 200
    assert len(await kota.stored.list_inbox()) == before + 1


async def test_the_same_message_in_other_bytes_has_one_effect(kota: City) -> None:
    kota.people.says(RINA, GROUP, "/bantuan")
    body = kota.waha.owed[-1][0]
    for other in (body, body.replace(b'"message"', b'"message.any"', 1), body.replace(b": ", b":"), body + b"\n"):
        assert await kota.waha.call(other) == 200
    kota.waha.owed.clear()
    await kota.passes()
    assert len(kota.said()) == 1


async def test_the_bot_does_not_listen_to_itself(kota: City) -> None:
    await kota.says(RINA, "/bantuan")
    said = len(kota.said())
    kota.waha.owe("message.any", kota.waha.payload(Bubble("X1", GROUP, True, kota.waha.tick(), "/bantuan")))
    await kota.passes()
    assert len(kota.said()) == said


async def test_a_hidden_number_nobody_knows_may_nothing_and_a_known_one_may(kota: City) -> None:
    kota.people.tells = False
    await kota.says(STRANGER, "/izin besok jam 9 rapat")
    await kota.adapter._watch.look_up_lids([HIDDEN[STRANGER]])
    assert await kota.stored.list_rows(Izin) == []
    assert "hide their numbers" in (await kota.app.readiness())["adapters"]["waha"]["note"]
    kota.people.tells = True
    await kota.says(RINA, "/izin besok jam 9 rapat")
    assert "1. " in kota.said()[-1].text
    assert len(await kota.stored.list_rows(Izin)) == 1
