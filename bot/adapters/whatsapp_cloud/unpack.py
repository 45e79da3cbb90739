"""One webhook request taken apart: every entry, every change, every message, status, error and group in it.

Nothing in here may fail for one bad item: Meta would send the whole batch again, for seven days.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.adapters.adapter import Incoming
from bot.errors import Refused

from .fields import native_id, parts, text
from .gathering import Gathering
from .sender import account_of, chat_of, chat_of_status, contact_of

ACCOUNT = "account"
"""The lane of what concerns no chat."""
UNREADABLE = "unreadable"
FILES = frozenset({"image", "video", "document", "audio", "sticker"})
"""Types of messages that bring a file."""


class Taken(NamedTuple):
    """One delivery and what is in its body."""

    incoming: Incoming
    what: Mapping[str, Any]


def unpack(adapter: str, body: bytes, gathering: Gathering) -> list[Taken]:
    """Take a request apart. Raises `Refused` for what is no webhook of WhatsApp at all."""
    delivered = _parsed(body)
    if not isinstance(delivered, dict) or not isinstance(delivered.get("entry"), list):
        raise Refused("not a webhook of WhatsApp", 400)
    return [taken for entry in delivered["entry"] for taken in _entry(adapter, entry, gathering)]


def _parsed(body: bytes) -> Any:
    try:
        # Half an emoji in a name would make the whole batch impossible to store; a question mark takes its place.
        return json.loads(json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON", 400) from error


def _entry(adapter: str, entry: Any, gathering: Gathering) -> Iterator[Taken]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(changes, list):
        yield _unreadable({"entry": entry})
        return
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if isinstance(value, dict):
            yield from _Change(adapter, str(change.get("field", "")), value, gathering).taken()
        else:
            yield _unreadable({"change": change})


class _Change:
    """One change, whose `value` holds lists of one kind or several."""

    def __init__(self, adapter: str, field: str, value: Mapping[str, Any], gathering: Gathering) -> None:
        self._adapter, self._field, self._value, self._gathering = adapter, field, value, gathering
        self._shared = {"field": field, "metadata": value.get("metadata")}

    def taken(self) -> Iterator[Taken]:
        lists = {
            "messages": self._message,
            "statuses": self._status,
            "groups": self._group,
            "errors": self._error,
            "message_echoes": self._echo,
        }
        found = [name for name in lists if name in self._value]
        for name in found:
            items = self._value[name]
            if not isinstance(items, list):
                yield _unreadable({**self._shared, name: items})
                continue
            for item in items:
                yield lists[name](item) if isinstance(item, dict) else _unreadable({**self._shared, name: item})
        if not found:
            yield self._of_account("notice", {"notice": self._value})

    def _message(self, message: dict[str, Any]) -> Taken:
        contact = contact_of(message, parts(self._value, "contacts"), len(parts(self._value, "messages")) == 1)
        what = {**self._shared, "contact": contact, "message": message}
        chat = chat_of(self._adapter, message, contact).id
        key = native_id(message.get("id"))
        if not key:
            return _unreadable(what, chat)
        sender = account_of(message, contact)
        # It is stored with the message, so that its conversion needs no memory.
        what["album"] = self._gathering.album(key, chat, sender.id if sender else "", message)
        return _taken(key, "message", chat, what)

    def _status(self, status: dict[str, Any]) -> Taken:
        what = {**self._shared, "status": status}
        chat = chat_of_status(self._adapter, status).id
        wamid, state = native_id(status.get("id")), native_id(status.get("status"))
        if not wamid or not state:
            return _unreadable(what, chat)
        # In a group every member has a status of their own.
        member = native_id(status.get("recipient_participant_id")) or native_id(status.get("recipient_participant_user_id"))
        return _taken(":".join(filter(None, (wamid, state, member))), "status", chat, what)

    def _group(self, group: dict[str, Any]) -> Taken:
        what = {**self._shared, "group": group}
        chat = native_id(group.get("group_id")) or ACCOUNT
        return _taken(_digest({"field": self._field, "group": group}), "group", chat, what)

    def _error(self, error: dict[str, Any]) -> Taken:
        return self._of_account("error", {"error": error})

    def _echo(self, echo: dict[str, Any]) -> Taken:
        return self._of_account("echo", {"echo": echo})

    def _of_account(self, kind: str, what: dict[str, Any]) -> Taken:
        return _taken(_digest({"field": self._field, **what}), kind, ACCOUNT, {**self._shared, **what})


def _unreadable(what: Mapping[str, Any], chat: str = ACCOUNT) -> Taken:
    """What nobody can read is kept too: its conversion fails, so that it is seen."""
    return _taken(_digest(what), UNREADABLE, chat, what)


def _taken(key: str, kind: str, chat: str, what: Mapping[str, Any]) -> Taken:
    files = kind == "message" and text(what["message"], "type") in FILES
    return Taken(Incoming(key, kind, chat, _compact(what), what.get("album", ""), files), what)


def _digest(what: Mapping[str, Any]) -> str:
    """A key for what Meta gives no id: the same thing in different bytes has the same."""
    return hashlib.sha256(_compact(what, ordered=True)).hexdigest()


def _compact(what: Mapping[str, Any], ordered: bool = False) -> bytes:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"), sort_keys=ordered).encode()
