"""Files of people, fetched when they came: most messengers keep them for minutes only. Each is kept here for some days.

What a handler takes becomes a blob; the rest is chatter and goes again. A file is named by what the messenger calls it.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

from pendopo.store.blobs.blob_store import FileFolder, stream_path

KEPT = timedelta(days=7)
MOST = 2_000_000_000
"""Bytes in all; beyond that the oldest go first."""


class AttachmentCache(FileFolder):
    """The folder of these files."""

    def has_file(self, adapter: str, ref: str) -> bool:
        """Whether a file is here."""
        return self._file_path(adapter, ref).is_file()

    async def store_file(self, adapter: str, ref: str, pieces: AsyncIterator[bytes], limit: int, now: datetime) -> bool:
        """Keep a file; False when it is larger than `limit` and was left."""
        async with self.begin_file() as part:
            if not await part.fill(pieces, limit):
                return False
            await asyncio.to_thread(part.save_as, self._hash_name(adapter, ref))
            os.utime(self._file_path(adapter, ref), (now.timestamp(), now.timestamp()))
            return True

    def stream_file(self, adapter: str, ref: str) -> AsyncIterator[bytes]:
        """The bytes of a file. Raises `FileNotFoundError`."""
        return stream_path(self._file_path(adapter, ref))

    def prune_files(self, now: datetime, most: int = MOST) -> int:
        """Let go of what is too old or too much; returns how many files. Walks the folder: to be called seldom, in a thread."""
        files = sorted(((path.stat().st_mtime, path) for path in self._folder.glob("??/*")), reverse=True)
        oldest, room, gone = (now - KEPT).timestamp(), most, 0
        for at, path in files:
            room -= path.stat().st_size
            if at < oldest or room < 0:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _file_path(self, adapter: str, ref: str) -> Path:
        name = self._hash_name(adapter, ref)
        return self._folder / name[:2] / name

    @staticmethod
    def _hash_name(adapter: str, ref: str) -> str:
        return hashlib.sha256(f"{adapter}\n{ref}".encode()).hexdigest()
