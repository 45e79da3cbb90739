"""How much annual leave a year brings: by status, service, and what was left of the years before; pure functions.

Lengths are in half days, as integers.
"""

import calendar
from collections.abc import Mapping
from datetime import date

from pendopo_izin.settings import Entitlement


def compute_quota(year: int, yearly: int, rights: Entitlement, entered: date | None, used: Mapping[int, int]) -> int:
    """What may be taken in a year of `yearly` days; `used` are the days taken in past years, those that are known.

    What was left of the year before comes on top, up to a ceiling, and up to a higher one where nothing was taken in two years
    running. Carried days are taken first. Of a year that is not known nothing is carried.
    """
    if not is_entitled(year, rights, entered):
        return 0
    carried = idle = 0
    for past in range(min(used, default=year), year):
        if past not in used or not is_entitled(past, rights, entered):
            carried = idle = 0
            continue
        idle = idle + 1 if used[past] == 0 else 0
        most = rights.sisa_dua_tahun if idle > 1 else rights.sisa
        carried = max(0, min(2 * most, yearly - max(0, used[past] - carried)))
    return yearly + carried


def is_entitled(year: int, rights: Entitlement, entered: date | None) -> bool:
    """Whether the service that annual leave needs is reached within a year."""
    return entered is None or add_months(entered, rights.masa_kerja_bulan).year <= year


def count_months(entered: date, at: date) -> int:
    """Whole months of service on a day."""
    months = (at.year - entered.year) * 12 + at.month - entered.month
    return months if add_months(entered, months) <= at else months - 1


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
