"""Stopping the server does not wait for pages that are still open."""

import asyncio
import socket

import httpx
from pendopo.adapters.simulator import Simulator
from pendopo.web import Server, build_web_app

from .fakes import Engine


async def test_open_streams_end_cleanly_when_the_server_stops(engine: Engine, simulator: Simulator) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(build_web_app(engine, simulator))
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/simulator/stream"
    async with httpx.AsyncClient() as client, client.stream("GET", url) as answer:
        lines = answer.aiter_lines()
        assert await anext(lines) == ": pendopo"
        server.should_exit = True
        assert [line async for line in lines if line] == []  # a cut line would raise
    await serving
