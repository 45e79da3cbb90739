"""Files on their way out: uploaded once, and by Telegram's own id after that."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path, PurePath

from telegram import InputFile

from bot.errors import Rejected
from bot.model import Document, Photo

from .attachments import largest
from .fields import Object, mapping, mended, words

LARGEST_PHOTO = 10_000_000
LARGEST_UPLOAD = 50_000_000
"""Bytes (Bot API, "Sending files")."""

Item = Photo | Document
Key = tuple[str, str, str]


class Files:
    """What Telegram holds of our files. In memory only: after a restart a file is uploaded once more."""

    def __init__(self, blob: Callable[[str], Path], most: int = 2048) -> None:
        self._blob, self._most = blob, most
        self._ids: OrderedDict[Key, str] = OrderedDict()

    def fitting(self, item: Item) -> Item:
        """The item as Telegram takes it: a picture too large for a photo goes as a file. Raises `Rejected`."""
        try:
            size = self._blob(item.blob).stat().st_size
        except FileNotFoundError:
            raise Rejected(f"there is no blob {item.blob}") from None
        if size > LARGEST_UPLOAD:
            raise Rejected(f"a file of {size} bytes, and Telegram takes {LARGEST_UPLOAD}")
        return as_document(item) if isinstance(item, Photo) and size > LARGEST_PHOTO else item

    def known(self, item: Item) -> str:
        """Telegram's id of a file, "" while it has none."""
        key = _key(item)
        if key not in self._ids:
            return ""
        self._ids.move_to_end(key)
        return self._ids[key]

    async def media(self, item: Item, attach: bool = False) -> str | InputFile:
        """What stands for the file in a call: its id, or its bytes (`attach`: within a list)."""
        if known := self.known(item):
            return known
        data = await asyncio.to_thread(self._blob(item.blob).read_bytes)
        return InputFile(data, filename=_name(item), attach=attach)

    def remember(self, item: Item, message: Object) -> None:
        """Note under which id Telegram has kept what was sent with this message."""
        file = largest(message) if isinstance(item, Photo) else mapping(message, "document")
        if file and (file_id := words(file, "file_id")):
            self._ids[_key(item)] = file_id
            if len(self._ids) > self._most:
                self._ids.popitem(last=False)

    def forget(self, *items: Item) -> bool:
        """Upload them anew the next time; False when none of them was known anyway."""
        return any([self._ids.pop(_key(item), "") for item in items])  # noqa: C419  all of them, not up to the first


def as_document(photo: Photo) -> Document:
    """A picture as a file."""
    return Document(photo.blob, photo.name or "foto.jpg", photo.caption)


def _key(item: Item) -> Key:
    # A file that is sent by id keeps the name of its first time.
    return type(item).__name__, item.blob, _name(item)


def _name(item: Item) -> str:
    name: str = mended(PurePath(item.name).name)
    return name or ("foto.jpg" if isinstance(item, Photo) else "dokumen")
