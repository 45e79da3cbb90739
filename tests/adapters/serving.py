"""The bot's own web side over real HTTP, for adapters that are fed by webhooks."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from pendopo.web import Server, build_web_app


@asynccontextmanager
async def served(engine: Any, listener: socket.socket) -> AsyncIterator[None]:
    """The bot's web side, as `pendopo run` serves it, on a socket that is bound already."""
    server = _Quiet(build_web_app(engine))
    serving = asyncio.create_task(server.serve([listener]))
    while not server.started:
        await asyncio.sleep(0)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def listening() -> tuple[socket.socket, str]:
    """A free port of the loopback, and its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


class _Quiet(Server):
    """A server that leaves the process's signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
