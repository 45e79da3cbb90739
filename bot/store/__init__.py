"""Everything durable: the database, units of work, the core's tables, blobs and migrations."""

from . import sessions
from .arrivals import AttachmentCache
from .blobs import Blobs
from .database import Connection, Database
from .opening import open_database
from .tables import Row
from .unit import Unit

__all__ = ["AttachmentCache", "Blobs", "Connection", "Database", "Row", "Unit", "open_database", "sessions"]
