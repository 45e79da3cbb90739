"""Working hours: nobody is reminded at night, and a clock of "two hours" runs only while offices are open."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pendopo.when.calendar import WorkCalendar
from pendopo.when.dates import DayHours


class HalfDay(NamedTuple):
    """Half a working day: the morning, or with `late` the afternoon."""

    day: date
    late: bool


class BusinessHours:
    """When an office is open: from `opens` to `closes`, or as `on_day` says of each day."""

    def __init__(
        self,
        calendar: WorkCalendar,
        zone: ZoneInfo,
        opens: time,
        closes: time,
        on_day: Callable[[date], DayHours] | None = None,
    ) -> None:
        self._calendar = calendar
        self._zone = zone
        self._usual = DayHours(opens, closes)
        self._on_day = on_day

    def add_hours(self, start: datetime, hours: float) -> datetime:
        """The moment at which so many working hours have passed since `start`."""
        left = timedelta(hours=hours)
        at = self.open_at(start)
        while True:
            room = self._at_clock(at.date(), self.get_day_hours(at.date()).closes) - at
            if left <= room:
                return at + left
            left -= room
            at = self.open_at(self._at_clock(at.date() + timedelta(days=1), time(0)))

    def open_at(self, at: datetime) -> datetime:
        """The moment itself while the office is open, else when it opens next."""
        local = at.astimezone(self._zone)
        today = self.get_day_hours(local.date())
        if self._calendar.is_working_day(local.date()) and local.time() < today.closes:
            return max(local, self._at_clock(local.date(), today.opens))
        day = self._calendar.add_working_days(local.date(), 1)
        return self._at_clock(day, self.get_day_hours(day).opens)

    def get_day_hours(self, day: date) -> DayHours:
        """The office hours of a day."""
        return self._on_day(day) if self._on_day else self._usual

    def count_working_days(self, first: date, last: date) -> int:
        """How many working days lie in a stretch of days, both ends included."""
        return sum(self._calendar.is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def list_half_days(self, begin: datetime, end: datetime, worked: Collection[date] = ()) -> set[HalfDay]:
        """The halves of working days that a stretch of time touches; days of `worked` are working days anyhow."""
        first, last = begin.astimezone(self._zone).date(), end.astimezone(self._zone).date()
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        open_days = [day for day in days if day in worked or self._calendar.is_working_day(day)]
        return {half for day in open_days for half in self._split_day(day, begin, end)}

    def _split_day(self, day: date, begin: datetime, end: datetime) -> Iterator[HalfDay]:
        opens, closes, noon = (self._at_clock(day, clock) for clock in self.get_day_hours(day))
        if begin < noon and end > opens:
            yield HalfDay(day, False)
        if begin < closes and end > noon:
            yield HalfDay(day, True)

    def _at_clock(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self._zone)
