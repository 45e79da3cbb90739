"""Files of people, fetched when they came: most messengers keep them for minutes only. Each is kept here for some days.

What a handler takes becomes a blob; the rest is chatter and goes again. A file is named by what the messenger calls it.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

from pendopo.store.blobs.blob_store import PartialFile, remove_partial_files

KEPT = timedelta(days=7)
MOST = 2_000_000_000
"""Bytes in all; beyond that the oldest go first."""
PIECE = 64 * 1024


class AttachmentCache:
    """A folder of files, each whole or not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has_file(self, adapter: str, ref: str) -> bool:
        """Whether a file is here."""
        return self._file_path(adapter, ref).is_file()

    async def store_file(self, adapter: str, ref: str, pieces: AsyncIterator[bytes], limit: int, now: datetime) -> bool:
        """Keep a file; False when it is larger than `limit` and was left."""
        part = await asyncio.to_thread(PartialFile, self._folder)
        try:
            async for piece in pieces:
                if part.size + len(piece) > limit:
                    return False
                await asyncio.to_thread(part.write, piece)
            await asyncio.to_thread(part.save_as, self._hash_name(adapter, ref))
            os.utime(self._file_path(adapter, ref), (now.timestamp(), now.timestamp()))
            return True
        finally:
            await asyncio.to_thread(part.drop)

    async def stream_file(self, adapter: str, ref: str) -> AsyncIterator[bytes]:
        """The bytes of a file. Raises `FileNotFoundError`."""
        file = await asyncio.to_thread(self._file_path(adapter, ref).open, "rb")
        try:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece
        finally:
            file.close()

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

    def remove_partial(self) -> int:
        """Remove what a process that died was writing."""
        return remove_partial_files(self._folder)

    def _file_path(self, adapter: str, ref: str) -> Path:
        name = self._hash_name(adapter, ref)
        return self._folder / name[:2] / name

    @staticmethod
    def _hash_name(adapter: str, ref: str) -> str:
        return hashlib.sha256(f"{adapter}\n{ref}".encode()).hexdigest()
