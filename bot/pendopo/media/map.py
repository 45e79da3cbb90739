"""Maps: places as points on a blank sheet, drawn here without asking any map service."""

from collections.abc import Sequence
from io import BytesIO
from math import cos, log10, radians
from pathlib import Path

from msgspec import Struct

SIZE, EDGE = 900, 70
"""Pixels."""
COLOURS = {"red": "#b3261e", "yellow": "#b58900", "green": "#2e7d32", "grey": "#666666"}
METRES_PER_DEGREE = 111_320.0
"""Of latitude."""
FONT = Path(__file__).parent.parent / "paper" / "fonts" / "DejaVuSans.ttf"


class MapPoint(Struct, frozen=True):
    """A place, its label and its colour."""

    latitude: float
    longitude: float
    label: str
    colour: str = "red"


def draw_map(spots: Sequence[MapPoint], title: str = "") -> bytes:
    """Draws the spots on a white sheet, north up and true to scale; a PNG."""
    from PIL import Image, ImageDraw, ImageFont

    sheet = Image.new("RGB", (SIZE, SIZE), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(FONT), 16)
    middle = sum(spot.latitude for spot in spots) / len(spots)
    east = cos(radians(middle))
    xs, ys = [spot.longitude * east for spot in spots], [spot.latitude for spot in spots]
    span = max(max(xs) - min(xs), max(ys) - min(ys), 0.004)
    left, top = (max(xs) + min(xs) - span) / 2, (max(ys) + min(ys) + span) / 2
    unit = (SIZE - 2 * EDGE) / span
    pen.rectangle((EDGE // 2, EDGE // 2, SIZE - EDGE // 2, SIZE - EDGE // 2), outline="#cccccc")
    for spot, x, y in zip(spots, xs, ys, strict=True):
        across, down = EDGE + (x - left) * unit, EDGE + (top - y) * unit
        pen.ellipse((across - 8, down - 8, across + 8, down + 8), fill=COLOURS[spot.colour], outline="white", width=2)
        pen.text((across + 11, down - 10), spot.label, fill="black", font=font)
    length = _round_down(span * METRES_PER_DEGREE / 4)
    pen.line((EDGE, SIZE - 20, EDGE + length / METRES_PER_DEGREE * unit, SIZE - 20), fill="black", width=3)
    pen.text((EDGE, SIZE - 16), f"{length / 1000:g} km", fill="black", font=ImageFont.truetype(str(FONT), 12))
    pen.text((EDGE // 2, 8), title, fill="black", font=font)
    data = BytesIO()
    sheet.save(data, "PNG", optimize=True)
    return data.getvalue()


def _round_down(metres: float) -> float:
    """Rounds down to 1, 2 or 5 times a power of ten."""
    ten = 10 ** int(log10(metres))
    return float(next(step * ten for step in (5, 2, 1) if step * ten <= metres))
