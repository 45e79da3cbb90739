"""`ctx.files`: what came with messages, and files of our own making."""

from collections.abc import Sequence
from pathlib import Path

from pendopo.model import Attachment, Document, Event, Message, Photo
from pendopo.plugin.engine_api import EngineApi
from pendopo.plugin.values import StoredFile


class Files:
    """The files of one event, and the store they are kept in."""

    def __init__(self, api: EngineApi, event: Event) -> None:
        self._api = api
        self._event = event

    async def list_attachments(self) -> Sequence[Photo | Document]:
        """The pictures and files that came with the message, stored. Raises `UserError` when one cannot be had."""
        event = self._event
        if not isinstance(event, Message):
            return []
        return [await self._api.files.store_unchecked(event.chat.adapter, file) for file in event.attachments]

    async def list_quoted_attachments(self) -> Sequence[Photo | Document]:
        """Those that came with the message this one answers."""
        return await self._api.list_quoted_files(self._event) if isinstance(self._event, Message) else []

    async def download(self, adapter: str, file: Attachment) -> StoredFile:
        """Fetch a file that came with a message, inspect it and store it; `adapter` is the messenger it came by.

        For files that a handler need not wait for: keep the `Attachment`s in a row, answer, and let a job download them. Raises
        `UserError` on one that cannot be had or is not sound, and nothing of it is left.
        """
        return await self._api.files.ingest_checked(adapter, file)

    async def make_document(self, name: str, data: bytes | Path, mime: str = "") -> Document:
        """A file of our own making, to reply or notify with: its bytes, or where they lie."""
        if isinstance(data, Path):
            return Document((await self._api.blobs.put_file(data)).sha256, name, mime=mime)
        return Document(await self._api.files.store_bytes(data), name, mime=mime)

    async def make_photo(self, data: bytes) -> Photo:
        """A picture of our own making, to reply or notify with."""
        return Photo(await self._api.files.store_bytes(data))

    async def make_collage(self, thumbs: Sequence[str]) -> Photo:
        """One picture of at most 100 kB made of several `thumb`s."""
        return Photo(await self._api.files.make_collage(thumbs))

    async def get_path(self, sha256: str) -> Path:
        """Where a stored file can be read. Raises `FileNotFoundError`."""
        return await self._api.blobs.fetch_path(sha256)
