"""A messenger whose chats are people's own pages. What is said there is shown by the web app, from the outbox's rows."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from pendopo.adapters.contract import AdapterHealth, AdapterHost, Incoming
from pendopo.errors import InvalidWebhookError, PermanentSendError
from pendopo.model import Account, Attachment, ButtonPress, Capabilities, Chat, Content, Event, Message

NAME = "web"
CAPABILITIES = Capabilities(buttons=10, edit=True, album=10, styles=True, toasts=True, idempotent=True)


class DashboardAction(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody who is signed in did: touched a button (`token`, with what they filled in), or typed a line."""

    id: str
    person: int
    at: datetime
    token: str = ""
    fields: dict[str, str] = {}
    text: str = ""
    reply_to: str = ""


_decoder = msgspec.json.Decoder(DashboardAction)


def pack_press(id_: str, person: int, at: datetime, token: str, fields: Mapping[str, str] | None = None) -> Incoming:
    """The delivery of a touched button. `id_` is once for one drawing of the page, so that a double click is one press."""
    done = DashboardAction(id=id_, person=person, at=at, token=token, fields=dict(fields or {}))
    return Incoming(id_, "press", str(person), msgspec.json.encode(done))


def pack_text(id_: str, person: int, at: datetime, text: str, reply_to: str = "") -> Incoming:
    """The delivery of a typed line; `reply_to` is the message it answers."""
    done = DashboardAction(id=id_, person=person, at=at, text=text, reply_to=reply_to)
    return Incoming(id_, "message", str(person), msgspec.json.encode(done))


class Dashboard:
    """Hands on what the web app takes from people who signed in; it sends nothing itself."""

    name = NAME
    handle = ""
    invitation = ""

    def capabilities(self, chat: Chat) -> Capabilities:
        return CAPABILITIES

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """There is no webhook. Raises `InvalidWebhookError` always."""
        raise InvalidWebhookError("the dashboard has no webhook", 404)

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        done = _decoder.decode(incoming.body)
        chat, at = Chat(NAME, str(done.person)), done.at.astimezone(UTC)
        account = Account((f"{NAME}:{done.person}",))
        if done.token:
            raw = {"fields": done.fields} if done.fields else {}
            return [ButtonPress(key=done.id, chat=chat, at=at, account=account, token=done.token, raw=raw)]
        return [Message(key=done.id, chat=chat, at=at, account=account, text=done.text, reply_to=done.reply_to)]

    def private_chat(self, account: Account) -> Chat | None:
        """Nobody is told anything only there: they may not look for days."""
        return None

    def connect(self, host: AdapterHost) -> None:
        """It asks nothing of the engine."""

    async def run(self) -> None:
        """Deliveries are handed over by the web app."""
        await asyncio.Event().wait()

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        return key  # the page reads the outbox's row

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        """The page reads the newest row."""

    async def show_typing(self, chat: Chat) -> None:
        """The page shows by itself that it waits."""

    async def answer_press(self, press_key: str, text: str) -> None:
        """The page reads the outbox's row."""

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        raise PermanentSendError("no files come in over the dashboard")
        yield b""

    def health(self) -> AdapterHealth:
        return AdapterHealth(ok=True, seconds=0.0)

    async def close(self) -> None:
        """Nothing is held open."""
