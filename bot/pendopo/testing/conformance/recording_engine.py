"""An engine double that records what an adapter delivers, and the protocol of a messenger's people's side."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Protocol

from pendopo.adapters.contract import Adapter, DeliveryEnricher, Incoming
from pendopo.errors import InvalidWebhookError
from pendopo.model import Chat, Choice, Event, Message, Phrase, Text, TextRun

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)
"""A whole PNG file of one pixel."""
Failure = Literal["busy", "down", "lost", "refused", "closed"]
"""In order: rate limit; failure before the effect; failure after it; permanent refusal; the bot may not write to the chat."""


@dataclass
class NativeMessage:
    """A message as people see it, reduced to what all messengers have."""

    id: str
    text: str
    buttons: Sequence[str] = ()
    files: Sequence[bytes] = ()
    place: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""
    contact: tuple[str, str] | None = None
    """Name and telephone number."""
    reply_to: str = ""
    bold: Sequence[str] = ()
    """The passages in bold."""


class AdapterHarness(Protocol):
    """One adapter under test. `person` is a person's private chat; `group` is a chat with that person in it.

    Where its messenger lacks a feature (groups, files, places, replies), using it calls `pytest.skip`.
    """

    adapter: Adapter
    desk: "RecordingEngine"
    person: Chat
    group: Chat
    bot_name: str
    """How a text mentions the bot."""

    async def sends_message(
        self,
        chat: Chat,
        text: str = "",
        *,
        reply_to: str = "",
        files: Sequence[bytes] = (),
        place: tuple[float, float] | None = None,
    ) -> str:
        """Send as the person; returns the native id of the (last) message. Several files are one album."""

    async def presses_button(self, chat: Chat, message: str, title: str) -> None:
        """Press a button of a message as the person, or choose the row or option that represents it."""

    async def repeats(self) -> None:
        """Deliver the last delivery once more, as messengers do when they saw no answer."""

    async def wait_until_idle(self) -> None:
        """Wait until all deliveries are accepted and acknowledged."""

    def screen(self, chat: Chat) -> Sequence[NativeMessage]:
        """List the bot's messages in a chat, oldest first."""

    def toasts(self) -> Sequence[str]:
        """List the short answers to presses so far."""

    def fail(self, how: Failure) -> None:
        """Make the next attempt to send fail."""


@dataclass
class RecordingEngine:
    """An engine that only records deliveries."""

    folder: Path
    taken: list[Incoming] = field(default_factory=list)
    """The deliveries it has stored, each once."""
    attempts: int = 0
    """Calls of `accept`, those that failed included."""
    refusing: int = 0
    """How many calls of `accept` will fail."""
    menu: Sequence[tuple[str, str]] = (("izin", "Minta izin"), ("izin saya", "Izin saya"))

    def __post_init__(self) -> None:
        self.adapters: dict[str, Adapter] = {}
        self.changed = asyncio.Condition()

    def connect_adapter(self, adapter: Adapter) -> None:
        """Connect the adapter; there is one per engine."""
        self.adapters[adapter.name] = adapter
        adapter.connect(_RecordingHost(self))

    @property
    def adapter(self) -> Adapter:
        return next(iter(self.adapters.values()))

    @property
    def clock(self) -> "RecordingEngine":
        return self

    def now(self) -> datetime:
        return datetime.now(UTC)

    def store_blob(self, data: bytes) -> str:
        """Store a blob and return its SHA-256."""
        name = sha256(data).hexdigest()
        (self.folder / name).write_bytes(data)
        return name

    async def accept(self, adapter: str, incoming: Sequence[Incoming]) -> None:
        async with self.changed:
            self.attempts += 1
            if self.refusing:
                self.refusing -= 1
                self.changed.notify_all()
                raise OSError("the disk is full")
            known = {(item.key, item.kind) for item in self.taken}
            self.taken += [item for item in incoming if (item.key, item.kind) not in known]
            self.changed.notify_all()

    async def post_webhook(self, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        """Handle a webhook request as the web app does, and return the HTTP status."""
        try:
            incoming = self.adapter.receive(body, {name.lower(): value for name, value in (headers or {}).items()})
        except InvalidWebhookError as refused:
            return refused.status
        if isinstance(self.adapter, DeliveryEnricher):
            incoming = await self.adapter.enrich_incoming(incoming)
        try:
            await self.accept(self.adapter.name, incoming)
        except OSError:
            return 500
        return 200

    async def readiness(self) -> dict[str, Any]:
        return {"ok": True}

    @property
    def events(self) -> list[Event]:
        """The events of all deliveries that can be converted."""
        return [event for item in self.taken for event in self._convert_item(item) or ()]

    @property
    def dead(self) -> list[Incoming]:
        """The deliveries that cannot be converted; the real engine makes them dead letters."""
        return [item for item in self.taken if self._convert_item(item) is None]

    def _convert_item(self, item: Incoming) -> Sequence[Event] | None:
        try:
            return self.adapter.convert(item)
        except Exception:
            return None

    def last_event(self, kind: type[Any]) -> Any:
        """Return the newest event of a type. Fails when there is none."""
        found = [event for event in self.events if isinstance(event, kind)]
        assert found, f"no {kind.__name__} among {self.events}"
        return found[-1]


@dataclass
class _RecordingHost:
    """The recording engine as the adapter's host."""

    desk: RecordingEngine

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        await self.desk.accept(self.desk.adapter.name, incoming)

    def get_blob_path(self, sha256: str) -> Path:
        path = self.desk.folder / sha256
        if not path.is_file():
            raise FileNotFoundError(sha256)
        return path

    def now(self) -> datetime:
        return self.desk.now()

    async def run_exclusive(self, work: Callable[[], Awaitable[None]]) -> None:
        await work()

    async def get_last_seen(self, chat: Chat) -> datetime | None:
        heard = [event.at for event in self.desk.events if isinstance(event, Message) and event.chat.key == chat.key]
        return max(heard, default=None)

    def list_commands(self, locale: str) -> Sequence[tuple[str, str]]:
        return self.desk.menu if locale == "id" else [(word, f"{about} ({locale})") for word, about in self.desk.menu]


@asynccontextmanager
async def run_adapter(adapter: Adapter) -> AsyncIterator[None]:
    """Run an adapter, and close it at the end."""
    task = asyncio.create_task(adapter.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await adapter.close()


def make_text(text: str, *titles: str) -> Text:
    """Make a rendered text with buttons, whose tokens are `t-` and the first 16 characters of the title."""
    choices = tuple(Choice(f"t-{title[:16]}", Phrase("umum.pilihan", {"teks": title}), title) for title in titles)
    return Text(spans=(TextRun(text),), buttons=choices)
