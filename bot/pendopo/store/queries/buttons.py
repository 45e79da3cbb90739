"""The table `button`: what the buttons of deliveries lead to."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pendopo.model import Person, Phrase
from pendopo.store.database import Connection, Database, make_row, to_json


class ButtonRow(msgspec.Struct, frozen=True):
    """What a button leads to; `args` is JSON-able, `allowed` ids of persons (empty: whoever the policy lets).

    One that is not `shown` is found by words only.
    """

    token: str
    label: bytes
    route: str
    args: dict[str, Any]
    allowed: Sequence[int]
    group: str
    expires_at: int
    shown: bool = True


class StoredButton(msgspec.Struct, frozen=True):
    """A button as it was put away, `used_at` 0 while nobody has used it; and what came with it (`tolak karena hujan`).

    Shown ones are numbered from 1 by `ordinal`, the others downwards from -1.
    """

    token: str
    delivery: str
    ordinal: int
    label: Phrase
    route: str
    args: dict[str, Any]
    allowed: Sequence[int]
    group: str
    expires_at: int
    used_at: int
    used_by: int
    words: str = ""

    @property
    def shown(self) -> bool:
        """Whether the message shows it; otherwise it is found by words only."""
        return self.ordinal > 0

    def is_for(self, person: Person | None) -> bool:
        """Whether it was made for this person, or for everybody whom the policy lets."""
        return not self.allowed or (person is not None and person.id in self.allowed)


_INSERT = """INSERT INTO button (token, delivery, ordinal, label, route, args, allowed, group_key, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_decode = msgspec.json.decode
_stored = make_row(StoredButton, label=msgspec.json.Decoder(Phrase).decode, args=_decode, allowed=_decode)
_SELECT = """SELECT token, delivery, ordinal, label, route, args, allowed, group_key, expires_at, used_at, used_by
FROM button WHERE """


def add_buttons(connection: Connection, delivery: str, buttons: Sequence[ButtonRow]) -> None:
    """Put away what the buttons of a delivery lead to."""
    shown = 0
    for at, b in enumerate(buttons, 1):
        shown += b.shown
        ordinal = shown if b.shown else -at
        what = (b.label.decode(), b.route, to_json(b.args), to_json(b.allowed), b.group, b.expires_at)
        connection.execute(_INSERT, (b.token, delivery, ordinal, *what))


def suspend_buttons(connection: Connection, delivery: str) -> None:
    """Let the unused buttons of a delivery count no more. Negative: they count again if the message cannot be changed."""
    sql = "UPDATE button SET expires_at = -expires_at WHERE delivery = ? AND used_at = 0 AND expires_at > 0"
    connection.execute(sql, (delivery,))


def restore_buttons(connection: Connection, delivery: str) -> None:
    """Let the suspended buttons of a delivery count again, in place of those that were to follow them."""
    unused = "delivery = ? AND used_at = 0"
    connection.execute(f"UPDATE button SET expires_at = 1 WHERE {unused} AND expires_at > 0", (delivery,))
    connection.execute(f"UPDATE button SET expires_at = -expires_at WHERE {unused} AND expires_at < 0", (delivery,))


async def find_button(database: Database, token: str) -> StoredButton | None:
    """The button behind a token."""
    found = await _find(database, "token = ?", token)
    return found[0] if found else None


async def find_buttons_of(database: Database, *deliveries: str) -> list[StoredButton]:
    """The buttons of these deliveries; those of each are in their order."""
    return await _find(database, f"delivery IN ({', '.join('?' * len(deliveries))}) ORDER BY ordinal", *deliveries)


async def _find(database: Database, where: str, *values: str) -> list[StoredButton]:
    if not values or any("\0" in value for value in values):  # none of ours has one, and PostgreSQL would not even look
        return []
    return await database.read_all(_stored, f"{_SELECT}{where}", *values)


def use_up_buttons(connection: Connection, group: str, person: int, now_ms: int) -> bool:
    """Mark the buttons of a group as used; False when somebody has used one before."""
    sql = "UPDATE button SET used_at = ?, used_by = ? WHERE group_key = ? AND used_at = 0 RETURNING token"
    return bool(connection.execute(sql, (now_ms, person, group)))
