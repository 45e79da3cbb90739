"""From one stored delivery to events: pure, no I/O. Shapes: Meta, "Webhooks: messages reference" (2026)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.adapters.adapter import Incoming
from bot.model import Event

from . import group, message
from .fields import UnreadableError, ours, part, phone, text
from .status import status

Reading = Sequence[Event] | str
"""Events, or the reason why there are none."""

_OF: Mapping[str, Callable[[str, str, Mapping[str, Any]], Reading]] = {
    "message": message.read,
    "status": status,
    "group": group.read,
    "error": lambda adapter, key, what: (
        f"an error of the platform, told to the operator: {message.errors_of([what.get('error')])}"
    ),
    "echo": lambda adapter, key, what: "written by ourselves in the business app",
    "notice": lambda adapter, key, what: f"{text(what, 'field') or 'something'} of the account, told to the operator",
}


def convert(adapter: str, number: str, incoming: Incoming) -> Sequence[Event]:
    """The events of a delivery; none when `skipped` has a reason. Raises `UnreadableError`."""
    found = _read(adapter, number, incoming)
    return [] if isinstance(found, str) else found


def skipped(adapter: str, number: str, incoming: Incoming) -> str:
    """Why a delivery makes no event, "" when it makes some. Raises `UnreadableError`."""
    found = _read(adapter, number, incoming)
    return found if isinstance(found, str) else ""


def foreign(what: Mapping[str, Any], number: str) -> bool:
    """Whether a delivery is for another phone number of the same app: all of them share one webhook."""
    theirs = text(part(what, "metadata"), "phone_number_id")
    return bool(theirs) and theirs != number


def _read(adapter: str, number: str, incoming: Incoming) -> Reading:
    try:
        what = json.loads(incoming.body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("the stored delivery is not JSON") from error
    if incoming.kind not in _OF or not isinstance(what, dict):
        raise UnreadableError("what came does not have the shape of Meta's webhooks")
    if foreign(what, number):
        return "for another phone number of this app"
    if incoming.kind == "message" and _own(what):
        return "our own message"
    return _OF[incoming.kind](adapter, incoming.key, what)


def _own(what: Mapping[str, Any]) -> bool:
    """An echo of ours must never be taken for a command."""
    return bool(ours(what)) and phone(part(what, "message").get("from")) == ours(what)
