"""What stands before the replicas: hands each webhook to one that takes it, and is as unreliable as a network.

As nginx does with `proxy_next_upstream … non_idempotent`, what one replica refuses, breaks off or leaves unanswered goes to the
next. Beyond that it delivers some requests twice, at once or late, and forgets some answers, so that the messenger sends again.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from tests.adapters.telegram.fake.http import Call, HttpServer, Reply

from .records import Records

SKIPPED = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}


@dataclass(frozen=True)
class Manners:
    """How often of a hundred it does what networks do, and how long it waits."""

    twice: float = 0.0
    forgets: float = 0.0
    patience: float = 15.0
    """Seconds without an answer after which it asks the next one (`proxy_read_timeout` in config/deploy/nginx.conf)."""


class Proxy:
    """Listens at `url`; `ports` are the replicas'. `broken` is whether a webhook ever got no 200 in the end."""

    def __init__(self, ports: Sequence[int], records: Records, chance: random.Random, manners: Manners) -> None:
        self._ports, self._records, self._chance, self.manners = ports, records, chance, manners
        self._http = HttpServer(self._handle)
        self._client = httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(manners.patience, connect=2.0))
        self._late: set[asyncio.Task[object]] = set()
        self._next = 0
        self.refusals: list[str] = []
        """What replicas did not take, and why."""
        self.on_answer: Callable[[float, int], None] = lambda seconds, status: None

    @property
    def url(self) -> str:
        return self._http.url

    async def start(self) -> None:
        await self._http.start()

    async def stop(self) -> None:
        await self.settle()
        await self._http.stop()
        await self._client.aclose()

    async def settle(self) -> None:
        """Wait until the late ones have arrived too."""
        while self._late:
            await asyncio.gather(*self._late, return_exceptions=True)

    async def _handle(self, call: Call) -> Reply:
        words = call.body.decode(errors="replace")
        begun = self._records.now()
        self._records.hooks += 1
        self._records.begin(words)
        if self._chance.random() * 100 < self.manners.twice:
            self._again(call)
        status = await self._forward(call)
        if status == 200:
            self._records.ack(words)
            if self._chance.random() * 100 < self.manners.forgets:
                status = 502
        elif status != 502:
            self._records.errors += 1
        self.on_answer(self._records.now() - begun, status)
        return Reply(status, b"", "text/plain")

    def _again(self, call: Call) -> None:
        delay = self._chance.choice([0.0, 0.0, 0.2, 2.0])

        async def later() -> None:
            await asyncio.sleep(delay)
            if await self._forward(call) == 200:
                self._records.ack(call.body.decode(errors="replace"))

        task: asyncio.Task[object] = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _forward(self, call: Call) -> int:
        headers = {name: value for name, value in call.headers.items() if name not in SKIPPED}
        self._next = first = self._next + 1
        for turn in range(len(self._ports)):
            port = self._ports[(first + turn) % len(self._ports)]
            try:
                url = f"http://127.0.0.1:{port}{call.path}"
                answer = await self._client.request(call.method, url, content=call.body, headers=headers)
            except httpx.HTTPError as error:
                self.refusals.append(f"{self._records.now():.2f} s, port {port}: {error!r}")
                continue
            if answer.status_code < 500:
                return answer.status_code
            self.refusals.append(f"{self._records.now():.2f} s, port {port}: {answer.status_code}")
        return 502
