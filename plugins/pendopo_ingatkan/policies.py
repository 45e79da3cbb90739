"""Who may do what with a reminder."""

from pendopo import Context, Decision

from pendopo_ingatkan.models import Pengingat
from pendopo_ingatkan.plugin import plugin


@plugin.policy("pemasang")
async def pemasang(ctx: Context, nomor: int) -> Decision:
    """Only who set it."""
    pengingat = await ctx.get(Pengingat, nomor)
    if pengingat.pembuat == ctx.person.id:
        return ctx.allow("pemasang")
    return ctx.deny("pemasang", "ingatkan.bukan_pemasang", nomor=nomor)


@plugin.policy("penerima")
async def penerima(ctx: Context, nomor: int) -> Decision:
    """Only whom it is for."""
    pengingat = await ctx.get(Pengingat, nomor)
    if pengingat.untuk == ctx.person.id:
        return ctx.allow("penerima")
    return ctx.deny("penerima", "ingatkan.bukan_penerima", nomor=nomor)


@plugin.policy("bersangkutan")
async def bersangkutan(ctx: Context, daftar: str) -> Decision:
    """Who set it or whom it is for, for every one of several."""
    for nomor in parse_numbers(daftar):
        pengingat = await ctx.get(Pengingat, nomor)
        if ctx.person.id not in (pengingat.pembuat, pengingat.untuk):
            return ctx.deny("bersangkutan", "ingatkan.bukan_penerima", nomor=nomor)
    return ctx.allow("bersangkutan")


def parse_numbers(daftar: str) -> list[int]:
    """The numbers in `5,6,7`: one button can stand for several reminders."""
    return [int(nomor) for nomor in daftar.split(",")]
