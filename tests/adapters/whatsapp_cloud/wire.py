"""HTTP/1.1 on the loopback, just enough for a fake: it may also hang up without an answer, which no web framework can."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Request(NamedTuple):
    """What a client sent; header names are lower-case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """What it gets; `lost`: the connection breaks in place of an answer."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    lost: bool = False


Handler = Callable[[Request], Awaitable[Answer]]


class Wire:
    """A server on a free port of the loopback."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.origin = ""

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1024 * 1024)
        self.origin = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._open.values():
            writer.transport.abort()
        await asyncio.gather(*self._open)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            while True:
                answer = await self._handler(await _read(reader))
                if answer.lost:
                    writer.transport.abort()
                    return
                writer.write(_written(answer))
                await writer.drain()
        except (EOFError, ConnectionError):
            pass  # the client went away
        finally:
            self._open.pop(task, None)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    url = urlsplit(target)
    return Request(method, url.path, dict(parse_qsl(url.query, keep_blank_values=True)), headers, body)


def _written(answer: Answer) -> bytes:
    headers = [("Content-Length", str(len(answer.body))), *answer.headers]
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {answer.status} Whatever\r\n{lines}\r\n".encode("latin-1") + answer.body
