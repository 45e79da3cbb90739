"""When and where a text is read, and what comes of it."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pendopo.when.dates import DayHours
from pendopo.when.grammar.nodes import Length
from pendopo.when.prayer_times import BANDUNG, Place
from pendopo.when.values import Reason, When


def _get_usual_hours(_day: date) -> DayHours:
    return DayHours(time(7, 30), time(16))


def _count_minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


class Reference(NamedTuple):
    """When and where the text is read."""

    now: datetime
    zone: ZoneInfo
    holidays: Collection[date] = ()
    place: Place = BANDUNG
    office: Callable[[date], DayHours] = _get_usual_hours
    """The office hours of a day."""

    def get_office(self, day: date) -> tuple[int, int, int]:
        """When offices open, have noon and close on a day, in minutes after midnight."""
        hours = self.office(day)
        return _count_minutes(hours.opens), _count_minutes(hours.noon), _count_minutes(hours.closes)

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
