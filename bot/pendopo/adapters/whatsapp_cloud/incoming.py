"""Splits a webhook request into its messages, statuses, errors and groups.

No bad item may make the request fail: Meta would send the whole batch again, for seven days.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from pendopo.adapters.contract import Incoming
from pendopo.adapters.foreign_json import get_list, get_text, parse_object, require_time
from pendopo.adapters.whatsapp_cloud.ids import find_account, find_chat, find_contact, find_status_chat, parse_id
from pendopo.errors import InvalidWebhookError
from pendopo.model.containers import RecentDict

ACCOUNT_LANE = "account"
"""The lane of deliveries without a chat."""
UNREADABLE = "unreadable"
FILE_KINDS = frozenset({"image", "video", "document", "audio", "sticker"})
"""Types of messages that bring a file."""
ALBUM_KINDS = frozenset({"image", "video", "document"})
ALBUM_SECONDS = 3.0
"""WhatsApp sends files that were chosen together within about a second."""
REMEMBERED = 5_000
"""Albums and files kept in memory at most; the oldest go first."""


class _OpenAlbum(Struct):
    name: str
    last: float
    captioned: bool


class AlbumNamer:
    """Assigns each file to an album: that of the previous file of the same person within `ALBUM_SECONDS`, else a new one.

    An album never has two captions, since each may be a command. After a restart a file begins a new album.
    """

    def __init__(self) -> None:
        self._open: RecentDict[tuple[str, str], _OpenAlbum] = RecentDict(REMEMBERED)
        self._named: RecentDict[str, str] = RecentDict(REMEMBERED)

    def name_album(self, key: str, chat: str, sender: str, message: Mapping[str, Any]) -> str:
        """The album of a message, "" if it has no file. A repeated message gets the same album."""
        kind = get_text(message, "type")
        if kind not in ALBUM_KINDS or not sender:
            return ""
        if key in self._named:
            return self._named[key]
        try:
            sent = require_time(message, "timestamp").timestamp()
        except ValueError:
            return ""
        captioned = bool(get_text(message, kind, "caption"))
        before = self._open.get((chat, sender))
        if before is None or abs(sent - before.last) > ALBUM_SECONDS or (captioned and before.captioned):
            before = self._open[chat, sender] = _OpenAlbum(key, sent, captioned)
        before.last, before.captioned = max(sent, before.last), before.captioned or captioned
        self._named[key] = before.name
        return before.name


class WebhookItem(NamedTuple):
    """One delivery, with its body as an object."""

    incoming: Incoming
    what: Mapping[str, Any]


def split_webhook(adapter: str, body: bytes, gathering: AlbumNamer) -> list[WebhookItem]:
    """Split a request. Raises `InvalidWebhookError` if it is no webhook of WhatsApp at all."""
    try:
        delivered = parse_object(body)
    except ValueError as error:
        raise InvalidWebhookError("not JSON", 400) from error
    if not isinstance(delivered.get("entry"), list):
        raise InvalidWebhookError("not a webhook of WhatsApp", 400)
    return [taken for entry in delivered["entry"] for taken in _split_entry(adapter, entry, gathering)]


def _split_entry(adapter: str, entry: Any, gathering: AlbumNamer) -> Iterator[WebhookItem]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(changes, list):
        yield _make_unreadable({"entry": entry})
        return
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if isinstance(value, dict):
            yield from _Change(adapter, str(change.get("field", "")), value, gathering).split_items()
        else:
            yield _make_unreadable({"change": change})


class _Change:
    """One change, whose `value` contains one or several lists of items."""

    def __init__(self, adapter: str, field: str, value: Mapping[str, Any], gathering: AlbumNamer) -> None:
        self._adapter, self._field, self._value, self._gathering = adapter, field, value, gathering
        self._shared = {"field": field, "metadata": value.get("metadata")}

    def split_items(self) -> Iterator[WebhookItem]:
        lists = {
            "messages": self._make_message,
            "statuses": self._make_status,
            "groups": self._make_group,
            "errors": self._make_error,
            "message_echoes": self._make_echo,
        }
        found = [name for name in lists if name in self._value]
        for name in found:
            items = self._value[name]
            if not isinstance(items, list):
                yield _make_unreadable({**self._shared, name: items})
                continue
            for item in items:
                yield lists[name](item) if isinstance(item, dict) else _make_unreadable({**self._shared, name: item})
        if not found:
            yield self._make_account_item("notice", {"notice": self._value})

    def _make_message(self, message: dict[str, Any]) -> WebhookItem:
        contact = find_contact(message, get_list(self._value, "contacts"), len(get_list(self._value, "messages")) == 1)
        what = {**self._shared, "contact": contact, "message": message}
        chat = find_chat(self._adapter, message, contact).id
        key = parse_id(message.get("id"))
        if not key:
            return _make_unreadable(what, chat)
        sender = find_account(message, contact)
        # Stored with the message, so that its conversion stays pure.
        what["album"] = self._gathering.name_album(key, chat, sender.id if sender else "", message)
        return _make_item(key, "message", chat, what)

    def _make_status(self, status: dict[str, Any]) -> WebhookItem:
        what = {**self._shared, "status": status}
        chat = find_status_chat(self._adapter, status).id
        wamid, state = parse_id(status.get("id")), parse_id(status.get("status"))
        if not wamid or not state:
            return _make_unreadable(what, chat)
        # In a group there is a status for each member.
        member = parse_id(status.get("recipient_participant_id")) or parse_id(status.get("recipient_participant_user_id"))
        return _make_item(":".join(filter(None, (wamid, state, member))), "status", chat, what)

    def _make_group(self, group: dict[str, Any]) -> WebhookItem:
        what = {**self._shared, "group": group}
        chat = parse_id(group.get("group_id")) or ACCOUNT_LANE
        return _make_item(_derive_key({"field": self._field, "group": group}), "group", chat, what)

    def _make_error(self, error: dict[str, Any]) -> WebhookItem:
        return self._make_account_item("error", {"error": error})

    def _make_echo(self, echo: dict[str, Any]) -> WebhookItem:
        return self._make_account_item("echo", {"echo": echo})

    def _make_account_item(self, kind: str, what: dict[str, Any]) -> WebhookItem:
        return _make_item(_derive_key({"field": self._field, **what}), kind, ACCOUNT_LANE, {**self._shared, **what})


def _make_unreadable(what: Mapping[str, Any], chat: str = ACCOUNT_LANE) -> WebhookItem:
    """An unreadable item is stored too: its conversion fails, so that it shows as a dead letter."""
    return _make_item(_derive_key(what), UNREADABLE, chat, what)


def _make_item(key: str, kind: str, chat: str, what: Mapping[str, Any]) -> WebhookItem:
    files = kind == "message" and get_text(what["message"], "type") in FILE_KINDS
    return WebhookItem(Incoming(key, kind, chat, _encode_json(what), what.get("album", ""), files), what)


def _derive_key(what: Mapping[str, Any]) -> str:
    """A key for items without an id, independent of the order of their fields."""
    return hashlib.sha256(_encode_json(what, ordered=True)).hexdigest()


def _encode_json(what: Mapping[str, Any], ordered: bool = False) -> bytes:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"), sort_keys=ordered).encode()
