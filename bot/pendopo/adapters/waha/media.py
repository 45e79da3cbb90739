"""References to the files of messages, and the check of the URLs they are fetched from.

The gateway keeps a file for 180 seconds by default (WHATSAPP_FILES_LIFETIME) and gives its URL with its own idea of its host,
mostly `localhost`. So only the path of the URL is used, and only below the gateway's own files.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pendopo.adapters.foreign_json import find_value, get_text
from pendopo.adapters.waha.ids import MessageId, normalise_jid
from pendopo.errors import PermanentSendError
from pendopo.model import Attachment

FILES_PATH = "/api/files/"
_STEP = re.compile(r"[A-Za-z0-9@_.-]+")


def find_attachments(payload: Any, message: str) -> tuple[Attachment, ...]:
    """The file of a message. Its reference contains the message id, so that an expired file can be requested again."""
    media = find_value(payload, "media")
    if not isinstance(media, Mapping) and find_value(payload, "hasMedia") is not True:
        return ()
    mime = get_text(media, "mimetype").partition(";")[0].strip().lower()
    id_ = message if MessageId.parse(message).chat else ""
    chat = MessageId.parse(message).chat or normalise_jid(find_value(payload, "from"))
    url = "" if find_value(media, "error") else get_text(media, "url")
    return (Attachment(_get_kind(mime, get_text(media, "filename")), f"{chat} {id_} {url}", get_text(media, "filename"), mime),)


def _get_kind(mime: str, name: str) -> str:
    if mime == "image/webp" and not name:
        return "sticker"
    family = mime.partition("/")[0]
    return {"image": "photo", "audio": "audio", "video": "video"}.get(family, "document")


class FileReference:
    """The parts of an attachment's `ref`: chat, message id and URL."""

    def __init__(self, ref: str) -> None:
        self.chat, _, rest = ref.partition(" ")
        self.message, _, self.url = rest.partition(" ")


def get_file_path(url: str) -> str:
    """The path of a file on the gateway. Raises `PermanentSendError` for any URL that is not one of its files."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise PermanentSendError("the file's address is none") from error
    # Escaped once, as the gateway writes the @ of an id; what is escaped twice still has its % here.
    path = unquote(parts.path[max(parts.path.find(FILES_PATH), 0) :])
    steps = path.removeprefix(FILES_PATH).split("/")
    plain = path.startswith(FILES_PATH) and all(_STEP.fullmatch(step) and step.strip(".") for step in steps)
    if parts.scheme not in ("http", "https") or parts.query or not plain:
        raise PermanentSendError("the file is not among the gateway's own; media on other hosts (S3) is not fetched")
    return quote(path, safe="/@")
