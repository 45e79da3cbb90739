"""The audit log: appended in the transaction of what it tells of, each row bound to the one before by its hash."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from bot.plugin.host import AuditEntry
from bot.store import Connection, Database

START = "0" * 64
_COLUMNS = "at, person, account, capacity, action, object, detail, reason, correlation"
_encode = msgspec.json.Encoder(order="sorted").encode


class By(msgspec.Struct, frozen=True):
    """Who did something: the person's number, the account, in what capacity, and the delivery it came with."""

    person: int = 0
    account: str = ""
    capacity: str = ""
    correlation: str = ""


def append(connection: Connection, entry: AuditEntry, now_ms: int, by: By) -> None:
    """Write one line. Appending is serial: SQLite has one writer, PostgreSQL takes a lock for the rest of the transaction."""
    if connection.postgres:
        connection.execute("SELECT pg_advisory_xact_lock(72140001)")
    last = connection.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1")
    previous = last[0][0] if last else START
    detail = _encode(entry.detail).decode()
    row = (now_ms, by.person, by.account, by.capacity, entry.action, entry.object, detail, entry.reason, by.correlation)
    connection.execute(
        f"INSERT INTO audit ({_COLUMNS}, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  our columns
        (*row, previous, _hash(previous, row)),
    )


def _hash(previous: str, row: Sequence[Any]) -> str:
    return hashlib.sha256(previous.encode() + _encode(list(row))).hexdigest()


class Verdict(msgspec.Struct, frozen=True):
    """What checking the chain found: how many rows hold, and the first row that does not (0: all do)."""

    rows: int
    broken_at: int
    head: str


async def verify(database: Database, batch: int = 5000) -> Verdict:
    """Recompute the whole chain, in constant memory."""
    previous, count, last = START, 0, 0
    while True:
        rows = await database.read(
            f"SELECT id, previous, hash, {_COLUMNS} FROM audit WHERE id > ? ORDER BY id LIMIT ?",  # noqa: S608  our columns
            (last, batch),
        )
        for id_, said, hash_, *row in rows:
            if said != previous or hash_ != _hash(previous, row):
                return Verdict(count, id_, previous)
            previous, count, last = hash_, count + 1, id_
        if len(rows) < batch:
            return Verdict(count, 0, previous)
