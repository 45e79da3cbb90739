"""The three messengers of a storm: the adapters' own strict fakes, each with a door of its own for every replica.

So it is known which replica made which call, and a replica can be killed in the middle of one.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from tests.adapters.telegram.bench import SECRET
from tests.adapters.telegram.fake.http import Call, HttpServer, Reply
from tests.adapters.telegram.fake.people import People as TelegramPeople
from tests.adapters.telegram.fake.server import TOKEN as BOT_TOKEN
from tests.adapters.telegram.fake.server import BotApi, Fault
from tests.adapters.telegram.fake.state import BOT
from tests.adapters.waha.fake.people import People as WahaPeople
from tests.adapters.waha.fake.server import HMAC_KEY, KEY, SESSION, Waha, serving
from tests.adapters.whatsapp_cloud import graph as cloud
from tests.adapters.whatsapp_cloud.people import APP_SECRET, VERIFY, Person, encoded, envelope, headers
from tests.adapters.whatsapp_cloud.people import People as CloudPeople
from tests.adapters.whatsapp_cloud.wire import Answer, Wire
from tests.adapters.whatsapp_cloud.wire import Request as WireRequest

from .records import SHOWN, Records, Sent

Hook = Callable[[int, bool], None]
"""Called for every message a replica sends: before the messenger takes it (False), and after (True), unanswered."""
YES = "ya"


class Messenger(Protocol):
    """One messenger with people who have phones."""

    name: str
    idempotent: bool

    def settings(self, replica: int) -> dict[str, Any]:
        """The section of the configuration for one replica."""
        ...

    async def say(self, chat: int, text: str) -> str:
        """Somebody says something to the bot; returns the chat's key."""
        ...

    def busy(self, times: int) -> None:
        """Refuse so many sends for now: 429."""
        ...

    def screens(self) -> Iterator[tuple[str, str]]:
        """Every message of the bot that people see: the chat's key and the text, oldest first."""
        ...


class Poster:
    """Posts a webhook again and again until it is answered with 200, as messengers do."""

    def __init__(self, url: str, chance: random.Random, records: Records) -> None:
        self.url, self._chance, self._records = url, chance, records
        self.answers: Counter[int] = Counter()
        """How it was answered, by status; 0: not at all."""
        self._client = httpx.AsyncClient(trust_env=False, timeout=20, limits=httpx.Limits(max_connections=100))
        self._tasks: set[asyncio.Task[None]] = set()

    def post(self, path: str, body: bytes, given: dict[str, str], jitter: float) -> None:
        """Soon, beside others: those that were said later may arrive earlier."""
        if self._client.is_closed:
            return
        task = asyncio.create_task(self._deliver(path, body, given, self._chance.random() * jitter))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def waiting(self) -> int:
        return len(self._tasks)

    async def close(self) -> None:
        await self._client.aclose()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(self, path: str, body: bytes, given: dict[str, str], wait: float) -> None:
        while True:
            await asyncio.sleep(wait)
            self._records.begin(body.decode(errors="replace"))
            try:
                status = (await self._client.post(self.url + path, content=body, headers=given)).status_code
            except httpx.HTTPError:
                status = 0
            self.answers[status] += 1
            if status == 200:
                self._records.ack(body.decode(errors="replace"))
                return
            wait = 0.2 + self._chance.random() * 0.5


class Telegram:
    """Polled, or bringing its updates in order to the proxy."""

    name, idempotent = "telegram", False

    def __init__(self, records: Records, mode: str, hook: Hook) -> None:
        self.api = BotApi()
        self._records, self._mode, self._hook = records, mode, hook
        self._people = TelegramPeople(self.api)
        self._doors: list[HttpServer] = []

    async def start(self, replicas: int, stack: AsyncExitStack, people: int) -> None:
        await self.api.start()
        stack.push_async_callback(self.api.stop)
        for number in range(replicas):
            door = HttpServer(partial(self._answer, number))
            await door.start()
            stack.push_async_callback(door.stop)
            self._doors.append(door)
        for number in range(people):
            self.api.state.person(2_000_000_000 + number, f"Orang {number}")

    def settings(self, replica: int) -> dict[str, Any]:
        return {
            "token": BOT_TOKEN,
            "mode": self._mode,
            "api_base_url": self._doors[replica].url,
            **({"webhook_secret": SECRET} if self._mode == "webhook" else {}),
        }

    async def say(self, chat: int, text: str) -> str:
        user = 2_000_000_000 + chat
        if self._mode == "polling":
            self._records.begin(text)
        await self._people.says(user, user, text)
        return f"telegram:{user}"

    def busy(self, times: int) -> None:
        self.api.faults += [Fault("", "429", "Too Many Requests: retry after 1", 1)] * times

    def screens(self) -> Iterator[tuple[str, str]]:
        for room in self.api.state.rooms.values():
            for post in room.posts.values():
                if post.by == BOT["id"]:
                    yield f"telegram:{room.id}", post.text

    async def _answer(self, replica: int, call: Call) -> Reply:
        method = call.path.rpartition("/")[2]
        sends = method == "sendMessage"
        if method == "getUpdates":
            # By asking for what comes after an update a bot says that it has it.
            offset = int(str((await call.form()).get("offset", "0")))
            for update in self.api.updates:
                if update["update_id"] < offset:
                    self._records.ack(json.dumps(update))
        if sends:
            self._hook(replica, False)
        reply = await self.api._handle(call)
        if sends and reply.status == 200:
            await self._sent(replica, json.loads(reply.body)["result"])
            self._hook(replica, True)
        return reply

    async def _sent(self, replica: int, message: dict[str, Any]) -> None:
        user, text = message["chat"]["id"], message["text"]
        self._records.sent.append(Sent(self._records.now(), replica, self.name, f"telegram:{user}", text))
        found = SHOWN.search(text)
        if found and message.get("reply_markup") and found[1] not in self._records.presses:
            self._records.presses.add(found[1])
            for _ in range(2):
                await self._people.touches(user, user, message["message_id"], YES)


class Cloud:
    """WhatsApp's own API: webhooks come in any order."""

    name, idempotent = "whatsapp_cloud", False

    def __init__(self, records: Records, poster: Poster, hook: Hook) -> None:
        self.graph = cloud.FakeGraph(lambda: datetime.now(UTC))
        self._records, self._poster, self._hook = records, poster, hook
        self._people = CloudPeople(self.graph)
        self._doors: list[Wire] = []
        self._odd = itertools.count()

    async def start(self, replicas: int, stack: AsyncExitStack) -> None:
        await self.graph.start()
        stack.push_async_callback(self.graph.stop)
        for number in range(replicas):
            door = Wire(partial(self._answer, number))
            await door.start()
            stack.push_async_callback(door.stop)
            self._doors.append(door)

    def settings(self, replica: int) -> dict[str, Any]:
        return {
            "access_token": cloud.TOKEN,
            "phone_number_id": cloud.NUMBER,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY,
            "graph_base_url": self._doors[replica].origin,
        }

    async def say(self, chat: int, text: str) -> str:
        person = _person(chat)
        self._bring(self._people.says(person, text))
        return f"whatsapp_cloud:{person.phone}"

    def busy(self, times: int) -> None:
        self.graph.faults.extend([cloud.error(130429)] * times)

    def screens(self) -> Iterator[tuple[str, str]]:
        for sent in self.graph.messages:
            yield f"whatsapp_cloud:{sent.chat}", sent.words

    def _bring(self, value: dict[str, Any]) -> None:
        body = encoded(envelope(value))
        self._poster.post("/hooks/whatsapp_cloud", body, headers(body), 0.3)
        if next(self._odd) % 10 == 0:  # the same event in other bytes
            body = json.dumps(json.loads(body), indent=1).encode()
            self._poster.post("/hooks/whatsapp_cloud", body, headers(body), 1.0)

    async def _answer(self, replica: int, request: WireRequest) -> Answer:
        sends = request.method == "POST" and request.path.endswith("/messages") and b'"status"' not in request.body[:80]
        if sends:
            self._hook(replica, False)
        answer = await self.graph._answer(request)
        if sends and answer.status == 200:
            wamid = json.loads(answer.body)["messages"][0]["id"]
            self._sent(replica, next(sent for sent in reversed(self.graph.messages) if sent.wamid == wamid))
            self._hook(replica, True)
        return answer

    def _sent(self, replica: int, sent: cloud.Sent) -> None:
        self._records.sent.append(Sent(self._records.now(), replica, self.name, f"whatsapp_cloud:{sent.chat}", sent.words))
        found = SHOWN.search(sent.words)
        if found and sent.buttons and found[1] not in self._records.presses:
            self._records.presses.add(found[1])
            person = _person(int(sent.chat[-6:]))
            for _ in range(2):
                self._bring(self._people.touches(person, sent.wamid, next(iter(sent.buttons))))


def _person(chat: int) -> Person:
    return Person(f"6281200{chat:06}", f"ID.1349120865{chat:06}", f"Orang {chat}")


class Gateway:
    """WAHA: webhooks in any order, and a message that is sent twice under one id is one message."""

    name, idempotent = "waha", True

    def __init__(self, records: Records, poster: Poster, hook: Hook, mode: str = "webhook") -> None:
        self.waha = Waha()
        self._mode = mode
        self._telling: set[asyncio.Future[None]] = set()
        self.linked: list[int] = []
        """Which replicas connected their websocket, in this order."""
        self._records, self._poster, self._hook = records, poster, hook
        self._people = WahaPeople(self.waha)
        self._doors: list[_Door] = []

    async def start(self, replicas: int, stack: AsyncExitStack) -> None:
        for number in range(replicas):
            door = _Door(self, number)
            await stack.enter_async_context(serving(door))  # type: ignore[arg-type]  # as much of one as it needs
            self._doors.append(door)

    def settings(self, replica: int) -> dict[str, Any]:
        found = {"base_url": self._doors[replica].url, "api_key": KEY, "session": SESSION, "mode": self._mode}
        return found | ({"hmac_key": HMAC_KEY} if self._mode == "webhook" else {})

    async def say(self, chat: int, text: str) -> str:
        who = f"6281300{chat:06}@c.us"
        self._people.says(who, who, text)
        self._bring()
        return f"waha:{who}"

    def busy(self, times: int) -> None:
        self.waha.broken += ["busy"] * times

    def screens(self) -> Iterator[tuple[str, str]]:
        for chat, bubbles in self.waha.chats.items():
            for bubble in bubbles:
                if bubble.mine:
                    yield f"waha:{chat}", bubble.text

    def _bring(self) -> None:
        """What it owes, each as a request of its own."""
        while self.waha.owed:
            body, _ = self.waha.owed.pop(0)
            if self._mode == "websocket":
                self._tell(body)
                continue
            signed = hmac.new(HMAC_KEY.encode(), body, hashlib.sha512).hexdigest()
            given = {"content-type": "application/json", "x-webhook-hmac": signed, "x-webhook-hmac-algorithm": "sha512"}
            self._poster.post("/hooks/waha", body, given, 0.3)

    def _tell(self, body: bytes) -> None:
        self._records.begin(body.decode())
        self._records.ack(body.decode())  # there is no other answer than that it could be told
        task = asyncio.ensure_future(self.waha.push(body.decode()))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def answer(self, replica: int, request: Request) -> Response:
        """Answer one replica's call."""
        sends = request.method == "POST" and request.url.path == "/api/sendText"
        if sends:
            self._hook(replica, False)
        response = await self.waha.answer(request)
        if sends and response.status_code == 201:
            body = json.loads(await request.body())
            self._records.sent.append(Sent(self._records.now(), replica, self.name, f"waha:{body['chatId']}", body["text"]))
            self._hook(replica, True)
            self._bring()
        return response


class _Door:
    """One replica's entrance to the gateway."""

    def __init__(self, gateway: Gateway, replica: int) -> None:
        self.url = ""
        self._gateway, self._replica = gateway, replica
        self.patience = gateway.waha.patience

    async def answer(self, request: Request) -> Response:
        return await self._gateway.answer(self._replica, request)

    async def listen(self, connection: WebSocket) -> None:
        self._gateway.linked.append(self._replica)
        await self._gateway.waha.listen(connection)
