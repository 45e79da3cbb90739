"""What is said to the times of a poll: asked, given, and one of them fixed."""

from collections.abc import Sequence
from typing import Literal

from sqlmodel import select

from bot import Button, Context, Said, UserError, say

from . import cards, way
from .choices import MAYBE, NO, YES, Jawaban, Opsi
from .models import CALLED, POLL, Peserta, Rapat
from .plugin import members, mine, plugin


@plugin.handle
async def pilih(ctx: Context, rapat_id: int, opsi_id: int, jawab: Literal["ya", "bila", "tidak"]) -> None:
    """Say whether one time suits me."""


def buttons(opsi: Opsi) -> list[Button]:
    """What can be said to one time; it can be said again, otherwise."""
    return [
        Button(f"rapat.tombol.pilih_{answer}", pilih, opsi.rapat, opsi.id, answer, keep=True) for answer in (YES, MAYBE, NO)
    ]


async def ask(ctx: Context, made: Rapat, place: Peserta, chosen: Sequence[Opsi], key: str = "rapat.polling_tanya") -> str:
    """Ask one person, a message a time; returns the key of the first, "" when they cannot be reached."""
    who = ctx.people.person(place.orang)
    if who is None:
        return ""
    until = say("rapat.polling_batas", waktu=made.batas)
    all_at_once = say("rapat.polling_sekaligus", nomor=made.id)
    first = await ctx.notify(who, say(key, nomor=made.id, judul=made.judul, oleh=cards.leader(ctx, made)), until, all_at_once)
    if first is None:
        return ""
    for opsi in chosen:
        await ctx.notify(who, *await _about(ctx, made, opsi, place.orang), buttons=buttons(opsi))
    return first.key


async def _about(ctx: Context, made: Rapat, opsi: Opsi, orang: int) -> list[Said]:
    """One time as one person sees it: with what stands in their calendar then."""
    who = ctx.people.person(orang)
    lines = [say("rapat.pilihan_dari", nomor=made.id, urut=opsi.urut, waktu=opsi.time)]
    busy = await ctx.calendar.list_busy(who, opsi.mulai, opsi.selesai) if who else []
    lines += [say("rapat.pilihan_bentrok", acara=b.title, waktu=b.start) for b in busy if b.key != f"rapat/{made.id}"]
    return lines


async def talk_of(ctx: Context, made: Rapat, opsi: Opsi) -> list[Said]:
    """One time as the person who answers sees it."""
    return await _about(ctx, made, opsi, ctx.person.id)


async def give(ctx: Context, made: Rapat, opsi: Opsi, jawab: str) -> None:
    """Answer one time; the last answer counts. Raises `UserError` for who is not invited."""
    place = await mine(ctx, made)
    if place is None or not place.diundang or opsi.rapat != made.id:
        raise UserError("rapat.bukan_peserta", nomor=made.id)
    own = await ctx.first(select(Jawaban).where(Jawaban.opsi == opsi.id, Jawaban.orang == place.orang))
    if own is None:
        fresh = Jawaban(rapat=made.id or 0, opsi=opsi.id or 0, orang=place.orang, jawab=jawab, pada=ctx.now)
        await ctx.save(fresh)
    elif own.jawab == jawab and not own.otomatis:
        return
    else:
        own.jawab, own.otomatis, own.pada = jawab, False, ctx.now
    ctx.audit("rapat.pilih", f"rapat/{made.id}", opsi=opsi.urut, jawab=jawab, orang=place.orang)


async def close(ctx: Context, made: Rapat, opsi: Opsi) -> None:
    """Fix the time: everybody is invited. Raises `UserError` when it was fixed already, or is over."""
    if opsi.mulai <= ctx.now:
        raise UserError("rapat.waktu_lewat", waktu=opsi.time)
    Rapat.states.require(made, POLL)
    made.waktu, made.mulai, made.selesai, made.tercapai = opsi.waktu, opsi.mulai, opsi.selesai, False
    Rapat.states.move(ctx, made, CALLED, "rapat.tetapkan", pilihan=opsi.urut)
    await way.unplan(ctx, made, "ingat", "batas", "kartu")
    await way.call(ctx, made, [p for p in await members(ctx, made) if p.diundang])
    fixed = say("rapat.ditetapkan", urut=opsi.urut, oleh=ctx.person, pada=ctx.now)
    await ctx.edit(made.pesan, *cards.card(ctx, made), fixed, resend=True)
    if ctx.chat.key != made.chat.key:
        await ctx.reply(*cards.card(ctx, made), fixed)


__all__ = ["ask", "buttons", "close", "give", "talk_of"]
