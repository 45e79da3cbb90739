"""Places are points on a sheet."""

from io import BytesIO

from pendopo.media import MapPoint, draw_map
from PIL import Image


def test_the_map_shows_places_where_they_are() -> None:
    made = draw_map([MapPoint(-6.90, 107.60, "#1", "red"), MapPoint(-6.95, 107.65, "#2", "green")], "Peta")
    with Image.open(BytesIO(made)) as image:
        colours = {rgb: (x, y) for x in range(0, 900, 3) for y in range(0, 900, 3) if (rgb := image.getpixel((x, y)))}
    red, green = colours[(179, 38, 30)], colours[(46, 125, 50)]
    assert red[0] < green[0]
    assert red[1] < green[1]


def test_one_place_alone_is_a_map_too() -> None:
    assert draw_map([MapPoint(-6.9, 107.6, "#1")]).startswith(b"\x89PNG")
