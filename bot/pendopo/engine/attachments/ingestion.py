"""Takes files from a messenger into the store: fetches and inspects them, and makes the copies that may be shown."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec
import structlog

from pendopo.engine.attachments.prefetch import FILE_LIMIT, Prefetch
from pendopo.engine.runtime import Runtime
from pendopo.errors import SendError, UserError
from pendopo.media import Inspection, UnsupportedFileError, inspect_file, make_collage
from pendopo.media.inspection import lower_priority
from pendopo.model import Attachment, Document, Photo
from pendopo.plugin.values import StoredFile
from pendopo.store.blobs.blob_store import Blob, Check

log = structlog.get_logger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
WORKERS = 1
"""Threads for pictures; each takes 130 MB at most, and a large picture goes to a process of its own (`media.inspection`)."""
SENTENCES = {
    "empty": "berkas.kosong",
    "broken": "berkas.rusak",
    "too_large": "berkas.terlalu_lebar",
    "two_faced": "berkas.ganda",
    "forbidden": "berkas.terlarang",
    "no_picture": "berkas.bukan_foto",
}
"""The phrase for each reason of `UnsupportedFileError`."""


class Ingestion:
    """Takes files in. Pictures are processed in a low-priority thread, never on the event loop."""

    def __init__(self, runtime: Runtime, fetching: Prefetch) -> None:
        self._runtime = runtime
        self._fetching = fetching
        self._threads: ThreadPoolExecutor | None = None

    async def run_in_thread(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs slow work in the picture thread, one piece after another."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(WORKERS, "pictures", initializer=lower_priority)
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))

    async def ingest_checked(self, adapter: str, file: Attachment) -> StoredFile:
        """Fetches, inspects and stores a file. Raises `UserError`, and then nothing of it is left."""
        seen: list[Inspection] = []

        async def check(path: Path) -> None:
            try:
                seen.append(await self.run_in_thread(inspect_file, path, photo=file.kind == "photo", name=file.name))
            except UnsupportedFileError as unfit:
                log.info("a file is not kept", event_name="file_unfit", adapter=adapter, why=unfit.key)
                raise UserError(SENTENCES[unfit.key]) from unfit

        try:
            blob = await self._download_blob(adapter, file, check)
        except UserError:
            raise
        except Exception as error:  # a full disk, an unreachable bucket: each raises its own error
            log.error(
                "a file could not be kept", event_name="keep_failed", adapter=adapter, error=self._runtime.redact_error(error)
            )
            raise UserError("berkas.gagal_simpan") from error
        mime, picture = seen[0].mime, seen[0].picture
        stored = StoredFile(blob=blob.sha256, size=blob.size, mime=mime, name=file.name)
        if picture is None:
            return stored
        return msgspec.structs.replace(
            stored,
            shared=await self.store_bytes(picture.shared),
            thumb=await self.store_bytes(picture.thumb),
            width=picture.width,
            height=picture.height,
            taken_at=picture.taken_at,
            place=picture.place,
            facts=dict(picture.facts or {}),
            fingerprint=picture.fingerprint,
        )

    async def store_unchecked(self, adapter: str, file: Attachment) -> Photo | Document:
        """Fetches a file and stores it as it is. Raises `UserError`."""
        blob = await self._download_blob(adapter, file)
        if file.kind == "photo":
            return Photo(blob.sha256, name=file.name)
        return Document(blob.sha256, file.name or file.kind, mime=file.mime)

    async def _download_blob(self, adapter: str, file: Attachment, check: Check | None = None) -> Blob:
        try:
            return await self._runtime.blobs.put(self._fetching.stream_bytes(adapter, file), FILE_LIMIT, check)
        except SendError as error:
            log.warning("a file could not be fetched", event_name="download_failed", adapter=adapter, error=str(error))
            raise UserError("berkas.gagal_diambil") from error

    async def store_bytes(self, data: bytes) -> str:
        """Stores bytes that the bot made; returns their SHA-256."""

        async def whole() -> AsyncIterator[bytes]:
            yield data

        return (await self._runtime.blobs.put(whole(), max(len(data), 1))).sha256

    async def make_collage(self, thumbs: Sequence[str]) -> str:
        """Makes one small picture of several and stores it; returns its SHA-256."""
        paths = [await self._runtime.blobs.fetch_path(thumb) for thumb in thumbs]
        return await self.store_bytes(await self.run_in_thread(lambda: make_collage([path.read_bytes() for path in paths])))

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None
