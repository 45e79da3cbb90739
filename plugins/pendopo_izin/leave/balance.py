"""The days of leave that are left: those taken are a set of half days, so none counts twice and each counts in its own year.

Lengths are in half days, as integers.
"""

from collections.abc import Set
from datetime import timedelta
from typing import NamedTuple

from pendopo import Context, HalfDay
from sqlmodel import col, select

from pendopo_izin.models import AWAY, OPEN, Izin, Status
from pendopo_izin.settings import IzinOptions


class LeaveYear(NamedTuple):
    """What somebody may take of a kind in one year, and what is left of it; below zero where too much was taken."""

    year: int
    quota: int
    left: int


async def list_years(ctx: Context, person: int, kind: str, asked: Izin | None = None) -> list[LeaveYear]:
    """The years that `asked` concerns, which counts as taken; without it this year, and later ones in which days are taken."""
    taken = await load_taken(ctx, person, kind, asked)
    concerned = list_half_days(ctx, asked) if asked else taken
    years = {half.day.year for half in concerned if asked or half.day.year > ctx.today.year}
    quota = 2 * ctx.options(IzinOptions).find_kind(kind).jatah
    if not years or not asked:
        years.add(ctx.today.year)
    return [LeaveYear(year, quota, quota - count_halves(taken, year)) for year in sorted(years)]


async def load_taken(ctx: Context, person: int, kind: str, asked: Izin | None = None) -> set[HalfDay]:
    """The half days that a person's live and past izin of a kind take, with those of `asked` as it is now."""
    await ctx.work_calendar.ensure_loaded()
    same = (Izin.pemohon == person, Izin.jenis == kind, col(Izin.status).in_([*AWAY, *OPEN, Status.DONE]))
    found = [izin for izin in await ctx.all(select(Izin).where(*same)) if asked is None or izin.id != asked.id]
    return {half for izin in [*found, *([asked] if asked else [])] for half in list_half_days(ctx, izin)}


def list_half_days(ctx: Context, izin: Izin) -> set[HalfDay]:
    """The half working days of an izin; the calendar must be loaded."""
    end = min(izin.selesai, izin.mulai + LONGEST)
    return ctx.business_hours(IzinOptions).list_half_days(izin.mulai, end)


LONGEST = timedelta(days=800)
"""An izin is looked at for so long."""


def count_halves(taken: Set[HalfDay], year: int) -> int:
    """How many half days lie in a year."""
    return sum(half.day.year == year for half in taken)


def format_days(halves: int) -> str:
    """A number of half days as days: "3", "2½"."""
    whole, half = divmod(abs(halves), 2)
    return f"{whole or ''}½" if half else str(whole)
