"""A whole bot with its dashboard, and browsers that sign in to it through the chat; no network."""

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import httpx
import pytest
from pendopo.config import Settings, WebSettings
from pendopo.testing import Actor, Story
from pendopo.web import build_web_app
from pendopo_akun import plugin as akun
from pendopo_bantuan import plugin as bantuan
from pendopo_izin import plugin as izin
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat

SITE = "http://127.0.0.1:8080"
OURS = {"sec-fetch-site": "same-origin", "accept": "text/html"}
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"

DIRECTORY = """
[[unit]]
code = "kota"
name = "Pemerintah Kota"
[[unit]]
code = "pu"
name = "Dinas Pekerjaan Umum"
parent = "kota"
[[unit]]
code = "coblong"
name = "Kecamatan Coblong"
parent = "kota"
[[unit]]
code = "dago"
name = "Kelurahan Dago"
parent = "coblong"
"""
UNITS = {"kadis": "pu", "camat": "coblong", "lurah": "dago"}
PEOPLE = {
    "walikota": ("Dewi Anggraeni", "Wali Kota", "", "walikota"),
    "sekda": ("Bambang Suryana", "Sekda", "walikota", "sekda"),
    "kadis": ("Rina Hidayat", "Kadis PU", "sekda", "kepala_opd"),
    "camat": ("Hendra Gunawan", "Camat Coblong", "sekda", "camat"),
    "lurah": ("Yuyun Wahyuni", "Lurah Dago", "camat", "lurah"),
    "admin": ("Tono Hartono", "Kepala Diskominfo", "sekda", "admin_sistem"),
}


def directory(without: str = "") -> str:
    lines = [DIRECTORY]
    for name, (person, title, superior, role) in PEOPLE.items():
        if name == without:
            continue
        unit = UNITS.get(name, "kota")
        above = f'superior = "{superior}"\n' if superior else ""
        lines.append(f'[[post]]\ncode = "{name}"\ntitle = "{title}"\nunit = "{unit}"\n{above}roles = ["{role}"]\n')
        lines.append(f'[[person]]\nname = "{person}"\nposts = ["{name}"]\naccounts = ["memory:{name}"]\n')
    return "\n".join(lines)


class Browser:
    """A browser on the dashboard."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page: httpx.Response | None = None

    async def get(self, path: str, **headers: str) -> httpx.Response:
        self.page = await self.client.get(path, headers={"accept": "text/html", **headers})
        return self.page

    async def post(self, path: str, **data: str) -> httpx.Response:
        self.page = await self.client.post(path, data=data, headers=OURS)
        return self.page

    @property
    def words(self) -> str:
        """What somebody reads on the page."""
        assert self.page is not None
        bare = re.sub(r"<(script|style|title)\b.*?</\1>|<[^>]+>", " ", self.page.text, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(bare))

    def fields(self, label: str) -> dict[str, str]:
        """The hidden fields of the form whose button says this."""
        assert self.page is not None
        for form in re.findall(r"<form\b.*?</form>", self.page.text, re.DOTALL):
            if re.search(rf"<button[^>]*>\s*{re.escape(html.escape(label))}\s*</button>", form):
                return {html.unescape(n): html.unescape(v) for n, v in re.findall(r'name="([^"]*)" value="([^"]*)"', form)}
        raise AssertionError(f"there is no button {label!r} in {self.words}")

    async def press(self, label: str, **filled: str) -> httpx.Response:
        """Press a button of the page that is open, and see the page one comes back to."""
        answer = await self.post("/tekan", **{**self.fields(label), **filled})
        if answer.status_code == 303:
            return await self.get(answer.headers["location"])
        return answer


Sign = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    settings = Settings(web=WebSettings(public_url=SITE))
    async with Story([akun, bantuan, izin, laporan, rapat], settings=settings, directory=directory()) as told:
        yield told


@pytest.fixture
async def open_browser(story: Story) -> AsyncIterator[Callable[[], Browser]]:
    """New browsers, each with cookies of its own."""
    app = build_web_app(story.app, dashboard=story.app)
    clients: list[httpx.AsyncClient] = []

    def one() -> Browser:
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        clients.append(httpx.AsyncClient(transport=transport, base_url=SITE, headers={"user-agent": CHROME}))
        return Browser(clients[-1])

    yield one
    for client in clients:
        await client.aclose()


async def link(who: Actor) -> str:
    """The path of a one-time link, asked for in the chat."""
    await who.says("/masuk")
    found = re.search(r"https?://\S+", who.last.text)
    assert found, who.last.text
    return urlsplit(found[0]).path


@pytest.fixture
def sign_in(open_browser: Callable[[], Browser]) -> Sign:
    """A browser in which somebody is signed in."""

    async def sign(who: Actor) -> Browser:
        browser = open_browser()
        answer = await browser.post(await link(who))
        assert answer.status_code == 303, answer.text
        return browser

    return sign
