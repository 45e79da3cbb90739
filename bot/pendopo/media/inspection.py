"""Inspects a file: its type, whether it is sound, and for a picture its metadata and copies without them.

What would take much memory is unpacked by a process of its own (`media/reduction.py`), which has limits; what is too much
for that too is kept as it came.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from pendopo.media import exif
from pendopo.media.sniff import HEAD_BYTES, HEIC, PAGE, PROGRAM, UNKNOWN, is_polyglot, is_program_name, sniff_type

if TYPE_CHECKING:
    from PIL import Image

TAIL_BYTES = 66_000
"""Bytes read from the end: a ZIP's end record is at most 65,557 bytes long."""
PIXEL_BYTES = {"image/webp": 16, "image/heic": 12, "image/avif": 12, "image/bmp": 8}
"""The most bytes of memory a pixel takes while it is unpacked, with the buffers of its library; by type, else `USUAL_BYTES`."""
USUAL_BYTES = 10
GREY_BYTES = 2
"""Of a picture in black and white."""
PROGRESSIVE_BYTES = 14
"""Of a progressive JPEG, whose coefficients are all kept; others are unpacked at a smaller scale."""
MOST_HERE = 130_000_000
"""Bytes of memory for a picture that is unpacked in this process: a photo of twelve megapixels in any type but WebP."""
MOST_APART = 620_000_000
"""Bytes for one in a process of its own: 50 megapixels of HEIC, an A3 scan in colours with 600 dpi in black and white."""
APART_SECONDS = 40.0
BROKEN_CODE = 3
"""With which that process ends when there is no picture in the file."""
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


def inspect_file(path: Path, photo: bool = False, name: str = "") -> Inspection:
    """Inspects a file on disk; slow, for a thread. `photo`: it was sent as one. Raises `UnsupportedFileError`.

    A picture that cannot be shown, being too large or of an odd kind, is an error only where it was sent as a photo.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read(TAIL_BYTES)
    mime = sniff_type(head)
    if not size:
        raise UnsupportedFileError("empty")
    if mime in (PROGRAM, PAGE) or is_program_name(name):
        raise UnsupportedFileError("no_picture" if photo else "forbidden")
    if is_polyglot(mime, head, tail):
        raise UnsupportedFileError("two_faced")
    if mime in PICTURE_TYPES:
        try:
            return Inspection(mime, size, _inspect_picture(path, mime))
        except UnsupportedFileError as unfit:
            if photo or unfit.key not in ("too_large", "odd"):
                raise UnsupportedFileError("broken" if unfit.key == "odd" else unfit.key) from unfit
            return Inspection(mime, size)
    if photo:
        raise UnsupportedFileError("broken" if mime == UNKNOWN else "no_picture")
    return Inspection(mime, size)


def _inspect_picture(path: Path, mime: str) -> Picture:
    image = _open_picture(path, mime)
    size = image.size
    try:
        needed = _count_memory(image, mime)
        if needed > MOST_APART:
            raise UnsupportedFileError("too_large")
        if needed <= MOST_HERE:
            return _read_picture(image, size)
    except (UnsupportedFileError, MemoryError):
        raise
    except Exception as error:  # Pillow and its libraries fail on a bad picture in a dozen ways
        raise UnsupportedFileError("broken") from error
    finally:
        image.close()
    return _reduce_apart(path, mime)


def read_large_picture(path: Path, mime: str) -> Picture:
    """Reads a picture whatever memory it takes; for the process that has limits. Raises what Pillow raises."""
    with _open_picture(path, mime) as image:
        return _read_picture(image, image.size)


def _open_picture(path: Path, mime: str) -> "Image.Image":
    """Reads the header of a picture. Raises `UnsupportedFileError` where it says nothing that is known: odd."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # its limit knows pixels only; ours is memory
    if mime == HEIC:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    try:
        return Image.open(path)
    except MemoryError:
        raise
    except Exception as error:
        raise UnsupportedFileError("odd") from error


def _count_memory(image: "Image.Image", mime: str) -> int:
    """The most bytes that unpacking a picture takes."""
    width, height = image.size
    if mime == "image/jpeg":
        if image.info.get("progressive"):
            return width * height * PROGRESSIVE_BYTES
        image.draft("RGB", (SHARED, SHARED))
        width, height = image.size
    return width * height * (GREY_BYTES if image.mode in ("1", "L") else PIXEL_BYTES.get(mime, USUAL_BYTES))


def _reduce_apart(path: Path, mime: str) -> Picture:
    """Reads a picture in a process of its own. Raises `UnsupportedFileError`."""
    source = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", "from pendopo.media.reduction import main; main()", str(path), mime]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([source, *sys.path])}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=APART_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnsupportedFileError("too_large") from error
    if done.returncode:  # a signal, when a limit was reached
        raise UnsupportedFileError("broken" if done.returncode == BROKEN_CODE else "too_large")
    return msgspec.msgpack.decode(done.stdout, type=Picture)


def _read_picture(image: "Image.Image", size: tuple[int, int]) -> Picture:
    from PIL import Image, ImageOps

    width, height = size
    metadata = exif.read_exif(image)
    image.draft("RGB", (SHARED, SHARED))
    image.load()
    solid = _make_solid(image)
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


def _make_solid(image: "Image.Image") -> "Image.Image":
    """The picture in a mode that can be made smaller: no palette, no single bits, and eight bits where there are more."""
    if image.mode in ("P", "PA", "LA"):
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    if not image.mode.startswith(("I", "F")):
        return image
    grey = image.convert("F")
    extremes: Any = grey.getextrema()
    scale = 255.0 / max(extremes[1], 255.0)
    return grey.point(lambda value: value * scale).convert("L")


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
