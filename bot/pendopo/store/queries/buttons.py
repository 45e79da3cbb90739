"""The table `button`: what the buttons of deliveries lead to."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pendopo.model import Person, Phrase
from pendopo.store.database import Connection, Database, make_row, to_json
from pendopo.store.tables import DeliveryState

GRACE_MS = 5 * 60_000
"""How long a choice counts after its message was changed to one without it, in milliseconds.

A change needs time to reach every screen, and so does a thumb.
"""


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

    Shown ones are numbered from 1 by `ordinal`, the others downwards from -1. The messages on people's screens offer it since
    `seen_at` (0: not yet) and no longer since `gone_at` (0: still), in milliseconds.
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
    seen_at: int = 1
    gone_at: int = 0
    words: str = ""

    @property
    def shown(self) -> bool:
        """Whether the message shows it; otherwise it is found by words only."""
        return self.ordinal > 0

    @property
    def on_screen(self) -> bool:
        """Whether the message offers it as people see it now: the only choices that a typed number or word can mean."""
        return self.seen_at > 0 and self.gone_at == 0

    def is_over(self, now_ms: int) -> bool:
        """Whether it is too old, or its message was changed so long ago that nobody can mean it any more."""
        return self.expires_at <= now_ms or (self.gone_at > 0 and self.gone_at + GRACE_MS <= now_ms)

    def is_for(self, person: Person | None) -> bool:
        """Whether it was made for this person, or for everybody whom the policy lets."""
        return not self.allowed or (person is not None and person.id in self.allowed)


_INSERT = """INSERT INTO button (token, delivery, ordinal, label, route, args, allowed, group_key, expires_at, offered_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_decode = msgspec.json.decode
_stored = make_row(StoredButton, label=msgspec.json.Decoder(Phrase).decode, args=_decode, allowed=_decode)
_SENT_AT = f"""CASE {{0}} WHEN 0 THEN {{1}} ELSE coalesce((SELECT CASE state WHEN '{DeliveryState.SENT}' THEN sent_at ELSE 0 END
FROM delivery WHERE delivery.id = {{0}}), 1) END"""
_SELECT = f"""SELECT token, delivery, ordinal, label, route, args, allowed, group_key, expires_at, used_at, used_by,
{_SENT_AT.format("offered_by", 1)}, {_SENT_AT.format("dropped_by", 0)} FROM button WHERE """
_CURRENT = """SELECT token, route, args, allowed, ordinal, group_key FROM button
WHERE delivery = ? AND used_at = 0 AND dropped_by = 0 AND expires_at > ? ORDER BY token"""


def add_buttons(connection: Connection, delivery: str, buttons: Sequence[ButtonRow], edit: int = 0) -> None:
    """Put away what the buttons of a delivery lead to; `edit` is the number of the change that brings them, 0 for none."""
    shown = 0
    for at, b in enumerate(buttons, 1):
        shown += b.shown
        ordinal = shown if b.shown else -at
        what = (b.label.decode(), b.route, to_json(b.args), to_json(b.allowed), b.group, b.expires_at)
        connection.execute(_INSERT, (b.token, delivery, ordinal, *what, edit))


def keep_tokens(connection: Connection, delivery: str, buttons: Sequence[ButtonRow], now_ms: int) -> list[ButtonRow]:
    """What a change of a delivery offers. What it offers already (same target, arguments, persons) keeps token and group."""
    known: dict[tuple[str, str, str, bool, bool], list[str]] = {}
    group = ""
    for token, route, args, allowed, ordinal, of in connection.execute(_CURRENT, (delivery, now_ms)):
        known.setdefault((route, args, allowed, ordinal > 0, bool(of)), []).append(token)
        group = of or group
    kept = []
    for b in buttons:
        same = known.get((b.route, to_json(b.args), to_json(b.allowed), b.shown, bool(b.group)))
        token = same.pop() if same else b.token
        kept.append(msgspec.structs.replace(b, token=token, group=group if b.group and group else b.group))
    return kept


def redraw_buttons(
    connection: Connection, delivery: str, edit: int, before: Sequence[ButtonRow], kept: Sequence[ButtonRow]
) -> None:
    """Put away what a change offers (`kept`, of `keep_tokens(…, before)`). The rest is dropped, once the change was made."""
    pairs = list(zip(before, kept, strict=True))
    old = [new for was, new in pairs if new.token != was.token]
    among = f" AND token NOT IN ({', '.join('?' * len(old))})" if old else ""
    sql = f"UPDATE button SET dropped_by = ? WHERE delivery = ? AND used_at = 0 AND dropped_by = 0{among}"
    connection.execute(sql, (edit, delivery, *(b.token for b in old)))
    for b in old:
        sql = "UPDATE button SET label = ?, expires_at = ? WHERE token = ?"
        connection.execute(sql, (b.label.decode(), b.expires_at, b.token))
    add_buttons(connection, delivery, [new for was, new in pairs if new.token == was.token], edit)


def number_buttons(connection: Connection, tokens: Sequence[str]) -> None:
    """Number choices as a message now shows them."""
    for ordinal, token in enumerate(tokens, 1):
        connection.execute("UPDATE button SET ordinal = ? WHERE token = ? AND ordinal <> ?", (ordinal, token, ordinal))


def forget_redrawing(connection: Connection, delivery: str, edit: int, later: int) -> None:
    """A change was not made: what it would have dropped stays until the `later` one (0: none), which brings what it offers."""
    sql = "UPDATE button SET dropped_by = ? WHERE delivery = ? AND dropped_by = ?"
    connection.execute(sql, (later, delivery, edit))
    brings = "offered_by = ?" if later else "expires_at = ?"
    connection.execute(f"UPDATE button SET {brings} WHERE delivery = ? AND offered_by = ?", (later or 1, delivery, edit))


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
