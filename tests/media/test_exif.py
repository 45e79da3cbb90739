"""What a camera wrote into a picture is read, and stands in no copy."""

from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from pendopo.testing.pictures import make_exif, make_jpeg
from PIL import Image

from .files import DAGO, inspect_bytes


def test_the_place_and_the_time_are_read_and_stand_in_no_copy(tmp_path: Path) -> None:
    found = inspect_bytes(tmp_path, make_jpeg(exif=make_exif(DAGO, "2026:08:12 09:30:00", "+07:00"))).picture
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


def test_a_clock_without_a_zone_stays_without(tmp_path: Path) -> None:
    found = inspect_bytes(tmp_path, make_jpeg(exif=make_exif(taken="2026:08:12 09:30:00"))).picture
    assert found is not None
    assert found.taken_at == datetime(2026, 8, 12, 9, 30)  # noqa: DTZ001  on purpose
    assert found.place is None


@pytest.mark.parametrize("place", [(0.0, 0.0), (91.0, 10.0), (10.0, 181.0)])
def test_a_place_that_is_none_is_left_out(tmp_path: Path, place: tuple[float, float]) -> None:
    found = inspect_bytes(tmp_path, make_jpeg(exif=make_exif(place))).picture
    assert found is not None
    assert found.place is None


def test_notes_nobody_can_read_spoil_no_picture(tmp_path: Path) -> None:
    found = inspect_bytes(tmp_path, make_jpeg(exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\xff" * 60)).picture
    assert found is not None
    assert found.place is None
