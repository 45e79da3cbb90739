"""The messenger without a network is an adapter like any other, and its bench shows how small one can be."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest
from pendopo.errors import ChatClosedError, PermanentSendError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Album, Attachment, Chat, ChatKind, Contact, Content, Document, Location, Photo, Text
from pendopo.testing import PROFILES, MemoryMessenger
from pendopo.testing.conformance import AdapterConformance, Failure, NativeMessage, RecordingEngine, run_adapter


class MemoryBench:
    """Implements `conformance.Bench`."""

    def __init__(self, adapter: MemoryMessenger, desk: RecordingEngine) -> None:
        self.adapter, self.desk = adapter, desk
        self.person = Chat(adapter.name, "rina")
        self.group = Chat(adapter.name, "forum", ChatKind.GROUP)
        self.bot_name = "@pendopo"
        self._owed: list[bytes] = []
        self._last = b""

    async def sends_message(
        self,
        chat: Chat,
        text: str = "",
        *,
        reply_to: str = "",
        files: Sequence[bytes] = (),
        place: tuple[float, float] | None = None,
    ) -> str:
        names = [f"f{len(self.adapter.files) + number}" for number in range(len(files))]
        self.adapter.files |= dict(zip(names, files, strict=True))
        album = f"album-{names[0]}" if len(files) > 1 else ""
        words = {
            "text": text,
            "reply_to": reply_to,
            "addressed": self.bot_name in text,
            "place": Location(*place) if place else None,
        }
        parts = [[Attachment("photo", name)] for name in names] or [[]]
        for number, part in enumerate(parts):
            native = self._native(chat, files=part, album=album, **(words if number == 0 else {}))
        return str(native)

    async def presses_button(self, chat: Chat, message: str, title: str) -> None:
        shown = next(shown for shown in self.adapter.screen if shown.id == message)
        token = next(choice.token for choice in shown.buttons if choice.title == title)
        self._native(chat, token=token, message=message)

    def _native(self, chat: Chat, **more: object) -> str:
        made = self.adapter.make_native(chat.id, chat.private, "rina", self.desk.now(), name="Rina", **more)
        self._last = msgspec.json.encode(made)
        self._owed.append(self._last)
        return made.id

    async def repeats(self) -> None:
        self._owed.append(self._last)

    async def wait_until_idle(self) -> None:
        """A server that delivers in order, and again until it is told that it was heard."""
        while self._owed:
            if await self.desk.post_webhook(self._owed[0]) == 200:
                self._owed.pop(0)
            await asyncio.sleep(0)

    def screen(self, chat: Chat) -> Sequence[NativeMessage]:
        return [self._shown(each.id, each.content, each.reply_to) for each in self.adapter.screen if each.chat == chat.id]

    def _shown(self, id_: str, content: Content, reply_to: str) -> NativeMessage:
        words = content if isinstance(content, Text) else getattr(content, "caption", Text())
        items = content.items if isinstance(content, Album) else (content,)
        blobs = [item.blob for item in items if isinstance(item, Photo | Document)]
        return NativeMessage(
            id_,
            words.plain,
            [choice.title for choice in words.buttons],
            [(self.desk.folder / blob).read_bytes() for blob in blobs],
            (content.latitude, content.longitude) if isinstance(content, Location) else None,
            (content.name, content.phone) if isinstance(content, Contact) else None,
            reply_to,
            [span.text for span in words.spans if span.bold],
        )

    def toasts(self) -> Sequence[str]:
        return [text for _, text in self.adapter.toasts]

    def fail(self, how: Failure) -> None:
        errors = {
            "busy": TemporarySendError("busy", 3.0),
            "down": TemporarySendError("down"),
            "refused": PermanentSendError("no"),
            "closed": ChatClosedError("gone"),
        }
        if how == "lost":
            self.adapter.lost.append(UnknownOutcomeError("nobody knows"))
        else:
            self.adapter.faults.append(errors[how])


class TestMemory(AdapterConformance):
    @pytest.fixture(params=sorted(PROFILES))
    async def bench(self, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MemoryBench]:
        adapter, desk = MemoryMessenger(profile=request.param), RecordingEngine(tmp_path)
        desk.connect_adapter(adapter)
        async with run_adapter(adapter):
            yield MemoryBench(adapter, desk)
