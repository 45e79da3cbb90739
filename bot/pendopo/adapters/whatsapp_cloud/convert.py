"""Converts stored deliveries into events: pure, no I/O. Shapes: Meta, "Webhooks: messages reference" (2026)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pendopo.adapters.contract import Incoming
from pendopo.adapters.foreign_json import (
    UnreadableError,
    find_value,
    get_list,
    get_object,
    get_objects,
    get_text,
    parse_object,
    require_time,
)
from pendopo.adapters.whatsapp_cloud.errors import classify_late, get_code
from pendopo.adapters.whatsapp_cloud.ids import (
    find_status_chat,
    get_own_number,
    make_account,
    parse_bsuid,
    parse_phone,
    require_id,
)
from pendopo.adapters.whatsapp_cloud.message import convert_message, format_errors
from pendopo.model import Account, Chat, ChatKind, DeliveryReport, Event, MemberChanged

Conversion = Sequence[Event] | str
"""Events, or the reason for none."""
_OWN_MEMBERSHIP = {"group_create": True, "group_delete": False}
_STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


def convert_status(adapter: str, key: str, what: Mapping[str, Any]) -> Conversion:
    """The report in a status. Statuses come in any order, twice, or not at all: `delivered` may be missing before `read`.

    `tracker` is our own `biz_opaque_callback_data`, which identifies a send whose answer got lost.
    """
    status = get_object(what, "status")
    state = _STATUSES.get(get_text(status, "status"))
    if state is None:
        return f"{get_text(status, 'status')!r} says nothing about the delivery"
    error = format_errors(get_objects(status, "errors")) or "no reason given" if state == "failed" else ""
    return [
        DeliveryReport(
            key=key,
            chat=find_status_chat(adapter, status),
            at=require_time(status, "timestamp"),
            message=require_id(status, "id"),
            status=state,
            error=error,
            failure=classify_failure(what),
            tracker=get_text(status, "biz_opaque_callback_data"),
            raw=dict(status),
        )
    ]


def classify_failure(what: Mapping[str, Any]) -> str:
    """The class of the failure in a status, as in `DeliveryReport.failure`; "" if nothing failed or it is permanent."""
    status = get_object(what, "status")
    errors = get_objects(status, "errors") if get_text(status, "status") == "failed" else []
    return next(filter(None, (classify_late(get_code(error)) for error in errors)), "")


def convert_group(adapter: str, key: str, what: Mapping[str, Any]) -> Conversion:
    """The members who came or left, and the bot itself when the group is created or deleted."""
    group = get_object(what, "group")
    if get_list(group, "errors"):
        return "a request of ours about a group failed"
    chat = Chat(adapter, require_id(group, "group_id"), ChatKind.GROUP, get_text(group, "subject"))
    changes = [(member, True, False) for member in _list_members(group, "added_participants")]
    changes += [(member, False, False) for member in _list_members(group, "removed_participants")]
    # Meta's own example of a removal has the type `group_create`, so a group that loses members is not new.
    present = _OWN_MEMBERSHIP.get(get_text(group, "type"))
    if present is not None and not get_list(group, "removed_participants"):
        changes.insert(0, (Account((f"whatsapp:{get_own_number(what)}",), service=True), present, True))
    if not changes:
        return f"{get_text(group, 'type') or 'something'} changes nobody's membership"
    at = require_time(group, "timestamp")
    return [
        MemberChanged(key=f"{key}:{number}", chat=chat, at=at, raw=dict(group), member=member, present=present_, of_bot=of_bot)
        for number, (member, present_, of_bot) in enumerate(changes)
    ]


def _list_members(group: Mapping[str, Any], field: str) -> list[Account]:
    members = [
        make_account(
            parse_phone(member.get("wa_id")) or parse_phone(member.get("input")),
            [parse_bsuid(member.get("user_id")), parse_bsuid(member.get("parent_user_id"))],
            username=get_text(member, "username"),
        )
        for member in get_objects(group, field)
    ]
    return [member for member in members if member is not None]


_CONVERTERS: Mapping[str, Callable[[str, str, Mapping[str, Any]], Conversion]] = {
    "message": convert_message,
    "status": convert_status,
    "group": convert_group,
    "error": lambda adapter, key, what: (
        f"an error of the platform, told to the operator: {format_errors([get_object(what, 'error')])}"
    ),
    "echo": lambda adapter, key, what: "written by ourselves in the business app",
    "notice": lambda adapter, key, what: f"{get_text(what, 'field') or 'something'} of the account, told to the operator",
}


def convert_incoming(adapter: str, number: str, incoming: Incoming) -> Sequence[Event]:
    """The events of a delivery. Raises `UnreadableError`."""
    result = convert_or_explain(adapter, number, incoming)
    return [] if isinstance(result, str) else result


def is_foreign(what: Mapping[str, Any], number: str) -> bool:
    """Whether a delivery is for another phone number of the same app; all numbers share one webhook."""
    theirs = get_text(what, "metadata", "phone_number_id")
    return bool(theirs) and theirs != number


def convert_or_explain(adapter: str, number: str, incoming: Incoming) -> Conversion:
    """The events of a delivery, or the reason for none. Raises `UnreadableError`."""
    try:
        what = parse_object(incoming.body)
    except ValueError as error:
        raise UnreadableError("the stored delivery is not JSON") from error
    if incoming.kind not in _CONVERTERS:
        raise UnreadableError("what came does not have the shape of Meta's webhooks")
    if is_foreign(what, number):
        return "for another phone number of this app"
    if incoming.kind == "message" and _is_own_message(what):
        return "our own message"
    return _CONVERTERS[incoming.kind](adapter, incoming.key, what)


def _is_own_message(what: Mapping[str, Any]) -> bool:
    """Whether a message is an echo of our own, which must never be read as a command."""
    return bool(get_own_number(what)) and parse_phone(find_value(what, "message", "from")) == get_own_number(what)
