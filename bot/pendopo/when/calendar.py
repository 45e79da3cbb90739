"""Holidays and working days: those of the country, and what the installation's own table adds to them or takes away.

`WorkCalendar` is a collection of days, so it can be given to `parse(…, holidays=calendar)`. The country's table comes from the
`holidays` library, which takes a third of a second to import: it is loaded when it is first needed.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pendopo.when.dates import DAY, make_moment
from pendopo.when.recurrence import DAYS, upcoming
from pendopo.when.values import Recurrence

HolidayRule = Literal["keep", "skip", "before", "after"]
"""What becomes of an occurrence on a day off: it stays, falls away, or moves to the working day before or after."""

_LOOK_BACK = timedelta(days=30)
"""Longer than any row of days off, so that an occurrence moved past an instant is still found."""


class WorkCalendar(Collection[date]):
    """The days nobody works. Saturdays and Sundays are no holidays, but no working days either."""

    def __init__(self, country: str = "ID", added: Mapping[date, str] | None = None, working: Collection[date] = ()) -> None:
        self._country = country
        self._added = dict(added or {})
        self._working = frozenset(working)
        self._table: Mapping[date, str] | None = None

    async def ensure_loaded(self) -> "WorkCalendar":
        """This calendar with its country's table read, beside the event loop the first time."""
        if self._table is None:
            await asyncio.to_thread(self._load_table)
        return self

    def get_holiday(self, day: date) -> str:
        """The name of a holiday, "" when the day is none. Where only the moon decides, the name says that it is a guess."""
        if day in self._working:
            return ""
        return self._added.get(day) or self._load_table().get(day) or ""

    def is_working_day(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.weekday() < 5 and not self.get_holiday(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The working day so many after a day (before it when negative)."""
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def iter_occurrences(self, every: Recurrence, after: datetime, off: HolidayRule = "keep") -> Iterator[datetime]:
        """The moments of a recurrence later than `after`, each once, with days off kept, skipped or moved."""
        if off == "keep":
            yield from upcoming(every, after)
            return
        last = after
        for at in upcoming(every, after - _LOOK_BACK):
            moved = self._place_occurrence(at, every, off)
            if moved is not None and moved > last:
                last = moved
                yield moved

    def _place_occurrence(self, at: datetime, every: Recurrence, off: HolidayRule) -> datetime | None:
        """Where one occurrence comes to lie. A week-end that the rule names itself is meant."""
        zone = ZoneInfo(every.zone)
        local = at.astimezone(zone)
        named = {DAYS.index(name[-2:]) for name in _get_by_day(every)}
        day = local.date()
        if self.is_working_day(day) or (day.weekday() in named and not self.get_holiday(day)):
            return at
        if off == "skip":
            return None
        moved = self.add_working_days(day, -1 if off == "before" else 1)
        return make_moment(moved, local.hour * 60 + local.minute, zone)

    def _load_table(self) -> Mapping[date, str]:
        if self._table is None:
            self._table = _load_country(self._country) if self._country else {}
        return self._table

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and bool(self.get_holiday(day))

    def __iter__(self) -> Iterator[date]:
        """The days that are known so far: a country's table grows by the years that are asked for."""
        return (day for day in sorted({*self._load_table(), *self._added}) if day not in self._working)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _get_by_day(every: Recurrence) -> list[str]:
    rule = dict(part.split("=") for part in every.rrule.split(";"))
    return rule["BYDAY"].split(",") if "BYDAY" in rule else []


def _load_country(country: str) -> Any:
    """National holidays and those the government gives beside them (cuti bersama), named in the country's language."""
    from holidays import country_holidays

    return country_holidays(country, categories=("public", "government"), language=country.lower())


__all__ = ["HolidayRule", "WorkCalendar"]
