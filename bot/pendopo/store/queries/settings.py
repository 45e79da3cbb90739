"""The table `setting`: what an installation keeps under a name, and the revision that the directory stands at."""

from datetime import datetime

import msgspec

from pendopo.model.ids import from_ms, new_key, to_ms
from pendopo.store.database import Connection, Database

INSTALLATION = "installation"
POSTED = "audit.posted"
"""The head of the audit log that was posted last, as LINE:HASH."""
REVISION = "directory.revision"
LOCK = 72140002
"""Held by whoever changes the directory on PostgreSQL, until that is committed."""
_GET = "SELECT value FROM setting WHERE key = ?"
_BUMP = """INSERT INTO setting (key, value) VALUES (?, '1')
ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)"""


async def read_setting(database: Database, key: str) -> str | None:
    """The value under a key."""
    return await database.read_first(str, _GET, key)


def get_setting(connection: Connection, key: str) -> str | None:
    """The value under a key, as this transaction sees it."""
    return connection.read_first(str, _GET, key)


def set_setting(connection: Connection, key: str, value: str) -> None:
    """Keep a value under a key, whatever was there."""
    sql = "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    connection.execute(sql, (key, value))


def add_setting(connection: Connection, key: str, value: str) -> None:
    """Keep a value under a key that has none yet."""
    connection.execute("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (key, value))


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


class Installation(msgspec.Struct, frozen=True):
    """Which installation a database is of: an id that no other has, made at the first start, in milliseconds since 1970.

    Copies and backups of the database keep it.
    """

    id: str = ""
    made_at: int = 0

    def make_world_id(self, name: str, since: datetime) -> str:
        """Returns a name unique in the world for a thing known as `name` here since an instant.

        What is older than the id keeps the name under which it may have left the house.
        """
        return f"{name}@pendopo" if since < from_ms(self.made_at) else f"{name}@{self.id}.pendopo"


async def identify_installation(database: Database, now: datetime) -> Installation:
    """Returns the identity of this installation, made now if it has none."""
    fresh = msgspec.json.encode(Installation(new_key(), to_ms(now))).decode()

    def job(connection: Connection) -> str:
        add_setting(connection, INSTALLATION, fresh)
        return get_setting(connection, INSTALLATION) or fresh

    return msgspec.json.decode(await database.write(job), type=Installation)
