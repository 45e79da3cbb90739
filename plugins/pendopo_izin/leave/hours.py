"""The hours of an *izin jam*: from the opening of the office until somebody arrives, or from when they go to its closing."""

import re
from datetime import date, datetime

from pendopo import BusinessHours, Instant, OneTime, TimeRange, start_of

_ARRIVING = re.compile(r"\b(?:datang|terlambat|telat|kesiangan)\b", re.IGNORECASE)
_LEAVING = re.compile(r"\bpulang\b", re.IGNORECASE)


def fit_hours(waktu: OneTime, purpose: str, office: BusinessHours) -> OneTime:
    """The hours somebody misses who said one clock: "datang terlambat jam 9" ends at nine, "pulang cepat jam 14" begins."""
    if not isinstance(waktu, Instant):
        return waktu
    hours = office.get_day_hours(waktu.at.date())
    opens, closes = (datetime.combine(waktu.at.date(), clock, waktu.at.tzinfo) for clock in hours[:2])
    if _LEAVING.search(purpose) and waktu.at < closes:
        return TimeRange(waktu.at, closes)
    if _ARRIVING.search(purpose) and waktu.at > opens:
        return TimeRange(opens, waktu.at)
    return waktu


def get_closing_day(waktu: OneTime, today: date) -> date:
    """The day whose closing hour ends an open time."""
    start = start_of(waktu)
    return start.date() if isinstance(start, datetime) else start or today
