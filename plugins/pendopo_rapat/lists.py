"""What is to be seen: my meetings, and one of them whole."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from pendopo import Context, Item, Phrase, Prompt, phrase
from sqlmodel import col, or_, select

from pendopo_rapat import cards
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.models.proposals import Keputusan
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import find_participant, list_participants

SHOWN = 10


async def show_mine(ctx: Context) -> None:
    """The meetings I am invited to, called or lead, that are still to come or going on."""
    me = ctx.person.id
    of_mine = select(Peserta.rapat).where(or_(Peserta.orang == me, Peserta.wakil == me))
    concerns = or_(Rapat.pembuat == me, Rapat.pimpinan == me, col(Rapat.id).in_(of_mine))
    live = col(Rapat.status).in_([RapatStatus.CALLED, RapatStatus.OPEN, RapatStatus.POLL])
    recent = Rapat.selesai > ctx.now - timedelta(days=1)
    query = (
        select(Rapat)
        .where(concerns, live, or_(recent, Rapat.status != RapatStatus.CALLED))
        .order_by(col(Rapat.mulai))
        .limit(SHOWN)
    )
    found = await ctx.all(query)
    if not found:
        await ctx.reply("rapat.saya_kosong")
        return
    await ctx.reply(phrase("rapat.saya_judul"), *(format_line(r) for r in found), phrase("rapat.saya_kaki"))


def format_line(rapat: Rapat) -> Phrase:
    """One meeting in a list."""
    when = phrase("rapat.pada", waktu=rapat.time) if rapat.waktu else phrase("rapat.belum_waktu")
    return phrase("rapat.baris", nomor=rapat.id, judul=rapat.judul, waktu=when, status=phrase(f"rapat.status.{rapat.status}"))


@plugin.command("rapat lihat", policy="melihat", examples=["/rapat 12"])
async def lihat(ctx: Context, rapat_id: Annotated[int, Prompt("rapat.tanya.nomor")]) -> None:
    """Show one meeting whole."""
    rapat = await ctx.get(Rapat, rapat_id)
    places = await list_participants(ctx, rapat)
    if rapat.status == RapatStatus.OPEN:
        shown = await cards.format_open_card(ctx, rapat, places)
        own = await find_participant(ctx, rapat)
        buttons = [cards.make_present_button(rapat)] if own is not None and not own.hadir else []
        await ctx.reply(*shown, *await _format_decisions(ctx, rapat), buttons=buttons)
        return
    if rapat.status == RapatStatus.POLL:
        await ctx.reply(*await cards.poll_shown(ctx, rapat))
        return
    state = phrase("rapat.keadaan", status=phrase(f"rapat.status.{rapat.status}"))
    why = [phrase("rapat.alasannya", alasan=rapat.alasan)] if rapat.alasan else []
    lines = [*cards.format_card(ctx, rapat), state, *why, cards.format_invited(ctx, [p for p in places if p.diundang])]
    await ctx.reply(
        *lines,
        *_format_answers(ctx, places),
        *cards.format_attendance(ctx, rapat, places),
        *await _format_decisions(ctx, rapat),
    )


@plugin.item(policy="melihat")
async def benda(ctx: Context, rapat_id: int) -> Item:
    """A meeting as other plugins show it."""
    rapat = await ctx.get(Rapat, rapat_id)
    title, *lines = cards.format_card(ctx, rapat)
    return Item(f"rapat/{rapat_id}", title, lines)


def _format_answers(ctx: Context, places: Sequence[Peserta]) -> list[Phrase]:
    invited = [p for p in places if p.diundang and not p.hadir]
    groups = {
        "ya": [ctx.people.get_name(p.orang) for p in invited if p.jawaban == "ya"],
        "tidak": [ctx.people.get_name(p.orang) for p in invited if p.jawaban == "tidak" and not p.wakil],
        "belum": [ctx.people.get_name(p.orang) for p in invited if not p.jawaban and not p.wakil],
        "wakil": [f"{ctx.people.get_name(p.wakil)} ({ctx.people.get_name(p.orang)})" for p in invited if p.wakil],
    }
    return [phrase(f"rapat.jawaban_{key}", siapa=", ".join(who[:30]), jumlah=len(who)) for key, who in groups.items() if who]


async def _format_decisions(ctx: Context, rapat: Rapat) -> list[Phrase]:
    found = await ctx.all(select(Keputusan).where(Keputusan.rapat == rapat.id).order_by(col(Keputusan.urut)))
    gone = {k.mengganti: k.id for k in found if k.mengganti}
    return [
        phrase("rapat.putusan_diganti", nomor=k.id, isi=k.isi[:300], oleh=gone[k.id or 0])
        if k.id in gone
        else phrase("rapat.putusan_baris", nomor=k.id, isi=k.isi[:300])
        for k in found
    ]
