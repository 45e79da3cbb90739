"""What happens to a group of the official Groups API: who came and who left (Meta, "Groups webhooks", June 2026)."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.model import Account, Chat, ChatKind, Event, MemberChanged

from .fields import bsuid, instant, needed, ours, part, parts, phone, text
from .sender import account

_OURS = {"group_create": True, "group_delete": False}


def read(adapter: str, key: str, what: Mapping[str, Any]) -> Sequence[Event] | str:
    """Everybody whose coming or going it tells, the bot itself where the group begins or ends."""
    given = part(what, "group")
    if parts(given, "errors"):
        return "a request of ours about a group failed"
    chat = Chat(adapter, needed(given, "group_id"), ChatKind.GROUP, text(given, "subject"))
    changes = [(member, True, False) for member in _members(given, "added_participants")]
    changes += [(member, False, False) for member in _members(given, "removed_participants")]
    # Meta's own example of a removal is typed `group_create`: a group that loses somebody is not new.
    present = _OURS.get(text(given, "type"))
    if present is not None and not parts(given, "removed_participants"):
        changes.insert(0, (_ourselves(what), present, True))
    if not changes:
        return f"{text(given, 'type') or 'something'} changes nobody's membership"
    at = instant(given)
    return [
        MemberChanged(key=f"{key}:{number}", chat=chat, at=at, raw=dict(given), member=member, present=present_, of_bot=of_bot)
        for number, (member, present_, of_bot) in enumerate(changes)
    ]


def _members(given: Mapping[str, Any], name: str) -> list[Account]:
    found = [
        account(
            phone(member.get("wa_id")) or phone(member.get("input")),
            [bsuid(member.get("user_id")), bsuid(member.get("parent_user_id"))],
            username=text(member, "username"),
        )
        for member in parts(given, name)
        if isinstance(member, dict)
    ]
    return [member for member in found if member is not None]


def _ourselves(what: Mapping[str, Any]) -> Account:
    return Account((f"whatsapp:{ours(what)}",), service=True)
