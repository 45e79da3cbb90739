"""The documentation as a site: it builds without a complaint, knows every public name, and asks nobody else for anything."""

import functools
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path

import pytest
from pendopo.cli.command_table import NOUNS, SINGLE
from playwright.async_api import Page, async_playwright
from playwright.async_api import TimeoutError as NotSeenError

from tests.browser.conftest import CHROMIUM, FLAGS

from .blocks import ROOT

pytestmark = pytest.mark.sqlite
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "link": "href"}
REFERENCE = {
    "pendopo": "pendopo",
    "pendopo.testing": "testing",
    "pendopo.pages": "pages",
    "pendopo.paper": "paper",
    "pendopo.adapters.contract": "adapter",
}


class Asked(HTMLParser):
    """What a browser would ask for on its own when it shows this page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag makes a browser fetch; a page's own address (canonical) and its neighbours are only named."""
        given = dict(attrs)
        if tag == "link" and given.get("rel") in ("canonical", "prev", "next"):
            return
        self.addresses += [given[FETCHED[tag]] or ""] if FETCHED.get(tag) in given else []


def test_no_page_asks_another_host_for_anything(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        asked = Asked()
        asked.feed(page.read_text(encoding="utf-8"))
        assert asked.addresses, page
        assert [address for address in asked.addresses if re.match(r"(https?:)?//", address)] == [], page
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']*", text) == [], sheet


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The site, as a server of files gives it."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


async def _search(page: Page, words: str) -> None:
    """Type, key by key, until there are results: the search hears keys only, and none before it has loaded."""
    box = page.locator("[name=query]")
    for patience in (2_000, 5_000, 20_000, 60_000):
        await box.fill("")
        await box.press_sequentially(words)
        with suppress(NotSeenError):
            await page.wait_for_selector(".md-search-result__item", timeout=patience)
            return
    raise AssertionError(f"nothing is found for {words}")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path: apt-get install chromium")
async def test_a_browser_asks_only_where_the_site_lies_also_for_a_search(served: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        page.set_default_timeout(90_000)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index", "architecture", "plugins", "reference/pendopo", "tutorial"):
            await page.goto(f"{served}/{name}.html", wait_until="load")
        await _search(page, "outbox")
        assert "outbox" in (await page.inner_text(".md-search-result__list")).lower()
        await browser.close()
    assert len(asked) > 10
    assert [address for address in asked if not address.startswith((served, "data:", "blob:"))] == []


@pytest.mark.parametrize("module", REFERENCE)
def test_every_public_name_is_in_the_reference(site: Path, module: str) -> None:
    page = (site / "reference" / f"{REFERENCE[module]}.html").read_text(encoding="utf-8")
    spoken_of = import_module(module)
    names = getattr(spoken_of, "__all__", None) or [
        name for name, value in vars(spoken_of).items() if getattr(value, "__module__", "") == module
    ]
    assert names
    anchors = {anchor.rpartition(".")[2] for anchor in re.findall(r'id="([\w.]+)"', page)}
    assert set(names) <= anchors, sorted(set(names) - anchors)


def test_every_verb_is_in_the_reference(site: Path) -> None:
    page = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    for verb in [*SINGLE, *(f"{noun} {verb}" for noun, _, names in NOUNS for verb in names)]:
        assert f'id="pendopo-{verb.replace(" ", "-")}"' in page, verb


def test_the_architecture_has_pictures_that_ask_for_nothing_and_follow_light_and_dark() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(pictures) >= 3
    for picture in pictures:
        text = picture.read_text(encoding="utf-8")
        assert f"(pictures/{picture.name})" in architecture
        assert "prefers-color-scheme: dark" in text
        assert "<title" in text
        assert re.findall(r"(?:href|src)=|url\(\s*[\"']?https?:", text) == []
