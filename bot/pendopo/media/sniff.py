"""Detects the type of a file by its first bytes; its name and the messenger's claim count for nothing."""

HEAD_BYTES = 4096
"""Bytes that are enough to detect a type."""
UNKNOWN = "application/octet-stream"
PROGRAM = "application/x-executable"
PAGE = "text/html"
ARCHIVE = "application/zip"
HEIC = "image/heic"

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", ARCHIVE),
    (b"PK\x05\x06", ARCHIVE),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"#!/", PROGRAM),
)
_BRANDS = {
    "image/avif": (b"avif", b"avis"),
    HEIC: (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"),
    "audio/mp4": (b"M4A ", b"M4B "),
    "video/quicktime": (b"qt  ",),
}
"""Brands of the `ftyp` box (ISO base media files), by type; any other is taken for MP4."""
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_PAGES = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?php", b"<iframe")


def sniff_type(head: bytes) -> str:
    """Returns the type of a file that begins with these bytes."""
    if head[4:8] == b"ftyp":
        return next((mime for mime, brands in _BRANDS.items() if head[8:12] in brands), "video/mp4")
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    for beginning, mime in _BEGINNINGS:
        if head.startswith(beginning):
            return mime
    start = head[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if start.startswith(_PAGES) or (start.startswith(b"<?xml") and b"<svg" in start):
        return PAGE
    return "text/plain" if _is_text(head[:HEAD_BYTES]) else UNKNOWN


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 > 0  # cut in the middle of a letter
    return all(byte >= 0x20 or byte in b"\t\n\r\x0c\x1b" for byte in head)


def is_polyglot(mime: str, head: bytes, tail: bytes) -> bool:
    """Tells whether a file is also something else: a picture with an archive behind it, or a page or program inside.

    Phones append films and notes of their own to pictures; those are allowed.
    """
    if mime.startswith("image/"):
        loud = head.lower()
        return b"%pdf-" in loud[:1100] or any(page in loud for page in _PAGES) or _ends_in_archive(tail) or _ends_in_page(tail)
    if mime in ("application/pdf", "video/mp4", "video/quicktime") or mime.startswith("audio/"):
        return _ends_in_archive(tail)
    return False


def _ends_in_archive(tail: bytes) -> bool:
    """Tells whether a file ends in a ZIP's end record whose comment length fits: chance does not produce that."""
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        return False
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return abs(len(tail) - at - 22 - comment) <= 16


def _ends_in_page(tail: bytes) -> bool:
    loud = tail.lower()
    return any(page in loud for page in _PAGES[:3]) or b"<?php" in loud
