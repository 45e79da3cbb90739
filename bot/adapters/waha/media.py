"""Files that come with messages: how they are named until they are fetched, and from where they may be.

The gateway keeps a file for 180 seconds unless told otherwise (WHATSAPP_FILES_LIFETIME), and names its own host as it sees it,
mostly `localhost`. So only the path of such an address counts, and only below the gateway's own files.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.errors import Rejected
from bot.model import Attachment

from .fields import find, words
from .ids import MessageId, canonical

FILES = "/api/files/"


def attachments(payload: Any, message: str) -> tuple[Attachment, ...]:
    """The file of a message. It is named by the message too: what was not fetched in time can be asked for again."""
    media = find(payload, "media")
    if not isinstance(media, Mapping) and find(payload, "hasMedia") is not True:
        return ()
    mime = words(media, "mimetype").partition(";")[0].strip().lower()
    id_ = message if MessageId.of(message).chat else ""
    chat = MessageId.of(message).chat or canonical(find(payload, "from"))
    url = "" if find(media, "error") else words(media, "url")
    return (Attachment(_kind(mime, words(media, "filename")), f"{chat} {id_} {url}", words(media, "filename"), mime),)


def _kind(mime: str, name: str) -> str:
    if mime == "image/webp" and not name:
        return "sticker"
    family = mime.partition("/")[0]
    return {"image": "photo", "audio": "audio", "video": "video"}.get(family, "document")


class Reference:
    """An attachment's `ref`, taken apart."""

    def __init__(self, ref: str) -> None:
        self.chat, _, rest = ref.partition(" ")
        self.message, _, self.url = rest.partition(" ")


def path(url: str) -> str:
    """The path of a file on the gateway. Raises `Rejected` for what is not one of its files."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Rejected("the file's address is none") from error
    start = parts.path.find(FILES)
    steps = unquote(parts.path).split("/")
    if parts.scheme not in ("http", "https") or start < 0 or ".." in steps or "\\" in unquote(parts.path):
        raise Rejected("the file is not among the gateway's own; media on other hosts (S3) is not fetched")
    return parts.path[start:] + (f"?{parts.query}" if parts.query else "")
