"""Calendars: who is busy when, put there by any plugin, so that plugins that know nothing of each other see conflicts."""

from collections.abc import Sequence

import msgspec

from pendopo.store.database import Connection, Database, Record


class CalendarRow(msgspec.Struct, frozen=True):
    """Something in calendars, from `start` until before `end` in milliseconds; `title` is a Said as JSON."""

    key: str
    plugin: str
    kind: str
    start: int
    end: int
    title: str


_PUT = "INSERT INTO agenda (key, person, plugin, kind, starts_at, ends_at, title) VALUES (?, ?, ?, ?, ?, ?, ?)"


def put_entry(connection: Connection, entry: CalendarRow, persons: Sequence[int]) -> None:
    """Make an entry stand in exactly these calendars."""
    remove_entry(connection, entry.key)
    rows = [(entry.key, person, entry.plugin, entry.kind, entry.start, entry.end, entry.title) for person in set(persons)]
    connection.executemany(_PUT, rows)


def remove_entry(connection: Connection, key: str) -> None:
    """Take an entry out of all calendars."""
    connection.execute("DELETE FROM agenda WHERE key = ?", (key,))


async def read_entry(database: Database, key: str) -> list[Record]:
    """One entry, a row for each calendar it stands in: key, plugin, kind, begin, end, title and person."""
    return await database.read("SELECT key, plugin, kind, starts_at, ends_at, title, person FROM agenda WHERE key = ?", (key,))


async def read_between(database: Database, person: int, start: int, end: int) -> list[Record]:
    """What stands in one calendar between two instants: key, plugin, kind, begin, end and title."""
    return await database.read(
        """SELECT key, plugin, kind, starts_at, ends_at, title FROM agenda
        WHERE person = ? AND ends_at > ? AND starts_at < ? ORDER BY starts_at""",
        (person, start, end),
    )
