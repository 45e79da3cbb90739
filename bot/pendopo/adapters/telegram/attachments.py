"""The files of a message."""

from collections.abc import Iterator, Mapping

from pendopo.adapters.foreign_json import JsonObject, get_int, get_object, get_objects, get_text
from pendopo.model import Attachment

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


def find_attachments(message: JsonObject) -> Iterator[Attachment]:
    """All files of a message. An animation comes as a document too, for old clients; that is one file, not two."""
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
    """The photo in its best size. The list is not promised to be sorted."""
    sizes = [size for size in get_objects(message, "photo") if get_text(size, "file_id")]
    return max(sizes, key=_get_area, default=None)


def _get_area(size: JsonObject) -> tuple[int, int]:
    return (get_int(size, "width") or 0) * (get_int(size, "height") or 0), get_int(size, "file_size") or 0
