"""A small HTTP/1.1 server for fakes: unlike a real one it can also leave a caller without an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as FormRequest


class Dropped(Exception):
    """The connection is closed without a word."""


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    async def form(self) -> dict[str, str | tuple[str, bytes]]:
        """The fields of a form, encoded either way; files as (name, bytes)."""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": self.body, "more_body": False}

        headers = [(k.encode(), v.encode()) for k, v in self.headers.items()]
        scope = {"type": "http", "method": self.method, "path": self.path, "headers": headers, "query_string": b""}
        fields: dict[str, str | tuple[str, bytes]] = {}
        async with FormRequest(scope, receive).form(max_part_size=60_000_000) as form:
            for name, value in form.multi_items():
                fields[name] = value if isinstance(value, str) else (value.filename or "", await value.read())
        return fields


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    kind: str = "application/json"


Handle = Callable[[Call], Awaitable[Reply]]


class HttpServer:
    """Listens on a free port of the loopback. A caller that goes away cancels the work for its request."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def cut(self) -> None:
        """Close every connection there is."""
        for task in self._tasks:
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (Dropped, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        call = Call(method, path, headers, await _body(reader, headers))
        reply = await self._answer(call, reader)
        first = f"HTTP/1.1 {reply.status} x\r\ncontent-type: {reply.kind}\r\ncontent-length: {len(reply.body)}\r\n\r\n"
        writer.write(first.encode() + reply.body)
        await writer.drain()
        return headers.get("connection", "") != "close"

    async def _answer(self, call: Call, reader: asyncio.StreamReader) -> Reply:
        work = asyncio.ensure_future(self._handle(call))
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise Dropped
            return work.result()
        finally:
            work.cancel()
            gone.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
