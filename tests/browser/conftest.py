"""The simulator in a real Chromium: a server on a free port, and pages on which any fault fails the test.

Tests here share one event loop, so that they can share one browser: starting it takes longer than most of them.
"""

import asyncio
import os
import re
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from pendopo.web import Server, build_web_app
from playwright.async_api import Browser, Locator, Page, async_playwright

from .scripted import Scripted

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}

Open = Callable[..., Awaitable[Page]]


@pytest.fixture
def engine() -> Scripted:
    return Scripted()


@pytest_asyncio.fixture(loop_scope="session")
async def server(engine: Scripted) -> AsyncIterator[Server]:
    """The simulator, served. With `engine`, the only fixture that knows what stands behind the page."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(build_web_app(engine, engine.simulator))
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0)
    yield server
    server.should_exit = True
    await serving


@pytest.fixture
def simulator_url(server: Server) -> str:
    """Where the simulator is served."""
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/simulator"


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        reason = "no chromium on the path: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, simulator_url: str) -> AsyncIterator[Open]:
    """Opens pages; a console or script error or a request to anybody else is a failure, unless the pattern `expected`."""
    faults: list[str] = []

    async def open_one(
        size: str = "desktop", scheme: Literal["light", "dark"] = "light", query: str = "", expected: str = ""
    ) -> Page:
        width, height = SIZES[size]
        context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = await context.new_page()

        def fault(words: str) -> None:
            if not expected or not re.search(expected, words):
                faults.append(words)

        page.on("console", lambda said: fault(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: fault(str(error)))
        page.on("request", lambda asked: fault(asked.url) if _foreign(asked.url) else None)
        async with page.expect_response("**/simulator/stream*"):  # live before the test begins
            await page.goto(simulator_url + query)
        return page

    yield open_one
    for context in browser.contexts:
        await context.close()
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session", params=list(SIZES))
async def page(open_page: Open, request: pytest.FixtureRequest) -> Page:
    """The simulator on a phone and on a desktop."""
    return await open_page(request.param)


async def hold(page: Page, slot: int) -> Locator:
    """Take a phone in hand: on a narrow screen that means switching to it."""
    switch = page.locator(f'[data-switch="{slot}"]')
    if await switch.is_visible():
        await switch.click()
    return page.locator(f"#phone-{slot}")


async def open_chat(phone: Locator, title: str) -> None:
    """Open a chat on a phone."""
    await phone.get_by_role("navigation", name="Percakapan").get_by_role("button", name=title).click()
    await phone.locator(".tabs [aria-current]", has_text=title).wait_for()


async def type_and_send(phone: Locator, text: str) -> None:
    """Write a message and press Enter."""
    await phone.get_by_placeholder("Tulis pesan…").fill(text)
    await phone.get_by_placeholder("Tulis pesan…").press("Enter")


def _foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1"
