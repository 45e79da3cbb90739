"""A file is what its bytes say; what is unsound is not kept, and what is shown to others tells nothing."""

import random
import warnings
import zipfile
from datetime import datetime, timedelta, timezone
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.media import Inspection, UnsupportedFileError, inspect_file
from pendopo.media.inspection import SHARED, THUMB, count_differing_bits
from pendopo.media.sniff import HEAD_BYTES, UNKNOWN, is_polyglot, sniff_type
from pendopo.testing.pictures import make_bomb, make_exif, make_jpeg
from PIL import Image

from tests.oddities import dice, scratched

DAGO = (-6.885, 107.6136)


def seen(folder: Path, data: bytes, photo: bool = True) -> Inspection:
    path = folder / "file"
    path.write_bytes(data)
    return inspect_file(path, photo)


def refused(folder: Path, data: bytes, photo: bool = True) -> str:
    with pytest.raises(UnsupportedFileError) as caught:
        seen(folder, data, photo)
    return caught.value.key


def saved(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **more: object) -> bytes:
    data = BytesIO()
    Image.new(mode, size, 120 if mode == "L" else None).save(data, kind, **more)
    return data.getvalue()


def archive() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("jahat.sh", "rm -rf /")
    return data.getvalue()


def test_the_place_and_the_time_are_read_and_stand_in_no_copy(tmp_path: Path) -> None:
    found = seen(tmp_path, make_jpeg(exif=make_exif(DAGO, "2026:08:12 09:30:00", "+07:00"))).picture
    assert found is not None
    assert found.place == pytest.approx(DAGO, abs=1e-5)
    assert found.taken_at == datetime(2026, 8, 12, 9, 30, tzinfo=timezone(timedelta(hours=7)))
    assert found.facts is not None
    assert found.facts["model"] == "K-1"
    for copy in (found.shared, found.thumb):
        with Image.open(BytesIO(copy)) as image:
            assert dict(image.getexif()) == {}
            assert image.getexif().get_ifd(0x8825) == {}
        for trace in (b"Exif", b"GPS", b"K-1", b"Kamera", b"http://ns.adobe.com"):
            assert trace not in copy


def test_words_beside_the_pixels_stand_in_no_copy(tmp_path: Path) -> None:
    data = BytesIO()
    Image.new("RGB", (40, 40)).save(data, "JPEG", comment=b"rumah Pak RT", xmp=b"<x:xmpmeta>107.6136</x:xmpmeta>")
    found = seen(tmp_path, data.getvalue()).picture
    assert found is not None
    assert b"RT" not in found.shared
    assert b"xmp" not in found.shared


def test_a_clock_without_a_zone_stays_without(tmp_path: Path) -> None:
    found = seen(tmp_path, make_jpeg(exif=make_exif(taken="2026:08:12 09:30:00"))).picture
    assert found is not None
    assert found.taken_at == datetime(2026, 8, 12, 9, 30)  # noqa: DTZ001  on purpose
    assert found.place is None


@pytest.mark.parametrize("place", [(0.0, 0.0), (91.0, 10.0), (10.0, 181.0)])
def test_a_place_that_is_none_is_left_out(tmp_path: Path, place: tuple[float, float]) -> None:
    found = seen(tmp_path, make_jpeg(exif=make_exif(place))).picture
    assert found is not None
    assert found.place is None


def test_notes_nobody_can_read_spoil_no_picture(tmp_path: Path) -> None:
    found = seen(tmp_path, make_jpeg(exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\xff" * 60)).picture
    assert found is not None
    assert found.place is None


def test_the_camera_turned_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    found = seen(tmp_path, make_jpeg(size=(400, 200), exif=make_exif(orientation=6))).picture
    assert found is not None
    assert (found.width, found.height) == (200, 400)
    with Image.open(BytesIO(found.shared)) as image:
        assert image.height > image.width


def test_copies_are_small(tmp_path: Path) -> None:
    found = seen(tmp_path, make_jpeg(size=(4000, 3000))).picture
    assert found is not None
    assert (found.width, found.height) == (4000, 3000)
    assert Image.open(BytesIO(found.shared)).size == (SHARED, SHARED * 3 // 4)
    assert max(Image.open(BytesIO(found.thumb)).size) == THUMB


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_usual_kind_of_picture_is_taken(tmp_path: Path, kind: str) -> None:
    found = seen(tmp_path, saved(kind))
    assert found.mime == f"image/{kind.lower()}"
    assert found.picture is not None
    assert found.picture.shared.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "CMYK", "1"])
def test_every_way_to_write_colours_is_taken(tmp_path: Path, mode: str) -> None:
    kind = "JPEG" if mode in ("L", "CMYK") else "PNG"
    assert seen(tmp_path, saved(kind, mode=mode)).picture is not None


def test_what_an_iphone_sends_is_taken(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    made = heif.from_pillow(Image.new("RGB", (64, 48), "red"))
    data = BytesIO()
    made.save(data, exif=make_exif(DAGO))
    found = seen(tmp_path, data.getvalue())
    assert found.mime == "image/heic"
    assert found.picture is not None
    assert found.picture.place == pytest.approx(DAGO, abs=1e-5)
    assert b"Exif" not in found.picture.shared


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_broken(tmp_path: Path, part: float, kind: str) -> None:
    whole = BytesIO()
    Image.open(BytesIO(make_jpeg(size=(800, 600)))).save(whole, kind)
    data = whole.getvalue()
    assert refused(tmp_path, data[: int(len(data) * part)]) == "broken"


def test_what_was_damaged_is_broken(tmp_path: Path) -> None:
    assert refused(tmp_path, b"\xff\xd8\xff\xe0" + b"\x00" * 500) == "broken"
    assert refused(tmp_path, bytes(range(255, 0, -1)) * 8) == "broken"


def test_nothing_is_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path, b"") == "empty"


@pytest.mark.parametrize("side", [5001, 19_999, 60_000])
def test_a_bomb_is_not_unpacked(tmp_path: Path, side: int) -> None:
    data = make_bomb(side)
    assert len(data) < 100_000
    assert refused(tmp_path, data) == "too_large"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%%EOF",
        archive(),
        b"MZ\x90\x00" + b"\x00" * 100,
        b"<html><script>1</script>",
        b"halo semua",
        b"OggS" + b"0" * 50,
    ],
)
def test_what_is_sent_as_a_photo_and_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data) == "no_picture"


@pytest.mark.parametrize(
    "data", [b"MZ\x90\x00" + b"\x00" * 100, b"\x7fELF" + b"\x00" * 90, b"#!/bin/sh\n", b"\n <HTML>", b"<svg onload=1>"]
)
def test_programs_and_pages_are_refused_as_files_too(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data, photo=False) == "forbidden"


@pytest.mark.parametrize(
    "behind", [archive(), b"<script>alert(1)</script>", b"<?php system(1);"], ids=["archive", "script", "php"]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_picture_that_is_something_else_too_is_refused(tmp_path: Path, behind: bytes, kind: str) -> None:
    assert refused(tmp_path, saved(kind) + behind) == "two_faced"


def test_a_page_hidden_before_the_pixels_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, saved("JPEG", comment=b"<script>alert(1)</script>")) == "two_faced"


def test_a_paper_with_an_archive_behind_it_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"%PDF-1.7\n%%EOF\n" + archive(), photo=False) == "two_faced"


def test_the_film_that_phones_put_behind_a_photo_is_left_in_peace(tmp_path: Path) -> None:
    film = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 4000 + b"PK\x05\x06 by chance" + b"\x01" * 90_000
    assert seen(tmp_path, make_jpeg() + film).picture is not None


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (archive(), "application/zip"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 30, "video/mp4"),
        (b"OggS" + b"\x00" * 30, "audio/ogg"),
        ("Catatan: débit air naik".encode(), "text/plain"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
    ],
)
def test_other_files_are_called_what_they_are(tmp_path: Path, data: bytes, mime: str) -> None:
    assert seen(tmp_path, data, photo=False).mime == mime


def test_pictures_that_look_alike_have_fingerprints_that_are_near(tmp_path: Path) -> None:
    def mark(data: bytes) -> int:
        found = seen(tmp_path, data).picture
        assert found is not None
        return found.fingerprint

    same = BytesIO()
    Image.open(BytesIO(make_jpeg(7, (800, 600)))).resize((500, 375)).save(same, "JPEG", quality=50)
    assert count_differing_bits(mark(make_jpeg(7, (800, 600))), mark(same.getvalue())) < 6
    assert min(count_differing_bits(mark(make_jpeg(7)), mark(make_jpeg(seed))) for seed in range(20, 40)) > 10


# -- Files of whatever is in them: named by their bytes, and a picture is read or refused, never half taken.

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
