"""Parses the simulator's forms: fields, and photos, whose type is taken from their bytes and not their name."""

import logging
import os
from collections.abc import Awaitable, Callable
from typing import BinaryIO, NamedTuple, ParamSpec, TypeVar

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from pendopo.errors import NotKeptError
from pendopo.media import sniff_type
from pendopo.web.http.bodies import get_field
from pendopo.web.http.security import PICTURES

MAX_PHOTO_BYTES = 10 * 1024 * 1024
"""Telegram's limit for a photo from a bot."""
MAX_PHOTOS = 10
"""Telegram's limit for one album."""
WRONG_KIND = "Berkas “{name}” bukan foto. Kirim foto JPEG, PNG, WebP, atau GIF."
TOO_BIG = "Foto “{name}” lebih dari 10 MB. Kirim foto yang lebih kecil."
NOT_KEPT = "Belum diterima: pesan ini tidak dapat disimpan. Tulisan Anda masih ada; coba kirim lagi."
TOO_MANY = "Paling banyak 10 foto dalam satu kiriman."
P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


class UploadedPhoto(NamedTuple):
    """A photo that passed the checks; `size` in bytes."""

    file: BinaryIO
    name: str
    mime: str
    size: int


class UploadError(Exception):
    """A file is refused; the message is the reason, for people."""


def get_phone(form: FormData) -> tuple[str, str]:
    """Return the person and the chat of a form's phone."""
    return get_field(form, "person"), get_field(form, "chat")


def read_photos(form: FormData) -> list[UploadedPhoto]:
    """Return the photos of a form, each checked. Raises `UploadError`."""
    files = [value for value in form.getlist("photos") if isinstance(value, UploadFile) and value.filename]
    if len(files) > MAX_PHOTOS:
        raise UploadError(TOO_MANY)
    return [check_photo(file.file, file.filename or "") for file in files]


def parse_place(value: str) -> tuple[float, float, str] | None:
    """Parse `latitude,longitude,name`; None for "". Raises `HTTPException` 400."""
    if not value:
        return None
    latitude, _, rest = value.partition(",")
    longitude, _, name = rest.partition(",")
    try:
        return float(latitude), float(longitude), name
    except ValueError as error:
        raise HTTPException(400) from error


def parse_slot(value: str) -> int:
    """Parse the number of a phone. It becomes part of HTML ids, so anything but one digit raises `HTTPException` 400."""
    if not (value.isdecimal() and len(value) == 1):
        raise HTTPException(400)
    return int(value)


def find_or_404(look: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return the result of `look`, turning its `LookupError` into a 404."""
    try:
        return look(*args, **kwargs)
    except LookupError as error:
        raise HTTPException(404) from error


async def hand_over(doing: Awaitable[None]) -> None:
    """Wait until the bot has stored a delivery. On failure the phone shows it as waiting, and it is retried.

    Raises `NotKeptError` when the phone could not write it down, as on a full disk.
    """
    try:
        await doing
    except LookupError as error:
        raise HTTPException(404) from error
    except NotKeptError:
        raise
    except Exception:
        log.exception("the bot did not take a delivery", extra={"event": "simulator_delivery_failed"})


def check_photo(file: BinaryIO, name: str) -> UploadedPhoto:
    """Check the size and type of one uploaded file. Raises `UploadError`."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > MAX_PHOTO_BYTES:
        raise UploadError(TOO_BIG.format(name=name))
    mime = sniff_type(file.read(16))
    file.seek(0)
    if mime not in PICTURES:
        raise UploadError(WRONG_KIND.format(name=name))
    return UploadedPhoto(file, name, mime, size)
