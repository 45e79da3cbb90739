"""What a page draws: districts as tiles or by their borders, and bars. All of it is made by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pendopo.model import Phrase

Label = Phrase | str
"""A sentence of the catalogue, or words of somebody, which are shown as they are and never read as anything else."""
Tone = Literal["", "good", "warn", "bad", "quiet"]


@dataclass(frozen=True)
class Tile:
    """One district on a map of tiles, in its row and column, with a number."""

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
    """One district on a map of borders: its rings of longitude and latitude, with a number."""

    name: str
    rings: Sequence[Sequence[tuple[float, float]]]
    value: int
    path: str = ""


@dataclass(frozen=True)
class ShapeMap:
    """Districts by their borders, drawn without anybody's tiles; the darker, the more. A table says the same."""

    tiles: Sequence[Shape]
    title: Label = ""
    unit: Label = ""


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; `parts` of it may be shown in colours."""

    label: Label
    value: float
    tone: Tone = ""
    path: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars: lying, or standing for the course of time."""

    bars: Sequence[Bar]
    title: Label = ""
    upright: bool = False
