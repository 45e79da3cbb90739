"""The borders of the districts, from a GeoJSON file of the operator's; without one the map is made of tiles."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pendopo_laporan.places.districts import load_districts

Ring = Sequence[tuple[float, float]]


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


__all__ = ["load_borders"]
