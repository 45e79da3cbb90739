"""The table `reminder`: calls of routes at an instant, of plugins and of cron lines."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from pendopo.model import Chat
from pendopo.store.database import Connection, Database, to_json
from pendopo.store.tables import ReminderState

_PUT_OFF = "@due"
"""Among the stored arguments of a reminder that was put off: when it was due at first. No argument of a handler bears such a
name."""
_chat = msgspec.json.Decoder(Chat).decode
_WAITING = f"state = '{ReminderState.WAITING}'"
_PLAN = f"""INSERT INTO reminder (key, route, args, chat, person, due_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET route = excluded.route, args = excluded.args, chat = excluded.chat, person = excluded.person,
due_at = excluded.due_at, {_WAITING}"""
_PLAN_EARLIER = f"""INSERT INTO reminder (key, route, args, chat, person, due_at) VALUES (?, ?, '{{}}', ?, 0, ?)
ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at, {_WAITING}
WHERE reminder.state <> '{ReminderState.WAITING}' OR reminder.due_at > excluded.due_at"""
_CLAIM = f"""UPDATE reminder SET state = '{ReminderState.FIRED}' WHERE id IN
(SELECT id FROM reminder WHERE {_WAITING} AND due_at <= ? ORDER BY due_at LIMIT ?{{lock}})
RETURNING key, route, args, chat, person, due_at, id"""


class Reminder(msgspec.Struct, frozen=True):
    """A call of a route at an instant (milliseconds) in a chat; `put_off` is when it was due at first, where it had to wait."""

    key: str
    route: str
    args: dict[str, Any]
    chat: Chat
    person: int
    due_at: int
    put_off: int = 0


def plan_reminder(connection: Connection, reminder: Reminder) -> None:
    """Plan a reminder in place of the one with this key."""
    r = reminder
    args = {**r.args, _PUT_OFF: r.put_off} if r.put_off else r.args
    connection.execute(_PLAN, (r.key, r.route, to_json(args), to_json(r.chat), r.person, r.due_at))


def plan_recurring(connection: Connection, key: str, route: str, chat: Chat, due_at: int) -> None:
    """Plan the next firing of a cron line, unless it is planned for that instant or earlier."""
    connection.execute(_PLAN_EARLIER, (key, route, to_json(chat), due_at))


def cancel_reminder(connection: Connection, key: str) -> None:
    """Cancel a reminder that waits."""
    sql = f"UPDATE reminder SET state = '{ReminderState.CANCELLED}' WHERE key = ? AND {_WAITING}"
    connection.execute(sql, (key,))


def claim_due_reminders(connection: Connection, now_ms: int, limit: int) -> list[Reminder]:
    """Mark reminders that are due as fired, and return them, the earliest first."""
    # Another process passes over what this one holds, and finds it fired afterwards.
    claim = _CLAIM.format(lock=" FOR UPDATE SKIP LOCKED" if connection.postgres else "")
    rows = sorted(connection.execute(claim, (now_ms, limit)), key=lambda row: (row[5], row[6]))
    return [_reminder(*row[:6]) for row in rows]


def _reminder(key: str, route: str, args: str, chat: str, person: int, due_at: int) -> Reminder:
    known = msgspec.json.decode(args)
    put_off = known.pop(_PUT_OFF, 0)
    return Reminder(key, route, known, _chat(chat), person, due_at, put_off)


async def find_next_due(database: Database) -> int | None:
    """When the next reminder falls due that waits."""
    return await database.read_first(int, f"SELECT min(due_at) FROM reminder WHERE {_WAITING}")


async def find_oldest_due(database: Database, now_ms: int) -> int | None:
    """When the oldest reminder fell due of those that are due and wait."""
    sql = f"SELECT min(due_at) FROM reminder WHERE {_WAITING} AND due_at <= ?"
    return await database.read_first(int, sql, now_ms)


class Waiting(NamedTuple):
    """A reminder that waits, with the instant it is due at in milliseconds."""

    route: str
    due_at: int
    person: int


async def list_next(database: Database, limit: int) -> list[Waiting]:
    """The reminders that are due next."""
    sql = f"SELECT route, due_at, person FROM reminder WHERE {_WAITING} ORDER BY due_at LIMIT ?"
    return await database.read_all(Waiting, sql, limit)


async def find_known_keys(database: Database, keys: Sequence[str]) -> set[str]:
    """Those of some keys that a reminder has or had."""
    marks = ", ".join("?" * len(keys))
    return set(await database.read_all(str, f"SELECT key FROM reminder WHERE key IN ({marks})", *keys)) if keys else set()


async def count_late(database: Database, before_ms: int) -> int:
    """How many reminders should have come before an instant; of very many the first thousand are counted."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM reminder WHERE {_WAITING} AND due_at < ? LIMIT 1000) AS late"
    return await database.read_first(int, sql, before_ms) or 0


async def count_reminders(database: Database) -> int:
    """How many reminders there are, whatever their state, but for those of cron lines."""
    return await database.read_first(int, "SELECT count(*) FROM reminder WHERE key NOT LIKE 'cron:%'") or 0
