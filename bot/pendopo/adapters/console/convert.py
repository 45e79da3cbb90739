"""The console's native deliveries and their conversion into events: pure, no I/O."""

import json
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from pendopo.adapters.contract import Incoming
from pendopo.model import Account, Attachment, Chat, ChatKind, Event, Message

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
