"""A messenger in memory: shows what people see on their phones, with any capability profile, and fails on request."""

import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from pendopo.adapters.contract import AdapterHealth, AdapterHost, Incoming
from pendopo.errors import InvalidWebhookError, PermanentSendError, SendError
from pendopo.model import (
    Account,
    Album,
    Attachment,
    ButtonPress,
    Capabilities,
    Chat,
    ChatKind,
    Choice,
    Content,
    Document,
    Event,
    Location,
    Mention,
    Message,
    Photo,
    Text,
)

PROFILES: Mapping[str, Capabilities] = {
    "telegram": Capabilities(buttons=8, edit=True, album=10, styles=True, silent=True, toasts=True, idempotent=True),
    "whatsapp": Capabilities(buttons=3, button_title=20, rows=10, edit=False, free_hours=24, styles=True, idempotent=True),
    "whatsapp_group": Capabilities(buttons=0, edit=True, styles=True, idempotent=True),
}
"""By profile. On WhatsApp a bot may write freely only for 24 hours after a person's message."""


class ShownMessage(msgspec.Struct):
    """One message on the screen of a chat."""

    id: str
    chat: str
    content: Content
    reply_to: str = ""
    edited: int = 0
    """How often it was edited."""
    drawn: list[tuple[datetime, Content]] = []
    """What it showed, and since when."""

    def as_of(self, instant: datetime) -> "ShownMessage | None":
        """The message as it stood at an instant; None where it was not there yet."""
        then = [content for since, content in self.drawn if since <= instant]
        return msgspec.structs.replace(self, content=then[-1]) if then else None

    @property
    def text(self) -> str:
        """The text or caption without styles."""
        return self._caption.plain

    @property
    def buttons(self) -> tuple[Choice, ...]:
        """The buttons that are still there."""
        return self._caption.buttons

    @property
    def silent(self) -> bool:
        """Whether it came without a sound."""
        return self._caption.quiet

    @property
    def _caption(self) -> Text:
        return self.content if isinstance(self.content, Text) else getattr(self.content, "caption", Text())


class NativeDelivery(msgspec.Struct, omit_defaults=True):
    """A delivery of this messenger's server."""

    id: str
    chat: str
    private: bool
    account: str
    at: datetime
    text: str = ""
    token: str = ""
    """Of a pressed button: with one this is a press, else a message."""
    message: str = ""
    """The id of the message with the pressed button."""
    reply_to: str = ""
    addressed: bool = False
    forwarded: bool = False
    album: str = ""
    files: list[Attachment] = []
    mentions: list[Mention] = []
    name: str = ""
    place: Location | None = None


class MemoryMessenger:
    """An adapter without a network. `sends` counts all sends and edits, repeats too; `able` overrides the profiles.

    Each of `faults` is raised by one coming send or edit, which then has no effect. Each of `lost` is raised after a send took
    effect: people see the message, but the bot cannot know.
    """

    handle = "pendopo"
    local = True
    invitation = ""

    def __init__(self, name: str = "memory", profile: str = "telegram") -> None:
        self.name = name
        self.profile = profile
        self.profiles: dict[str, str] = {}
        self.screen: list[ShownMessage] = []
        self.toasts: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        self.typed: list[str] = []
        self.faults: list[Exception] = []
        self.lost: list[SendError] = []
        self.able: Capabilities | None = None
        self.sends = 0
        self._keys: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self.host: AdapterHost | None = None

    # -- the adapter ---------------------------------------------------------------------------------------------

    def capabilities(self, chat: Chat) -> Capabilities:
        return self.able or PROFILES[self.profiles.get(chat.id, self.profile)]

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        try:
            native = msgspec.json.decode(body, type=NativeDelivery)
        except msgspec.MsgspecError as error:
            raise InvalidWebhookError(str(error), 400) from error
        return [Incoming(native.id, "press" if native.token else "message", native.chat, body, native.album)]

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        native = msgspec.json.decode(incoming.body, type=NativeDelivery)
        chat = Chat(self.name, native.chat, ChatKind.PRIVATE if native.private else ChatKind.GROUP)
        account = Account((f"{self.name}:{native.account}",), native.name)
        shared: dict[str, Any] = {"key": native.id, "chat": chat, "at": native.at, "account": account}
        if native.token:
            return [ButtonPress(**shared, token=native.token, message=native.message)]
        return [
            Message(
                **shared,
                text=native.text,
                reply_to=native.reply_to,
                addressed=native.addressed,
                album=native.album,
                attachments=tuple(native.files),
                mentions=tuple(native.mentions),
                forwarded=native.forwarded,
                location=native.place,
            )
        ]

    def private_chat(self, account: Account) -> Chat | None:
        mine = (alias for alias in account.aliases if alias.startswith(f"{self.name}:"))
        return next((Chat(self.name, alias.split(":", 1)[1]) for alias in mine), None)

    def connect(self, host: AdapterHost) -> None:
        self.host = host

    async def run(self) -> None:
        return

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        self.sends += 1
        if self.faults:
            raise self.faults.pop(0)
        self._check_files(content)
        if key not in self._keys or not self.capabilities(chat).idempotent:
            self._keys[key] = f"b{next(self._numbers)}"
            self.screen.append(ShownMessage(self._keys[key], chat.id, content, reply_to))
            self._note_drawn(self.screen[-1])
        if self.lost:
            raise self.lost.pop(0)
        return self._keys[key]

    def _check_files(self, content: Content) -> None:
        items = content.items if isinstance(content, Album) else (content,)
        for item in items:
            if isinstance(item, Photo | Document) and self.host is not None:
                try:
                    self.host.get_blob_path(item.blob)
                except FileNotFoundError as error:
                    raise PermanentSendError("there is no such file") from error

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        self.sends += 1
        if self.faults:
            raise self.faults.pop(0)
        for shown in self.screen:
            if shown.id == native_id:
                shown.content, shown.edited = content, shown.edited + 1
                self._note_drawn(shown)
                return
        raise PermanentSendError("there is no such message")

    def _note_drawn(self, shown: ShownMessage) -> None:
        if self.host is not None:
            shown.drawn.append((self.host.now(), shown.content))

    async def show_typing(self, chat: Chat) -> None:
        self.typed.append(chat.id)

    async def answer_press(self, press_key: str, text: str) -> None:
        self.toasts.append((press_key, text))

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        if attachment.ref not in self.files:
            raise PermanentSendError("there is no such file")
        yield self.files[attachment.ref]

    def health(self) -> AdapterHealth:
        return AdapterHealth(True, 0.0)

    async def close(self) -> None:
        return

    # -- the people ----------------------------------------------------------------------------------------------

    def make_native(self, chat: str, private: bool, account: str, at: datetime, **more: Any) -> NativeDelivery:
        """Make a delivery with a new id."""
        return NativeDelivery(f"n{next(self._numbers)}", chat, private, account, at, **more)

    async def deliver(self, *natives: NativeDelivery) -> None:
        """Hand deliveries to the bot, as the messenger's server would."""
        if self.host is None:
            raise RuntimeError("the app is not started")
        await self.host.accept([item for native in natives for item in self.receive(msgspec.json.encode(native), {})])
