"""The adapter of the chaos messenger: polls, and moves its offset only after what it got is stored."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pendopo.adapters.contract import AdapterHealth, AdapterHost, Incoming
from pendopo.errors import PermanentSendError, TemporarySendError
from pendopo.model import Account, Attachment, Capabilities, Chat, ChatKind, Content, Event, Message, Text


class ChaosAdapter:
    """A client of `server.MessengerServer`."""

    name = "chaos"
    handle = ""
    invitation = ""

    def __init__(self, port: int, idempotent: bool = True) -> None:
        self._port = port
        self._able = Capabilities(idempotent=idempotent)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._busy = asyncio.Lock()
        self._host: AdapterHost | None = None

    def capabilities(self, chat: Chat) -> Capabilities:
        return self._able

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        update = json.loads(body)
        return [Incoming(str(update["id"]), "message", update["chat"], body)]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        update = json.loads(incoming.body)
        if update.get("poison"):
            raise ValueError("nobody can read this")
        chat = Chat(self.name, update["chat"], ChatKind.PRIVATE)
        account = Account((f"chaos:{update['chat']}",))
        return [Message(key=incoming.key, chat=chat, at=datetime.now(UTC), account=account, text=update["text"])]

    def private_chat(self, account: Account) -> Chat | None:
        return None

    def connect(self, host: AdapterHost) -> None:
        self._host = host

    async def run(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        offset = 0  # a fresh process knows no offset: the server sends everything again, and none of it may count twice
        while self._host is not None:
            answer = await _ask(reader, writer, {"op": "poll", "offset": offset})
            for update in answer["updates"]:
                await self._host.accept(self.receive(json.dumps(update).encode(), {}))
            offset += len(answer["updates"])

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        if not isinstance(content, Text):
            raise PermanentSendError("text only")
        async with self._busy:
            try:
                if self._streams is None:
                    self._streams = await asyncio.open_connection("127.0.0.1", self._port)
                answer = await _ask(*self._streams, {"op": "send", "key": key, "chat": chat.id, "text": content.plain})
            except (OSError, EOFError, ValueError) as error:
                self._streams = None
                raise TemporarySendError(str(error)) from error
        return str(answer["id"])

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        raise PermanentSendError("no edits")

    async def show_typing(self, chat: Chat) -> None:
        return

    async def answer_press(self, press_key: str, text: str) -> None:
        return

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        raise PermanentSendError("no files")
        yield b""

    def health(self) -> AdapterHealth:
        return AdapterHealth(True, 0.0)

    async def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: dict[str, Any]) -> dict[str, Any]:
    writer.write(json.dumps(request).encode() + b"\n")
    await writer.drain()
    answer: dict[str, Any] = json.loads(await reader.readline() or b"!")
    return answer
