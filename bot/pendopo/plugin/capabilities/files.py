"""`ctx.files`: files of messages, and files the bot makes."""

from collections.abc import Sequence
from pathlib import Path

from pendopo.model import Attachment, Document, Event, Message, Photo
from pendopo.plugin.engine_api import EngineApi
from pendopo.plugin.values import StoredFile


class Files:
    """The files of one event, and the store that keeps them."""

    def __init__(self, api: EngineApi, event: Event) -> None:
        self._api = api
        self._event = event

    async def list_attachments(self) -> Sequence[Photo | Document]:
        """Returns the message's pictures and files, stored. Raises `UserError` when one cannot be had."""
        event = self._event
        if not isinstance(event, Message):
            return []
        return [await self._api.files.store_unchecked(event.chat.adapter, file) for file in event.attachments]

    async def list_quoted_attachments(self) -> Sequence[Photo | Document]:
        """Returns the pictures and files of the message this one answers."""
        return await self._api.list_quoted_files(self._event) if isinstance(self._event, Message) else []

    async def download(self, adapter: str, file: Attachment) -> StoredFile:
        """Fetches, inspects and stores a file of a message; `adapter` is the messenger it came by.

        For files that a handler need not wait for: keep the `Attachment`s in a row, reply, and let a job download them. Raises
        `UserError` on a file that cannot be had or is unsound, and nothing of it is left.
        """
        return await self._api.files.ingest_checked(adapter, file)

    async def make_document(self, name: str, data: bytes | Path, mime: str = "") -> Document:
        """Makes a document from bytes or a file, to reply or notify with."""
        if isinstance(data, Path):
            return Document((await self._api.blobs.put_file(data)).sha256, name, mime=mime)
        return Document(await self._api.files.store_bytes(data), name, mime=mime)

    async def make_photo(self, data: bytes) -> Photo:
        """Makes a photo from bytes, to reply or notify with."""
        return Photo(await self._api.files.store_bytes(data))

    async def make_collage(self, thumbs: Sequence[str]) -> Photo:
        """Makes one picture of at most 100 kB from several `thumb`s."""
        return Photo(await self._api.files.make_collage(thumbs))

    async def get_path(self, sha256: str) -> Path:
        """Returns the path of a stored file. Raises `FileNotFoundError`."""
        return await self._api.blobs.fetch_path(sha256)
