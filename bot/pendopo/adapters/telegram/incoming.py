"""Updates on their way into the inbox: what is read before they are stored, and how they are stored."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from pendopo.adapters.contract import Incoming
from pendopo.adapters.foreign_json import JsonObject, get_int, get_object, get_text, get_time, parse_object

UPDATE_KINDS = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member", "chat_member")
"""The kinds that are read. Always sent to Telegram, which remembers the last list and sends some kinds only if named."""
NO_CHAT = "-"
"""The lane of updates without a chat."""
ALBUM_KINDS = ("photo", "document", "video")
"""The kinds that people send several of at once."""


class Update(Struct, frozen=True, dict=True):
    """A native update with what `convert`, being pure, cannot look up: the bot's user name and the time of receipt."""

    data: dict[str, Any]
    bot: str = ""
    received: datetime | None = None

    @property
    def id(self) -> int:
        """`update_id`, 0 if there is none."""
        return get_int(self.data, "update_id") or 0

    @cached_property
    def kind(self) -> str:
        """The name of the object an update carries."""
        return get_kind(self.data)

    @cached_property
    def content(self) -> JsonObject:
        """The object an update carries."""
        return get_object(self.data, self.kind)


def get_kind(data: JsonObject) -> str:
    """The name of the object an update carries, known to us or not; "" if there is none."""
    for kind in UPDATE_KINDS:
        if isinstance(data.get(kind), dict):
            return kind
    return next((key for key, value in data.items() if isinstance(value, dict)), "")


def get_chat(data: JsonObject) -> JsonObject:
    """The chat an update belongs to, {} if there is none."""
    content = get_object(data, get_kind(data))
    return get_object(content, "chat") or get_object(content, "message", "chat")


def get_album(data: JsonObject) -> str:
    """An id shared by the parts of an album, "" for other messages.

    Photos sent together may come without `media_group_id` (tdlib/telegram-bot-api#46, and our own captures); then the sender
    and the second identify the album.
    """
    message = get_object(data, "message")
    if group := get_text(message, "media_group_id"):
        return group
    if any(message.get(kind) for kind in ALBUM_KINDS) and (sender := get_int(message, "from", "id")) is not None:
        return f"same:{sender}:{get_int(message, 'date') or 0}"
    return ""


def pack_incoming(data: JsonObject, raw: bytes, bot: str, bot_id: str, received: datetime) -> Incoming:
    """An update as it is stored: its original bytes, the bot's user name and the time of receipt.

    The key contains the bot's id, since update ids of two bots may coincide and the token may be replaced by another bot's.
    """
    chat = get_int(get_chat(data), "id")
    head = msgspec.json.encode({"bot": bot, "received": int(received.timestamp() * 1000)})
    return Incoming(
        key=f"{bot_id}:{get_int(data, 'update_id')}",
        kind=get_kind(data),
        chat=NO_CHAT if chat is None else str(chat),
        body=head[:-1] + b',"update":' + raw + b"}",
        album=get_album(data),
    )


def unpack_incoming(body: bytes) -> Update:
    """A stored update, or a bare one as Telegram sends it. Raises `ValueError` on anything else."""
    data = parse_object(body)
    if get_int(data, "update_id") is not None:
        return Update(data)
    inner = data.get("update")
    if not isinstance(inner, dict) or get_int(inner, "update_id") is None:
        raise ValueError("no update")
    return Update(inner, get_text(data, "bot"), get_time(data, "received"))


def encode_update(data: Mapping[str, Any]) -> bytes:
    """JSON of a parsed update, in ASCII so that half a surrogate pair can be encoded."""
    return json.dumps(data, separators=(",", ":")).encode()
