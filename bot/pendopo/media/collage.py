"""Collages: several pictures as one small one, to save space on phones."""

from collections.abc import Sequence
from io import BytesIO
from math import ceil, sqrt
from typing import TYPE_CHECKING

from pendopo.media.inspection import encode_jpeg

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 100_000
"""Size of a collage, in bytes."""
MOST_PICTURES = 9
WIDTH, GAP = 960, 6
"""Pixels."""


def make_collage(pictures: Sequence[bytes], most: int = MOST_BYTES) -> bytes:
    """Makes a JPEG of the first nine pictures, at most `most` bytes and without metadata."""
    from PIL import Image

    tiles = []
    for data in pictures[:MOST_PICTURES]:
        with Image.open(BytesIO(data)) as image:
            tiles.append(image.convert("RGB"))
    sheet = _lay_out(tiles, len(pictures) - len(tiles))
    while True:
        for quality in (80, 70, 60, 50, 40):
            jpeg = encode_jpeg(sheet, quality)
            if len(jpeg) <= most:
                return jpeg
        sheet = sheet.resize((max(1, sheet.width * 3 // 4), max(1, sheet.height * 3 // 4)))


def _lay_out(tiles: "Sequence[Image]", more: int) -> "Image":
    from PIL import Image, ImageDraw, ImageOps

    columns = 1 if len(tiles) == 1 else 2 if len(tiles) <= 4 else ceil(sqrt(len(tiles)))
    side = (WIDTH - GAP * (columns - 1)) // columns
    if len(tiles) == 1:
        return ImageOps.contain(tiles[0], (WIDTH, WIDTH))
    rows = ceil(len(tiles) / columns)
    sheet = Image.new("RGB", (WIDTH, rows * side + GAP * (rows - 1)), "white")
    for number, tile in enumerate(tiles):
        at = (number % columns * (side + GAP), number // columns * (side + GAP))
        sheet.paste(ImageOps.fit(tile, (side, side)), at)
    if more > 0:
        ImageDraw.Draw(sheet).text(
            (WIDTH - 40, sheet.height - 24), f"+{more}", fill="white", stroke_width=2, stroke_fill="black"
        )
    return sheet
