"""One small picture of many."""

from io import BytesIO
from random import Random

import pytest
from pendopo.media import make_collage
from pendopo.media.collage import MOST_BYTES
from pendopo.testing.pictures import make_exif, make_jpeg
from PIL import Image


def noise(seed: int) -> bytes:
    """A picture that hardly shrinks."""
    data = BytesIO()
    Image.frombytes("RGB", (1600, 1200), Random(seed).randbytes(1600 * 1200 * 3)).save(data, "JPEG", quality=80)
    return data.getvalue()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9, 14])
def test_a_collage_is_small_and_says_nothing_of_places(count: int) -> None:
    made = make_collage([make_jpeg(n, exif=make_exif((-6.9, 107.6))) for n in range(count)])
    assert len(made) <= MOST_BYTES
    assert b"Exif" not in made
    with Image.open(BytesIO(made)) as image:
        assert image.width > 300


@pytest.mark.parametrize("count", [1, 9])
def test_pictures_that_hardly_shrink_are_made_smaller_until_they_do(count: int) -> None:
    assert len(make_collage([noise(n) for n in range(count)])) <= MOST_BYTES
