"""Months as addresses of pages name them."""

from datetime import date


def parse_month(text: str, today: date) -> date:
    """The first day of a month as addresses name it (`2026-08`); of anything else, the first of this month."""
    year, _, number = text.partition("-")
    if year.isdecimal() and number.isdecimal() and 2000 <= int(year) <= 2200 and 1 <= int(number) <= 12:
        return date(int(year), int(number), 1)
    return today.replace(day=1)


def next_month(first: date, by: int = 1) -> date:
    """The first day of a later month, or of an earlier one."""
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
