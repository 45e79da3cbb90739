"""The dashboard with a year of data: how long each page takes, and how soon many open pages hear of something."""

import asyncio
import socket
import statistics
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from pendopo.config import Settings, WebSettings
from pendopo.testing import Story
from pendopo.web import Server, build_web_app
from pendopo_akun import plugin as akun
from pendopo_disposisi import plugin as disposisi
from pendopo_izin import plugin as izin
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat

from tests.benchmarks.figure import Figure
from tests.web.dashboard.year import fill, whole_city

REPORTS, LEAVES = 50_000, 10_000
LISTENERS = 300
REPORTED = ("/laporan", "/laporan/galeri", "/laporan/7")
FOR_ALL = ("/hari-ini", "/izin", "/izin/rekap", *REPORTED, "/rapat", "/tindak-lanjut", "/orang")
PAGES = {
    "sekda": (*FOR_ALL, "/disposisi", "/izin/7", "/orang/1", "/audit", "/pengaturan"),
    "lurah": FOR_ALL,
    "admin": ("/operasi", "/audit"),
}
OURS = {"sec-fetch-site": "same-origin"}


async def _signed(story: Story, client: httpx.AsyncClient, name: str) -> None:
    who = story.actor(name)
    await who.says("/masuk")
    path = urlsplit(who.last.text.split()[-1]).path
    await client.post(path, headers=OURS)


async def _times(client: httpx.AsyncClient, path: str, rounds: int) -> float:
    """The median of some, in milliseconds."""
    took = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        answer = await client.get(path, headers={"accept": "text/html"})
        took.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    return statistics.median(took[1:])  # the first fills caches


async def _pages(story: Story, rounds: int) -> list[Figure]:
    app = build_web_app(story.app, dashboard=story.app)
    figures = []
    for name, paths in PAGES.items():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080") as client:
            await _signed(story, client, name)
            slowest = [(await _times(client, path, rounds), path) for path in paths]
        figures += [Figure(f"page {path} for {name}, with a year of data", took, "ms", 50) for took, path in slowest]
    return figures


async def _listener(port: int, cookie: str, heard: asyncio.Event) -> float:
    """Open a stream; when something is heard after the start, the moment of it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /aliran HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    await writer.drain()
    while b": pendopo" not in await reader.readline():
        pass
    heard.set()
    while b"event: changed" not in await reader.readline():
        pass
    at = time.perf_counter()
    writer.close()
    return at


async def _live(story: Story, listeners: int) -> Figure:
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = listening.getsockname()[1]
    server = Server(build_web_app(story.app, dashboard=story.app))
    serving = asyncio.create_task(server.serve([listening]))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        while not server.started:
            await asyncio.sleep(0.01)
        await _signed(story, client, "sekda")
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    ready = [asyncio.Event() for _ in range(listeners)]
    waiting = [asyncio.create_task(_listener(port, cookie, each)) for each in ready]
    await asyncio.gather(*(each.wait() for each in ready))
    await asyncio.sleep(1)
    begun = time.perf_counter()
    await story.actor("lurah").says("/laporan sampah menumpuk di Kel. Dago")
    heard = await asyncio.gather(*waiting)
    server.should_exit = True
    await serving
    return Figure(f"{LISTENERS} open pages hear of an event, the last of them", (max(heard) - begun) * 1000, "ms", 500)


async def _measured(quick: bool, folder: Path) -> list[Figure]:
    reports, leaves, rounds = (500, 100, 1) if quick else (REPORTS, LEAVES, 9)
    settings = Settings(web=WebSettings(public_url="http://127.0.0.1:8080"))
    plugins = [akun, izin, laporan, rapat, disposisi]
    url = f"sqlite:///{folder}/dashboard.db"
    async with Story(plugins, database=url, settings=settings, directory=whole_city()) as story:
        await fill(story, reports, leaves)
        return [*await _pages(story, rounds), await _live(story, 30 if quick else LISTENERS)]


def figures(quick: bool, folder: Path) -> list[Figure]:
    """Milliseconds for each page, and until the last of many has heard."""
    return asyncio.run(_measured(quick, folder))
