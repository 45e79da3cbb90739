"""What is said to the times of a poll: asked, given, and one of them fixed."""

from collections.abc import Sequence
from typing import Literal

from pendopo import Button, Context, Phrase, UserError, phrase
from sqlmodel import select

from pendopo_rapat import cards, transitions
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.models.polls import MAYBE, NO, YES, Jawaban, Opsi
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import find_participant, list_participants


@plugin.handle
async def pilih(ctx: Context, rapat_id: int, opsi_id: int, jawab: Literal["ya", "bila", "tidak"]) -> None:
    """Say whether one time suits me."""


def make_poll_buttons(opsi: Opsi) -> list[Button]:
    """What can be said to one time; it can be said again, otherwise."""
    return [
        Button(f"rapat.tombol.pilih_{answer}", pilih, opsi.rapat, opsi.id, answer, reusable=True) for answer in (YES, MAYBE, NO)
    ]


async def ask_participant(
    ctx: Context, made: Rapat, place: Peserta, chosen: Sequence[Opsi], key: str = "rapat.polling_tanya"
) -> str:
    """Ask one person, a message a time; returns the key of the first, "" when they cannot be reached."""
    who = ctx.people.find_person(place.orang)
    if who is None:
        return ""
    until = phrase("rapat.polling_batas", waktu=made.batas)
    all_at_once = phrase("rapat.polling_sekaligus", nomor=made.id)
    first = await ctx.notify(
        who, phrase(key, nomor=made.id, judul=made.judul, oleh=cards.format_leader(ctx, made)), until, all_at_once
    )
    if first is None:
        return ""
    for opsi in chosen:
        await ctx.notify(who, *await _format_option(ctx, made, opsi, place.orang), buttons=make_poll_buttons(opsi))
    return first.key


async def _format_option(ctx: Context, made: Rapat, opsi: Opsi, orang: int) -> list[Phrase]:
    """One time as one person sees it: with what stands in their calendar then."""
    who = ctx.people.find_person(orang)
    lines = [phrase("rapat.pilihan_dari", nomor=made.id, urut=opsi.urut, waktu=opsi.time)]
    busy = await ctx.calendar.list_busy(who, opsi.mulai, opsi.selesai) if who else []
    lines += [phrase("rapat.pilihan_bentrok", acara=b.title, waktu=b.start) for b in busy if b.key != f"rapat/{made.id}"]
    return lines


async def format_my_option(ctx: Context, made: Rapat, opsi: Opsi) -> list[Phrase]:
    """One time as the person who answers sees it."""
    return await _format_option(ctx, made, opsi, ctx.person.id)


async def record_answer(ctx: Context, made: Rapat, opsi: Opsi, jawab: str) -> None:
    """Answer one time; the last answer counts. Raises `UserError` for who is not invited."""
    place = await find_participant(ctx, made)
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


async def fix_time(ctx: Context, made: Rapat, opsi: Opsi) -> None:
    """Fix the time: everybody is invited. Raises `UserError` when it was fixed already, or is over."""
    if opsi.mulai <= ctx.now:
        raise UserError("rapat.waktu_lewat", waktu=opsi.time)
    Rapat.states.require(made, RapatStatus.POLL)
    made.waktu, made.mulai, made.selesai, made.tercapai = opsi.waktu, opsi.mulai, opsi.selesai, False
    Rapat.states.move(ctx, made, RapatStatus.CALLED, "rapat.tetapkan", pilihan=opsi.urut)
    await transitions.cancel_jobs(ctx, made, "ingat", "batas", "kartu")
    await transitions.call_meeting(ctx, made, [p for p in await list_participants(ctx, made) if p.diundang])
    fixed = phrase("rapat.ditetapkan", urut=opsi.urut, oleh=ctx.person, pada=ctx.now)
    await ctx.edit(made.pesan, *cards.format_card(ctx, made), fixed, resend=True)
    if ctx.chat.key != made.chat.key:
        await ctx.reply(*cards.format_card(ctx, made), fixed)


__all__ = ["ask_participant", "fix_time", "format_my_option", "make_poll_buttons", "record_answer"]
