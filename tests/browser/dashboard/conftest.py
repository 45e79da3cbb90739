"""The dashboard of a city that has lived a day, served, and opened by people who signed in through their chats."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from pendopo.config import RawSection, Settings, WebSettings
from pendopo.testing import Story
from pendopo.web import Server, build_web_app
from pendopo_akun import plugin as akun
from pendopo_bantuan import plugin as bantuan
from pendopo_disposisi import plugin as disposisi
from pendopo_izin import plugin as izin
from pendopo_kelola import plugin as kelola
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat
from pendopo_terlewat import plugin as terlewat
from playwright.async_api import Browser, Page

from tests.web.dashboard.city import EVIL, lived
from tests.web.dashboard.conftest import directory, link

SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
BORDERS = str(Path(__file__).with_name("borders.geojson"))
"""Four kecamatan, drawn by hand for these tests: no survey."""
Enter = Callable[..., Awaitable[Page]]


class Town(NamedTuple):
    """The bot, and where its dashboard is."""

    story: Story
    site: str


@pytest_asyncio.fixture(loop_scope="session")
async def town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """A city with words in its chats that would run on a page that let them; its parameter is a file of borders."""
    listening = socket.create_server(("127.0.0.1", 0))
    site = f"http://127.0.0.1:{listening.getsockname()[1]}"
    plugins = [akun, bantuan, kelola, izin, laporan, rapat, disposisi, terlewat]
    settings = Settings(
        web=WebSettings(public_url=site), plugin={"laporan": RawSection({"batas": getattr(request, "param", "")})}
    )
    async with Story(plugins, settings=settings, directory=directory()) as story:
        await lived(story, EVIL)
        await story.actor("sekda").says("/disposisi Camat Coblong cek pompa sebelum Jumat", group=True)
        server = Server(build_web_app(story.app, dashboard=story.app))
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0)
        yield Town(story, site)
        server.should_exit = True
        await serving


@pytest_asyncio.fixture(loop_scope="session")
async def enter(browser: Browser, town: Town) -> AsyncIterator[Enter]:
    """Signs somebody in; a console or script error, or a request to anybody else, is a failure."""
    faults: list[str] = []

    async def one(
        name: str, size: str = "desktop", scheme: Literal["light", "dark"] = "light", path: str = "/hari-ini"
    ) -> Page:
        width, height = SIZES[size]
        context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = await context.new_page()
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda asked: faults.append(asked.message))
        page.on("request", lambda asked: faults.append(asked.url) if _foreign(asked.url) else None)
        await page.goto(town.site + await link(town.story.actor(name)))
        await page.get_by_role("button", name="Masuk").click()
        await page.wait_for_url("**/hari-ini")
        if path != "/hari-ini":
            await page.goto(town.site + path)
        return page

    yield one
    for context in browser.contexts:
        await context.close()
    assert faults == []


def _foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1"


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)
