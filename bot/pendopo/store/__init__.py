"""Everything durable: the database, units of work, the core's tables, blobs and migrations."""

from pathlib import Path

from pendopo.errors import StoreError
from pendopo.store.blobs.attachment_cache import AttachmentCache
from pendopo.store.blobs.blob_store import Blobs
from pendopo.store.database import Connection, Database
from pendopo.store.tables import Row
from pendopo.store.unit_of_work import Unit

__all__ = ["AttachmentCache", "Blobs", "Connection", "Database", "Row", "Unit", "open_database"]


def open_database(url: str, exclusive: bool = True) -> Database:
    """Open `sqlite:///path` (relative to the working directory), `sqlite://` (memory) or `postgresql://…`.

    `exclusive` holds a lock beside the SQLite file: one running bot a file. Raises `StoreError`.
    """
    # A driver takes time to import: only the one that is used.
    if url.startswith("sqlite://"):
        from pendopo.store.sqlite import SqliteDatabase

        name = url.removeprefix("sqlite://").removeprefix("/")
        return SqliteDatabase(Path(name) if name else None, exclusive)
    if url.startswith(("postgresql://", "postgres://")):
        from pendopo.store.postgres import PostgresDatabase

        return PostgresDatabase(url, exclusive)
    raise StoreError(f"database.url must begin with sqlite:/// or postgresql://, not {url.split(':')[0]}:")
