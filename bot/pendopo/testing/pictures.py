"""Picture files for tests, as phones make them."""

import zlib
from io import BytesIO
from random import Random
from typing import Any


def make_jpeg(seed: int = 1, size: tuple[int, int] = (320, 240), exif: bytes = b"", quality: int = 80) -> bytes:
    """Make a photo; each seed gives one that looks different. `exif` is the result of `make_exif`."""
    from PIL import Image

    dice = Random(seed)  # noqa: S311  pictures need no secrecy
    coarse = Image.frombytes("RGB", (12, 9), dice.randbytes(12 * 9 * 3))
    data = BytesIO()
    coarse.resize(size, Image.Resampling.BICUBIC).save(data, "JPEG", quality=quality, exif=exif)
    return data.getvalue()


def make_exif(place: tuple[float, float] | None = None, taken: str = "", offset: str = "", orientation: int = 1) -> bytes:
    """Make a camera's EXIF: `place` (latitude, longitude), `taken` (`2026:08:12 09:30:00`), its UTC offset, orientation."""
    from PIL import Image
    from PIL.TiffImagePlugin import IFDRational

    def degrees(value: float) -> Any:
        value = abs(value)
        minutes = (value - int(value)) * 60
        seconds = round((minutes - int(minutes)) * 60 * 10_000)
        return (IFDRational(int(value), 1), IFDRational(int(minutes), 1), IFDRational(seconds, 10_000))

    notes = Image.Exif()
    notes[0x010F], notes[0x0110], notes[0x0112] = "Kamera", "K-1", orientation
    if taken:
        notes.get_ifd(0x8769)[0x9003] = taken
    if offset:
        notes.get_ifd(0x8769)[0x9011] = offset
    if place is not None:
        latitude, longitude = place
        north, east = ("N" if latitude >= 0 else "S"), ("E" if longitude >= 0 else "W")
        notes.get_ifd(0x8825).update({1: north, 2: degrees(latitude), 3: east, 4: degrees(longitude)})
    return notes.tobytes()


def make_bomb(side: int) -> bytes:
    """Make a small PNG whose header promises `side` times `side` pixels, a decompression bomb."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    pixels = zlib.compress(b"\x00" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
