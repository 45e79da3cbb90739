"""Files on their way out: uploaded once, and by Telegram's own id after that."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path, PurePath

from telegram import InputFile

from pendopo.adapters.foreign_json import JsonObject, get_object, get_text, mend_surrogates
from pendopo.adapters.telegram.attachments import get_largest_photo
from pendopo.errors import PermanentSendError
from pendopo.model import Document, Photo

LARGEST_PHOTO = 10_000_000
LARGEST_UPLOAD = 50_000_000
"""Bytes (Bot API, "Sending files")."""

FileItem = Photo | Document
FileKey = tuple[str, str, str]


class FileIdCache:
    """What Telegram holds of our files. In memory only: after a restart a file is uploaded once more."""

    def __init__(self, blob: Callable[[str], Path], most: int = 2048) -> None:
        self._blob, self._most = blob, most
        self._ids: OrderedDict[FileKey, str] = OrderedDict()

    def fit_item(self, item: FileItem) -> FileItem:
        """The item as Telegram takes it: a picture too large for a photo goes as a file. Raises `PermanentSendError`."""
        try:
            size = self._blob(item.blob).stat().st_size
        except FileNotFoundError:
            raise PermanentSendError(f"there is no blob {item.blob}") from None
        if size > LARGEST_UPLOAD:
            raise PermanentSendError(f"a file of {size} bytes, and Telegram takes {LARGEST_UPLOAD}")
        return make_document(item) if isinstance(item, Photo) and size > LARGEST_PHOTO else item

    def get_file_id(self, item: FileItem) -> str:
        """Telegram's id of a file, "" while it has none."""
        key = _make_key(item)
        if key not in self._ids:
            return ""
        self._ids.move_to_end(key)
        return self._ids[key]

    async def make_media(self, item: FileItem, attach: bool = False) -> str | InputFile:
        """What stands for the file in a call: its id, or its bytes (`attach`: within a list)."""
        if known := self.get_file_id(item):
            return known
        data = await asyncio.to_thread(self._blob(item.blob).read_bytes)
        return InputFile(data, filename=_make_name(item), attach=attach)

    def remember_id(self, item: FileItem, message: JsonObject) -> None:
        """Note under which id Telegram has kept what was sent with this message."""
        file = get_largest_photo(message) if isinstance(item, Photo) else get_object(message, "document")
        if file and (file_id := get_text(file, "file_id")):
            self._ids[_make_key(item)] = file_id
            if len(self._ids) > self._most:
                self._ids.popitem(last=False)

    def forget_ids(self, *items: FileItem) -> bool:
        """Upload them anew the next time; False when none of them was known anyway."""
        return any([self._ids.pop(_make_key(item), "") for item in items])  # noqa: C419  all of them, not up to the first


def make_document(photo: Photo) -> Document:
    """A picture as a file."""
    return Document(photo.blob, photo.name or "foto.jpg", photo.caption)


def _make_key(item: FileItem) -> FileKey:
    # A file that is sent by id keeps the name of its first time.
    return type(item).__name__, item.blob, _make_name(item)


def _make_name(item: FileItem) -> str:
    name: str = mend_surrogates(PurePath(item.name).name)
    return name or ("foto.jpg" if isinstance(item, Photo) else "dokumen")
