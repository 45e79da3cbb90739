"""The table `setting`: what an installation keeps under a name, and the revision that the directory stands at."""

from pendopo.store.database import Connection, Database

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
