"""What is to be seen: my meetings, and one of them whole."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from sqlmodel import col, or_, select

from bot import Ask, Context, Item, Said, say

from . import cards
from .agreed import Keputusan
from .models import CALLED, OPEN, POLL, Peserta, Rapat
from .plugin import members, mine, plugin

SHOWN = 10


async def show_mine(ctx: Context) -> None:
    """The meetings I am invited to, called or lead, that are still to come or going on."""
    me = ctx.person.id
    of_mine = select(Peserta.rapat).where(or_(Peserta.orang == me, Peserta.wakil == me))
    concerns = or_(Rapat.pembuat == me, Rapat.pimpinan == me, col(Rapat.id).in_(of_mine))
    live = col(Rapat.status).in_([CALLED, OPEN, POLL])
    recent = Rapat.selesai > ctx.now - timedelta(days=1)
    query = select(Rapat).where(concerns, live, or_(recent, Rapat.status != CALLED)).order_by(col(Rapat.mulai)).limit(SHOWN)
    found = await ctx.all(query)
    if not found:
        await ctx.reply("rapat.saya_kosong")
        return
    await ctx.reply(say("rapat.saya_judul"), *(line(r) for r in found), say("rapat.saya_kaki"))


def line(rapat: Rapat) -> Said:
    """One meeting in a list."""
    when = say("rapat.pada", waktu=rapat.time) if rapat.waktu else say("rapat.belum_waktu")
    return say("rapat.baris", nomor=rapat.id, judul=rapat.judul, waktu=when, status=say(f"rapat.status.{rapat.status}"))


@plugin.command("rapat lihat", policy="melihat", examples=["/rapat 12"])
async def lihat(ctx: Context, rapat_id: Annotated[int, Ask("rapat.tanya.nomor")]) -> None:
    """Show one meeting whole."""
    rapat = await ctx.get(Rapat, rapat_id)
    places = await members(ctx, rapat)
    if rapat.status == OPEN:
        shown = await cards.opened(ctx, rapat, places)
        own = await mine(ctx, rapat)
        buttons = [cards.present(rapat)] if own is not None and not own.hadir else []
        await ctx.reply(*shown, *await _decided(ctx, rapat), buttons=buttons)
        return
    if rapat.status == POLL:
        await ctx.reply(*await cards.poll_shown(ctx, rapat))
        return
    state = say("rapat.keadaan", status=say(f"rapat.status.{rapat.status}"))
    why = [say("rapat.alasannya", alasan=rapat.alasan)] if rapat.alasan else []
    lines = [*cards.card(ctx, rapat), state, *why, cards.who(ctx, [p for p in places if p.diundang])]
    await ctx.reply(*lines, *_answers(ctx, places), *cards.attendance(ctx, rapat, places), *await _decided(ctx, rapat))


@plugin.item(policy="melihat")
async def benda(ctx: Context, rapat_id: int) -> Item:
    """A meeting as other plugins show it."""
    rapat = await ctx.get(Rapat, rapat_id)
    title, *lines = cards.card(ctx, rapat)
    return Item(f"rapat/{rapat_id}", title, lines)


def _answers(ctx: Context, places: Sequence[Peserta]) -> list[Said]:
    invited = [p for p in places if p.diundang and not p.hadir]
    groups = {
        "ya": [ctx.people.called(p.orang) for p in invited if p.jawaban == "ya"],
        "tidak": [ctx.people.called(p.orang) for p in invited if p.jawaban == "tidak" and not p.wakil],
        "belum": [ctx.people.called(p.orang) for p in invited if not p.jawaban and not p.wakil],
        "wakil": [f"{ctx.people.called(p.wakil)} ({ctx.people.called(p.orang)})" for p in invited if p.wakil],
    }
    return [say(f"rapat.jawaban_{key}", siapa=", ".join(who[:30]), jumlah=len(who)) for key, who in groups.items() if who]


async def _decided(ctx: Context, rapat: Rapat) -> list[Said]:
    found = await ctx.all(select(Keputusan).where(Keputusan.rapat == rapat.id).order_by(col(Keputusan.urut)))
    gone = {k.mengganti: k.id for k in found if k.mengganti}
    return [
        say("rapat.putusan_diganti", nomor=k.id, isi=k.isi[:300], oleh=gone[k.id or 0])
        if k.id in gone
        else say("rapat.putusan_baris", nomor=k.id, isi=k.isi[:300])
        for k in found
    ]


__all__ = ["line", "show_mine"]
