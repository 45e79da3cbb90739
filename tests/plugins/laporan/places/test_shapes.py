"""The shapes of the districts: tiles, or the borders of a file."""

from pathlib import Path

import pytest
from pendopo.config import RawSection, Settings, get_options
from pendopo.errors import ConfigError
from pendopo_laporan.places.districts import load_districts
from pendopo_laporan.places.shapes import TILES
from pendopo_laporan.settings import LaporanOptions


def test_every_kecamatan_has_a_tile_of_its_own() -> None:
    assert set(TILES) == set(load_districts())
    assert len(set(TILES.values())) == len(TILES)


@pytest.mark.parametrize("content", ["", "{}", '{"features": []}', '{"features": [{"properties": {}}]}', None])
def test_a_file_that_is_none_is_refused_at_start(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "salah.geojson"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError, match="batas"):
        get_options(Settings(plugin={"laporan": RawSection({"batas": str(path)})}), "laporan", LaporanOptions)
