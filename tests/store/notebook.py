"""A plugin's table of notes, and jobs that write into it."""

from collections.abc import Callable

from pendopo import Row, tables
from pendopo.store import Connection, Database, Unit


class Table(Row, registry=tables("buku")):
    """Rows under test."""


class Catatan(Table, table=True):
    """A note."""

    teks: str


async def list_texts(database: Database) -> list[str]:
    return [row[0] for row in await database.read("SELECT teks FROM buku_catatan ORDER BY id")]


def make_insert(id_: int, text: str) -> Callable[[Connection], int]:
    def job(connection: Connection) -> int:
        connection.execute("INSERT INTO buku_catatan (id, version, teks) VALUES (?, 1, ?)", (id_, text))
        return id_

    return job


def insert_and_fail(connection: Connection) -> None:
    connection.execute("INSERT INTO buku_catatan (id, version, teks) VALUES (999, 1, 'never')")
    raise ZeroDivisionError


async def save_note(database: Database, text: str = "awal") -> int:
    unit = Unit(database)
    row = await unit.save(Catatan(teks=text))
    await unit.commit()
    assert row.id is not None
    return row.id
