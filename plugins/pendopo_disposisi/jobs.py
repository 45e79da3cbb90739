"""What happens by itself: a reminder of the receipt, of a deadline that comes near, and of one that is over."""

from datetime import date, datetime, timedelta

from pendopo import Context, RouteName, phrase

from pendopo_disposisi import cards
from pendopo_disposisi.models import WAITING, Disposisi, Status
from pendopo_disposisi.plugin import DisposisiOptions, plugin


async def plan_jobs(ctx: Context, disposisi: Disposisi) -> None:
    """Plan what is to be said while it waits."""
    await ctx.work_calendar.ensure_loaded()
    if disposisi.status == Status.SENT:
        at = ctx.business_hours(DisposisiOptions).add_hours(ctx.now, ctx.options(DisposisiOptions).pengingat_jam)
        await ctx.schedule(at, ingat_terima, disposisi.id, key=f"disposisi:{disposisi.id}:terima", chat=disposisi.chat)
    if disposisi.tenggat is None:
        return
    await ctx.schedule(disposisi.tenggat, lewat, disposisi.id, key=f"disposisi:{disposisi.id}:lewat", chat=disposisi.chat)
    near = _get_opening_time(ctx, ctx.work_calendar.add_working_days(disposisi.tenggat.astimezone(ctx.zone).date(), -1))
    if near > ctx.now:
        await ctx.schedule(near, dekat, disposisi.id, key=f"disposisi:{disposisi.id}:dekat", chat=disposisi.chat)


async def cancel_jobs(ctx: Context, disposisi: Disposisi) -> None:
    """Nothing is waited for any more."""
    await ctx.cancel(*(f"disposisi:{disposisi.id}:{name}" for name in ("terima", "dekat", "lewat")))


async def notify_item_plugin(ctx: Context, disposisi: Disposisi, done: bool) -> None:
    """Let the item's own plugin know in whose hands it lies."""
    if disposisi.jalan:
        number = int(disposisi.butir.rpartition("/")[2])
        await ctx.schedule(ctx.now, RouteName(disposisi.jalan), number, disposisi.kepada, done)


@plugin.job(policy="system")
async def ingat_terima(ctx: Context, nomor: int) -> None:
    """Nobody has confirmed the receipt: once more, and the giver is told."""
    disposisi = await ctx.get(Disposisi, nomor)
    if disposisi.status != Status.SENT:
        return
    await cards.tell_receiver(ctx, disposisi, phrase("disposisi.ingat_terima"))
    await cards.tell_giver(
        ctx, disposisi, phrase("disposisi.kabar_belum_terima", nomor=nomor, kepada=ctx.people.get_name(disposisi.kepada))
    )
    ctx.audit("disposisi.ingatkan", f"disposisi/{nomor}")


@plugin.job(policy="system")
async def dekat(ctx: Context, nomor: int) -> None:
    """The deadline is tomorrow."""
    disposisi = await ctx.get(Disposisi, nomor)
    if disposisi.status in WAITING:
        await cards.tell_receiver(ctx, disposisi, phrase("disposisi.tenggat_dekat"))
        ctx.audit("disposisi.ingatkan", f"disposisi/{nomor}")


@plugin.job(policy="system")
async def lewat(ctx: Context, nomor: int) -> None:
    """The deadline is over: the receiver hears it every working day, the giver once."""
    disposisi = await ctx.get(Disposisi, nomor)
    if disposisi.status not in WAITING or disposisi.tenggat is None or disposisi.tenggat > ctx.now:
        return
    await ctx.work_calendar.ensure_loaded()
    await cards.tell_receiver(ctx, disposisi, phrase("disposisi.tenggat_lewat"))
    if ctx.now - disposisi.tenggat < timedelta(hours=12):
        said = phrase(
            "disposisi.kabar_lewat", nomor=nomor, kepada=ctx.people.get_name(disposisi.kepada), waktu=disposisi.tenggat
        )
        await cards.tell_giver(ctx, disposisi, said)
        await cards.refresh_card(ctx, disposisi)
    tomorrow = _get_opening_time(ctx, ctx.work_calendar.add_working_days(ctx.today, 1))
    await ctx.schedule(tomorrow, lewat, nomor, key=f"disposisi:{nomor}:lewat", chat=disposisi.chat)
    ctx.audit("disposisi.lewat", f"disposisi/{nomor}")


def _get_opening_time(ctx: Context, day: date) -> datetime:
    return ctx.at(day, ctx.options(DisposisiOptions).buka)
