"""An engine that stores in a list, and an adapter with a signature, for the web app's own tests."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pendopo.adapters.contract import Adapter, AdapterHealth, AdapterHost, Incoming
from pendopo.engine.telemetry.metrics import Measure, Metrics
from pendopo.errors import InvalidWebhookError
from pendopo.model import Account, Attachment, Capabilities, Chat, Content, Event


class Hooked:
    """Takes webhooks whose header `x-token` is right."""

    name = "hooked"
    handle = ""
    invitation = ""

    def capabilities(self, chat: Chat) -> Capabilities:
        return Capabilities()

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        if headers.get("x-token") != "right":
            raise InvalidWebhookError("the token s3cret was expected", 401)
        return [Incoming("1", "message", "c", body)]

    def answer_challenge(self, query: Mapping[str, str]) -> str:
        if query.get("token") != "right":
            raise InvalidWebhookError("wrong token")
        return query["echo"]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        return []

    def private_chat(self, account: Account) -> Chat | None:
        return None

    def connect(self, host: AdapterHost) -> None: ...

    async def run(self) -> None: ...

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        return ""

    async def show_typing(self, chat: Chat) -> None: ...

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None: ...

    async def answer_press(self, press_key: str, text: str) -> None: ...

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        yield b""

    def health(self) -> AdapterHealth:
        return AdapterHealth(ok=True)

    async def close(self) -> None: ...


class Clock:
    at = datetime(2026, 8, 13, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def shift(self, delta: timedelta) -> None:
        self.at += delta


class Engine:
    """Fails to store while `broken`."""

    def __init__(self, *others: Adapter) -> None:
        self.metrics = Metrics()
        self.adapters: Mapping[str, Adapter] = {each.name: each for each in (Hooked(), *others)}
        self.clock = Clock()
        self.stored: list[tuple[str, Incoming]] = []
        self.broken = self.ready = False

    async def accept(self, adapter: str, incoming: Sequence[Incoming]) -> None:
        if self.broken:
            raise OSError("secret path /srv/pendopo.db is full")
        self.stored += [(adapter, each) for each in incoming]

    async def feed(self, name: str, token: str) -> tuple[bytes, str] | None:
        return (b"BEGIN:VCALENDAR", "text/calendar") if (name, token) == ("uji.kalender", "right") else None

    async def gauges(self) -> list[Measure]:
        return []

    async def readiness(self) -> dict[str, Any]:
        return {"ok": self.ready, "database": "ok"}
