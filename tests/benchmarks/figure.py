"""One measured figure beside its target."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """`target` is the most (or with `at_least` the least) the value may be; None: only to compare with."""

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    @property
    def held(self) -> bool:
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target

    def plain(self) -> dict[str, object]:
        """For whatever reads it: with the ratio to the target, and whether that was held."""
        judged = {} if self.target is None else {"ratio": self.value / self.target, "held": self.held}
        return asdict(self) | judged

    def line(self, width: int) -> str:
        shown = f"{self.what:<{width}}  {self.value:>10,.2f} {self.unit:<8}"
        if self.target is None:
            return shown
        sign = "≥" if self.at_least else "≤"
        return f"{shown} {sign} {self.target:>8,.2f}   {self.value / self.target:5.2f} ×   {'held' if self.held else 'MISSED'}"
