"""The adapter whose chats are people's own pages. The web app shows the bot's messages from the rows of the outbox."""

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
    """An action of a signed-in person: a button press (`token`, with the form's `fields`) or a typed line (`text`)."""

    id: str
    person: int
    at: datetime
    token: str = ""
    fields: dict[str, str] = {}
    text: str = ""
    reply_to: str = ""


_decoder = msgspec.json.Decoder(DashboardAction)


def pack_press(id_: str, person: int, at: datetime, token: str, fields: Mapping[str, str] | None = None) -> Incoming:
    """The delivery of a button press. `id_` is fixed when the page is rendered, so that a double click is one press."""
    done = DashboardAction(id=id_, person=person, at=at, token=token, fields=dict(fields or {}))
    return Incoming(id_, "press", str(person), msgspec.json.encode(done))


def pack_text(id_: str, person: int, at: datetime, text: str, reply_to: str = "") -> Incoming:
    """The delivery of a typed line; `reply_to` is the message it answers."""
    done = DashboardAction(id=id_, person=person, at=at, text=text, reply_to=reply_to)
    return Incoming(id_, "message", str(person), msgspec.json.encode(done))


class Dashboard:
    """Converts the actions the web app receives from signed-in people; it sends nothing itself."""

    name = NAME
    handle = ""
    local = True
    invitation = ""

    def capabilities(self, chat: Chat) -> Capabilities:
        return CAPABILITIES

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """Always raises `InvalidWebhookError`: there is no webhook."""
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
        """None: a person may not look at their page for days, so nothing is sent only there."""
        return None

    def connect(self, host: AdapterHost) -> None:
        """The host is not needed."""

    async def run(self) -> None:
        """Wait until cancelled: the web app stores the deliveries."""
        await asyncio.Event().wait()

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        return key  # the page reads the outbox's row

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        """Nothing to do: the page reads the newest row of the outbox."""

    async def show_typing(self, chat: Chat) -> None:
        """Nothing to do: the page itself shows that it is waiting."""

    async def answer_press(self, press_key: str, text: str) -> None:
        """Nothing to do: the page reads the row of the outbox."""

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        raise PermanentSendError("no files come in over the dashboard")
        yield b""

    def health(self) -> AdapterHealth:
        return AdapterHealth(ok=True, seconds=0.0)

    async def close(self) -> None:
        """Nothing is held open."""
