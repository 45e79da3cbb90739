"""Whoever keeps a request unfinished is cut, and holds up nobody else."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from pendopo.adapters.simulator import Simulator
from pendopo.web import Server, build_web_app
from pendopo.web.http import peers
from pendopo.web.http.peers import PeerLimits

from ..fakes import Engine

HEAD = b"POST /webhooks/x HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
async def port(engine: Engine, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(peers, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(peers, "BODY_SECONDS", 0.2)
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(build_web_app(engine, simulator))
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0)
    yield listening.getsockname()[1]
    server.should_exit = True
    await serving


async def is_cut(reader: asyncio.StreamReader) -> bool:
    try:
        async with asyncio.timeout(5):
            await reader.read()
    except ConnectionError:
        return True
    return reader.at_eof()


@pytest.mark.parametrize(
    "sent", [b"", b"POST /", HEAD, HEAD + b"Content-Length: 100\r\n\r\n", HEAD + b"Content-Length: 100\r\n\r\nhalf"]
)
async def test_half_a_request_is_cut(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    assert await is_cut(reader)
    writer.close()


async def test_what_drips_is_cut_too(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    cut = asyncio.create_task(is_cut(reader))
    writer.write(b"GET / HTTP/1.1\r\n")
    for number in range(1000):
        if cut.done():
            break
        writer.write(f"x-{number}: 1\r\n".encode())
        await asyncio.wait([cut], timeout=0.01)
    assert await cut
    writer.close()


async def test_a_whole_request_is_answered_while_others_are_unfinished_and_a_connection_may_be_used_again(port: int) -> None:
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(3):
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.post("/webhooks/none", content=b"x" * 1000)).status_code in (403, 404)
    assert all([await is_cut(reader) for reader, _ in held])
    for _, writer in held:
        writer.close()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/healthz")).status_code == 200


def test_one_address_has_so_many_connections_and_the_process_keeps_some_for_itself() -> None:
    limits = PeerLimits()
    limits.most = 200
    assert all(limits.admit("192.0.2.1") for _ in range(peers.PER_ADDRESS))
    assert not limits.admit("192.0.2.1")
    assert limits.admit("2001:db8::1")
    limits.release("192.0.2.1")
    limits.release("192.0.2.1")
    assert limits.admit("192.0.2.1")
    assert all(limits.admit("127.0.0.1") for _ in range(200 - peers.PER_ADDRESS - 1))
    assert not limits.admit("127.0.0.1")
    assert not limits.admit("")


def test_cut_connections_are_one_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    limits, lines = PeerLimits(), []
    monkeypatch.setattr(peers.log, "warning", lambda *words, **fields: lines.append(fields["count"]))
    for _ in range(10_000):
        limits.note_cut("192.0.2.1", "")
    assert lines == [1]
    limits._logged = float("-inf")
    limits.note_cut("192.0.2.1", "")
    assert lines == [1, 10_000]
