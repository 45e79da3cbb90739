"""Files of incoming messages, and the cache that sends each outgoing file by Telegram's id after its first upload."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath

from pendopo.adapters.foreign_json import JsonObject, get_int, get_object, get_objects, get_text, mend_surrogates
from pendopo.errors import PermanentSendError
from pendopo.model import Attachment, Document, Photo
from pendopo.model.containers import RecentDict

LARGEST_PHOTO = 10_000_000
LARGEST_UPLOAD = 50_000_000
"""Bytes, as the limit for photos (Bot API, "Sending files")."""

FileItem = Photo | Document
FileKey = tuple[str, str, str]
FILE_KINDS: Mapping[str, tuple[str, str]] = {
    "animation": ("video", "video/mp4"),
    "document": ("document", ""),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "voice": ("audio", "audio/ogg"),
    "audio": ("audio", "audio/mpeg"),
    "sticker": ("sticker", ""),
}
"""Field of a message → our kind, and the MIME type where Telegram gives none."""


class FileIdCache:
    """Telegram's ids of our files. In memory only: after a restart a file is uploaded once more."""

    def __init__(self, blob: Callable[[str], Path]) -> None:
        self._blob = blob
        self._ids: RecentDict[FileKey, str] = RecentDict(2048)

    def fit_item(self, item: FileItem) -> FileItem:
        """The item as Telegram accepts it: a picture too large for a photo becomes a document. Raises `PermanentSendError`."""
        try:
            size = self._blob(item.blob).stat().st_size
        except FileNotFoundError:
            raise PermanentSendError(f"there is no blob {item.blob}") from None
        if size > LARGEST_UPLOAD:
            raise PermanentSendError(f"a file of {size} bytes, and Telegram takes {LARGEST_UPLOAD}")
        return make_document(item) if isinstance(item, Photo) and size > LARGEST_PHOTO else item

    def get_file_id(self, item: FileItem) -> str:
        """Telegram's id of a file, "" if not known."""
        key = _make_key(item)
        if key not in self._ids:
            return ""
        self._ids.move_to_end(key)
        return self._ids[key]

    async def read_file(self, item: FileItem) -> bytes:
        """The bytes of a file of ours."""
        return await asyncio.to_thread(self._blob(item.blob).read_bytes)

    def remember_id(self, item: FileItem, message: JsonObject) -> None:
        """Remember the id Telegram gave to the file sent with this message."""
        file = get_largest_photo(message) if isinstance(item, Photo) else get_object(message, "document")
        if file and (file_id := get_text(file, "file_id")):
            self._ids[_make_key(item)] = file_id

    def forget_ids(self, *items: FileItem) -> bool:
        """Forget ids, so that the files are uploaded again; returns whether any was known."""
        return any([self._ids.pop(_make_key(item), "") for item in items])  # noqa: C419  all of them, not up to the first


def make_document(photo: Photo) -> Document:
    """The photo as a document."""
    return Document(photo.blob, photo.name or "foto.jpg", photo.caption)


def _make_key(item: FileItem) -> FileKey:
    # A file sent by id keeps the name of its first upload, so the name is part of the key.
    return type(item).__name__, item.blob, make_file_name(item)


def make_file_name(item: FileItem) -> str:
    """A file name without folders; a default one if the item has none."""
    name: str = mend_surrogates(PurePath(item.name).name)
    return name or ("foto.jpg" if isinstance(item, Photo) else "dokumen")


def find_attachments(message: JsonObject) -> Iterator[Attachment]:
    """All files of a message. An animation also comes as a document, for old clients; it counts once."""
    if photo := get_largest_photo(message):
        yield Attachment("photo", get_text(photo, "file_id"), mime="image/jpeg", size=get_int(photo, "file_size") or 0)
    for field, (kind, mime) in FILE_KINDS.items():
        if field not in message:
            continue
        file = get_object(message, field)
        if not get_text(file, "file_id") or (field == "document" and get_object(message, "animation")):
            continue
        yield Attachment(
            kind,
            get_text(file, "file_id"),
            get_text(file, "file_name"),
            get_text(file, "mime_type") or mime,
            get_int(file, "file_size") or 0,
        )


def get_largest_photo(message: JsonObject) -> JsonObject | None:
    """The largest size of the photo; the order of the list is not guaranteed."""
    sizes = [size for size in get_objects(message, "photo") if get_text(size, "file_id")]
    return max(sizes, key=_get_area, default=None)


def _get_area(size: JsonObject) -> tuple[int, int]:
    return (get_int(size, "width") or 0) * (get_int(size, "height") or 0), get_int(size, "file_size") or 0
