"""When and where a text is read, and what comes of it."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pendopo.when.grammar.nodes import Length
from pendopo.when.prayer_times import BANDUNG, Place
from pendopo.when.values import Reason, When


class Reference(NamedTuple):
    """When and where the text is read."""

    now: datetime
    zone: ZoneInfo
    holidays: Collection[date] = ()
    place: Place = BANDUNG

    @property
    def today(self) -> date:
        """The date now, in the zone."""
        return self.now.date()

    def add_length(self, length: Length) -> datetime:
        """The moment so long from now, counted in real time."""
        at = self.now.replace(second=0, microsecond=0) if self.now.second == 0 else self.now.replace(microsecond=0)
        return (at.astimezone(UTC) + length.delta).astimezone(self.zone)


class Pick(NamedTuple):
    """A value, what was assumed for it, and the values that could be meant instead."""

    value: When
    assumed: tuple[Reason, ...] = ()
    others: tuple[When, ...] = ()
