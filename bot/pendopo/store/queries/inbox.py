"""The rows of the inbox: what messengers delivered, and how far it is handled."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Self

import msgspec
import sqlalchemy as sa

from pendopo.errors import SupersededError
from pendopo.store.database import Connection, Database, Joinable
from pendopo.store.tables import InboxState, inbox


class IncomingRow(NamedTuple):
    """A delivery on its way into the inbox: a tuple, so that it is the values of a statement as it stands."""

    adapter: str
    native_id: str
    kind: str
    lane: str
    album: str
    body: bytes
    received_at: int


class InboxRow(msgspec.Struct, frozen=True):
    """One row of the inbox, as a lane takes it: what arrived, and how far it is handled. Instants in milliseconds."""

    id: int
    adapter: str
    native_id: str
    kind: str
    lane: str
    album: str
    body: bytes
    received_at: int
    step: int = 0
    attempts: int = 0
    due_at: int = 0
    held: int = 0
    """How often it held the event loop of a process."""


_INTO = f"INSERT INTO inbox ({', '.join(IncomingRow._fields)}) VALUES "
_VALUES = f"({', '.join('?' * len(IncomingRow._fields))})"
_ONCE = " ON CONFLICT (adapter, native_id, kind) DO NOTHING"
_ACCEPT = _INTO + _VALUES + _ONCE
PIECES = (64, 16, 4, 1)
"""Rows stored by one statement: few sizes, so that the driver keeps each statement ready."""
STATION = "inbox"
# Of several events in one delivery one may be a dead letter: it stays visible when the rest is handled.
_ADVANCE = f"""UPDATE inbox SET step = ?, state = CASE state WHEN '{InboxState.DEAD}' THEN '{InboxState.DEAD}' ELSE ? END
WHERE id = ? AND step < ? RETURNING id"""
_CLOSE = f"UPDATE inbox SET state = '{InboxState.DONE}' WHERE id = ? AND state = '{InboxState.OPEN}'"
_ROWS = f"SELECT {', '.join(InboxRow.__struct_fields__)} FROM inbox"
_HEAD = f"{_ROWS} WHERE lane = ? AND state = '{InboxState.OPEN}' ORDER BY id LIMIT ?"
_HANDLED = f"""{_ROWS} WHERE lane = ? AND album = ? AND album != '' AND state = '{InboxState.DONE}' AND id < ?
ORDER BY id LIMIT 20"""


def accept_row(connection: Connection, row: IncomingRow) -> InboxRow | None:
    """Store a delivery. None: it was here before, and this one has no effect, whatever its bytes."""
    return _make_inbox_row(connection, connection.insert(_ACCEPT, row), row)


class AcceptJob(Joinable[list[InboxRow | None]]):
    """`accept_row` for several, as a job."""

    __slots__ = ("rows",)

    def __init__(self, rows: Sequence[IncomingRow]) -> None:
        self.rows = rows

    def __call__(self, connection: Connection) -> list[InboxRow | None]:
        return [accept_row(connection, row) for row in self.rows]

    @classmethod
    def run_together(cls, connection: Connection, jobs: Sequence[Self]) -> Sequence[list[InboxRow | None]]:
        numbers = _store_rows(connection, [row for job in jobs for row in job.rows])
        return [[_make_inbox_row(connection, numbers.pop(row[:3], None), row) for row in job.rows] for job in jobs]


def _store_rows(connection: Connection, rows: Sequence[IncomingRow]) -> dict[tuple[str, ...], int]:
    """Store rows; the numbers of those that are new, each under what it is known by."""
    numbers: dict[tuple[str, ...], int] = {}
    at = 0
    while left := len(rows) - at:
        size = next(piece for piece in PIECES if piece <= left)
        values = [value for row in rows[at : at + size] for value in row]
        stored = connection.execute(_build_insert(size), values)
        numbers |= {(adapter, native_id, kind): id_ for id_, adapter, native_id, kind in stored}
        at += size
    return numbers


@lru_cache(maxsize=len(PIECES))
def _build_insert(size: int) -> str:
    return f"{_INTO}{', '.join([_VALUES] * size)}{_ONCE} RETURNING id, adapter, native_id, kind"


def _make_inbox_row(connection: Connection, id_: int | None, row: IncomingRow) -> InboxRow | None:
    if id_ is None:
        return None
    connection.wake_lane(row.lane, STATION)
    return InboxRow(id_, *row)


async def read_inbox_lane(database: Database, lane: str, limit: int) -> list[InboxRow]:
    """The oldest rows of a lane that are not handled."""
    return await database.read_all(InboxRow, _HEAD, lane, limit)


async def read_handled_parts(database: Database, row: InboxRow) -> list[InboxRow]:
    """The parts of a row's album that were handled before it came."""
    return await database.read_all(InboxRow, _HANDLED, row.lane, row.album, row.id)


async def read_state(database: Database, adapter: str, native_id: str, kind: str) -> str:
    """How far a delivery is handled, "" where it is not here."""
    sql = "SELECT state FROM inbox WHERE adapter = ? AND native_id = ? AND kind = ?"
    return await database.read_first(str, sql, adapter, native_id, kind) or ""


async def list_open_lanes(database: Database) -> list[str]:
    """The lanes with work in them: for the start, after a crash or a stop."""
    return await database.read_all(str, f"SELECT DISTINCT lane FROM inbox WHERE state = '{InboxState.OPEN}'")


async def find_oldest_due(database: Database, now_ms: int) -> int | None:
    """When the oldest delivery came of those that are due."""
    sql = f"SELECT min(received_at) FROM inbox WHERE state = '{InboxState.OPEN}' AND due_at <= ?"
    return await database.read_first(int, sql, now_ms)


async def find_overdue(database: Database, now_ms: int) -> int | None:
    """Since when the delivery that is longest overdue could have been handled."""
    later = "CASE WHEN due_at > received_at THEN due_at ELSE received_at END"
    sql = f"SELECT min({later}) FROM inbox WHERE state = '{InboxState.OPEN}' AND due_at <= ?"
    return await database.read_first(int, sql, now_ms)


async def find_delivered(database: Database, adapter: str, native_id: str, lane: str) -> list[tuple[str, bytes, str]]:
    """What a messenger delivered under an id in a lane: kind, body (empty: erased) and album."""
    sql = "SELECT kind, body, album FROM inbox WHERE adapter = ? AND native_id = ? AND lane = ?"
    return [(kind, bytes(body), album) for kind, body, album in await database.read(sql, (adapter, native_id, lane))]


def advance_step(connection: Connection, ids: Sequence[int], step: int, done: bool) -> None:
    """Note how many of a row's events are handled; with the last one, all the rows of an album are done.

    Raises `SupersededError` when they were handled before: whoever took this process for dead has done it.
    """
    for id_ in ids:
        if not connection.execute(_ADVANCE, (step, InboxState.DONE if done else InboxState.OPEN, id_, step)):
            raise SupersededError(f"delivery {id_} is handled up to its event {step} already")


def mark_handled(connection: Connection, ids: Sequence[int]) -> None:
    """Note that there is nothing (more) to be handled in these rows."""
    for id_ in ids:
        connection.execute(_CLOSE, (id_,))


def postpone_event(connection: Connection, id_: int, due_at: int, error: str) -> None:
    """Note a failed attempt, and when to try again."""
    sql = f"UPDATE inbox SET attempts = attempts + 1, due_at = ?, error = ? WHERE id = ? AND state = '{InboxState.OPEN}'"
    connection.execute(sql, (due_at, error, id_))


def defer_rows(connection: Connection, ids: Sequence[int], due_at: int) -> None:
    """Let rows wait for their sender's turn, apart from their lane. Raises `SupersededError` when they were handled before."""
    sql = f"""UPDATE inbox SET state = '{InboxState.WAITING}', due_at = ?
    WHERE id = ? AND state = '{InboxState.OPEN}' RETURNING id"""
    for id_ in ids:
        if not connection.execute(sql, (due_at, id_)):
            raise SupersededError(f"delivery {id_} is handled already")


def release_rows(connection: Connection, now_ms: int, limit: int) -> list[str]:
    """Open the rows again whose turn has come; returns the lane of each."""
    due = f"SELECT id FROM inbox WHERE state = '{InboxState.WAITING}' AND due_at <= ? ORDER BY due_at, id LIMIT ?"
    sql = f"UPDATE inbox SET state = '{InboxState.OPEN}' WHERE id IN ({due}) RETURNING lane"
    lanes = [lane for (lane,) in connection.execute(sql, (now_ms, limit))]
    for lane in lanes:
        connection.wake_lane(lane, STATION)
    return lanes


async def find_next_turn(database: Database) -> int | None:
    """When the next row is due of those that wait for their sender's turn."""
    return await database.read_first(int, f"SELECT min(due_at) FROM inbox WHERE state = '{InboxState.WAITING}'")


def note_held(database: Database, id_: int) -> None:
    """Note that a row holds the event loop: in a thread, on a connection of its own."""
    with database.open_engine() as engine, engine.begin() as connection:
        connection.execute(sa.update(inbox).where(inbox.c.id == id_).values(held=inbox.c.held + 1))


def mark_rows_dead(connection: Connection, ids: Sequence[int], error: str, code: str) -> None:
    """Make rows dead letters: kept, listed, and open to being tried again by an operator. Raises `SupersededError`."""
    sql = f"""UPDATE inbox SET state = '{InboxState.DEAD}', error = ?, code = ?
    WHERE id = ? AND state <> '{InboxState.DONE}' RETURNING id"""
    for id_ in ids:
        if not connection.execute(sql, (error, code, id_)):
            raise SupersededError(f"delivery {id_} is handled already")
