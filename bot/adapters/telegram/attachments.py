"""The files of a message."""

from collections.abc import Iterator, Mapping

from bot.model import Attachment

from .fields import Object, mapping, objects, whole, words

KINDS: Mapping[str, tuple[str, str]] = {
    "animation": ("video", "video/mp4"),
    "document": ("document", ""),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "voice": ("audio", "audio/ogg"),
    "audio": ("audio", "audio/mpeg"),
    "sticker": ("sticker", ""),
}
"""Field of a message → our kind, and the MIME type where Telegram gives none."""


def attachments(message: Object) -> Iterator[Attachment]:
    """All files of a message. An animation comes as a document too, for old clients; that is one file, not two."""
    if photo := largest(message):
        yield Attachment("photo", words(photo, "file_id"), mime="image/jpeg", size=whole(photo, "file_size") or 0)
    for field, (kind, mime) in KINDS.items():
        if field not in message:
            continue
        file = mapping(message, field)
        if not words(file, "file_id") or (field == "document" and mapping(message, "animation")):
            continue
        yield Attachment(
            kind,
            words(file, "file_id"),
            words(file, "file_name"),
            words(file, "mime_type") or mime,
            whole(file, "file_size") or 0,
        )


def largest(message: Object) -> Object | None:
    """The photo in its best size. The list is not promised to be sorted."""
    sizes = [size for size in objects(message, "photo") if words(size, "file_id")]
    return max(sizes, key=_area, default=None)


def _area(size: Object) -> tuple[int, int]:
    return (whole(size, "width") or 0) * (whole(size, "height") or 0), whole(size, "file_size") or 0
