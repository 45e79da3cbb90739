"""Persons, and the revision that the directory stands at."""

from typing import NamedTuple

from pendopo.store.database import Connection, Database
from pendopo.store.queries.settings import get_setting, read_setting

REVISION = "directory.revision"
LOCK = 72140002
"""Held by whoever changes the directory on PostgreSQL, until that is committed."""
_BUMP = """INSERT INTO setting (key, value) VALUES (?, '1')
ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)"""


class PersonRow(NamedTuple):
    """A person who is in the directory."""

    id: int
    name: str
    locale: str
    nip: str


async def list_people(database: Database) -> list[PersonRow]:
    """Everybody who is in the directory now."""
    return [PersonRow(*row) for row in await database.read("SELECT id, name, locale, nip FROM person WHERE active = 1")]


async def has_people(database: Database) -> bool:
    """Whether anybody is in the directory."""
    return bool(await database.read("SELECT id FROM person WHERE active = 1 LIMIT 1"))


async def list_names(database: Database) -> dict[int, str]:
    """What everybody is called by their number, also those who left."""
    return dict(await database.read("SELECT id, name FROM person"))


def find_person(connection: Connection, name: str, nip: str) -> int | None:
    """Whoever has this NIP, or has none and goes by this name."""
    found = connection.execute("SELECT id FROM person WHERE nip = ? AND nip <> ''", (nip,))
    found = found or connection.execute("SELECT id FROM person WHERE name = ? AND nip = ''", (name,))
    return int(found[0][0]) if found else None


def add_person(connection: Connection, name: str, nip: str = "", locale: str = "") -> int:
    """Add a person; returns their number."""
    sql = "INSERT INTO person (name, nip, locale) VALUES (?, ?, ?) RETURNING id"
    return int(connection.execute(sql, (name, nip, locale))[0][0])


def update_person(connection: Connection, id_: int, name: str, nip: str, locale: str) -> None:
    """Change what is known of a person, who is in the directory from now on."""
    sql = "UPDATE person SET name = ?, nip = ?, locale = ?, active = 1 WHERE id = ?"
    connection.execute(sql, (name, nip, locale, id_))


def set_locale(connection: Connection, id_: int, locale: str) -> None:
    """Change the language that a person is spoken to in."""
    connection.execute("UPDATE person SET locale = ? WHERE id = ?", (locale, id_))


def deactivate_person(connection: Connection, id_: int) -> None:
    """Take a person out of the directory; what tells of them stays."""
    connection.execute("UPDATE person SET active = 0 WHERE id = ?", (id_,))


def deactivate_everybody(connection: Connection) -> None:
    """Take everybody out of the directory, before those are updated who stay in it."""
    connection.execute("UPDATE person SET active = 0")


def list_inactive(connection: Connection) -> list[int]:
    """The numbers of those who are not in the directory."""
    return [row[0] for row in connection.execute("SELECT id FROM person WHERE active = 0")]


async def read_revision(database: Database) -> int:
    """How often the directory was changed."""
    return int(await read_setting(database, REVISION) or 0)


def bump_revision(connection: Connection) -> None:
    """Count a change: whoever decided by the snapshot before it decides again."""
    if connection.postgres:
        connection.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
    connection.execute(_BUMP, (REVISION,))
    connection.notify_processes("directory", "")


def is_at_revision(connection: Connection, revision: int) -> bool:
    """Whether the directory is still at a revision. On PostgreSQL it stays so until this transaction ends."""
    if connection.postgres:  # which shares `LOCK` with all others that read it
        return int(connection.execute("SELECT pendopo_directory()")[0][0] or 0) == revision
    return int(get_setting(connection, REVISION) or 0) == revision
