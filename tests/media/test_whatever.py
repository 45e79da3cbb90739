"""Files of whatever is in them: named by their bytes, and a picture is read or refused, never half taken."""

import random
import warnings
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.media import UnsupportedFileError, inspect_file
from pendopo.media.sniff import HEAD_BYTES, UNKNOWN, is_polyglot, sniff_type
from PIL import Image

from tests.oddities import dice, scratched

FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "HEIF", "AVIF")
BEGINNINGS = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"RIFF\0\0\0\0WEBP",
    b"\0\0\0\x18ftypheic",
    b"<html", b"<?xml <svg", b"MZ", b"#!/", b"\xef\xbb\xbf", b"\x1f\x8b", b" \n<!doctype html",
)  # fmt: skip


@cache
def picture(kind: str) -> bytes:
    """A small picture with notes of a camera in it."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    notes = Image.Exif()
    notes[0x010F], notes[0x0132] = "Kamera", "2026:08:12 10:00:00"
    notes.get_ifd(0x8825).update({1: "S", 2: (6.0, 54.0, 0.0), 3: "E", 4: (107.0, 36.0, 0.0)})
    data = BytesIO()
    Image.effect_noise((40, 30), 60).convert("RGB").save(
        data, kind, **({"exif": notes.tobytes()} if kind not in ("GIF", "BMP", "TIFF") else {})
    )
    return data.getvalue()


@given(
    head=st.binary(max_size=200) | st.builds(bytes.__add__, st.sampled_from(BEGINNINGS), st.binary(max_size=60)),
    tail=st.binary(max_size=60),
)
def test_any_bytes_have_a_type_and_are_of_two_minds_or_not(head: bytes, tail: bytes) -> None:
    mime = sniff_type(head)
    assert "/" in mime
    assert sniff_type(head + b"\xff" * HEAD_BYTES) != "text/plain"
    assert isinstance(is_polyglot(mime, head, tail), bool)


@pytest.mark.parametrize("kind", FORMATS)
def test_each_kind_of_picture_is_read(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(picture(kind))
    seen = inspect_file(file, photo=True)
    assert seen.picture is not None
    assert (seen.picture.width, seen.picture.height) == (40, 30)


@pytest.mark.parametrize("kind", FORMATS)
@given(chance=dice)
def test_a_scratched_picture_is_read_or_refused(
    kind: str, chance: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "scratched"
    file.write_bytes(scratched(picture(kind), chance))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow complains of what it can still read
        try:
            seen = inspect_file(file, photo=chance.random() < 0.5)
        except UnsupportedFileError:
            return
    if seen.picture is not None:
        for shown in (seen.picture.shared, seen.picture.thumb):
            assert sniff_type(shown) == "image/jpeg"
            Image.open(BytesIO(shown)).load()


@given(data=st.binary(max_size=100))
def test_a_file_of_any_bytes_is_kept_under_its_type_or_refused(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "any"
    file.write_bytes(data)
    try:
        seen = inspect_file(file)
    except UnsupportedFileError:
        return
    assert (seen.size, seen.picture) == (len(data), None)
    assert seen.mime == sniff_type(data) or seen.mime == UNKNOWN


def test_what_the_library_for_a_format_complains_of_is_a_broken_picture(tmp_path: Path) -> None:
    """AVIF's says RuntimeError, which is none of the dozen names that Pillow has for it."""
    file = tmp_path / "picture"
    file.write_bytes(picture("AVIF")[:-200])
    with pytest.raises(UnsupportedFileError) as refused:
        inspect_file(file, photo=True)
    assert refused.value.key == "broken"
