"""Dead letters: what came in and nobody could handle, what was to be sent and could not be; opened again on request."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from pendopo.model.numbers import parse_number
from pendopo.store.database import Connection, Database
from pendopo.store.queries import deliveries, inbox
from pendopo.store.tables import DeliveryState, core

Box = Literal["inbox", "delivery"]
STATIONS: dict[Box, str] = {"inbox": inbox.STATION, "delivery": deliveries.STATION}
DEAD = (DeliveryState.DEAD,)
_ABOUT: dict[Box, str] = {"inbox": "adapter || ' ' || kind, {}, received_at", "delivery": "kind, {}, created_at"}


class Letter(NamedTuple):
    """A letter in a list; `at` is when it came to be."""

    id: int
    lane: str
    about: str
    attempts: int
    due_at: int
    code: str
    error: str
    at: int


async def list_letters(database: Database, box: Box, states: Sequence[str], limit: int) -> list[Letter]:
    """The rows in one of these states, the newest first."""
    columns = _ABOUT[box].format("attempts, due_at, code, error")
    sql = f"SELECT id, lane, {columns} FROM {box} WHERE {_among(states)} ORDER BY id DESC LIMIT ?"
    return await database.read_all(Letter, sql, limit)


async def count_letters(database: Database, box: Box, states: Sequence[str]) -> int:
    """How many rows are in one of these states."""
    return await database.read_first(int, f"SELECT count(*) FROM {box} WHERE {_among(states)}") or 0


async def read_letter(database: Database, box: Box, which: str) -> dict[str, Any] | None:
    """A whole row by the names of its columns, whatever its state."""
    names = [column.name for column in core.tables[box].columns]
    where, value = _named(which)
    sql = f"SELECT {', '.join(names)} FROM {box} WHERE {where} ORDER BY id LIMIT 1"
    found = await database.read(sql, (value,))
    return dict(zip(names, found[0], strict=True)) if found else None


def reopen_letters(connection: Connection, box: Box, which: int | str = "", states: Sequence[str] = DEAD) -> list[int]:
    """Make letters as new: the named one, or all ("") that are in one of these states; returns their numbers.

    Whoever looks at the box next takes them.
    """
    where, params = _among(states), list[int | str]()
    if which != "":
        name, value = _named(which)
        where, params = f"{where} AND {name}", [value]
    anew = ", held = 0" if box == "inbox" else ""
    sql = f"UPDATE {box} SET state = '{DeliveryState.OPEN}', attempts = 0, due_at = 0{anew} WHERE {where} RETURNING id, lane"
    found = connection.execute(sql, params)
    for _, lane in found:
        connection.wake_lane(lane, STATIONS[box])
    return [id_ for id_, _ in found]


def _among(states: Sequence[str]) -> str:
    """Written out, since an index that covers some states only is of no use to a parameter."""
    return "state IN ('" + "', '".join(states) + "')"


def _named(which: int | str) -> tuple[str, int | str]:
    """What finds a letter: its number, or its code as people read it out. Of an album, one code is that of several letters."""
    return ("id = ?", number) if (number := parse_number(str(which))) is not None else ("code = ?", str(which).upper())
