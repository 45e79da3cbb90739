"""Alerts: urgent reports go to those on duty at any hour, again and again until they answer."""

from collections.abc import Sequence
from datetime import timedelta

from pendopo import Button, Context, Person, Phrase, phrase
from sqlmodel import col, select

from pendopo_laporan import cards, transitions
from pendopo_laporan.cards import list_photos
from pendopo_laporan.models import GONE, OVER, Foto, Laporan, Siaga
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import resolve_persons
from pendopo_laporan.settings import LaporanOptions


async def raise_alarm(ctx: Context, laporan: Laporan, files: Sequence[Foto]) -> None:
    """Alerts those on duty."""
    duty = transitions.list_duty(ctx)
    for who in duty:
        await _alert_person(ctx, laporan, who, files, None)
    ctx.audit("laporan.siaga", f"laporan/{laporan.id}", siapa=[who.id for who in duty])
    await _plan_repeat(ctx, laporan, 1)


async def stop_alarm(ctx: Context, laporan: Laporan) -> None:
    """Stops repeating the alert."""
    await ctx.cancel(f"laporan:{laporan.id}:siaga")


async def _alert_person(ctx: Context, laporan: Laporan, who: Person, files: Sequence[Foto], row: Siaga | None) -> None:
    button = Button("laporan.tombol.siaga", siaga, laporan.id, allowed=who)
    sent = await ctx.notify(
        who, phrase("laporan.siaga"), *cards.format_card(ctx, laporan, files), buttons=[button], urgent=True
    )
    row = row or await ctx.save(Siaga(laporan=laporan.id or 0, siapa=who.id, pada=ctx.now))
    row.pesan = sent.key if sent else ""


async def _plan_repeat(ctx: Context, laporan: Laporan, times: int) -> None:
    at = ctx.now + timedelta(minutes=ctx.options(LaporanOptions).siaga_ulang)
    await ctx.schedule(at, ulangi, laporan.id, times, key=f"laporan:{laporan.id}:siaga")


@plugin.job(policy="system")
async def ulangi(ctx: Context, laporan_id: int, kali: int) -> None:
    """Alert those again who have not answered; in the end alert others too."""
    laporan, options = await ctx.get(Laporan, laporan_id), ctx.options(LaporanOptions)
    if laporan.status in (*OVER, *GONE):
        return
    await ctx.work_calendar.ensure_loaded()
    alerts, files = await _list_alerts(ctx, laporan_id), await list_photos(ctx, laporan_id)
    silent = [alert for alert in alerts if alert.dijawab is None]
    for alert in silent:
        if (who := ctx.people.find_person(alert.siapa)) is not None:
            await _alert_person(ctx, laporan, who, files, alert)
    if len(silent) == len(alerts) and kali >= options.siaga_kali:
        await _escalate_alarm(ctx, laporan, alerts, files)
    elif silent and kali < options.siaga_kali:
        await _plan_repeat(ctx, laporan, kali + 1)


async def _escalate_alarm(ctx: Context, laporan: Laporan, alerts: Sequence[Siaga], files: Sequence[Foto]) -> None:
    """Alerts the next ones (`siaga_lanjut`) when nobody answered, and tells the reporter."""
    reporter = ctx.people.find_person(laporan.pelapor)
    told = {alert.siapa for alert in alerts}
    next_ones = resolve_persons(ctx, ctx.options(LaporanOptions).siaga_lanjut, reporter) if reporter else []
    for who in next_ones:
        if who.id not in told:
            await _alert_person(ctx, laporan, who, files, None)
    ctx.audit("laporan.siaga_lanjut", f"laporan/{laporan.id}", siapa=[who.id for who in next_ones])
    if reporter is not None:
        names = ", ".join(who.called for who in next_ones) or "–"
        await ctx.notify(reporter, phrase("laporan.siaga_tanpa_jawaban", nomor=laporan.id, siapa=names), urgent=True)


async def _list_alerts(ctx: Context, laporan_id: int) -> Sequence[Siaga]:
    return await ctx.all(select(Siaga).where(Siaga.laporan == laporan_id).order_by(col(Siaga.id)))


@plugin.action()
async def siaga(ctx: Context, laporan_id: int) -> None:
    """Confirm that the alert has reached me."""
    laporan = await ctx.get(Laporan, laporan_id)
    mine = [alert for alert in await _list_alerts(ctx, laporan_id) if alert.siapa == ctx.person.id]
    if not mine:
        return
    for alert in mine:
        alert.dijawab = alert.dijawab or ctx.now
    ctx.audit("laporan.siaga_terima", f"laporan/{laporan_id}")
    if all(alert.dijawab for alert in await _list_alerts(ctx, laporan_id)):
        await stop_alarm(ctx, laporan)
    said = phrase("laporan.siaga_diterima", nomor=laporan_id, siapa=ctx.person, pada=cards.format_moment(ctx, ctx.now))
    await ctx.update(said, *await _format_report(ctx, laporan), buttons=transitions.make_buttons(laporan, ctx.person))
    await transitions.tell_reporter(ctx, laporan, said)


async def _format_report(ctx: Context, laporan: Laporan) -> list[Phrase]:
    await ctx.work_calendar.ensure_loaded()
    return cards.format_card(ctx, laporan, await list_photos(ctx, laporan.id or 0))
