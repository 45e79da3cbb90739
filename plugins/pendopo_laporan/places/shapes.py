"""The shapes of the districts on a map: borders from a GeoJSON file of the operator's; without one, tiles."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pendopo_laporan.places.districts import load_districts

Ring = Sequence[tuple[float, float]]
TILES: Mapping[str, tuple[int, int]] = {
    "Sukasari": (0, 1),
    "Cidadap": (0, 2),
    "Sukajadi": (1, 1),
    "Coblong": (1, 2),
    "Cibeunying Kaler": (1, 3),
    "Mandalajati": (1, 5),
    "Ujungberung": (1, 6),
    "Cibiru": (1, 7),
    "Andir": (2, 0),
    "Cicendo": (2, 1),
    "Bandung Wetan": (2, 2),
    "Cibeunying Kidul": (2, 3),
    "Antapani": (2, 4),
    "Arcamanik": (2, 5),
    "Cinambo": (2, 6),
    "Panyileukan": (2, 7),
    "Bandung Kulon": (3, 0),
    "Bojongloa Kaler": (3, 1),
    "Sumur Bandung": (3, 2),
    "Batununggal": (3, 3),
    "Kiaracondong": (3, 4),
    "Rancasari": (3, 5),
    "Gedebage": (3, 6),
    "Babakan Ciparay": (4, 0),
    "Astanaanyar": (4, 1),
    "Regol": (4, 2),
    "Lengkong": (4, 3),
    "Buahbatu": (4, 4),
    "Bojongloa Kidul": (5, 1),
    "Bandung Kidul": (5, 3),
}
"""Where the 30 kecamatan lie: row and column, north above, roughly as on a map. Drawn by hand for this plugin."""


@lru_cache(maxsize=2)
def load_borders(path: str) -> Mapping[str, Sequence[Ring]]:
    """The rings of each kecamatan that a file knows by its name. Raises `OSError` or `ValueError` on a file that is none."""
    read = json.loads(Path(path).read_text(encoding="utf-8"))
    names = {_normalise_name(name): name for name in load_districts()}
    found: dict[str, list[Ring]] = {}
    for feature in read["features"]:
        said = (_normalise_name(value) for value in feature["properties"].values() if isinstance(value, str))
        name = next((names[word] for word in said if word in names), None)
        if name is not None:
            found.setdefault(name, []).extend(_get_outer_rings(feature["geometry"]))
    if not found:
        raise ValueError(f"{path} names no district")
    return found


def _normalise_name(name: str) -> str:
    return "".join(letter for letter in name.lower().removeprefix("kecamatan ") if letter.isalpha())


def _get_outer_rings(geometry: Mapping[str, Any]) -> list[Ring]:
    """The outer rings of a polygon, or of several."""
    many = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(float(point[0]), float(point[1])) for point in polygon[0]] for polygon in many]


__all__ = ["TILES", "load_borders"]
