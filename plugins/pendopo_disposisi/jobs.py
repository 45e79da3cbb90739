"""Timers: reminders of a missing receipt, of a deadline that is near, and of one that has passed."""

from datetime import date, datetime, timedelta

from pendopo import Context, RouteName, phrase

from pendopo_disposisi import cards
from pendopo_disposisi.models import WAITING, Disposisi, Status
from pendopo_disposisi.plugin import DisposisiOptions, plugin


async def plan_jobs(ctx: Context, disposisi: Disposisi) -> None:
    """Schedules the reminders of a disposisi that waits."""
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
    """Cancels all reminders."""
    await ctx.cancel(*(f"disposisi:{disposisi.id}:{name}" for name in ("terima", "dekat", "lewat")))


async def notify_item_plugin(ctx: Context, disposisi: Disposisi, done: bool) -> None:
    """Tells the item's own plugin who holds it, or that they are done."""
    if disposisi.jalan:
        number = int(disposisi.butir.rpartition("/")[2])
        await ctx.schedule(ctx.now, RouteName(disposisi.jalan), number, disposisi.kepada, done)


@plugin.job(policy="system")
async def ingat_terima(ctx: Context, nomor: int) -> None:
    """Send an unconfirmed disposisi again, and tell the giver."""
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
    """Remind the receiver a working day before the deadline."""
    disposisi = await ctx.get(Disposisi, nomor)
    if disposisi.status in WAITING:
        await cards.tell_receiver(ctx, disposisi, phrase("disposisi.tenggat_dekat"))
        ctx.audit("disposisi.ingatkan", f"disposisi/{nomor}")


@plugin.job(policy="system")
async def lewat(ctx: Context, nomor: int) -> None:
    """Remind the receiver of a passed deadline every working day; tell the giver once."""
    disposisi = await ctx.get(Disposisi, nomor)
    if disposisi.status not in WAITING or disposisi.tenggat is None or disposisi.tenggat > ctx.now:
        return
    await ctx.work_calendar.ensure_loaded()
    await cards.tell_receiver(ctx, disposisi, phrase("disposisi.tenggat_lewat"))
    # The job repeats every working day; only its first run comes within hours of the deadline.
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
    return ctx.at(day, ctx.options(DisposisiOptions).get_day_hours(day).opens)
