"""Files we hold, named by the SHA-256 of their bytes; a file is whole or it is not there."""

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from bot.errors import UserError

NAME = re.compile(r"[0-9a-f]{64}")


class Blob(msgspec.Struct, frozen=True):
    """A stored file: its name and its size in bytes."""

    sha256: str
    size: int


class Blobs:
    """A folder of blobs, two letters a sub-folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where a blob lies. Raises `FileNotFoundError` when there is none, or the name is none."""
        if NAME.fullmatch(sha256) and (path := self._folder / sha256[:2] / sha256).is_file():
            return path
        raise FileNotFoundError(sha256)

    async def put(self, pieces: AsyncIterator[bytes], limit: int) -> Blob:
        """Store a stream of at most `limit` bytes, in constant memory. Raises `UserError` when it is larger."""
        part = await asyncio.to_thread(Part, self._folder)
        try:
            async for piece in pieces:
                if part.size + len(piece) > limit:
                    raise UserError("berkas.terlalu_besar", batas=limit // 1_000_000)
                await asyncio.to_thread(part.write, piece)
            return Blob(await asyncio.to_thread(part.keep), part.size)
        finally:
            await asyncio.to_thread(part.drop)


class Part:
    """A file on its way in; used in threads, so that a slow disk stalls nobody."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".part-")
        self._file = os.fdopen(handle, "wb")
        self._path = Path(name)
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    def keep(self, name: str = "") -> str:
        """Name it, by default by its SHA-256: on the disk first, then under its name, then the name itself on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        name = name or self._digest.hexdigest()
        target = self._path.parent / name[:2] / name
        target.parent.mkdir(exist_ok=True)
        self._path.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name

    def drop(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
