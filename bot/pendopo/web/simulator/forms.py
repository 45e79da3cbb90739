"""Reading what the simulator's page posts: its fields, and photos by what they really are, whatever their name says."""

import logging
import os
from collections.abc import Awaitable, Callable
from typing import BinaryIO, NamedTuple, ParamSpec, TypeVar

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from pendopo.media import sniff_type
from pendopo.web.http.bodies import get_field
from pendopo.web.http.security import PICTURES

MAX_PHOTO_BYTES = 10 * 1024 * 1024
"""As Telegram takes a photo from a bot at most."""
MAX_PHOTOS = 10
"""As many as Telegram puts into one album."""
WRONG_KIND = "Berkas “{name}” bukan foto. Kirim foto JPEG, PNG, WebP, atau GIF."
TOO_BIG = "Foto “{name}” lebih dari 10 MB. Kirim foto yang lebih kecil."
TOO_MANY = "Paling banyak 10 foto dalam satu kiriman."
P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


class UploadedPhoto(NamedTuple):
    """A photo that was looked at and found good."""

    file: BinaryIO
    name: str
    mime: str
    size: int


class UploadError(Exception):
    """This file is not taken; the message says why."""


def get_phone(form: FormData) -> tuple[str, str]:
    """Whose phone, and which chat on it."""
    return get_field(form, "person"), get_field(form, "chat")


def read_photos(form: FormData) -> list[UploadedPhoto]:
    """The photos of a form, each looked at. Raises `UploadError`."""
    files = [value for value in form.getlist("photos") if isinstance(value, UploadFile) and value.filename]
    if len(files) > MAX_PHOTOS:
        raise UploadError(TOO_MANY)
    return [check_photo(file.file, file.filename or "") for file in files]


def parse_place(value: str) -> tuple[float, float, str] | None:
    """A place as `latitude,longitude,name`. Raises `HTTPException` 400 on anything else but nothing."""
    if not value:
        return None
    latitude, _, rest = value.partition(",")
    longitude, _, name = rest.partition(",")
    try:
        return float(latitude), float(longitude), name
    except ValueError as error:
        raise HTTPException(400) from error


def parse_slot(value: str) -> int:
    """The number of a phone on the page; it ends up in ids, so nothing but a small number passes."""
    if not (value.isdecimal() and len(value) == 1):
        raise HTTPException(400)
    return int(value)


def find_or_404(look: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `look` gives; a `LookupError` of it is a 404."""
    try:
        return look(*args, **kwargs)
    except LookupError as error:
        raise HTTPException(404) from error


async def hand_over(doing: Awaitable[None]) -> None:
    """Wait until the bot has taken something. When it has not, the phone shows it waiting and it is tried again."""
    try:
        await doing
    except LookupError as error:
        raise HTTPException(404) from error
    except Exception:
        log.exception("the bot did not take a delivery", extra={"event": "simulator_delivery_failed"})


def check_photo(file: BinaryIO, name: str) -> UploadedPhoto:
    """Look at one uploaded file. Raises `UploadError`."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > MAX_PHOTO_BYTES:
        raise UploadError(TOO_BIG.format(name=name))
    mime = sniff_type(file.read(16))
    file.seek(0)
    if mime not in PICTURES:
        raise UploadError(WRONG_KIND.format(name=name))
    return UploadedPhoto(file, name, mime, size)
