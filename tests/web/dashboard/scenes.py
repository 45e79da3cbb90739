"""Drawn pictures of streets, before and after: what a photo of a report shows, without anybody's photo."""

from io import BytesIO
from random import Random
from typing import Any


def scene(seed: int, mended: bool = False) -> bytes:
    """A street with houses; something is wrong with it unless it is `mended`."""
    from PIL import Image, ImageDraw, ImageFilter

    dice = Random(seed)
    image = Image.new("RGB", (640, 480), (186, 208, 222) if mended else (158, 172, 184))
    draw = ImageDraw.Draw(image)
    for number in range(7):
        _house(draw, number * 96 - 20, dice)
    draw.polygon([(0, 480), (640, 480), (430, 270), (210, 270)], fill=(96, 98, 102))
    for at in range(5):
        draw.polygon(
            [(314 - at, 290 + at * 40), (326 + at, 290 + at * 40), (328 + at, 308 + at * 40), (312 - at, 308 + at * 40)],
            fill=(226, 224, 214),
        )
    for side in (60, 560):
        draw.rectangle([side, 180, side + 14, 330], fill=(92, 70, 48))
        draw.ellipse([side - 52, 90, side + 62, 220], fill=(58, dice.randrange(100, 130), 66))
    if not mended:
        (_water, _holes, _rubbish)[seed % 3](draw, dice)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    data = BytesIO()
    image.save(data, "JPEG", quality=82)
    return data.getvalue()


def _house(draw: Any, left: int, dice: Random) -> None:
    top, wall = dice.randrange(150, 200), dice.choice([(222, 203, 172), (201, 186, 170), (214, 196, 188), (190, 200, 190)])
    draw.rectangle([left, top, left + 92, 290], fill=wall)
    draw.polygon([(left - 8, top), (left + 100, top), (left + 46, top - 46)], fill=(140, 74, 54))
    draw.rectangle([left + 14, top + 26, left + 38, top + 52], fill=(92, 112, 124))
    draw.rectangle([left + 54, top + 40, left + 78, 290], fill=(104, 78, 56))


def _water(draw: Any, dice: Random) -> None:
    draw.polygon([(0, 480), (640, 480), (640, 350), (470, 312), (170, 312), (0, 350)], fill=(134, 116, 88))
    for _ in range(40):
        x, y = dice.randrange(0, 600), dice.randrange(325, 475)
        draw.line([(x, y), (x + dice.randrange(20, 60), y)], fill=(160, 142, 112), width=2)


def _holes(draw: Any, dice: Random) -> None:
    for _ in range(6):
        x, y = dice.randrange(210, 400), dice.randrange(330, 450)
        draw.ellipse([x, y, x + dice.randrange(40, 90), y + dice.randrange(14, 30)], fill=(52, 50, 48))


def _rubbish(draw: Any, dice: Random) -> None:
    for _ in range(90):
        x, y, size = dice.randrange(360, 620), dice.randrange(320, 450), dice.randrange(8, 30)
        colour = dice.choice([(70, 84, 120), (196, 190, 178), (66, 96, 68), (158, 60, 48), (40, 40, 44), (208, 172, 70)])
        draw.ellipse([x, y, x + size, y + size * 0.7], fill=colour)
