"""The adapter whose screen is the terminal."""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from pendopo.adapters.contract import AdapterHealth, AdapterHost, Incoming
from pendopo.errors import InvalidWebhookError, OperatorError, PermanentSendError
from pendopo.model import (
    Account,
    Album,
    Attachment,
    Capabilities,
    Chat,
    ChatKind,
    Contact,
    Content,
    Document,
    Event,
    Location,
    Message,
    Photo,
    Text,
)

NAME, HANDLE = "console", "pendopo"


class TypedLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A typed line. `chat` is a group's id, or the sender's own in a private chat."""

    id: str
    chat: str
    title: str
    group: bool
    sender: str
    name: str
    at: datetime
    text: str = ""
    photo: str = ""
    reply_to: str = ""


_decoder = msgspec.json.Decoder(TypedLine)


def pack_incoming(typed: TypedLine) -> Incoming:
    """The delivery that carries a line."""
    return Incoming(typed.id, "message", typed.chat, msgspec.json.encode(typed))


def convert_incoming(incoming: Incoming) -> Event:
    """The event in a delivery. Raises `msgspec.MsgspecError` or `UnicodeDecodeError` on anything but our own JSON."""
    typed = _decoder.decode(incoming.body)
    return Message(
        key=typed.id,
        chat=Chat(NAME, typed.chat, ChatKind.GROUP if typed.group else ChatKind.PRIVATE, typed.title),
        at=typed.at.astimezone(UTC),
        account=Account((f"{NAME}:{typed.sender}",), typed.name, typed.sender),
        raw=json.loads(incoming.body),
        text=typed.text,
        attachments=(Attachment("photo", typed.photo),) if typed.photo else (),
        reply_to=typed.reply_to,
        addressed=typed.text.lower().startswith(f"@{HANDLE}"),
    )


_CHOICES = re.compile(r"^1\. ", re.MULTILINE)
# Without buttons the engine numbers the choices; an edited message is printed again.
CAPABILITIES = Capabilities(edit=True, album=10, idempotent=True)


class PrintedMessage(Struct, frozen=True):
    """A message of the bot in a chat; `again` marks the new wording of an edited one."""

    chat: Chat
    text: str
    again: bool = False


class Console:
    """Passes typed lines to the bot, and messages of the bot to `show`."""

    name = NAME
    handle = HANDLE
    local = True
    invitation = ""

    def __init__(self, show: Callable[[PrintedMessage], None]) -> None:
        self._show = show
        self._host: AdapterHost | None = None
        self._sent: set[str] = set()
        self._last: dict[str, str] = {}
        self._choices: dict[str, str] = {}

    async def type_line(
        self,
        sender: tuple[str, str],
        text: str,
        group: tuple[str, str] | None = None,
        photo: Path | None = None,
        reply: bool = False,
    ) -> None:
        """Type a line as a sender (id, name), privately or in a group (id, title); returns once the bot has stored it.

        `reply` quotes the bot's latest message in that chat. A number in a group quotes the latest choices there, since in a
        group the bot only accepts answers that are addressed to it.
        """
        if self._host is None:
            raise OperatorError("the console is not connected to a bot")
        chat, title = group or sender
        typed = TypedLine(
            id=secrets.token_hex(8),
            chat=chat,
            title=title,
            group=group is not None,
            sender=sender[0],
            name=sender[1],
            at=self._host.now(),
            text=text,
            photo=str(photo) if photo else "",
            reply_to=self._find_quoted(chat, reply, group is not None and text.isdecimal()),
        )
        await self._host.accept([pack_incoming(typed)])

    def capabilities(self, chat: Chat) -> Capabilities:
        return CAPABILITIES

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """Always raises `InvalidWebhookError`: there is no webhook."""
        raise InvalidWebhookError("the console has no webhook", 404)

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        return [convert_incoming(incoming)]

    def private_chat(self, account: Account) -> Chat | None:
        mine = (alias.partition(":")[2] for alias in account.aliases if alias.startswith(f"{NAME}:"))
        return next((Chat(NAME, id_, title=account.name) for id_ in mine), None)

    def connect(self, host: AdapterHost) -> None:
        self._host = host

    async def run(self) -> None:
        """Nothing to fetch: lines come through `type_line`."""

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        if key not in self._sent:
            self._show(PrintedMessage(chat, self._format_content(content)))
            self._sent.add(key)
            self._last[chat.id] = key
            self._note_choices(chat, key, content)
        # The key doubles as the native id, so a number typed after a restart still finds its question.
        return key

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        self._show(PrintedMessage(chat, self._format_content(content), again=True))
        self._note_choices(chat, native_id, content)

    async def show_typing(self, chat: Chat) -> None:
        """The terminal shows no typing."""

    async def answer_press(self, press_key: str, text: str) -> None:
        """There are no buttons to press."""

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        try:
            yield await asyncio.to_thread(Path(attachment.ref).read_bytes)
        except OSError as error:
            raise PermanentSendError(f"cannot read {attachment.ref}: {error.strerror}") from error

    def health(self) -> AdapterHealth:
        return AdapterHealth(ok=True, seconds=0.0)

    async def close(self) -> None:
        """Nothing is held open."""

    def _find_quoted(self, chat: str, reply: bool, number: bool) -> str:
        latest = self._choices if number and not reply else self._last if reply else {}
        return latest.get(chat, "")

    def _note_choices(self, chat: Chat, id_: str, content: Content) -> None:
        if _CHOICES.search(self._format_content(content)):
            self._choices[chat.id] = id_
        elif self._choices.get(chat.id) == id_:
            del self._choices[chat.id]

    def _format_content(self, content: Content) -> str:
        if isinstance(content, Text):
            return content.plain
        if isinstance(content, Location):
            return f"[location {content.latitude}, {content.longitude}] {content.name}".rstrip()
        if isinstance(content, Contact):
            return f"[contact] {content.name} {content.phone}"
        if isinstance(content, Photo | Document):
            return "\n".join(filter(None, (self._format_file(content), content.caption.plain)))
        if isinstance(content, Album):
            return "\n".join(filter(None, (*map(self._format_file, content.items), content.caption.plain)))
        raise PermanentSendError("no polls here")

    def _format_file(self, item: Photo | Document) -> str:
        kind = "photo" if isinstance(item, Photo) else "file"
        try:
            path = self._host.get_blob_path(item.blob) if self._host else item.blob
        except FileNotFoundError as error:
            raise PermanentSendError(f"no blob {item.blob}") from error
        return f"[{kind}] {path}"
