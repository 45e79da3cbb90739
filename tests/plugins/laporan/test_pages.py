"""The map of reports: tiles, or the borders of a file; and the numbers of whoever may not see a secret report."""

import json
from pathlib import Path

import pytest
from pendopo.config import RawSection, Settings
from pendopo.pages import ShapeMap, TileMap
from pendopo.testing import Story
from pendopo_laporan import plugin as laporan

from tests.plugins.laporan.conftest import DIRECTORY


def square(name: str, west: float, north: float, kind: str = "Polygon") -> dict[str, object]:
    ring = [[west, north], [west + 0.02, north], [west + 0.02, north - 0.02], [west, north - 0.02], [west, north]]
    coordinates: object = [ring] if kind == "Polygon" else [[ring], [ring]]
    return {"properties": {"id": 7, "nama": name}, "geometry": {"type": kind, "coordinates": coordinates}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "batas.geojson"
    features = [square("COBLONG", 107.61, -6.88), square("Kecamatan Cibeunying Kaler", 107.63, -6.89, "MultiPolygon")]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [*features, square("Cimahi", 107.5, -6.9)]}))
    return path


async def test_without_a_file_the_map_is_of_tiles() -> None:
    async with Story([laporan], directory=DIRECTORY) as story:
        await story.lurah.says("/laporan banjir di Kel. Dago")
        page = await story.sekda.opens("/laporan")
        tiles = next(part for part in page.page.parts if isinstance(part, TileMap))
        assert {tile.name: tile.value for tile in tiles.tiles if tile.value} == {"Coblong": 1}


async def test_with_a_file_it_is_of_borders(file: Path) -> None:
    settings = Settings(plugin={"laporan": RawSection({"batas": str(file)})})
    async with Story([laporan], settings=settings, directory=DIRECTORY) as story:
        await story.lurah.says("/laporan banjir di Kel. Dago")
        page = await story.sekda.opens("/laporan")
        shapes = next(part for part in page.page.parts if isinstance(part, ShapeMap))
        assert [(shape.name, shape.value, len(shape.rings)) for shape in shapes.tiles] == [
            ("Coblong", 1, 1),
            ("Cibeunying Kaler", 0, 2),
        ]


async def test_borders_are_drawn_by_the_server(file: Path) -> None:
    from pendopo.web.dashboard.rendering import Painter

    settings = Settings(plugin={"laporan": RawSection({"batas": str(file)})})
    async with Story([laporan], settings=settings, directory=DIRECTORY) as story:
        page = await story.sekda.opens("/laporan")
        shapes = next(part for part in page.page.parts if isinstance(part, ShapeMap))
        person = story.app.core.people.by_alias(["memory:sekda"])
        assert person is not None
        drawn = Painter(story.app.core, story.app.dashboard_pages, person, "id").drawn(shapes)
        assert drawn[0][1] == "M0 0L500 0L500 503.6L0 503.6L0 0Z"
        assert drawn[0][2:] == (250.0, 251.8)


async def test_a_secret_report_is_in_no_number_of_whoever_may_not_know_it() -> None:
    async with Story([laporan], directory=DIRECTORY) as story:
        await story.lurah.says("/laporan rahasia pungutan liar di Kel. Dago")
        for actor, count in ((story.kadishub, 0), (story.sekda, 1), (story.lurah, 1), (story.camat, 1)):
            page = await actor.opens("/laporan")
            tiles = next(part for part in page.page.parts if isinstance(part, TileMap))
            assert sum(tile.value for tile in tiles.tiles) == count
            assert len(page.get_table("laporan").rows) == count
