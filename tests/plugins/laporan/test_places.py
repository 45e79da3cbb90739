"""The districts: found in what people type, also misspelt, and never mistaken for a street."""

import pytest

from plugins.laporan.places import NOWHERE, Wilayah, apart, districts, find, like


def test_there_are_thirty_kecamatan_with_their_151_kelurahan() -> None:
    assert len(districts()) == 30
    assert sum(map(len, districts().values())) == 151


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("banjir di Kel. Dago", Wilayah("Coblong", "Dago")),
        ("banjir di kelurahan dagoo", Wilayah("Coblong", "Dago")),
        ("banjir di kec Coblong", Wilayah("Coblong")),
        ("pohon tumbang di Kecamatan Ujung Berung", Wilayah("Ujungberung")),
        ("pohon tumbang di Ujung Berung", Wilayah("Ujungberung")),
        ("sampah di kel. lebakgede dekat kec. coblong", Wilayah("Coblong", "Lebak Gede")),
        ("Lurah Sekeloa melapor", Wilayah("Coblong", "Sekeloa")),
        ("genangan di Gedebage", Wilayah("Gedebage")),
        ("banjir di Jl. Gedebage setinggi 40 cm", NOWHERE),
        ("macet di jalan Dago", NOWHERE),
        ("kebakaran di Pasar Kiaracondong", NOWHERE),
        ("kerja bakti RW 03", NOWHERE),
        ("", NOWHERE),
    ],
)
def test_a_district_is_found_where_one_is_named(text: str, place: Wilayah) -> None:
    assert find(text) == place


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Coblong", Wilayah("Coblong")),
        ("cobling", Wilayah("Coblong")),
        ("Dago", Wilayah("Coblong", "Dago")),
        ("kecamatan babakan ciparay", Wilayah("Babakan Ciparay")),
        ("kelurahan babakan ciparay", Wilayah("Babakan Ciparay", "Babakan Ciparay")),
        ("gede bage", Wilayah("Gedebage")),
        ("Atlantis", NOWHERE),
    ],
)
def test_a_name_alone_may_be_misspelt(name: str, place: Wilayah) -> None:
    assert like(name) == place


def test_every_district_is_found_by_its_own_name() -> None:
    for kecamatan, below in districts().items():
        assert find(f"Kec. {kecamatan}").kecamatan == kecamatan
        for kelurahan in below:
            assert find(f"Kel. {kelurahan}").kelurahan == kelurahan


def test_metres_between_places() -> None:
    assert apart((-6.885, 107.6136), (-6.885, 107.6136)) == 0
    assert apart((-6.885, 107.6136), (-6.886, 107.6136)) == pytest.approx(111.2, abs=0.5)
