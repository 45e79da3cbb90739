"""Who may change a reminder, and how often a superior may be reminded."""

from datetime import datetime

from pendopo import Context, Decision, Person, UserError
from sqlmodel import col, select

from pendopo_ingatkan.models import Pengingat, Status, Teguran
from pendopo_ingatkan.plugin import plugin
from pendopo_ingatkan.times import get_day_bounds


@plugin.policy("pemasang")
async def pemasang(ctx: Context, nomor: int) -> Decision:
    """The person who set it."""
    pengingat = await ctx.get(Pengingat, nomor)
    if pengingat.pembuat == ctx.person.id:
        return ctx.allow("pemasang")
    return ctx.deny("pemasang", "ingatkan.bukan_pemasang", nomor=nomor)


@plugin.policy("penerima")
async def penerima(ctx: Context, nomor: int) -> Decision:
    """The person it is for."""
    pengingat = await ctx.get(Pengingat, nomor)
    if pengingat.untuk == ctx.person.id:
        return ctx.allow("penerima")
    return ctx.deny("penerima", "ingatkan.bukan_penerima", nomor=nomor)


@plugin.policy("bersangkutan")
async def bersangkutan(ctx: Context, daftar: str) -> Decision:
    """The setter or the recipient of each of several reminders."""
    for nomor in parse_numbers(daftar):
        pengingat = await ctx.get(Pengingat, nomor)
        if ctx.person.id not in (pengingat.pembuat, pengingat.untuk):
            return ctx.deny("bersangkutan", "ingatkan.bukan_penerima", nomor=nomor)
    return ctx.allow("bersangkutan")


def parse_numbers(daftar: str) -> list[int]:
    """The numbers in `5,6,7`: one button can stand for several reminders."""
    return [int(nomor) for nomor in daftar.split(",")]


NAGS = 3
"""The most reminders a day from one person to a superior."""


def is_above(ctx: Context, person: Person, setter: Person) -> bool:
    """Whether `setter` reports to `person`, directly or through others."""
    seen: set[int] = set()
    above: Person | None = setter
    while above is not None and above.id not in seen:  # a faulty directory may hold a circle
        seen.add(above.id)
        above = ctx.people.superior_of(above, ctx.now)
        if above is not None and above.id == person.id:
            return True
    return False


async def check_daily_quota(ctx: Context, pengingat: Pengingat) -> None:
    """Raises `UserError` when a reminder exceeds a superior's quota on the day it is due."""
    person = ctx.people.find_person(pengingat.untuk)
    if person is None or pengingat.berikut is None or not is_above(ctx, person, ctx.person):
        return
    begin, end = get_day_bounds(pengingat.berikut, ctx.zone)
    mine = select(Pengingat).where(
        Pengingat.pembuat == ctx.person.id, Pengingat.untuk == person.id, Pengingat.status == Status.ACTIVE
    )
    planned = await ctx.all(mine.where(col(Pengingat.berikut) >= begin, col(Pengingat.berikut) < end))
    others = sum(other.id != pengingat.id for other in planned)
    own = 0
    for at in pengingat.iter_times(begin, ctx.work_calendar):
        if at >= end or own > NAGS:
            break
        own += 1
    if await _count_told(ctx, ctx.person, person, pengingat.berikut) + others + own > NAGS:
        raise UserError("ingatkan.terlalu_sering", param="waktu", siapa=person, batas=NAGS)


async def use_daily_quota(ctx: Context, pengingat: Pengingat) -> bool:
    """Whether it may be sent now; counts one that goes to a superior."""
    setter, person = ctx.people.find_person(pengingat.pembuat), ctx.people.find_person(pengingat.untuk)
    if setter is None or person is None or setter.id == person.id or not is_above(ctx, person, setter):
        return True
    if await _count_told(ctx, setter, person, ctx.now) >= NAGS:
        return False
    await ctx.save(Teguran(pembuat=setter.id, untuk=person.id, pada=ctx.now))
    return True


async def _count_told(ctx: Context, setter: Person, person: Person, at: datetime) -> int:
    begin, end = get_day_bounds(at, ctx.zone)
    told = select(Teguran).where(Teguran.pembuat == setter.id, Teguran.untuk == person.id)
    return len(await ctx.all(told.where(col(Teguran.pada) >= begin, col(Teguran.pada) < end)))
