"""The simulator's native deliveries and their conversion into events: pure, no I/O."""

import json
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from pendopo.adapters.contract import Incoming
from pendopo.model import Account, Attachment, ButtonPress, Chat, ChatKind, Event, Location, Mention, Message


class NativeChat(Struct, frozen=True):
    """A chat as deliveries name it."""

    id: str
    kind: ChatKind
    title: str


class NativeSender(Struct, frozen=True):
    """A person as deliveries name them."""

    id: str
    name: str


class NativeMention(Struct, frozen=True, omit_defaults=True):
    """A name after an @; `id` is "" for the bot."""

    text: str
    id: str = ""


class NativeMessage(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="message"):
    """A message of a person."""

    id: str
    chat: NativeChat
    sender: NativeSender
    at: datetime
    text: str = ""
    photos: tuple[Attachment, ...] = ()
    location: Location | None = None
    mentions: tuple[NativeMention, ...] = ()
    reply_to: str = ""
    album: str = ""


class NativePress(Struct, frozen=True, kw_only=True, tag="press"):
    """A button press."""

    id: str
    chat: NativeChat
    sender: NativeSender
    at: datetime
    message: str
    token: str


Native = NativeMessage | NativePress
DECODER: msgspec.json.Decoder[Native] = msgspec.json.Decoder(Native)


def pack_incoming(native: Native) -> Incoming:
    """The delivery of a native message or press."""
    album = native.album if isinstance(native, NativeMessage) else ""
    kind = "message" if isinstance(native, NativeMessage) else "press"
    return Incoming(native.id, kind, native.chat.id, msgspec.json.encode(native), album)


def convert_incoming(adapter: str, incoming: Incoming) -> Event:
    """The event in a delivery. Raises `msgspec.MsgspecError` or `UnicodeDecodeError` on anything but our own JSON."""
    native = DECODER.decode(incoming.body)
    chat = Chat(adapter, native.chat.id, native.chat.kind, native.chat.title)
    account = Account((f"{adapter}:{native.sender.id}",), native.sender.name, native.sender.id)
    raw, at = json.loads(incoming.body), native.at.astimezone(UTC)
    if isinstance(native, NativePress):
        return ButtonPress(
            key=native.id, chat=chat, at=at, account=account, raw=raw, token=native.token, message=native.message
        )
    return Message(
        key=native.id,
        chat=chat,
        at=at,
        account=account,
        raw=raw,
        text=native.text,
        attachments=native.photos,
        location=native.location,
        mentions=tuple(Mention(m.text, f"{adapter}:{m.id}") for m in native.mentions if m.id),
        reply_to=native.reply_to,
        album=native.album,
        addressed=any(not mention.id for mention in native.mentions),
    )
