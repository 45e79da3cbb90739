"""Files are fetched when their messages come: minutes later their addresses are worth nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo import Context, Photo, Plugin, RestOfText, phrase
from pendopo.engine.app import App
from pendopo.engine.attachments import prefetch
from pendopo.testing import Story
from pendopo.testing.conformance import PNG

from tests.adapters.waha.bench import GROUP, RINA
from tests.adapters.waha.test_story import City as Kota
from tests.adapters.waha.test_story import city as kota_of
from tests.adapters.whatsapp_cloud.conftest import OFFICIALS, City, open_city
from tests.adapters.whatsapp_cloud.graph import error
from tests.adapters.whatsapp_cloud.people import BUDI, Person, Value

KADIS = OFFICIALS["kadis"]


def make_plugin() -> Plugin:
    plugin = Plugin("lapor", summary="Laporan", policy="known")

    @plugin.command("lapor")
    async def lapor(ctx: Context, foto: list[Photo], isi: RestOfText) -> None:
        """Take a report with its photos."""
        await ctx.reply(phrase("umum.pilihan", teks=f"{isi}: {len(foto)} foto"), photo=foto[0])

    return plugin


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[City]:
    async with open_city(tmp_path, [make_plugin()], "") as told:
        yield told


def asked_for(city: City) -> int:
    """How often a file was asked for."""
    return sum(call.method == "GET" for call in city.graph.calls)


def album(city: City, who: Person) -> list[Value]:
    """Two photos at once; the bot waits a moment whether there are more."""
    return [city.people.shows(who, PNG, "/lapor banjir"), city.people.shows(who, PNG + b"2")]


async def test_a_photo_is_had_though_it_was_gone_when_its_turn_came(city: City) -> None:
    await city.happens(*album(city, KADIS))
    assert city.screen(KADIS) == []
    city.graph.media.clear()
    await city.advance(minutes=10)
    assert "banjir: 2 foto" in city.screen(KADIS)[-1].words


async def test_a_handler_and_the_fetch_at_receipt_ask_once(city: City) -> None:
    await city.happens(city.people.shows(KADIS, PNG, "/lapor banjir"))
    await city.advance(seconds=10)
    assert "banjir: 1 foto" in city.screen(KADIS)[-1].words
    assert asked_for(city) == 2  # the address, and what lies there


async def test_the_same_delivery_twice_is_fetched_once(city: City) -> None:
    value = city.people.shows(KADIS, PNG)
    await city.happens(value, value)
    await city.happens(value)
    assert asked_for(city) == 2


async def test_files_of_strangers_are_left_where_they_are(city: City) -> None:
    await city.happens(*album(city, BUDI))
    await city.advance(minutes=1)
    assert asked_for(city) == 0


async def test_what_fails_for_a_moment_is_tried_again_without_waiting_for_a_handler(city: City) -> None:
    city.graph.faults.extend([error(131000, 500)] * 2)
    await city.happens(*album(city, KADIS))
    await city.advance(seconds=0.9)
    assert files(city) == []
    await city.advance(minutes=1)
    assert "banjir: 2 foto" in city.screen(KADIS)[-1].words
    assert len(files(city)) == 2


async def test_what_is_gone_is_not_asked_for_without_end(city: City) -> None:
    value = city.people.shows(KADIS, PNG)
    city.graph.media.clear()
    await city.happens(value)
    await city.advance(hours=1)
    assert asked_for(city) <= 2


async def test_more_than_is_taken_is_left(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "FILE_LIMIT", 10)
    await city.happens(city.people.shows(KADIS, PNG))
    assert files(city) == []


async def test_behind_the_gateway_too(tmp_path: Path) -> None:
    async with kota_of(tmp_path, plugins=[make_plugin()]) as kota:
        kota.people.says(RINA, GROUP, "/lapor banjir", files=[PNG, PNG + b"2"])
        await arrived(kota)
        kota.waha.deleted.update(kota.waha.files)  # as after 180 seconds
        kota.waha.chats[GROUP].clear()
        await kota.passes()
        assert "banjir: 2 foto" in kota.last()


async def test_a_handler_that_wants_a_file_at_once_waits_for_the_fetch_that_has_begun(tmp_path: Path) -> None:
    async with kota_of(tmp_path, plugins=[make_plugin()]) as kota:
        kota.people.says(RINA, GROUP, "/lapor banjir", files=[PNG])
        await kota.passes()
        assert "banjir: 1 foto" in kota.last()
        assert len(kota.waha.given) == 1


async def arrived(kota: Kota) -> None:
    await kota.waha.deliver()
    await kota.app.idle()


async def test_messengers_that_keep_their_files_are_asked_when_somebody_wants_them() -> None:
    async with Story([make_plugin()]) as story:
        await story.kadis.says("/lapor banjir", photos=[PNG])
        story.kadis.sees("banjir: 1 foto")
        assert kept(story.app) == []


def files(city: City) -> list[Path]:
    return kept(city.app)


def kept(app: App) -> list[Path]:
    return list((Path(app.settings.data_dir) / "arrivals").glob("??/*"))
