"""Timers of reports: late stages, the end of quiet hours, and silence that counts as acceptance."""

from pendopo import Context, phrase

from pendopo_laporan import cards, transitions
from pendopo_laporan.models import GONE, OPEN, OVER, Laporan, Status
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import penangan


@plugin.job(policy="system")
async def tenggat(ctx: Context, laporan_id: int, putaran: int, tahap: str) -> None:
    """Remind the holder of a late stage, and tell their superior."""
    laporan = await ctx.get(Laporan, laporan_id)
    if laporan.putaran != putaran or laporan.status in (*OVER, *GONE) or laporan.has_reached(tahap):
        return
    laporan.record_late(tahap)
    ctx.audit("laporan.terlambat", f"laporan/{laporan_id}", tahap=tahap, dengan=laporan.dengan)
    await ctx.work_calendar.ensure_loaded()
    late = phrase(
        "laporan.terlambat", nomor=laporan_id, tahap=phrase(f"laporan.tahap.{tahap}"), keadaan=cards.format_state(ctx, laporan)
    )
    holder = ctx.people.find_person(laporan.pemegang)
    if holder is not None:
        await ctx.notify(holder, late, buttons=transitions.make_buttons(laporan, holder))
        above = ctx.people.superior_of(holder, ctx.now)
        if above is not None:
            await ctx.notify(above, late)
    await transitions.show_everywhere(ctx, laporan)


@plugin.job(policy="system")
async def diteruskan(ctx: Context, nomor: int, orang: int, selesai: bool) -> None:
    """Pass a report on with its disposisi, or note that a disposisi of it is done."""
    laporan, who = await ctx.get(Laporan, nomor), ctx.people.find_person(orang)
    if who is None or laporan.status not in OPEN:
        return
    if selesai:
        ctx.audit("laporan.disposisi_selesai", f"laporan/{nomor}", orang=orang)
        return
    # All who see a report may assign it for their own purposes; only its handlers change who holds it.
    if ctx.sender is None or not (await penangan(ctx, nomor)).allowed:
        return
    await transitions.change_state(ctx, laporan, Status.PASSED, "laporan.disposisi", dengan=who.called, pemegang=who.id)
    await transitions.show_everywhere(ctx, laporan)


@plugin.job(policy="system")
async def anggap_puas(ctx: Context, laporan_id: int, putaran: int) -> None:
    """Accept a finished report for a reporter who has not answered in `SILENCE_DAYS`."""
    laporan = await ctx.get(Laporan, laporan_id)
    if laporan.status == Status.DONE and laporan.putaran == putaran:
        await transitions.change_state(
            ctx, laporan, Status.RATED, "laporan.anggap_puas", dengan=laporan.dengan, pemegang=laporan.pemegang
        )
        await transitions.show_everywhere(ctx, laporan)
