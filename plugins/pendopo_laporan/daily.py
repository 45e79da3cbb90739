"""Daily reports: who must report on working days, reports of nothing, and who is missing."""

from datetime import datetime, timedelta

from pendopo import Context, Person, phrase
from sqlmodel import col, select

from pendopo_laporan.models import Harian, Laporan, Status
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import list_groups
from pendopo_laporan.settings import LaporanOptions

LISTED = 20
"""Most names in one message."""


@plugin.command("lapor kosong", aliases=["laporan kosong", "lapor nihil"], examples=["/lapor kosong"])
async def kosong(ctx: Context) -> None:
    """Report that nothing happened today."""
    today = _format_today(ctx)
    if await ctx.first(select(Harian).where(Harian.hari == today, Harian.pelapor == ctx.person.id)) is None:
        await ctx.save(Harian(hari=today, pelapor=ctx.person.id, pada=ctx.now))
        ctx.audit("laporan.kosong", f"person/{ctx.person.id}", hari=today)
    await ctx.reply("laporan.kosong_dicatat", pada=f"{ctx.now.astimezone(ctx.zone):%d/%m/%Y}")


def _format_today(ctx: Context) -> str:
    return ctx.today.isoformat()


@plugin.job(cron="0 15 * * mon-fri", policy="system")
async def belum_lapor(ctx: Context) -> None:
    """Tell every superior which of their people have not reported today."""
    if not await _is_workday(ctx):
        return
    by_superior: dict[int, list[Person]] = {}
    for who in await list_missing(ctx):
        above = ctx.people.superior_of(who, ctx.now)
        if above is not None:
            by_superior.setdefault(above.id, []).append(who)
    for id_, late in by_superior.items():
        camat = ctx.people.find_person(id_)
        if camat is not None:
            names = ", ".join(who.called for who in late[:LISTED])
            await ctx.notify(camat, phrase("laporan.belum_lapor", jumlah=len(late), siapa=names))
    ctx.audit("laporan.belum_lapor", "", jumlah=sum(map(len, by_superior.values())))


@plugin.job(cron="30 16 * * mon-fri", policy="system")
async def jumlah_belum_lapor(ctx: Context) -> None:
    """Tell the groups how many have not reported, without names."""
    if not await _is_workday(ctx):
        return
    late = await list_missing(ctx)
    for chat in list_groups(ctx, ctx.options(LaporanOptions).wajib) if late else ():
        await ctx.send(chat, "laporan.jumlah_belum_lapor", jumlah=len(late), semua=len(list_obliged(ctx)))


async def _is_workday(ctx: Context) -> bool:
    await ctx.work_calendar.ensure_loaded()
    return bool(ctx.work_calendar.is_working_day(ctx.today))


def list_obliged(ctx: Context) -> list[Person]:
    """Those who must report every working day."""
    found = (who for role in ctx.options(LaporanOptions).wajib for who in ctx.people.with_role(role, ctx.now))
    return list(dict.fromkeys(found))


async def list_missing(ctx: Context) -> list[Person]:
    """Those who must report today and have not, unless they are away."""
    begin = ctx.at(ctx.today)
    today = select(Laporan).where(col(Laporan.dibuat) >= begin, Laporan.status != Status.WITHDRAWN)
    reported = {row.pelapor for row in await ctx.all(today)}
    reported |= {row.pelapor for row in await ctx.all(select(Harian).where(Harian.hari == _format_today(ctx)))}
    late = [who for who in list_obliged(ctx) if who.id not in reported]
    return [who for who in late if not await _is_away(ctx, who, begin)]


async def _is_away(ctx: Context, who: Person, begin: datetime) -> bool:
    return any(busy.kind == "away" for busy in await ctx.calendar.list_busy(who, begin, begin + timedelta(days=1)))
