"""Everything durable: the database, units of work, the core's tables, blobs and migrations."""

from pendopo.store.blobs.attachment_cache import AttachmentCache
from pendopo.store.blobs.blob_store import Blobs
from pendopo.store.database import Connection, Database
from pendopo.store.database_urls import open_database
from pendopo.store.queries import sessions
from pendopo.store.tables import Row
from pendopo.store.unit_of_work import Unit

__all__ = ["AttachmentCache", "Blobs", "Connection", "Database", "Row", "Unit", "open_database", "sessions"]
