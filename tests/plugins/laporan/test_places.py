"""The districts: found in what people type, also misspelt, and never mistaken for a street."""

from pathlib import Path

import pytest
from pendopo.config import RawSection, Settings, get_options
from pendopo.errors import ConfigError
from pendopo_laporan.places import NOWHERE, TILES, District, find_district, load_districts, match_district, measure_distance
from pendopo_laporan.settings import LaporanOptions


def test_there_are_thirty_kecamatan_with_their_151_kelurahan() -> None:
    assert len(load_districts()) == 30
    assert sum(map(len, load_districts().values())) == 151


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("banjir di Kel. Dago", District("Coblong", "Dago")),
        ("banjir di kelurahan dagoo", District("Coblong", "Dago")),
        ("banjir di kec Coblong", District("Coblong")),
        ("pohon tumbang di Kecamatan Ujung Berung", District("Ujungberung")),
        ("pohon tumbang di Ujung Berung", District("Ujungberung")),
        ("sampah di kel. lebakgede dekat kec. coblong", District("Coblong", "Lebak Gede")),
        ("Lurah Sekeloa melapor", District("Coblong", "Sekeloa")),
        ("genangan di Gedebage", District("Gedebage")),
        ("banjir di Jl. Gedebage setinggi 40 cm", NOWHERE),
        ("macet di jalan Dago", NOWHERE),
        ("kebakaran di Pasar Kiaracondong", NOWHERE),
        ("kerja bakti RW 03", NOWHERE),
        ("", NOWHERE),
    ],
)
def test_a_district_is_found_where_one_is_named(text: str, place: District) -> None:
    assert find_district(text) == place


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Coblong", District("Coblong")),
        ("cobling", District("Coblong")),
        ("Dago", District("Coblong", "Dago")),
        ("kecamatan babakan ciparay", District("Babakan Ciparay")),
        ("kelurahan babakan ciparay", District("Babakan Ciparay", "Babakan Ciparay")),
        ("gede bage", District("Gedebage")),
        ("Atlantis", NOWHERE),
    ],
)
def test_a_name_alone_may_be_misspelt(name: str, place: District) -> None:
    assert match_district(name) == place


def test_every_district_is_found_by_its_own_name() -> None:
    for kecamatan, below in load_districts().items():
        assert find_district(f"Kec. {kecamatan}").kecamatan == kecamatan
        for kelurahan in below:
            assert find_district(f"Kel. {kelurahan}").kelurahan == kelurahan


def test_the_distance_of_two_places_is_in_metres() -> None:
    assert measure_distance((-6.885, 107.6136), (-6.885, 107.6136)) == 0
    assert measure_distance((-6.885, 107.6136), (-6.886, 107.6136)) == pytest.approx(111.2, abs=0.5)


# -- The shapes of the districts: tiles, or the borders of a file.


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
