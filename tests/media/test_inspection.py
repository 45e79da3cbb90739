"""A file is what its bytes say; what is unsound is not kept, and what is shown to others tells nothing."""

import random
import warnings
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.media import UnsupportedFileError, inspect_file
from pendopo.media.inspection import SHARED, THUMB, count_differing_bits
from pendopo.media.sniff import UNKNOWN, sniff_type
from pendopo.testing.pictures import make_bomb, make_exif, make_jpeg
from PIL import Image

from tests.oddities import dice, scratched

from .files import DAGO, find_refusal, inspect_bytes, make_picture, make_zip


def test_words_beside_the_pixels_stand_in_no_copy(tmp_path: Path) -> None:
    data = BytesIO()
    Image.new("RGB", (40, 40)).save(data, "JPEG", comment=b"rumah Pak RT", xmp=b"<x:xmpmeta>107.6136</x:xmpmeta>")
    found = inspect_bytes(tmp_path, data.getvalue()).picture
    assert found is not None
    assert b"RT" not in found.shared
    assert b"xmp" not in found.shared


def test_the_camera_turned_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    found = inspect_bytes(tmp_path, make_jpeg(size=(400, 200), exif=make_exif(orientation=6))).picture
    assert found is not None
    assert (found.width, found.height) == (200, 400)
    with Image.open(BytesIO(found.shared)) as image:
        assert image.height > image.width


def test_copies_are_small(tmp_path: Path) -> None:
    found = inspect_bytes(tmp_path, make_jpeg(size=(4000, 3000))).picture
    assert found is not None
    assert (found.width, found.height) == (4000, 3000)
    assert Image.open(BytesIO(found.shared)).size == (SHARED, SHARED * 3 // 4)
    assert max(Image.open(BytesIO(found.thumb)).size) == THUMB


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_usual_kind_of_picture_is_taken(tmp_path: Path, kind: str) -> None:
    found = inspect_bytes(tmp_path, make_picture(kind))
    assert found.mime == f"image/{kind.lower()}"
    assert found.picture is not None
    assert found.picture.shared.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "CMYK", "1"])
def test_every_way_to_write_colours_is_taken(tmp_path: Path, mode: str) -> None:
    kind = "JPEG" if mode in ("L", "CMYK") else "PNG"
    assert inspect_bytes(tmp_path, make_picture(kind, mode=mode)).picture is not None


def test_what_an_iphone_sends_is_taken(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    made = heif.from_pillow(Image.new("RGB", (64, 48), "red"))
    data = BytesIO()
    made.save(data, exif=make_exif(DAGO))
    found = inspect_bytes(tmp_path, data.getvalue())
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
    assert find_refusal(tmp_path, data[: int(len(data) * part)]) == "broken"


def test_what_was_damaged_is_broken(tmp_path: Path) -> None:
    assert find_refusal(tmp_path, b"\xff\xd8\xff\xe0" + b"\x00" * 500) == "broken"
    assert find_refusal(tmp_path, bytes(range(255, 0, -1)) * 8) == "broken"


def test_nothing_is_no_file(tmp_path: Path) -> None:
    assert find_refusal(tmp_path, b"") == "empty"


@pytest.mark.parametrize("side", [8001, 19_999, 60_000])
def test_a_bomb_is_not_unpacked(tmp_path: Path, side: int) -> None:
    data = make_bomb(side)
    assert len(data) < 100_000
    assert find_refusal(tmp_path, data) == "too_large"
    kept = inspect_bytes(tmp_path, data, photo=False)  # a document is kept as it came
    assert (kept.mime, kept.size, kept.picture) == ("image/png", len(data), None)


@pytest.mark.parametrize(("kind", "size"), [("TIFF", (7016, 9921)), ("WEBP", (5000, 4999)), ("PNG", (7000, 7000))])
def test_what_scanners_and_phones_make_is_reduced_in_a_process_of_its_own(
    tmp_path: Path, kind: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_picture(kind, size, "1", compression="group4") if kind == "TIFF" else make_picture(kind, size)
    monkeypatch.setattr("pendopo.media.inspection._read_picture", None)  # this process reads none
    found = inspect_bytes(tmp_path, data, photo=False).picture
    assert found is not None
    assert (found.width, found.height) == size
    with Image.open(BytesIO(found.shared)) as shared:
        assert max(shared.size) == SHARED


def test_a_photo_of_two_hundred_megapixels_is_unpacked_at_a_smaller_scale(tmp_path: Path) -> None:
    found = inspect_bytes(tmp_path, make_picture("JPEG", (16_320, 12_240), "L")).picture
    assert found is not None
    assert (found.width, found.height) == (16_320, 12_240)


@pytest.mark.parametrize(("limit", "value"), [("MOST_APART", 10**12), ("APART_SECONDS", 0.01)])
def test_the_process_for_large_pictures_has_limits(
    tmp_path: Path, limit: str, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"pendopo.media.inspection.{limit}", value)
    data = make_bomb(30_000 if limit == "MOST_APART" else 5001)
    assert find_refusal(tmp_path, data) == "too_large"
    assert inspect_bytes(tmp_path, data, photo=False).picture is None


@pytest.mark.parametrize("data", [b"II*\x00" + bytes(40), make_picture("TIFF")[:9] + bytes(200)])
def test_a_document_of_an_odd_kind_is_kept_as_it_came(tmp_path: Path, data: bytes) -> None:
    assert inspect_bytes(tmp_path, data, photo=False).picture is None
    assert find_refusal(tmp_path, data) == "broken"


@pytest.mark.parametrize("most", [63, 255, 4095, 65_535])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_grey_in_sixteen_bits_keeps_its_steps(tmp_path: Path, kind: str, most: int) -> None:
    steps = b"".join((most * x // 63).to_bytes(2, "little") for x in range(64))
    data = BytesIO()
    Image.frombytes("I;16", (64, 64), steps * 64).save(data, kind)
    found = inspect_bytes(tmp_path, data.getvalue()).picture
    assert found is not None
    with Image.open(BytesIO(found.shared)) as shared:
        left, right = (shared.getpixel((x, 32)) for x in (2, 61))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert right[0] - left[0] > min(most, 255) * 0.8
    assert found.fingerprint == 2**64 - 1  # brighter to the right everywhere


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%%EOF",
        make_zip(),
        b"MZ\x90\x00" + b"\x00" * 100,
        b"<html><script>1</script>",
        b"halo semua",
        b"OggS" + b"0" * 50,
    ],
)
def test_what_is_sent_as_a_photo_and_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    assert find_refusal(tmp_path, data) == "no_picture"


@pytest.mark.parametrize(
    "data", [b"MZ\x90\x00" + b"\x00" * 100, b"\x7fELF" + b"\x00" * 90, b"#!/bin/sh\n", b"\n <HTML>", b"<svg onload=1>"]
)
def test_programs_and_pages_are_refused_as_files_too(tmp_path: Path, data: bytes) -> None:
    assert find_refusal(tmp_path, data, photo=False) == "forbidden"


def test_pictures_that_look_alike_have_fingerprints_that_are_near(tmp_path: Path) -> None:
    def mark(data: bytes) -> int:
        found = inspect_bytes(tmp_path, data).picture
        assert found is not None
        return found.fingerprint

    same = BytesIO()
    Image.open(BytesIO(make_jpeg(7, (800, 600)))).resize((500, 375)).save(same, "JPEG", quality=50)
    assert count_differing_bits(mark(make_jpeg(7, (800, 600))), mark(same.getvalue())) < 6
    assert min(count_differing_bits(mark(make_jpeg(7)), mark(make_jpeg(seed))) for seed in range(20, 40)) > 10


# -- Files of whatever is in them: named by their bytes, and a picture is read or refused, never half taken.

FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "HEIF", "AVIF")


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


@pytest.mark.parametrize("kind", FORMATS)
def test_each_kind_of_picture_is_read(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(picture(kind))
    found = inspect_file(file, photo=True)
    assert found.picture is not None
    assert (found.picture.width, found.picture.height) == (40, 30)


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
            found = inspect_file(file, photo=chance.random() < 0.5)
        except UnsupportedFileError:
            return
    if found.picture is not None:
        for shown in (found.picture.shared, found.picture.thumb):
            assert sniff_type(shown) == "image/jpeg"
            Image.open(BytesIO(shown)).load()


@given(data=st.binary(max_size=100))
def test_a_file_of_any_bytes_is_kept_under_its_type_or_refused(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "any"
    file.write_bytes(data)
    try:
        found = inspect_file(file)
    except UnsupportedFileError:
        return
    assert (found.size, found.picture) == (len(data), None)
    assert found.mime == sniff_type(data) or found.mime == UNKNOWN


def test_what_the_library_for_a_format_complains_of_is_a_broken_picture(tmp_path: Path) -> None:
    """AVIF's says RuntimeError, which is none of the dozen names that Pillow has for it."""
    file = tmp_path / "picture"
    file.write_bytes(picture("AVIF")[:-200])
    with pytest.raises(UnsupportedFileError) as caught:
        inspect_file(file, photo=True)
    assert caught.value.key == "broken"
