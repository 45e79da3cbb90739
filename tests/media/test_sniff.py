"""A file is what its bytes say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.media.sniff import HEAD_BYTES, is_polyglot, sniff_type
from pendopo.testing.pictures import make_jpeg

from .files import find_refusal, inspect_bytes, make_picture, make_zip


@pytest.mark.parametrize(
    "behind", [make_zip(), b"<script>alert(1)</script>", b"<?php system(1);"], ids=["archive", "script", "php"]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_picture_that_is_something_else_too_is_refused(tmp_path: Path, behind: bytes, kind: str) -> None:
    assert find_refusal(tmp_path, make_picture(kind) + behind) == "two_faced"


def test_a_page_hidden_before_the_pixels_is_refused(tmp_path: Path) -> None:
    assert find_refusal(tmp_path, make_picture("JPEG", comment=b"<script>alert(1)</script>")) == "two_faced"


def test_a_paper_with_an_archive_behind_it_is_refused(tmp_path: Path) -> None:
    assert find_refusal(tmp_path, b"%PDF-1.7\n%%EOF\n" + make_zip(), photo=False) == "two_faced"


def test_the_film_that_phones_put_behind_a_photo_is_left_in_peace(tmp_path: Path) -> None:
    film = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 4000 + b"PK\x05\x06 by chance" + b"\x01" * 90_000
    assert inspect_bytes(tmp_path, make_jpeg() + film).picture is not None


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (make_zip(), "application/zip"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 30, "video/mp4"),
        (b"OggS" + b"\x00" * 30, "audio/ogg"),
        ("Catatan: débit air naik".encode(), "text/plain"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
    ],
)
def test_other_files_are_called_what_they_are(tmp_path: Path, data: bytes, mime: str) -> None:
    assert inspect_bytes(tmp_path, data, photo=False).mime == mime


BEGINNINGS = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"RIFF\0\0\0\0WEBP",
    b"\0\0\0\x18ftypheic",
    b"<html", b"<?xml <svg", b"MZ", b"#!/", b"\xef\xbb\xbf", b"\x1f\x8b", b" \n<!doctype html",
)  # fmt: skip


@given(
    head=st.binary(max_size=200) | st.builds(bytes.__add__, st.sampled_from(BEGINNINGS), st.binary(max_size=60)),
    tail=st.binary(max_size=60),
)
def test_any_bytes_have_a_type_and_are_of_two_minds_or_not(head: bytes, tail: bytes) -> None:
    mime = sniff_type(head)
    assert "/" in mime
    assert sniff_type(head + b"\xff" * HEAD_BYTES) != "text/plain"
    assert isinstance(is_polyglot(mime, head, tail), bool)
