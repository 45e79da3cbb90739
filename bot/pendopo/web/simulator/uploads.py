"""Photos that come in over the page: their size and what they really are, whatever their name says."""

import os
from typing import BinaryIO, NamedTuple

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_PHOTOS = 10
WRONG_KIND = "Berkas “{name}” bukan foto. Kirim foto JPEG, PNG, WebP, atau GIF."
TOO_BIG = "Foto “{name}” lebih dari 10 MB. Kirim foto yang lebih kecil."
TOO_MANY = "Paling banyak 10 foto dalam satu kiriman."


class UploadedPhoto(NamedTuple):
    """A photo that was looked at and found good."""

    file: BinaryIO
    name: str
    mime: str
    size: int


class UploadError(Exception):
    """This file is not taken; the message says why."""


def sniff_picture(head: bytes) -> str:
    """The type of a picture by its first bytes, or nothing."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def check_photo(file: BinaryIO, name: str) -> UploadedPhoto:
    """Look at one uploaded file. Raises `UploadError`."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > MAX_PHOTO_BYTES:
        raise UploadError(TOO_BIG.format(name=name))
    mime = sniff_picture(file.read(16))
    file.seek(0)
    if not mime:
        raise UploadError(WRONG_KIND.format(name=name))
    return UploadedPhoto(file, name, mime, size)
