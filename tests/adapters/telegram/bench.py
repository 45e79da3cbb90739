"""Telegram on the bench: the adapter, its fake server, and people in a private chat and a group."""

import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from pendopo.adapters.telegram import Telegram, Timing
from pendopo.config import TelegramSettings
from pendopo.model import Chat, ChatKind
from pendopo.testing.conformance import Failure, NativeMessage, RecordingEngine, run_adapter

from tests.adapters.serving import listening, served

from .fake.people import HANDLE, People
from .fake.server import TOKEN, BotApi, Fault
from .fake.state import Posted

BUDI, GROUP = 1000000001, -1001234567890
SECRET = "s3cret-of-the_webhook"
QUICK = Timing(poll=20, margin=5, connect=5, read=1.0, upload=1.0, back_off=(0.005,), look=300)
FAULTS = {
    "busy": ("429", "Too Many Requests: retry after 7", 7),
    "down": ("drop", "", 0),
    "lost": ("drop after", "", 0),
    "refused": ("400", "Bad Request: refused for the test", 0),
    "closed": ("403", "Forbidden: bot was blocked by the user", 0),
}


class TelegramBench:
    """Implements `conformance.Bench`."""

    def __init__(self, api: BotApi, adapter: Telegram, desk: RecordingEngine) -> None:
        self.api, self.adapter, self.desk = api, adapter, desk
        self.people = People(api)
        self.person = Chat("telegram", str(BUDI))
        self.group = Chat("telegram", str(GROUP), ChatKind.GROUP)
        self.bot_name = f"@{HANDLE}"
        self._last: dict[str, object] = {}

    async def sends_message(
        self,
        chat: Chat,
        text: str = "",
        *,
        reply_to: str = "",
        files: Sequence[bytes] = (),
        place: tuple[float, float] | None = None,
    ) -> str:
        ids = await self.people.says(BUDI, int(chat.id), text, reply_to=int(reply_to or 0), photos=files, place=place)
        self._last = self.api.updates[-1] if self.api.updates else self._last
        return str(ids[-1])

    async def presses_button(self, chat: Chat, message: str, title: str) -> None:
        await self.people.touches(BUDI, int(chat.id), int(message), title)

    async def repeats(self) -> None:
        await self.api.put_raw(dict(self._last))

    async def wait_until_idle(self) -> None:
        await self.api.delivered()

    def screen(self, chat: Chat) -> Sequence[NativeMessage]:
        posts = self.api.state.rooms[int(chat.id)].posts.values()
        return [shown(post) for post in posts if post.by == 7000000001]

    def toasts(self) -> Sequence[str]:
        return [text for _, text in self.api.state.toasts]

    def fail(self, how: Failure) -> None:
        status, words, after = FAULTS[how]
        self.api.faults.append(Fault("", status, words, after))


def shown(post: Posted) -> NativeMessage:
    """A message as people see it."""
    return NativeMessage(
        str(post.id),
        post.text,
        [button["text"] for button in post.buttons],
        [post.file.data] if post.file else [],
        post.place,
        post.contact,
        str(post.reply_to or ""),
        [_part(post.text, e["offset"], e["length"]) for e in post.entities if e["type"] == "bold"],
    )


def _part(text: str, offset: int, length: int) -> str:
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def settings(url: str, mode: str = "polling") -> TelegramSettings:
    secret = SECRET if mode == "webhook" else ""
    return TelegramSettings.model_validate({"token": TOKEN, "mode": mode, "api_base_url": url, "webhook_secret": secret})


@asynccontextmanager
async def fake(clock: Callable[[], float] = time.time, limits: bool = False) -> AsyncIterator[BotApi]:
    """A server with Budi, who has started the bot, and a group."""
    api = BotApi(clock, limits)
    api.state.person(BUDI, "Budi", "budi_s")
    api.state.group(GROUP, "Dinas PU - Lapangan")
    await api.start()
    try:
        yield api
    finally:
        await api.stop()


@asynccontextmanager
async def open_bench(folder: Path, mode: str, api: BotApi, timing: Timing = QUICK) -> AsyncIterator[TelegramBench]:
    """The adapter at work in one of its modes."""
    async with AsyncExitStack() as stack:
        url, listener = "", None
        if mode == "webhook":
            listener, url = listening()
        adapter = Telegram(settings(api.url, mode), url, timing)
        desk = RecordingEngine(folder)
        desk.connect_adapter(adapter)
        if listener is not None:
            await stack.enter_async_context(_web(desk, listener))
        api.allowed = None
        await stack.enter_async_context(run_adapter(adapter))
        # Started: Telegram knows what is wanted, so that nothing people do from here on is overlooked.
        await api.until(lambda: api.allowed is not None)
        yield TelegramBench(api, adapter, desk)


@asynccontextmanager
async def _web(desk: RecordingEngine, listener: socket.socket) -> AsyncIterator[None]:
    async with served(desk, listener):
        yield
