"""Reading what the simulator's page posts."""

import logging
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from pendopo.web.simulator import uploads

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


def get_field(form: FormData, name: str) -> str:
    """One text field, empty when it is not there."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def get_phone(form: FormData) -> tuple[str, str]:
    """Whose phone, and which chat on it."""
    return get_field(form, "person"), get_field(form, "chat")


def read_photos(form: FormData) -> list[uploads.UploadedPhoto]:
    """The photos of a form, each looked at. Raises `BadUpload`."""
    files = [value for value in form.getlist("photos") if isinstance(value, UploadFile) and value.filename]
    if len(files) > uploads.MAX_PHOTOS:
        raise uploads.UploadError(uploads.TOO_MANY)
    return [uploads.check_photo(file.file, file.filename or "") for file in files]


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
