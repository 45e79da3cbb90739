"""What happens to a group of the official Groups API: who came and who left (Meta, "Groups webhooks", June 2026)."""

from collections.abc import Mapping, Sequence
from typing import Any

from pendopo.adapters.whatsapp_cloud.fields import (
    get_list,
    get_object,
    get_own_number,
    get_text,
    parse_bsuid,
    parse_phone,
    parse_timestamp,
    require_id,
)
from pendopo.adapters.whatsapp_cloud.ids import make_account
from pendopo.model import Account, Chat, ChatKind, Event, MemberChanged

_OWN_MEMBERSHIP = {"group_create": True, "group_delete": False}


def convert_group(adapter: str, key: str, what: Mapping[str, Any]) -> Sequence[Event] | str:
    """Everybody whose coming or going it tells, the bot itself where the group begins or ends."""
    given = get_object(what, "group")
    if get_list(given, "errors"):
        return "a request of ours about a group failed"
    chat = Chat(adapter, require_id(given, "group_id"), ChatKind.GROUP, get_text(given, "subject"))
    changes = [(member, True, False) for member in _list_members(given, "added_participants")]
    changes += [(member, False, False) for member in _list_members(given, "removed_participants")]
    # Meta's own example of a removal is typed `group_create`: a group that loses somebody is not new.
    present = _OWN_MEMBERSHIP.get(get_text(given, "type"))
    if present is not None and not get_list(given, "removed_participants"):
        changes.insert(0, (_make_own_account(what), present, True))
    if not changes:
        return f"{get_text(given, 'type') or 'something'} changes nobody's membership"
    at = parse_timestamp(given)
    return [
        MemberChanged(key=f"{key}:{number}", chat=chat, at=at, raw=dict(given), member=member, present=present_, of_bot=of_bot)
        for number, (member, present_, of_bot) in enumerate(changes)
    ]


def _list_members(given: Mapping[str, Any], name: str) -> list[Account]:
    found = [
        make_account(
            parse_phone(member.get("wa_id")) or parse_phone(member.get("input")),
            [parse_bsuid(member.get("user_id")), parse_bsuid(member.get("parent_user_id"))],
            username=get_text(member, "username"),
        )
        for member in get_list(given, name)
        if isinstance(member, dict)
    ]
    return [member for member in found if member is not None]


def _make_own_account(what: Mapping[str, Any]) -> Account:
    return Account((f"whatsapp:{get_own_number(what)}",), service=True)
