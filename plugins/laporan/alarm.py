"""Alarm: what is urgent is told to who is on duty, at any hour, again and again until they answer."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from bot import Button, Context, Person, Said, say

from . import cards, way
from .models import GONE, OVER, Foto, Laporan, Siaga
from .plugin import persons, photos, plugin
from .rules import Aturan


async def raise_(ctx: Context, laporan: Laporan, files: Sequence[Foto]) -> None:
    """Alert who is on duty."""
    duty = persons(ctx, ctx.options(Aturan).siaga, ctx.person)
    for who in duty:
        await _alert(ctx, laporan, who, files, None)
    ctx.audit("laporan.siaga", f"laporan/{laporan.id}", siapa=[who.id for who in duty])
    await _again(ctx, laporan, 1)


async def stop(ctx: Context, laporan: Laporan) -> None:
    """Alert nobody any more."""
    await ctx.cancel(f"laporan:{laporan.id}:siaga")


async def _alert(ctx: Context, laporan: Laporan, who: Person, files: Sequence[Foto], row: Siaga | None) -> None:
    button = Button("laporan.tombol.siaga", siaga, laporan.id, only=who)
    sent = await ctx.notify(who, say("laporan.siaga"), *cards.card(ctx, laporan, files), buttons=[button])
    row = row or await ctx.save(Siaga(laporan=laporan.id or 0, siapa=who.id, pada=ctx.now))
    row.pesan = sent.key if sent else ""


async def _again(ctx: Context, laporan: Laporan, times: int) -> None:
    at = ctx.now + timedelta(minutes=ctx.options(Aturan).siaga_ulang)
    await ctx.schedule(at, ulangi, laporan.id, times, key=f"laporan:{laporan.id}:siaga")


@plugin.job(policy="system")
async def ulangi(ctx: Context, laporan_id: int, kali: int) -> None:
    """Alert those again who have not answered; in the end others too."""
    laporan, aturan = await ctx.get(Laporan, laporan_id), ctx.options(Aturan)
    if laporan.status in (*OVER, *GONE):
        return
    await ctx.work_calendar.loaded()
    alerts, files = await _alerts(ctx, laporan_id), await photos(ctx, laporan_id)
    silent = [alert for alert in alerts if alert.dijawab is None]
    for alert in silent:
        if (who := ctx.people.person(alert.siapa)) is not None:
            await _alert(ctx, laporan, who, files, alert)
    if len(silent) == len(alerts) and kali >= aturan.siaga_kali:
        await _escalate(ctx, laporan, alerts, files)
    elif silent and kali < aturan.siaga_kali:
        await _again(ctx, laporan, kali + 1)


async def _escalate(ctx: Context, laporan: Laporan, alerts: Sequence[Siaga], files: Sequence[Foto]) -> None:
    """Nobody answered: it goes higher, and the reporter knows that it does."""
    reporter = ctx.people.person(laporan.pelapor)
    told = {alert.siapa for alert in alerts}
    next_ones = persons(ctx, ctx.options(Aturan).siaga_lanjut, reporter) if reporter else []
    for who in next_ones:
        if who.id not in told:
            await _alert(ctx, laporan, who, files, None)
    ctx.audit("laporan.siaga_lanjut", f"laporan/{laporan.id}", siapa=[who.id for who in next_ones])
    if reporter is not None:
        names = ", ".join(who.called for who in next_ones) or "–"
        await ctx.notify(reporter, say("laporan.siaga_tanpa_jawaban", nomor=laporan.id, siapa=names))


async def _alerts(ctx: Context, laporan_id: int) -> Sequence[Siaga]:
    return await ctx.all(select(Siaga).where(Siaga.laporan == laporan_id).order_by(col(Siaga.id)))


@plugin.action()
async def siaga(ctx: Context, laporan_id: int) -> None:
    """Say that the alert has reached me."""
    laporan = await ctx.get(Laporan, laporan_id)
    mine = [alert for alert in await _alerts(ctx, laporan_id) if alert.siapa == ctx.person.id]
    if not mine:
        return
    for alert in mine:
        alert.dijawab = alert.dijawab or ctx.now
    ctx.audit("laporan.siaga_terima", f"laporan/{laporan_id}")
    if all(alert.dijawab for alert in await _alerts(ctx, laporan_id)):
        await stop(ctx, laporan)
    said = say("laporan.siaga_diterima", nomor=laporan_id, siapa=ctx.person, pada=cards.brief(ctx, ctx.now))
    await ctx.update(said, *await _shown(ctx, laporan), buttons=way.choices(laporan, ctx.person))
    await way.tell_reporter(ctx, laporan, said)


async def _shown(ctx: Context, laporan: Laporan) -> list[Said]:
    await ctx.work_calendar.loaded()
    return cards.card(ctx, laporan, await photos(ctx, laporan.id or 0))


__all__ = ["raise_", "siaga", "stop"]
