"""Which database an address means. The drivers are imported only where they are used."""

from pathlib import Path

from pendopo.errors import StoreError
from pendopo.store.database import Database


def open_database(url: str, exclusive: bool = True) -> Database:
    """Open `sqlite:///path` (relative to the working directory), `sqlite://` (memory) or `postgresql://…`.

    `exclusive` holds a lock beside the SQLite file: one running bot a file. Raises `StoreError`.
    """
    if url.startswith("sqlite://"):
        from pendopo.store.sqlite import SqliteDatabase

        name = url.removeprefix("sqlite://").removeprefix("/")
        return SqliteDatabase(Path(name) if name else None, exclusive)
    if url.startswith(("postgresql://", "postgres://")):
        from pendopo.store.postgres import PostgresDatabase

        return PostgresDatabase(url, exclusive)
    raise StoreError(f"database.url must begin with sqlite:/// or postgresql://, not {url.split(':')[0]}:")
