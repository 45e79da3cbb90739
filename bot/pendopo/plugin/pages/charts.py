"""Charts of a page: districts as tiles or by their borders, and bars. The server draws all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pendopo.model import Phrase

Label = Phrase | str
"""A phrase, or literal text that is shown as it is and never interpreted."""
Tone = Literal["", "good", "warn", "bad", "quiet"]


@dataclass(frozen=True)
class Tile:
    """One district on a tile map: its row and column, and a number."""

    name: str
    row: int
    column: int
    value: int
    path: str = ""


@dataclass(frozen=True)
class TileMap:
    """Districts as tiles of one size, roughly where they lie; the darker, the more. A table says the same."""

    tiles: Sequence[Tile]
    title: Label = ""
    unit: Label = ""


@dataclass(frozen=True)
class Shape:
    """One district on a map of borders: its rings of (longitude, latitude), and a number."""

    name: str
    rings: Sequence[Sequence[tuple[float, float]]]
    value: int
    path: str = ""


@dataclass(frozen=True)
class ShapeMap:
    """Districts by their borders, drawn without a map service's tiles; the darker, the more. A table says the same."""

    tiles: Sequence[Shape]
    title: Label = ""
    unit: Label = ""


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; `tone` colours it."""

    label: Label
    value: float
    tone: Tone = ""
    path: str = ""


@dataclass(frozen=True)
class Chart:
    """A bar chart: horizontal, or `upright` for a course of time."""

    bars: Sequence[Bar]
    title: Label = ""
    upright: bool = False
