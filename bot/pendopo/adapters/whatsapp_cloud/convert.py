"""From one stored delivery to events: pure, no I/O. Shapes: Meta, "Webhooks: messages reference" (2026)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pendopo.adapters.contract import Incoming
from pendopo.adapters.whatsapp_cloud import group, message
from pendopo.adapters.whatsapp_cloud.fields import UnreadableError, get_object, get_own_number, get_text, parse_phone
from pendopo.adapters.whatsapp_cloud.status import convert_status
from pendopo.model import Event

Conversion = Sequence[Event] | str
"""Events, or the reason why there are none."""

_CONVERTERS: Mapping[str, Callable[[str, str, Mapping[str, Any]], Conversion]] = {
    "message": message.convert_message,
    "status": convert_status,
    "group": group.convert_group,
    "error": lambda adapter, key, what: (
        f"an error of the platform, told to the operator: {message.format_errors([what.get('error')])}"
    ),
    "echo": lambda adapter, key, what: "written by ourselves in the business app",
    "notice": lambda adapter, key, what: f"{get_text(what, 'field') or 'something'} of the account, told to the operator",
}


def convert_incoming(adapter: str, number: str, incoming: Incoming) -> Sequence[Event]:
    """The events of a delivery; none when `explain_skip` has a reason. Raises `UnreadableError`."""
    found = _convert_any(adapter, number, incoming)
    return [] if isinstance(found, str) else found


def explain_skip(adapter: str, number: str, incoming: Incoming) -> str:
    """Why a delivery makes no event, "" when it makes some. Raises `UnreadableError`."""
    found = _convert_any(adapter, number, incoming)
    return found if isinstance(found, str) else ""


def is_foreign(what: Mapping[str, Any], number: str) -> bool:
    """Whether a delivery is for another phone number of the same app: all of them share one webhook."""
    theirs = get_text(get_object(what, "metadata"), "phone_number_id")
    return bool(theirs) and theirs != number


def _convert_any(adapter: str, number: str, incoming: Incoming) -> Conversion:
    try:
        what = json.loads(incoming.body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("the stored delivery is not JSON") from error
    if incoming.kind not in _CONVERTERS or not isinstance(what, dict):
        raise UnreadableError("what came does not have the shape of Meta's webhooks")
    if is_foreign(what, number):
        return "for another phone number of this app"
    if incoming.kind == "message" and _is_own_message(what):
        return "our own message"
    return _CONVERTERS[incoming.kind](adapter, incoming.key, what)


def _is_own_message(what: Mapping[str, Any]) -> bool:
    """An echo of ours must never be taken for a command."""
    return bool(get_own_number(what)) and parse_phone(get_object(what, "message").get("from")) == get_own_number(what)
