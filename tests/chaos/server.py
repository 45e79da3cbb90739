"""A messenger's server for chaos tests: keeps updates until acknowledged, remembers every send, tells of each request."""

import asyncio
import json
from collections.abc import Callable
from typing import Any


class MessengerServer:
    """Speaks JSON lines over TCP. `on_request` is called for every request, before (`answered=False`) and after its answer."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.acknowledged = 0
        self.sent: list[dict[str, Any]] = []
        self.screen: dict[str, dict[str, Any]] = {}
        self.requests = 0
        self.on_request: Callable[[int, bool], None] = lambda number, answered: None
        self.changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> int:
        """Listen on a free port of the loopback and return it."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for writer in self._writers:
                writer.close()
            await self._server.wait_closed()

    async def put(self, *updates: dict[str, Any]) -> None:
        """New updates for whoever polls."""
        async with self.changed:
            self.updates.extend(updates)
            self.changed.notify_all()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with self.changed:
            await self.changed.wait_for(happened)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while line := await reader.readline():
                await self._answer(json.loads(line), writer)
        except (ConnectionError, json.JSONDecodeError, asyncio.CancelledError):
            pass  # the client was killed in the middle of a word, or the test is over
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        self.requests += 1
        number = self.requests
        answer = await self._poll(request) if request["op"] == "poll" else await self._send(request)
        self.on_request(number, False)
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
        self.on_request(number, True)

    async def _poll(self, request: dict[str, Any]) -> dict[str, Any]:
        async with self.changed:
            self.acknowledged = max(self.acknowledged, request["offset"])
            await self.changed.wait_for(lambda: len(self.updates) > request["offset"])
            self.changed.notify_all()
            return {"updates": self.updates[request["offset"] : request["offset"] + 7]}

    async def _send(self, request: dict[str, Any]) -> dict[str, Any]:
        async with self.changed:
            self.sent.append(request)
            self.screen.setdefault(request["key"], request)
            self.changed.notify_all()
            return {"id": request["key"]}
