"""What became of something we sent. Statuses come in no order, twice, or not at all: `delivered` is left out before `read`."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.model import DeliveryReport, Event

from .fields import instant, needed, part, parts, text
from .message import errors_of
from .refusals import code_of, late
from .sender import chat_of_status

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
            failure=failure(what),
            tracker=text(given, "biz_opaque_callback_data"),
            raw=dict(given),
        )
    ]


def failure(what: Mapping[str, Any]) -> str:
    """What the failure that a status tells of means; "" where it tells of none, or of one for good."""
    given = part(what, "status")
    if text(given, "status") != "failed":
        return ""
    found = [late(code_of(error)) for error in parts(given, "errors") if isinstance(error, dict)]
    return next(filter(None, found), "")
