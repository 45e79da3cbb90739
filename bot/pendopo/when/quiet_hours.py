"""Quiet hours: the part of the night in which nobody is rung."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


class QuietHours:
    """The quiet hours of every day, from `begins` to `ends` in a zone; there are none where both are the same."""

    def __init__(self, zone: ZoneInfo, begins: time, ends: time) -> None:
        self._zone = zone
        self._begins = begins
        self._ends = ends

    def find_end(self, instant: datetime) -> datetime | None:
        """The end of the quiet hours that an instant lies in; None outside them."""
        local = instant.astimezone(self._zone)
        clock, over_midnight = local.time(), self._begins > self._ends
        late, early = clock >= self._begins, clock < self._ends
        if not (late or early if over_midnight else late and early):
            return None
        day = local.date() + timedelta(days=1 if over_midnight and late else 0)
        return datetime.combine(day, self._ends, self._zone)
