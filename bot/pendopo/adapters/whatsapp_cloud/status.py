"""What became of something we sent. Statuses come in no order, twice, or not at all: `delivered` is left out before `read`."""

from collections.abc import Mapping, Sequence
from typing import Any

from pendopo.adapters.whatsapp_cloud.errors import classify_late, get_code
from pendopo.adapters.whatsapp_cloud.fields import get_list, get_object, get_text, parse_timestamp, require_id
from pendopo.adapters.whatsapp_cloud.ids import find_status_chat
from pendopo.adapters.whatsapp_cloud.message import format_errors
from pendopo.model import DeliveryReport, Event

_STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


def convert_status(adapter: str, key: str, what: Mapping[str, Any]) -> Sequence[Event] | str:
    """The report in a status; `raw` keeps our tracker (`biz_opaque_callback_data`) for a send whose answer got lost."""
    given = get_object(what, "status")
    state = _STATUSES.get(get_text(given, "status"))
    if state is None:
        return f"{get_text(given, 'status')!r} says nothing about the delivery"
    error = format_errors(get_list(given, "errors")) or "no reason given" if state == "failed" else ""
    return [
        DeliveryReport(
            key=key,
            chat=find_status_chat(adapter, given),
            at=parse_timestamp(given),
            message=require_id(given, "id"),
            status=state,
            error=error,
            failure=classify_failure(what),
            tracker=get_text(given, "biz_opaque_callback_data"),
            raw=dict(given),
        )
    ]


def classify_failure(what: Mapping[str, Any]) -> str:
    """What the failure that a status tells of means; "" where it tells of none, or of one for good."""
    given = get_object(what, "status")
    if get_text(given, "status") != "failed":
        return ""
    found = [classify_late(get_code(error)) for error in get_list(given, "errors") if isinstance(error, dict)]
    return next(filter(None, found), "")
