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

from pendopo.media import exif
from pendopo.media.sniff import HEAD_BYTES, HEIC, PAGE, PROGRAM, UNKNOWN, is_polyglot, sniff_type

if TYPE_CHECKING:
    from PIL import Image

TAIL_BYTES = 66_000
"""A ZIP has its end mark within so many bytes of the end."""
MOST_PIXELS = {"image/jpeg": 65_000_000}
"""More is not unpacked: a file of some kilobytes can hold pictures of gigabytes. JPEGs can be read at a smaller scale."""
USUAL_PIXELS = 25_000_000
WIDEST_PIXELS = 20_000
SHARED, THUMB = 1600, 320
QUALITY = 80
PICTURE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff", "image/heic", "image/avif"}
)


class UnsupportedFileError(Exception):
    """A file that is not kept; `key` says why: empty, broken, too_large, two_faced, forbidden, no_picture."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Picture:
    """What is in a picture: its size, when and where it was taken, and copies of it without any of that.

    `shared` is at most `SHARED` pixels wide or high, `thumb` at most `THUMB`, both JPEG. `fingerprint` is alike for pictures
    that look alike (`count_differing_bits`).
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
class Inspection:
    """What a file is: its type by its bytes, and its picture if it is one."""

    mime: str
    size: int
    picture: Picture | None = None


def inspect_file(path: Path, photo: bool = False) -> Inspection:
    """Look at a file on the disk; slow, for a thread. `photo`: it was sent as one. Raises `UnsupportedFileError`."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read(TAIL_BYTES)
    mime = sniff_type(head)
    if not size:
        raise UnsupportedFileError("empty")
    if mime in (PROGRAM, PAGE):
        raise UnsupportedFileError("no_picture" if photo else "forbidden")
    if is_polyglot(mime, head, tail):
        raise UnsupportedFileError("two_faced")
    if mime in PICTURE_TYPES:
        return Inspection(mime, size, _inspect_picture(path, mime))
    if photo:
        raise UnsupportedFileError("broken" if mime == UNKNOWN else "no_picture")
    return Inspection(mime, size)


def _inspect_picture(path: Path, mime: str) -> Picture:
    from PIL import Image

    if mime == HEIC:
        _register_heic()
    try:
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS.get(mime, USUAL_PIXELS) or max(image.size) > WIDEST_PIXELS:
                raise UnsupportedFileError("too_large")
            if mime == "image/jpeg" and image.info.get("progressive") and image.width * image.height > USUAL_PIXELS:
                raise UnsupportedFileError("too_large")  # one that is stored in layers is unpacked whole, whatever the scale
            return _read_picture(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnsupportedFileError("too_large") from error
    except (UnsupportedFileError, MemoryError):
        raise
    except Exception as error:  # Pillow and the libraries under it say in a dozen ways that they cannot read a picture
        raise UnsupportedFileError("broken") from error


def _register_heic() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)


def _read_picture(image: "Image.Image") -> Picture:
    from PIL import Image, ImageOps

    width, height = image.size
    found = exif.read_exif(image)
    image.draft("RGB", (SHARED, SHARED))
    image.load()
    solid = image.convert("RGBA") if image.mode in ("P", "PA", "LA") else image
    solid.thumbnail((SHARED, SHARED), Image.Resampling.BICUBIC, reducing_gap=2.0)  # in place: large ones are dear
    upright = ImageOps.exif_transpose(solid)
    turned = (upright.width > upright.height) != (solid.width > solid.height)
    shared = _flatten_image(upright)
    small = shared.copy()
    small.thumbnail((THUMB, THUMB))
    return Picture(
        width=height if turned else width,
        height=width if turned else height,
        shared=encode_jpeg(shared, QUALITY),
        thumb=encode_jpeg(small, QUALITY - 10),
        fingerprint=compute_fingerprint(small),
        taken_at=found.taken_at,
        place=found.place,
        facts=found.facts,
    )


def _flatten_image(image: "Image.Image") -> "Image.Image":
    """Only the pixels, on white where they can be seen through."""
    from PIL import Image

    bare = Image.new("RGB", image.size, "white")
    if image.mode == "RGBA":
        bare.paste(image, mask=image.getchannel("A"))
    else:
        bare.paste(image.convert("RGB"))
    return bare


def encode_jpeg(image: "Image.Image", quality: int) -> bytes:
    """The pixels as a JPEG, and nothing beside them."""
    data = BytesIO()
    image.save(data, "JPEG", quality=quality, optimize=True, exif=b"", icc_profile=None, comment=b"")
    return data.getvalue()


def compute_fingerprint(image: "Image.Image") -> int:
    """Sixty-four bits that say where a picture grows brighter from left to right; near in pictures that look alike."""
    from PIL import Image

    small: Any = image.convert("L").resize((9, 8), Image.Resampling.BILINEAR)
    rows = [small.tobytes()[row * 9 : row * 9 + 9] for row in range(8)]
    bits = 0
    for row in rows:
        for left, right in pairwise(row):
            bits = bits << 1 | (left < right)
    return bits


def count_differing_bits(one: int, other: int) -> int:
    """How many bits of two fingerprints differ: below ten, people take the pictures for the same."""
    return (one ^ other).bit_count()


def lower_priority() -> None:
    """Let a thread that works on pictures give way to what people wait for."""
    if sys.platform == "linux":  # elsewhere it would be the whole process
        os.setpriority(os.PRIO_PROCESS, 0, 10)


__all__ = [
    "MOST_PIXELS",
    "Inspection",
    "Picture",
    "UnsupportedFileError",
    "compute_fingerprint",
    "count_differing_bits",
    "encode_jpeg",
    "inspect_file",
    "lower_priority",
]
