"""A photo made of nothing: one grey pixel, as a real PNG file."""

import struct
import zlib

from playwright.async_api import FilePayload


def picture(name: str) -> FilePayload:
    """What a file chooser would hand over."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b"")]
    return {"name": name, "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))}


def _chunk(named: tuple[bytes, bytes]) -> bytes:
    kind, data = named
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
