"""The table `agenda`: who is busy when, so that plugins that know nothing of each other see conflicts."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from pendopo.model import Phrase
from pendopo.model.ids import from_ms, to_ms
from pendopo.store.database import Connection, Database, make_row, to_json


class BusyTime(msgspec.Struct, frozen=True):
    """An entry in somebody's calendar: which plugin put it there and under what key, from when to when, and what it is.

    `kind` is `away` or `meeting`; `title` is said to those who may know, others only learn that there is something.
    """

    key: str
    plugin: str
    kind: str
    start: datetime
    end: datetime
    title: Phrase


class CalendarEntry(BusyTime, frozen=True):
    """An entry with everybody in whose calendar it stands (ids of persons)."""

    persons: frozenset[int] = frozenset()


_PUT = "INSERT INTO agenda (key, person, plugin, kind, starts_at, ends_at, title) VALUES (?, ?, ?, ?, ?, ?, ?)"
_COLUMNS = "key, plugin, kind, starts_at, ends_at, title"
_title = msgspec.json.Decoder(Phrase).decode
_busy = make_row(BusyTime, start=from_ms, end=from_ms, title=_title)
_entry = make_row(CalendarEntry, start=from_ms, end=from_ms, title=_title)


def put_entry(connection: Connection, entry: BusyTime, persons: Sequence[int]) -> None:
    """Make an entry stand in exactly these calendars."""
    remove_entry(connection, entry.key)
    what = (entry.plugin, entry.kind, to_ms(entry.start), to_ms(entry.end), to_json(entry.title))
    connection.executemany(_PUT, [(entry.key, person, *what) for person in set(persons)])


def remove_entry(connection: Connection, key: str) -> None:
    """Take an entry out of all calendars."""
    connection.execute("DELETE FROM agenda WHERE key = ?", (key,))


async def find_entry(database: Database, key: str) -> CalendarEntry | None:
    """One entry with everybody in whose calendar it stands."""
    rows = await database.read(f"SELECT {_COLUMNS}, person FROM agenda WHERE key = ?", (key,))
    return _entry(*rows[0][:-1], frozenset(row[-1] for row in rows)) if rows else None


async def list_busy(database: Database, person: int, start: datetime, end: datetime) -> list[BusyTime]:
    """What stands in one calendar between two instants."""
    sql = f"SELECT {_COLUMNS} FROM agenda WHERE person = ? AND ends_at > ? AND starts_at < ? ORDER BY starts_at"
    return await database.read_all(_busy, sql, person, to_ms(start), to_ms(end))
