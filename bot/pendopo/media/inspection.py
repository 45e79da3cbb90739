"""Inspects a file: its type, whether it is sound, and for a picture its metadata and copies without them."""

import os
import sys
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pendopo.media import exif
from pendopo.media.sniff import HEAD_BYTES, HEIC, PAGE, PROGRAM, UNKNOWN, is_polyglot, sniff_type

if TYPE_CHECKING:
    from PIL import Image

TAIL_BYTES = 66_000
"""Bytes read from the end: a ZIP's end record is at most 65,557 bytes long."""
MOST_PIXELS = {"image/jpeg": 65_000_000}
"""Larger pictures are not decoded: some kilobytes can hold gigabytes of pixels. JPEGs decode at a smaller scale."""
USUAL_PIXELS = 25_000_000
"""The limit of all other types, and of progressive JPEGs, which are decoded at full size."""
WIDEST_PIXELS = 20_000
SHARED, THUMB = 1600, 320
"""Pixels of the longer side."""
QUALITY = 80
PICTURE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff", "image/heic", "image/avif"}
)


class UnsupportedFileError(Exception):
    """A file that is not accepted; `key` says why: empty, broken, too_large, two_faced, forbidden, no_picture."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Picture(Struct, frozen=True):
    """A picture: its size, when and where it was taken, and copies of it without metadata.

    `shared` is at most `SHARED` pixels wide or high, `thumb` at most `THUMB`, both JPEG. The `fingerprint` is close for similar
    pictures (`count_differing_bits`).
    """

    width: int
    height: int
    shared: bytes
    thumb: bytes
    fingerprint: int
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    facts: Mapping[str, str] | None = None


class Inspection(Struct, frozen=True):
    """The type of a file by its bytes, and its picture if it is one."""

    mime: str
    size: int
    picture: Picture | None = None


def inspect_file(path: Path, photo: bool = False) -> Inspection:
    """Inspects a file on disk; slow, for a thread. `photo`: it was sent as one. Raises `UnsupportedFileError`."""
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
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    try:
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS.get(mime, USUAL_PIXELS) or max(image.size) > WIDEST_PIXELS:
                raise UnsupportedFileError("too_large")
            if mime == "image/jpeg" and image.info.get("progressive") and image.width * image.height > USUAL_PIXELS:
                raise UnsupportedFileError("too_large")  # a progressive JPEG is decoded whole, whatever the scale
            return _read_picture(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnsupportedFileError("too_large") from error
    except (UnsupportedFileError, MemoryError):
        raise
    except Exception as error:  # Pillow and its libraries fail on a bad picture in a dozen ways
        raise UnsupportedFileError("broken") from error


def _read_picture(image: "Image.Image") -> Picture:
    from PIL import Image, ImageOps

    width, height = image.size
    metadata = exif.read_exif(image)
    image.draft("RGB", (SHARED, SHARED))
    image.load()
    solid = image.convert("RGBA") if image.mode in ("P", "PA", "LA") else image
    solid.thumbnail((SHARED, SHARED), Image.Resampling.BICUBIC, reducing_gap=2.0)  # in place: large copies are costly
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
        taken_at=metadata.taken_at,
        place=metadata.place,
        facts=metadata.facts,
    )


def _flatten_image(image: "Image.Image") -> "Image.Image":
    """Returns only the pixels, on white where they are transparent."""
    from PIL import Image

    bare = Image.new("RGB", image.size, "white")
    if image.mode == "RGBA":
        bare.paste(image, mask=image.getchannel("A"))
    else:
        bare.paste(image.convert("RGB"))
    return bare


def encode_jpeg(image: "Image.Image", quality: int) -> bytes:
    """Encodes the pixels as a JPEG without metadata."""
    data = BytesIO()
    image.save(data, "JPEG", quality=quality, optimize=True, exif=b"", icc_profile=None, comment=b"")
    return data.getvalue()


def compute_fingerprint(image: "Image.Image") -> int:
    """Returns 64 bits that say where a picture grows brighter from left to right; close for similar pictures."""
    from PIL import Image

    small: Any = image.convert("L").resize((9, 8), Image.Resampling.BILINEAR)
    rows = [small.tobytes()[row * 9 : row * 9 + 9] for row in range(8)]
    bits = 0
    for row in rows:
        for left, right in pairwise(row):
            bits = bits << 1 | (left < right)
    return bits


def count_differing_bits(one: int, other: int) -> int:
    """Counts the bits in which two fingerprints differ: below ten, people take the pictures for the same."""
    return (one ^ other).bit_count()


def lower_priority() -> None:
    """Lowers the priority of the current thread, so that picture work does not delay replies."""
    if sys.platform == "linux":  # elsewhere it would affect the whole process
        os.setpriority(os.PRIO_PROCESS, 0, 10)
