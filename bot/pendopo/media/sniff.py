"""Detects the type of a file by its structure: lengths and header fields that fit, never the letters a text may begin with.

The messenger's claim counts for nothing, and a name only against a file: programs of plain words have no other mark.
"""

import re
import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Callable

HEAD_BYTES = 4096
"""Bytes that are enough to detect a type."""
UNKNOWN = "application/octet-stream"
PROGRAM = "application/x-executable"
PAGE = "text/html"
ARCHIVE = "application/zip"
HEIC = "image/heic"
TEXT = "text/plain"

PROGRAM_ENDINGS = re.compile(
    r"apk|app(image|lication|ref-ms)?|bash|bat|chm|class|cmd|com(mand)?|cpl|csh|deb|desktop|dll|dmg|exe|gadget|hlp|hta|html?"
    r"|img|inf|iso|jar|jnlp|jse?|library-ms|lnk|mhtml?|mjs|ms[cipt]|msix|phar|php|pif|pl|ps1(xml)?|ps[dm]1|pyw?|rb|reg|rpm"
    r"|sc[fr]|search-ms|settingcontent-ms|s?html?|sh|svgz?|sys|url|vb[es]?|vhdx?|website|ws[cfh]|xbap|xht(ml)?|xll|xsl|zsh"
)
"""Endings of names that a phone or a PC runs, or opens in a browser with the rights of a local page."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", ARCHIVE),
    (b"PK\x05\x06", ARCHIVE),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"OggS\x00", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", PROGRAM),  # a shortcut of Windows
)
"""What no text begins with: each holds bytes that are no letters."""
_BRANDS = {
    "image/avif": (b"avif", b"avis"),
    HEIC: (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"),
    "audio/mp4": (b"M4A ", b"M4B "),
    "video/quicktime": (b"qt  ",),
}
"""Brands of the `ftyp` box (ISO base media files), by type; any other is taken for MP4."""
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BITMAP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)
LARGEST_RIFF = 0x20000000
"""Bytes. Four letters of a text read as a length are more; a recording that was cut off may say 0 or nothing sensible."""
_PAGE_START = re.compile(
    r"(?>(?><!--.*?-->)|<\?xml[^>]*>|(?><!doctype\s+svg[^>\[]*(?:\[.*?\])?\s*>)|[\s\ufeff])*+"
    r"<(?:!doctype\s+html|html|head|body|script|svg|\?php|iframe|hta:|(?:\w+:)?svg\b)",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_INSIDE = re.compile(
    r"<(?:!doctype\s+html|html|head|body|svg|iframe|script)\b[^<>]*>\s*<[!/\w]|<script\b[^<>]*>[^<]*</script",
    re.IGNORECASE,
)
"""A tag that another one follows, or a whole script: more than the word for it."""
NEAR = 512
"""Letters of a text within which a page that follows some words shows itself; what quotes one further down is no page."""
_PAGES = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?php", b"<iframe")
_SHELL = re.compile(rb"#![ \t]*/\w|@echo[ \t]+off\b", re.IGNORECASE)
_PDF = re.compile(rb"%PDF-\d\.\d\s*(?:[\r\n%]|$)")
_ENDS = {"image/png": b"IEND\xaeB`\x82", "image/jpeg": b"\xff\xd9", "image/gif": b"\x00;"}
"""What a picture ends with, by type; what stands behind it is no part of it."""


def sniff_type(head: bytes) -> str:
    """Returns the type of a file that begins with these bytes."""
    for beginning, mime in _BEGINNINGS:
        if head.startswith(beginning):
            return mime
    for check in _CHECKS:
        if mime := check(head):
            return mime
    return _sniff_text(head[:HEAD_BYTES])


def is_program_name(name: str) -> bool:
    """Tells whether a device runs a file of this name, or opens it as a page; dots, blanks and what is unseen fool nobody."""
    seen = "".join(each for each in unicodedata.normalize("NFKC", name) if unicodedata.category(each) not in ("Cf", "Cc"))
    return any(_ends_as_program(each) for each in (seen, seen.partition(":")[0]))


def _ends_as_program(name: str) -> bool:
    return PROGRAM_ENDINGS.fullmatch(name.rstrip(" .").rpartition(".")[2].strip().lower()) is not None and "." in name


def _check_media_box(head: bytes) -> str:
    if head[4:8] != b"ftyp" or not 12 <= int.from_bytes(head[:4], "big") <= HEAD_BYTES:
        return ""
    return next((mime for mime, brands in _BRANDS.items() if head[8:12] in brands), "video/mp4")


def _check_riff(head: bytes) -> str:
    length = int.from_bytes(head[4:8], "little")
    return _RIFF.get(head[8:12], "") if head[:4] == b"RIFF" and (length < LARGEST_RIFF or length == 0xFFFFFFFF) else ""


def _check_gif(head: bytes) -> str:
    """Its screen has a background and an aspect ratio, at least one of them no letter."""
    return "image/gif" if head[:6] in (b"GIF87a", b"GIF89a") and len(head) > 12 and min(head[6:13]) < 9 else ""


def _check_bitmap(head: bytes) -> str:
    header = int.from_bytes(head[14:18], "little")
    return "image/bmp" if head[:2] == b"BM" and header in _BITMAP_HEADERS and head[6:10] == bytes(4) else ""


def _check_sound(head: bytes) -> str:
    if head[:3] == b"ID3" and len(head) > 9 and 2 <= head[3] <= 4 and max(head[6:10]) < 0x80:
        return "audio/mpeg"
    if head[:2] in (b"\xff\xfb", b"\xff\xf3") and head[2:3] and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3:
        return "audio/mpeg"
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")) and not _is_text(head[:HEAD_BYTES]):
        return "audio/amr"
    return "audio/flac" if head[:4] == b"fLaC" and head[4:8] in (b"\x00\x00\x00\x22", b"\x80\x00\x00\x22") else ""


def _check_packed(head: bytes) -> str:
    return "application/gzip" if head[:3] == b"\x1f\x8b\x08" and head[3:4] and not head[3] & 0xE0 else ""


def _check_program(head: bytes) -> str:
    """A header of Windows has zeros where a text has letters."""
    return PROGRAM if (head[:2] == b"MZ" and b"\x00" in head[:64]) or _SHELL.match(head.lstrip(b"\xef\xbb\xbf")) else ""


def _check_paper(head: bytes) -> str:
    return "application/pdf" if _PDF.match(head) else ""


_CHECKS: tuple[Callable[[bytes], str], ...] = (
    _check_media_box,
    _check_riff,
    _check_gif,
    _check_bitmap,
    _check_sound,
    _check_packed,
    _check_program,
    _check_paper,
)


def _sniff_text(head: bytes) -> str:
    words = _decode_text(head)
    if _PAGE_START.match(words) or _PAGE_INSIDE.search(words, 0, NEAR):
        return PAGE
    marked = head[:2] in (b"\xff\xfe", b"\xfe\xff") and not {"\uffff", "\ufffd"}.intersection(words)
    return TEXT if _is_text(words.encode() if marked else head) else UNKNOWN


def _decode_text(head: bytes) -> str:
    """The words at the beginning of a file, in whichever of the encodings that browsers read."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) & ~1].decode("utf-16", "replace").lstrip("\ufeff")
    if head[1:2] == b"\x00" or head[:1] == b"\x00":
        return head.decode("utf-16-le" if head[1:2] == b"\x00" else "utf-16-be", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return False
    try:
        getincrementaldecoder("utf-8")().decode(head)  # which may be cut in the middle of a letter
    except UnicodeDecodeError:
        return False
    return all(byte >= 0x20 or byte in b"\t\n\r\x0c\x1b" for byte in head)


def is_polyglot(mime: str, head: bytes, tail: bytes) -> bool:
    """Tells whether a file is also something else: a picture with an archive behind it, or a page or paper inside.

    What is only named in a picture's metadata is not there, and phones append films and notes of their own to pictures.
    """
    if mime.startswith("image/"):
        return _holds_script(head) or _holds_script(tail) or _holds_paper(head, tail) or _is_followed(mime, tail)
    if mime in ("application/pdf", "video/mp4", "video/quicktime") or mime.startswith("audio/"):
        return _ends_in_archive(tail)
    return False


def _holds_script(data: bytes) -> bool:
    """A browser that takes the file for a page runs what stands between the two marks, wherever they are."""
    loud = data.lower()
    return 0 <= loud.find(b"<script") < loud.rfind(b"</script>")


def _holds_paper(head: bytes, tail: bytes) -> bool:
    """PDF readers take a file that begins within its first kilobyte, has objects, and says at its end where they are."""
    return re.search(rb"%PDF-\d\.\d", head[:1100]) is not None and re.search(rb"\d \d obj\b|startxref", head + tail) is not None


def _is_followed(mime: str, tail: bytes) -> bool:
    """Whether a page or an archive stands behind a picture; `tail` may hold some of the picture itself."""
    end = _ENDS.get(mime, b"")
    behind = tail[max(tail.find(end), 0) :].lower() if end else b""
    return _ends_in_archive(tail) or any(page in behind for page in _PAGES)


def _ends_in_archive(tail: bytes) -> bool:
    """Tells whether a file ends in a ZIP's end record whose comment length fits: chance does not produce that."""
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        return False
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return abs(len(tail) - at - 22 - comment) <= 16
