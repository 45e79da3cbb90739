"""No answer costs more memory or time than it may, whatever the other side says, sends and leaves out."""

import asyncio
import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any

import httpx
import pytest
from pendopo.adapters.bounded_http import MOST_ANSWER, MOST_BYTES, BoundedClient, OversizeAnswerError
from pendopo.adapters.telegram.api import BotApiClient, Timing
from pendopo.adapters.waha.api import Gateway
from pendopo.adapters.whatsapp_cloud.api import GraphClient
from pendopo.adapters.whatsapp_cloud.media import Downloads
from pendopo.errors import PermanentSendError, SendError, UnknownOutcomeError

MEGABYTE = 1024 * 1024
PATIENCE = 0.15
HOSTILE = ("once", "twice", "br", "zstd", "no length", "false length", "no end", "drip")
STATUSES = (200, 302, 404, 500)


@cache
def make_bomb(layers: int) -> bytes:
    """100 MB of nothing, packed."""
    body = bytes(100 * MEGABYTE)
    for _ in range(layers):
        body = gzip.compress(body, 6)
    return body


class HostileServer:
    """Answers the question where a file is, and everything else as `kind` and `status` say."""

    def __init__(self) -> None:
        self.kind, self.status, self.body, self.packed = "", 200, b"{}", ""
        self.url, self.asked = "", ""
        self.tasks: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.ensure_future(self.answer(reader, writer)))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked = head.decode().lower()
            path = self.asked.split(" ")[1]
            if path.endswith("getfile"):
                await write_plain(writer, json.dumps({"ok": True, "result": {"file_path": "a/b.jpg"}}).encode())
            elif "/wamedia" in path:
                await write_plain(writer, json.dumps({"url": f"{self.url}/attachments/1"}).encode())
            else:
                await self._answer_hostile(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked has heard enough
        finally:
            writer.close()

    async def _answer_hostile(self, writer: asyncio.StreamWriter) -> None:
        layers = {"once": 1, "twice": 2}.get(self.kind, 0)
        packed = {"once": "gzip", "twice": "gzip, gzip", "br": "br", "zstd": "zstd"}.get(self.kind, self.packed)
        body = make_bomb(layers) if layers else self.body
        length = {"no length": None, "false length": 7 * len(body), "no end": None, "drip": None}.get(self.kind, len(body))
        lines = [f"HTTP/1.1 {self.status} X", *([f"content-encoding: {packed}"] if packed else [])]
        lines += [f"content-length: {length}"] if length is not None else ["connection: close"]
        writer.write("\r\n".join([*lines, "location: /elsewhere", "", ""]).encode() + (b"" if self.kind == "drip" else body))
        await writer.drain()
        while self.kind in ("no end", "drip"):
            writer.write(b" " if self.kind == "drip" else bytes(65536))
            await writer.drain()
            await asyncio.sleep(0.02 if self.kind == "drip" else 0)


async def write_plain(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


@asynccontextmanager
async def serve_hostile() -> AsyncIterator[HostileServer]:
    made = HostileServer()
    server = await asyncio.start_server(made.accept, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for task in made.tasks:
            task.cancel()
        await asyncio.gather(*made.tasks, return_exceptions=True)
        await asyncio.sleep(0)


@pytest.fixture
async def hostile() -> AsyncIterator[HostileServer]:
    async with serve_hostile() as made:
        yield made


async def read_all(pieces: AsyncIterator[bytes]) -> int:
    """The number of bytes; they are not kept."""
    return sum([len(piece) async for piece in pieces])


@asynccontextmanager
async def open_waha(url: str) -> AsyncIterator[tuple[Callable[[], Awaitable[Any]], Callable[[], Awaitable[Any]]]]:
    gateway = Gateway(url, "kunci", "default", lambda *_: None, PATIENCE)
    yield lambda: gateway.post("/api/sendText", {}), lambda: read_all(gateway.stream_file("/api/files/a"))
    await gateway.close()


@asynccontextmanager
async def open_cloud(url: str) -> AsyncIterator[tuple[Callable[[], Awaitable[Any]], Callable[[], Awaitable[Any]]]]:
    graph = GraphClient(url, "v1", "rahasia", PATIENCE, lambda: None)
    downloads = Downloads(graph, url, "1", ())
    yield lambda: graph.post("1/messages", effect=True), lambda: read_all(downloads.stream_file("wamedia"))
    await graph.close()


@asynccontextmanager
async def open_telegram(url: str) -> AsyncIterator[tuple[Callable[[], Awaitable[Any]], Callable[[], Awaitable[Any]]]]:
    client = BotApiClient(url, "1:rahasia", Timing(connect=PATIENCE, read=PATIENCE, upload=PATIENCE))
    yield lambda: client.call_for_delivery("sendMessage", False, text="a"), lambda: read_all(client.stream_file("f1"))
    await client.close()


CLIENTS = {"waha": open_waha, "cloud": open_cloud, "telegram": open_telegram}


class LoopWatch:
    """The longest stretch of CPU time in which the loop did nothing else, in seconds, and the peak of memory, in bytes."""

    def __init__(self) -> None:
        self.stretch, self.peak = 0.0, 0

    async def __aenter__(self) -> "LoopWatch":
        tracemalloc.start()
        self._task = asyncio.ensure_future(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        self.peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    async def _tick(self) -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0.002)
            self.stretch, before = max(self.stretch, time.thread_time() - before), time.thread_time()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("kind", HOSTILE)
async def test_every_answer_has_an_end(hostile: HostileServer, client: str, kind: str) -> None:
    make_bomb(1), make_bomb(2)
    await BoundedClient().aclose()  # the certificates are loaded once a process
    hostile.kind = kind
    for hostile.status in STATUSES:
        async with CLIENTS[client](hostile.url) as (call, fetch):
            for asks in (call, fetch):
                async with LoopWatch() as watch:
                    started = asyncio.get_running_loop().time()
                    with suppress(SendError):
                        await asks()
                assert asyncio.get_running_loop().time() - started < 10, (hostile.status, asks)
                assert watch.peak < 32 * MEGABYTE, (hostile.status, asks)
                assert watch.stretch < 0.2, (hostile.status, asks)  # counting memory doubles what it takes
                assert "accept-encoding: identity\r\n" in hostile.asked


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("kind", ["once", "twice", "br", "zstd", "no end", "drip", "false length"])
async def test_what_has_no_honest_end_is_an_error(hostile: HostileServer, client: str, kind: str) -> None:
    hostile.kind = kind
    async with CLIENTS[client](hostile.url) as (call, fetch):
        for asks in (call, fetch):
            with pytest.raises(SendError):
                await asks()


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"7", b"<html>", b""])
async def test_an_answer_that_says_nothing_may_stand_for_a_sent_message(hostile: HostileServer, body: bytes) -> None:
    hostile.body = body
    async with open_telegram(hostile.url) as (call, _):
        with pytest.raises(UnknownOutcomeError):
            await call()


@pytest.mark.parametrize("client", CLIENTS)
async def test_an_honest_file_without_a_length_comes_whole(hostile: HostileServer, client: str) -> None:
    hostile.kind, hostile.body = "no length", bytes(5 * MEGABYTE)
    async with CLIENTS[client](hostile.url) as (_, fetch):
        assert await fetch() == 5 * MEGABYTE


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_file_that_is_too_large_is_not_asked_for_again(hostile: HostileServer, client: str) -> None:
    hostile.kind = "no end"
    async with CLIENTS[client](hostile.url) as (_, fetch):
        with pytest.raises(PermanentSendError):
            await fetch()


@pytest.mark.parametrize(
    ("packed", "body", "whole"),
    [
        ("gzip", gzip.compress(b"abc" * 100_000, mtime=0), b"abc" * 100_000),
        ("deflate", zlib.compress(b"abc"), b"abc"),
        ("", b"abc", b"abc"),
        ("identity", b"abc", b"abc"),
        ("gzip", gzip.compress(b"abc" * 1000, mtime=0)[:-9], None),
        ("gzip", gzip.compress(b"abc", mtime=0) + b"more", None),
        ("gzip", b"not packed", None),
        ("gzip", b"", None),
        ("gzip, deflate", gzip.compress(b"abc", mtime=0), None),
    ],
)
async def test_one_layer_is_unpacked_whole_or_not_at_all(
    hostile: HostileServer, packed: str, body: bytes, whole: bytes | None
) -> None:
    hostile.packed, hostile.body = packed, body
    async with BoundedClient() as client:
        if whole is None:
            with pytest.raises(httpx.DecodingError):
                await client.get(hostile.url)
        else:
            assert (await client.get(hostile.url)).content == whole


@pytest.mark.parametrize(
    ("status", "size", "allowed"),
    [(200, MOST_ANSWER + 1, True), (404, MOST_ANSWER + 1, False), (200, 3 * MEGABYTE, False), (500, MOST_ANSWER, True)],
)
async def test_only_a_success_may_be_larger_than_an_answer(
    hostile: HostileServer, status: int, size: int, allowed: bool
) -> None:
    hostile.status, hostile.body = status, bytes(size)
    async with BoundedClient() as client:
        asking = client.get(hostile.url, extensions={MOST_BYTES: 2 * MEGABYTE})
        if allowed:
            assert len((await asking).content) == size
        else:
            with pytest.raises(OversizeAnswerError):
                await asking
