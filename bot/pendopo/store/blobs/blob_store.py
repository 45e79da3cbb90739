"""Files we hold, named by the SHA-256 of their bytes; a file is whole or it is not there.

They lie in a folder. With a bucket (`store/bucket.py`) they lie there, and the folder keeps those used last.
"""

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from pendopo.errors import UserError

log = structlog.get_logger(__name__)
NAME = re.compile(r"[0-9a-f]{64}")
PARTS = ".part-"
WARN_AT = 0.9
"""The part of the quota from which on it is said that there is little room."""
LARGEST = 2_000_000_000
PIECE = 256 * 1024

Check = Callable[[Path], Awaitable[None]]
"""Looks at a file before it is kept; raises when it is not to be."""


class Blob(msgspec.Struct, frozen=True):
    """A stored file: its name and its size in bytes."""

    sha256: str
    size: int


class ListedBlob(msgspec.Struct, frozen=True):
    """A stored file as a list of all shows it, with when it was put there, in seconds since 1970."""

    sha256: str
    size: int
    at: float


class RemoteStore(Protocol):
    """Where blobs lie beside the folder."""

    async def put(self, sha256: str, path: Path) -> None: ...

    def get(self, sha256: str) -> AsyncIterator[bytes]:
        """Raises `FileNotFoundError`."""

    async def delete(self, names: Collection[str]) -> None: ...

    def list(self) -> AsyncIterator[ListedBlob]: ...


class PartialFile:
    """A file on its way in; used in threads, so that a slow disk stalls nobody."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=PARTS)
        self._file = os.fdopen(handle, "wb")
        self.path = Path(name)
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    async def fill(self, pieces: AsyncIterator[bytes], limit: int = LARGEST) -> bool:
        """Write a stream; False when it is longer than `limit` bytes, and then not all of it."""
        async for piece in pieces:
            if self.size + len(piece) > limit:
                return False
            await asyncio.to_thread(self.write, piece)
        return True

    def flush(self) -> None:
        self._file.flush()

    def save_as(self, name: str = "") -> str:
        """Name it, by default by its SHA-256: on the disk first, then under its name, then the name itself on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        name = name or self.sha256
        target = self.path.parent / name[:2] / name
        target.parent.mkdir(0o700, exist_ok=True)
        self.path.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name

    def drop(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class FileFolder:
    """A folder of files, each whole or not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def begin_file(self) -> AsyncIterator[PartialFile]:
        """A file on its way in, which is gone afterwards unless it was saved."""
        part = await asyncio.to_thread(PartialFile, self._folder)
        try:
            yield part
        finally:
            await asyncio.to_thread(part.drop)

    def measure_disk(self) -> tuple[int, int]:
        """The free and all bytes of the disk that the folder lies on."""
        usage = shutil.disk_usage(next(folder for folder in (self._folder, *self._folder.parents) if folder.exists()))
        return usage.free, usage.total

    def remove_partial(self) -> int:
        """Remove what a process that died was writing; for the start, when nobody else writes."""
        parts = list(self._folder.glob(f"{PARTS}*"))
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)


class Blobs(FileFolder):
    """A folder of blobs, two letters a sub-folder. `quota` is in bytes, 0: none; `cache` is the folder's before a bucket."""

    def __init__(self, folder: Path, quota: int = 0, remote: RemoteStore | None = None, cache: int = 0) -> None:
        super().__init__(folder)
        self._quota = quota
        self._remote = remote
        self._cache = cache
        self._lock = threading.Lock()
        self._count = 0
        self._fresh: dict[str, int] = {}  # what was put here since the last sweep began, by the count of puts
        self._deleting: set[str] = set()
        self._deletion = asyncio.Lock()
        self._used: int | None = None

    def path(self, sha256: str) -> Path:
        """Where a blob lies in the folder. Raises `FileNotFoundError` when there is none, or the name is none."""
        if NAME.fullmatch(sha256) and (path := self._blob_path(sha256)).is_file():
            return path
        raise FileNotFoundError(sha256)

    async def fetch_path(self, sha256: str) -> Path:
        """The same, fetched from the bucket where the folder has let go of it. Raises `FileNotFoundError`."""
        try:
            return self.path(sha256)
        except FileNotFoundError:
            if self._remote is None or not NAME.fullmatch(sha256):
                raise
        async with self.begin_file() as part:
            await part.fill(self._remote.get(sha256))
            if part.sha256 != sha256:
                raise FileNotFoundError(f"{sha256} is not what the bucket holds under that name")
            await asyncio.to_thread(self._keep_part, part)
        return self.path(sha256)

    async def put(self, pieces: AsyncIterator[bytes], limit: int, check: Check | None = None) -> Blob:
        """Store a stream of at most `limit` bytes, in constant memory. Raises `UserError` when there is no room for it."""
        async with self.begin_file() as part:
            if not await part.fill(pieces, limit):
                raise UserError("berkas.terlalu_besar", batas=limit // 1_000_000)
            if check is not None:
                await asyncio.to_thread(part.flush)
                await check(part.path)
            await self._check_room(part.size)
            if self._remote is not None:
                await asyncio.to_thread(part.flush)
                self._mark_fresh(part.sha256)
                if part.sha256 in self._deleting:
                    async with self._deletion:
                        pass
                await self._remote.put(part.sha256, part.path)
            return Blob(await asyncio.to_thread(self._keep_part, part), part.size)

    async def put_file(self, path: Path) -> Blob:
        """Store a file of our own making."""
        return await self.put(stream_path(path), LARGEST)

    async def count_bytes(self) -> int:
        """How many bytes lie here; counted once, and kept up from then on."""
        if self._used is None:
            listed = [kept async for kept in self._list_all()]
            self._used = sum(kept.size for kept in listed)
        return self._used

    async def is_nearly_full(self) -> bool:
        """Whether there is little room left of the quota."""
        return bool(self._quota) and await self.count_bytes() >= self._quota * WARN_AT

    async def check_remote(self) -> None:
        """Raises what the bucket raises when it cannot be asked; nothing where there is none."""
        if self._remote is not None:
            async for _ in self._remote.list():
                return

    def get_mark(self) -> int:
        """A moment. What is put here after it is spared by `remove` and `sweep` of before it."""
        return self._count

    async def sweep_unnamed(self, before: datetime, is_named: Callable[[str], bool], mark: int) -> list[ListedBlob]:
        """Remove what was put here before an instant and nobody names; returns it. `mark`: when the names were read."""
        oldest = before.timestamp()
        candidates = [kept async for kept in self._list_all() if kept.at < oldest and not is_named(kept.sha256)]
        gone = await self.remove_blobs([kept.sha256 for kept in candidates], mark)
        self._fresh = {name: count for name, count in self._fresh.items() if count > mark}
        if self._remote is not None:
            await asyncio.to_thread(self._trim_cache)
        return [kept for kept in candidates if kept.sha256 in gone]

    async def remove_blobs(self, names: Iterable[str], mark: int) -> set[str]:
        """Remove blobs; returns those that went. Whoever put one here again since `mark` has it."""
        wanted = {name for name in names if NAME.fullmatch(name) and self._fresh.get(name, 0) <= mark}
        if self._remote is not None:
            async with self._deletion:
                self._deleting = {name for name in wanted if self._fresh.get(name, 0) <= mark}
                await self._remote.delete(self._deleting)
                wanted, self._deleting = self._deleting, set()
            self._used = None
        removed = await asyncio.to_thread(self._unlink_blobs, wanted, mark)
        if self._used is not None:
            self._used -= sum(removed.values())
        return wanted if self._remote is not None else set(removed)

    async def _check_room(self, size: int) -> None:
        if not self._quota:
            return
        used = await self.count_bytes()
        if used + size > self._quota:
            log.error("the quota is used up, and files are refused", event_name="blobs_full", used=used, quota=self._quota)
            raise UserError("berkas.penuh")
        if used < self._quota * WARN_AT <= used + size:
            log.warning("nine tenths of the quota are used", event_name="blobs_nearly_full", used=used, quota=self._quota)

    def _mark_fresh(self, name: str) -> None:
        self._count += 1
        self._fresh[name] = self._count

    def _keep_part(self, part: PartialFile) -> str:
        with self._lock:
            known = self._blob_path(part.sha256).is_file()
            name = part.save_as()
            self._mark_fresh(name)
            if self._used is not None and not known:
                self._used += part.size
        return name

    def _unlink_blobs(self, names: Iterable[str], mark: int) -> dict[str, int]:
        removed = {}
        for name in names:
            with self._lock:
                path = self._blob_path(name)
                if path.is_file() and self._fresh.get(name, 0) <= mark:
                    removed[name] = path.stat().st_size
                    path.unlink()
        return removed

    async def _list_all(self) -> AsyncIterator[ListedBlob]:
        if self._remote is not None:
            async for kept in self._remote.list():
                yield kept
            return
        for kept in await asyncio.to_thread(lambda: list(self._list_local())):
            yield kept

    def _list_local(self) -> Iterator[ListedBlob]:
        for path in self._folder.glob("??/*"):
            if NAME.fullmatch(path.name):
                known = path.stat()
                yield ListedBlob(path.name, known.st_size, known.st_mtime)

    def _trim_cache(self) -> None:
        """Let go of what lies in the bucket too, the longest unused first, until the folder is as small as it may be."""
        found = sorted(self._list_local(), key=lambda kept: -max(kept.at, self._blob_path(kept.sha256).stat().st_atime))
        room = self._cache
        for kept in found:
            room -= kept.size
            if room < 0:
                self._blob_path(kept.sha256).unlink(missing_ok=True)

    def _blob_path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


async def stream_path(path: Path) -> AsyncIterator[bytes]:
    """The bytes of a file. Raises `FileNotFoundError`."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
    finally:
        file.close()
