"""What became of something we sent. Statuses come in no order, twice, or not at all: `delivered` is left out before `read`."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.model import DeliveryReport, Event

from .fields import instant, needed, part, parts, text
from .message import errors_of
from .sender import chat_of_status

WINDOW = 131047
"""The window was closed; told after the message was taken."""
_STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


def status(adapter: str, key: str, what: Mapping[str, Any]) -> Sequence[Event] | str:
    """The report in a status; `raw` keeps our tracker (`biz_opaque_callback_data`) for a send whose answer got lost."""
    given = part(what, "status")
    state = _STATES.get(text(given, "status"))
    if state is None:
        return f"{text(given, 'status')!r} says nothing about the delivery"
    error = errors_of(parts(given, "errors")) or "no reason given" if state == "failed" else ""
    return [
        DeliveryReport(
            key=key,
            chat=chat_of_status(adapter, given),
            at=instant(given),
            message=needed(given, "id"),
            status=state,
            error=error,
            window=failed_for(what, WINDOW),
            tracker=text(given, "biz_opaque_callback_data"),
            raw=dict(given),
        )
    ]


def failed_for(what: Mapping[str, Any], code: int) -> bool:
    """Whether a status tells of a failure with this code."""
    given = part(what, "status")
    return text(given, "status") == "failed" and any(
        isinstance(error, dict) and str(error.get("code")) == str(code) for error in parts(given, "errors")
    )
