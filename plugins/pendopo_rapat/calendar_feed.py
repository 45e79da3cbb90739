"""A personal calendar feed of meetings at a secret address, made on request."""

import secrets
from datetime import timedelta

from pendopo import Context, UserError
from pendopo.paper import make_ics
from sqlmodel import and_, col, or_, select

from pendopo_rapat import transitions
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.models.minutes import Langganan
from pendopo_rapat.plugin import plugin
from pendopo_rapat.policies import hash_token

BACK = timedelta(days=30)
"""Ended meetings stay in the feed this long."""
MOST = 500
"""Most meetings of a feed."""


async def _find_subscription(ctx: Context) -> Langganan | None:
    return await ctx.first(select(Langganan).where(Langganan.orang == ctx.person.id))


@plugin.command("langganan", aliases=["rapat langganan"], examples=["/langganan"])
async def langganan(ctx: Context) -> None:
    """Get the address of a calendar with my meetings; a new address ends the old one."""
    if not ctx.chat.private:
        raise UserError("rapat.langganan_pribadi")
    token = secrets.token_urlsafe(32)
    address = ctx.dashboard.build_feed_url(kalender_saya, token)
    if not address:
        raise UserError("rapat.langganan_tanpa_alamat")
    own = await _find_subscription(ctx)
    if own is None:
        await ctx.save(Langganan(orang=ctx.person.id, sidik=hash_token(token), dibuat=ctx.now))
    else:
        own.sidik, own.dibuat = hash_token(token), ctx.now
    ctx.audit("rapat.langganan", f"person/{ctx.person.id}", baru=own is not None)
    subscribed = "webcal://" + address.partition("://")[2]
    await ctx.reply("rapat.langganan_ini", alamat=subscribed, unduh=address, secret=True)


@plugin.command("langganan berhenti", examples=["/langganan berhenti"])
async def berhenti(ctx: Context) -> None:
    """End the address of my calendar."""
    own = await _find_subscription(ctx)
    if own is None:
        raise UserError("rapat.langganan_tidak_ada")
    await ctx.delete(own)
    ctx.audit("rapat.langganan_henti", f"person/{ctx.person.id}")
    await ctx.reply("rapat.langganan_berakhir")


@plugin.feed(policy="pelanggan")
async def kalender_saya(ctx: Context, token: str) -> tuple[bytes, str]:
    """The meetings of the feed's owner; also cancelled ones, so that phones remove them."""
    owner = await ctx.first(select(Langganan).where(Langganan.sidik == hash_token(token)))
    me = owner.orang if owner else 0
    places = select(Peserta.rapat).where(or_(and_(Peserta.orang == me, col(Peserta.diundang)), Peserta.wakil == me))
    shown = col(Rapat.status).in_(
        [RapatStatus.CALLED, RapatStatus.OPEN, RapatStatus.CLOSED, RapatStatus.APPROVED, RapatStatus.CANCELLED]
    )
    query = select(Rapat).where(col(Rapat.id).in_(places), shown, Rapat.waktu != "", Rapat.selesai > ctx.now - BACK)
    found = await ctx.all(query.order_by(col(Rapat.mulai)).limit(MOST))
    title = ctx.translate("rapat.langganan_judul", locale="id")
    return make_ics(
        [transitions.make_appointment(ctx, rapat, rapat.status == RapatStatus.CANCELLED) for rapat in found], "", title
    ), transitions.CALENDAR
