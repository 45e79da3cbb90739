"""The table `setting`: what an installation keeps under a name."""

from pendopo.store.database import Connection, Database

_GET = "SELECT value FROM setting WHERE key = ?"


async def read_setting(database: Database, key: str) -> str | None:
    """The value under a key."""
    rows = await database.read(_GET, (key,))
    return str(rows[0][0]) if rows else None


def get_setting(connection: Connection, key: str) -> str | None:
    """The value under a key, as this transaction sees it."""
    rows = connection.execute(_GET, (key,))
    return str(rows[0][0]) if rows else None


def set_setting(connection: Connection, key: str, value: str) -> None:
    """Keep a value under a key, whatever was there."""
    sql = "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    connection.execute(sql, (key, value))


def add_setting(connection: Connection, key: str, value: str) -> None:
    """Keep a value under a key that has none yet."""
    connection.execute("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (key, value))
