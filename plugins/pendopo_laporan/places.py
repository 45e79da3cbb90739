"""Districts: 30 kecamatan, 151 kelurahan (`wilayah.json`, which names its source); found in text, drawn on maps."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from msgspec import Struct
from pendopo import Context, Person

NEAR = 0.78
"""How similar a misspelt name must be (ratio of `difflib`)."""
_NAMED = "kelurahan|kel|kecamatan|kec|lurah|camat|ds|desa"
_MARKED = re.compile(rf"\b({_NAMED})\b[.:]?\s*([a-z'’]+(?:[ -][a-z'’]+){{0,2}})", re.IGNORECASE)
_STREET = re.compile(r"\b(?:jalan|jln|jl|gang|gg|komplek|komp|pasar|terminal|taman|alun-alun)\b[.:]?\s*$", re.IGNORECASE)
_EARTH = 6_371_000.0
"""Mean radius of the earth in metres."""


class District(Struct, frozen=True):
    """A kecamatan, or a kelurahan in it; false when both are empty."""

    kecamatan: str = ""
    kelurahan: str = ""

    def __bool__(self) -> bool:
        return bool(self.kecamatan)

    def __str__(self) -> str:
        return f"Kel. {self.kelurahan}, Kec. {self.kecamatan}" if self.kelurahan else f"Kec. {self.kecamatan}"


NOWHERE = District()


@lru_cache(maxsize=1)
def load_districts() -> Mapping[str, list[str]]:
    """The kelurahan of each kecamatan."""
    read = json.loads((Path(__file__).parent / "wilayah.json").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = read["kecamatan"]
    return found


@lru_cache(maxsize=1)
def _index_names() -> tuple[Mapping[str, District], Mapping[str, District]]:
    """Kelurahan and kecamatan by their normalised names."""
    small = {_normalise_name(name): District(above, name) for above, below in load_districts().items() for name in below}
    return small, {_normalise_name(name): District(name) for name in load_districts()}


def _normalise_name(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def find_district(text: str, marked_only: bool = False) -> District:
    """The district in a text. A marked name ("Kel. Dago") may be misspelt; names of streets do not count."""
    marked = [place for kind, name in _MARKED.findall(text) if (place := _match_marked(kind.lower(), name))]
    if marked:
        return next((place for place in marked if place.kelurahan), marked[0])
    return NOWHERE if marked_only else next(_iter_unmarked(text), NOWHERE)


def match_district(name: str) -> District:
    """The district with the most similar name; a kelurahan before a kecamatan."""
    found = find_district(name, marked_only=True)
    small, large = _index_names()
    return found or _match_near(name, small) or _match_near(name, large) or find_district(name)


def _match_marked(kind: str, name: str) -> District:
    small, large = _index_names()
    first, second = (large, small) if kind.startswith(("kec", "camat")) else (small, large)
    words = name.split()
    said = [" ".join(words[:length]) for length in range(len(words), 0, -1)]
    for part in said:
        if found := first.get(_normalise_name(part)) or second.get(_normalise_name(part)):
            return found
    return next((near for part in said if (near := _match_near(part, first))), NOWHERE)


def _match_near(name: str, among: Mapping[str, District]) -> District:
    found = get_close_matches(_normalise_name(name), among, n=1, cutoff=NEAR)
    return among[found[0]] if found else NOWHERE


def _iter_unmarked(text: str) -> Iterator[District]:
    """Yields districts named exactly, kelurahan before kecamatan; at each word the longest name counts."""
    small, large = _index_names()
    words = [(match.start(), match[0]) for match in re.finditer(r"[A-Za-z'’]+", text)]
    places = []
    for at, (start, _) in enumerate(words):
        for length in (3, 2, 1):
            name = _normalise_name("".join(word for _, word in words[at : at + length]))
            place = small.get(name) or large.get(name)
            if place and len(words[at : at + length]) == length and not _STREET.search(text[:start]):
                places.append((not place.kelurahan, at, place))
                break
    for _, _, place in sorted(places, key=lambda found: found[:2]):
        yield place


def measure_distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points of latitude and longitude, on a sphere."""
    (north, east), (north2, east2) = one, other
    up, right = radians(north2 - north) / 2, radians(east2 - east) / 2
    part = sin(up) ** 2 + cos(radians(north)) * cos(radians(north2)) * sin(right) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(part)))


def find_home_district(ctx: Context, who: Person) -> District:
    """The district of a person's post, by the names of their posts and units."""
    for post in ctx.people.posts_of(who, ctx.now):
        unit = ctx.people.units.get(post.unit)
        for name in (post.title, unit.name if unit else ""):
            if found := find_district(name, marked_only=True) or (
                find_district(name) if "kota" not in name.lower() else NOWHERE
            ):
                return found
    return NOWHERE


Ring = Sequence[tuple[float, float]]
"""Points of a border: longitude and latitude, as in GeoJSON."""
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
"""Row and column of each kecamatan, north at the top, roughly as on a map; drawn by hand for this plugin."""


@lru_cache(maxsize=2)
def load_borders(path: str) -> Mapping[str, Sequence[Ring]]:
    """Borders of each kecamatan a GeoJSON file names. Raises `OSError` or `ValueError` for an unusable file."""
    read = json.loads(Path(path).read_text(encoding="utf-8"))
    names = {_normalise_district(name): name for name in load_districts()}
    found: dict[str, list[Ring]] = {}
    for feature in read["features"]:
        said = (_normalise_district(value) for value in feature["properties"].values() if isinstance(value, str))
        name = next((names[word] for word in said if word in names), None)
        if name is not None:
            # The outer rings of a polygon or multipolygon.
            geometry = feature["geometry"]
            many = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            found.setdefault(name, []).extend(
                [[(float(point[0]), float(point[1])) for point in polygon[0]] for polygon in many]
            )
    if not found:
        raise ValueError(f"{path} names no district")
    return found


def _normalise_district(name: str) -> str:
    return "".join(letter for letter in name.lower().removeprefix("kecamatan ") if letter.isalpha())
