"""Working hours: nobody is reminded at night, and a clock of "two hours" runs only while offices are open."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pendopo.when.calendar import WorkCalendar


class BusinessHours:
    """When an office is open."""

    def __init__(self, calendar: WorkCalendar, zone: ZoneInfo, opens: time, closes: time) -> None:
        self._calendar = calendar
        self._zone = zone
        self._opens = opens
        self._closes = closes

    def add_hours(self, start: datetime, hours: float) -> datetime:
        """The moment at which so many working hours have passed since `start`."""
        left = timedelta(hours=hours)
        at = self.open_at(start)
        while True:
            room = self._at_clock(at.date(), self._closes) - at
            if left <= room:
                return at + left
            left -= room
            at = self.open_at(self._at_clock(at.date() + timedelta(days=1), time(0)))

    def open_at(self, at: datetime) -> datetime:
        """The moment itself while the office is open, else when it opens next."""
        local = at.astimezone(self._zone)
        if self._calendar.is_working_day(local.date()) and local.time() < self._closes:
            return max(local, self._at_clock(local.date(), self._opens))
        day = self._calendar.add_working_days(local.date(), 1)
        return self._at_clock(day, self._opens)

    def count_working_days(self, first: date, last: date) -> int:
        """How many working days lie in a stretch of days, both ends included."""
        return sum(self._calendar.is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def _at_clock(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self._zone)
