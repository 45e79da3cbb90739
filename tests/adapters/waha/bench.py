"""WAHA on the bench: the adapter, its fake server, and people in a private chat and a group."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pendopo.adapters.contract import Incoming
from pendopo.adapters.waha import Waha as Adapter
from pendopo.config import WahaSettings
from pendopo.model import Chat, ChatKind
from pendopo.testing.conformance import Failure, NativeMessage, RecordingEngine, run_adapter

from tests.adapters.serving import listening, served

from .fake.people import People
from .fake.server import HMAC_KEY, KEY, MY_LID, SESSION, Waha, formatted, serving

RINA, GROUP = "6281200000001@c.us", "120363025246125486@g.us"
RINA_LID = "382000000000001@lid"
FAULTS = {"busy": "busy", "down": "down", "lost": "lost", "refused": "refused", "closed": "closed"}


@dataclass
class Counting(RecordingEngine):
    """A desk that counts what it could store, repeats too."""

    stored: int = 0

    async def accept(self, adapter: str, incoming: Sequence[Incoming]) -> None:
        await super().accept(adapter, incoming)
        async with self.changed:
            self.stored += 1
            self.changed.notify_all()


class WahaBench:
    """Implements `conformance.Bench`."""

    def __init__(self, waha: Waha, adapter: Adapter, desk: Counting) -> None:
        self.waha, self.adapter, self.desk = waha, adapter, desk
        self.people = People(waha, {RINA: RINA_LID})
        self.person = Chat("waha", RINA)
        self.group = Chat("waha", GROUP, ChatKind.GROUP)
        self.bot_name = f"@{MY_LID.partition('@')[0]}"
        self._effects = 0

    async def sends_message(
        self,
        chat: Chat,
        text: str = "",
        *,
        reply_to: str = "",
        files: Sequence[bytes] = (),
        place: tuple[float, float] | None = None,
    ) -> str:
        return self.people.says(RINA, chat.id, text, reply_to=reply_to, files=files, place=place)

    async def presses_button(self, chat: Chat, message: str, title: str) -> None:
        self.people.votes(RINA, chat.id, message, title)

    async def repeats(self) -> None:
        self.waha.owed.append((self.waha.delivered[-1], True))

    async def wait_until_idle(self) -> None:
        self._effects += await self.waha.deliver()
        async with self.desk.changed:
            await self.desk.changed.wait_for(lambda: self.desk.stored >= self._effects)

    def screen(self, chat: Chat) -> Sequence[NativeMessage]:
        return [_shown(bubble) for bubble in self.waha.chats.get(chat.id, []) if bubble.mine]

    def toasts(self) -> Sequence[str]:
        return []

    def fail(self, how: Failure) -> None:
        self.waha.broken.append(FAULTS[how])


def _shown(bubble: Any) -> NativeMessage:
    text, bold = formatted(bubble.text)
    found = re.search(r"FN:(.+)\nTEL.*:(\+\d+)", bubble.vcard)
    return NativeMessage(
        bubble.id,
        text,
        [re.sub(r"^\d+\. ", "", option) for option in bubble.options],
        [bubble.file] if bubble.file is not None else [],
        bubble.place,
        (found[1], found[2]) if found else None,
        bubble.reply_to,
        bold,
    )


def settings(url: str, mode: Literal["webhook", "websocket"] = "webhook", **more: Any) -> WahaSettings:
    """The section of the configuration for the fake."""
    secret = {"hmac_key": HMAC_KEY} if mode == "webhook" else {}
    return WahaSettings.model_validate({"base_url": url, "api_key": KEY, "session": SESSION, "mode": mode, **secret, **more})


@asynccontextmanager
async def benched(
    folder: Path,
    mode: Literal["webhook", "websocket"] = "webhook",
    choices: Literal["numbers", "polls"] = "numbers",
    engine: str = "GOWS",
) -> AsyncIterator[WahaBench]:
    """A bench, all of it running."""
    async with AsyncExitStack() as stack:
        waha = await stack.enter_async_context(serving(Waha(engine)))
        adapter = Adapter(settings(waha.url, mode), choices, patience=5.0, pauses=(0.0,))
        desk = Counting(folder)
        desk.connect_adapter(adapter)
        if mode == "webhook":
            listener, url = listening()
            waha.webhook = f"{url}/hooks/waha"
            await stack.enter_async_context(served(desk, listener))
        await stack.enter_async_context(run_adapter(adapter))
        yield WahaBench(waha, adapter, desk)


CHAT = Chat("waha", RINA)
