"""What reports say of now: those that lie with me, what is urgent, and how many are open."""

from datetime import datetime

from pendopo import Context, phrase
from pendopo.pages import Figure, News, Overview, Waiting
from sqlalchemy import func
from sqlmodel import col, select

from pendopo_laporan import cards
from pendopo_laporan.models import OPEN, Laporan
from pendopo_laporan.plugin import check_access, plugin
from pendopo_laporan.settings import URGENT

SHOWN = 20


@plugin.overview()
async def ikhtisar(ctx: Context, sejak: datetime) -> Overview:
    """Those that lie with me, the oldest first; the urgent ones since a moment; and how many are open."""
    await ctx.work_calendar.ensure_loaded()
    mine = (Laporan.pemegang == ctx.person.id, col(Laporan.status).in_(OPEN))
    lying = await ctx.all(select(Laporan).where(*mine).order_by(col(Laporan.mulai)).limit(SHOWN))
    waits = [
        Waiting(
            f"laporan/{row.id}",
            phrase("laporan.tunggu_tindakan", nomor=row.id, jenis=row.jenis.capitalize(), isi=row.isi.split("\n")[0][:80]),
            cards.get_next_deadline(ctx, row),
            f"/laporan/{row.id}",
            row.tingkat == URGENT,
        )
        for row in lying
    ]
    recent = (col(Laporan.dibuat) > sejak, Laporan.tingkat == URGENT)
    urgent = await ctx.all(select(Laporan).where(*recent).order_by(col(Laporan.dibuat).desc()).limit(SHOWN))
    news = [
        News(
            phrase("laporan.kabar_darurat", nomor=row.id, jenis=row.jenis.capitalize(), isi=row.isi.split("\n")[0][:80]),
            row.dibuat,
            f"/laporan/{row.id}",
            True,
        )
        for row in urgent
        if check_access(ctx, row).allowed
    ]
    counted = select(func.count()).select_from(Laporan).where(col(Laporan.status).in_(OPEN))
    figure = Figure(phrase("laporan.hal.terbuka"), (await ctx.rows(counted))[0], path="/laporan")
    return Overview(waits, news, [figure])


__all__ = ["ikhtisar"]
