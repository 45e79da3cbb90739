"""A close look at one file: what it is, whether it is sound, and of a picture what is in it and a copy without secrets."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import exif
from .sniff import HEAD, HEIC, PAGE, PROGRAM, UNKNOWN, sniff, two_faced

if TYPE_CHECKING:
    from PIL import Image

TAIL = 66_000
"""A ZIP has its end mark within so many bytes of the end."""
MOST_PIXELS = {"image/jpeg": 65_000_000}
"""More is not unpacked: a file of some kilobytes can hold pictures of gigabytes. JPEGs can be read at a smaller scale."""
USUAL_PIXELS = 25_000_000
WIDEST = 20_000
SHARED, THUMB = 1600, 320
QUALITY = 80
PICTURES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff", "image/heic", "image/avif"}
)


class Unfit(Exception):
    """A file that is not kept; `key` says why: empty, broken, too_large, two_faced, forbidden, no_picture."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Picture:
    """What is in a picture: its size, when and where it was taken, and copies of it without any of that.

    `shared` is at most `SHARED` pixels wide or high, `thumb` at most `THUMB`, both JPEG. `fingerprint` is alike for pictures
    that look alike (`distance`).
    """

    width: int
    height: int
    shared: bytes
    thumb: bytes
    fingerprint: int
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    facts: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Look:
    """What a file is: its type by its bytes, and its picture if it is one."""

    mime: str
    size: int
    picture: Picture | None = None


def look(path: Path, photo: bool = False) -> Look:
    """Look at a file on the disk; slow, for a thread. `photo`: it was sent as one. Raises `Unfit`."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, size - TAIL))
        tail = file.read(TAIL)
    mime = sniff(head)
    if not size:
        raise Unfit("empty")
    if mime in (PROGRAM, PAGE):
        raise Unfit("no_picture" if photo else "forbidden")
    if two_faced(mime, head, tail):
        raise Unfit("two_faced")
    if mime in PICTURES:
        return Look(mime, size, _picture(path, mime))
    if photo:
        raise Unfit("broken" if mime == UNKNOWN else "no_picture")
    return Look(mime, size)


def _picture(path: Path, mime: str) -> Picture:
    from PIL import Image

    if mime == HEIC:
        _read_heic()
    try:
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS.get(mime, USUAL_PIXELS) or max(image.size) > WIDEST:
                raise Unfit("too_large")
            if mime == "image/jpeg" and image.info.get("progressive") and image.width * image.height > USUAL_PIXELS:
                raise Unfit("too_large")  # one that is stored in layers is unpacked whole, whatever the scale
            return _read(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("too_large") from error
    except (Unfit, MemoryError):
        raise
    except Exception as error:  # Pillow and the libraries under it say in a dozen ways that they cannot read a picture
        raise Unfit("broken") from error


def _read_heic() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)


def _read(image: "Image.Image") -> Picture:
    from PIL import Image, ImageOps

    width, height = image.size
    found = exif.read(image)
    image.draft("RGB", (SHARED, SHARED))
    image.load()
    solid = image.convert("RGBA") if image.mode in ("P", "PA", "LA") else image
    solid.thumbnail((SHARED, SHARED), Image.Resampling.BICUBIC, reducing_gap=2.0)  # in place: large ones are dear
    upright = ImageOps.exif_transpose(solid)
    turned = (upright.width > upright.height) != (solid.width > solid.height)
    shared = _plain(upright)
    small = shared.copy()
    small.thumbnail((THUMB, THUMB))
    return Picture(
        width=height if turned else width,
        height=width if turned else height,
        shared=as_jpeg(shared, QUALITY),
        thumb=as_jpeg(small, QUALITY - 10),
        fingerprint=fingerprint(small),
        taken_at=found.taken_at,
        place=found.place,
        facts=found.facts,
    )


def _plain(image: "Image.Image") -> "Image.Image":
    """Only the pixels, on white where they can be seen through."""
    from PIL import Image

    bare = Image.new("RGB", image.size, "white")
    if image.mode == "RGBA":
        bare.paste(image, mask=image.getchannel("A"))
    else:
        bare.paste(image.convert("RGB"))
    return bare


def as_jpeg(image: "Image.Image", quality: int) -> bytes:
    """The pixels as a JPEG, and nothing beside them."""
    data = BytesIO()
    image.save(data, "JPEG", quality=quality, optimize=True, exif=b"", icc_profile=None, comment=b"")
    return data.getvalue()


def fingerprint(image: "Image.Image") -> int:
    """Sixty-four bits that say where a picture grows brighter from left to right; near in pictures that look alike."""
    from PIL import Image

    small: Any = image.convert("L").resize((9, 8), Image.Resampling.BILINEAR)
    rows = [small.tobytes()[row * 9 : row * 9 + 9] for row in range(8)]
    bits = 0
    for row in rows:
        for left, right in pairwise(row):
            bits = bits << 1 | (left < right)
    return bits


def distance(one: int, other: int) -> int:
    """How many bits of two fingerprints differ: below ten, people take the pictures for the same."""
    return (one ^ other).bit_count()


def quietly() -> None:
    """Let a thread that works on pictures give way to what people wait for."""
    if sys.platform == "linux":  # elsewhere it would be the whole process
        os.setpriority(os.PRIO_PROCESS, 0, 10)


__all__ = ["MOST_PIXELS", "Look", "Picture", "Unfit", "as_jpeg", "distance", "fingerprint", "look", "quietly"]
