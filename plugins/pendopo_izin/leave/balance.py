"""The days of leave that are left: those taken are a set of half days, so none counts twice and each counts in its own year.

Lengths are in half days, as integers.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from pendopo import Context, HalfDay
from sqlmodel import col, or_, select

from pendopo_izin.leave.entitlements import compute_quota
from pendopo_izin.models import AWAY, OPEN, Izin, Status
from pendopo_izin.settings import ANNUAL, GREAT, UNKNOWN, Entitlement, IzinOptions, LengthUnit, get_kind

LONGEST = timedelta(days=800)
"""An izin is looked at for so long."""


class LeaveYear(NamedTuple):
    """What somebody may take of a kind in one year, and what is left of it; below zero where too much was taken.

    `great` says that the year has a great leave, besides which there is no annual leave but what was taken before it.
    """

    year: int
    quota: int
    left: int
    great: bool = False


async def list_years(ctx: Context, person: int, kind: str, asked: Izin | None = None) -> list[LeaveYear]:
    """The years that `asked` concerns, which counts as taken; without it this year, and later ones in which days are taken."""
    found = await _list_counted(ctx, person, [kind, GREAT], asked)
    taken = {half for izin in found if izin.jenis == kind for half in list_half_days(ctx, izin)}
    others = {half for izin in found if izin.jenis == kind and izin is not asked for half in list_half_days(ctx, izin)}
    granted = [izin for izin in found if kind == ANNUAL and izin.jenis == GREAT and izin.status not in OPEN]
    great = {izin.mulai.astimezone(ctx.zone).year for izin in granted}
    counted = _count_by_year(ctx, person, kind, taken)
    if asked:
        years = {half.day.year for half in list_half_days(ctx, asked)}
    else:
        years = {half.day.year for half in taken if half.day.year > ctx.today.year} | {ctx.today.year}
    quotas = await _compute_quotas(ctx, person, kind, sorted(years or {ctx.today.year}), counted)
    spent = {year: counted.get(year, 0) for year in quotas}
    quotas |= {year: count_halves(others, year) for year in great & quotas.keys()}
    return [LeaveYear(year, quota, quota - spent[year], year in great) for year, quota in quotas.items()]


async def _list_counted(ctx: Context, person: int, kinds: Collection[str], asked: Izin | None) -> list[Izin]:
    """A person's live and past izin of some kinds, those broken off too, with `asked` as it is now."""
    await ctx.work_calendar.ensure_loaded()
    counted = or_(col(Izin.status).in_([*AWAY, *OPEN, Status.DONE]), col(Izin.kembali).is_not(None))
    same = (Izin.pemohon == person, col(Izin.jenis).in_(kinds), counted)
    found = [izin for izin in await ctx.all(select(Izin).where(*same)) if asked is None or izin.id != asked.id]
    return [*found, *([asked] if asked else [])]


def _count_by_year(ctx: Context, person: int, kind: str, taken: Iterable[HalfDay]) -> dict[int, int]:
    """The half days taken by year, with those of annual leave that the directory knows of."""
    counted: dict[int, int] = {}
    for half in taken:
        counted[half.day.year] = counted.get(half.day.year, 0) + 1
    elsewhere = ctx.people.get_employment(ctx.people.get_person(person)).leave_taken if kind == ANNUAL else {}
    for year, days in elsewhere.items():
        counted[int(year)] = counted.get(int(year), 0) + round(2 * days)
    return counted


async def _compute_quotas(
    ctx: Context, person: int, kind: str, years: Collection[int], counted: Mapping[int, int]
) -> dict[int, int]:
    """What each year brings. Only a past year whose leave is known, here or by the directory, leaves something for the next."""
    yearly = 2 * ctx.options(IzinOptions).find_kind(kind).jatah
    if kind != ANNUAL:
        return dict.fromkeys(years, yearly)
    _, rights = find_rights(ctx, person)
    work = ctx.people.get_employment(ctx.people.get_person(person))
    first = await ctx.first(select(Izin).order_by(col(Izin.id)).limit(1))
    since = first.dibuat.astimezone(ctx.zone).year if first else ctx.today.year
    known = {*range(since, ctx.today.year), *(int(year) for year in work.leave_taken if int(year) < ctx.today.year)}
    used = {year: counted.get(year, 0) for year in known}
    worked = _list_worked(ctx, person)
    return {
        year: compute_quota(year, yearly, rights, work.entered, used) + 2 * sum(day.year == year for day in worked)
        for year in years
    }


def find_rights(ctx: Context, person: int) -> tuple[str, Entitlement]:
    """The status of a person, "" where it is not known, and what it entitles to."""
    status = ctx.people.get_employment(ctx.people.get_person(person)).status or ""
    return status, ctx.options(IzinOptions).hak.get(status, UNKNOWN)


def list_half_days(ctx: Context, izin: Izin) -> set[HalfDay]:
    """The half working days of an izin; the calendar must be loaded."""
    end = min(izin.away_until, izin.mulai + LONGEST)
    return ctx.business_hours(IzinOptions).list_half_days(izin.mulai, end, _list_worked(ctx, izin.pemohon))


def _list_worked(ctx: Context, person: int) -> list[date]:
    """The days of joint leave on which the units of a person worked."""
    held = ctx.people.posts_of(ctx.people.get_person(person), ctx.now)
    return [day for post in held for day in ctx.options(IzinOptions).cuti_bersama_masuk.get(post.unit, [])]


def count_halves(taken: Iterable[HalfDay], year: int) -> int:
    """How many half days lie in a year."""
    return sum(half.day.year == year for half in taken)


def count_days(ctx: Context, izin: Izin) -> str:
    """The length of an izin in the days of its kind."""
    if get_kind(ctx, izin).satuan == LengthUnit.WORKING:
        return format_days(len(list_half_days(ctx, izin)))
    return str(izin.hari)


def format_days(halves: int) -> str:
    """A number of half days as days: "3", "2½"."""
    whole, half = divmod(abs(halves), 2)
    return f"{whole or ''}½" if half else str(whole)
