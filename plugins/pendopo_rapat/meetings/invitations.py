"""Answers to invitations, repeated invitations, reminders, and meetings that nobody opened."""

from datetime import timedelta
from typing import Annotated

from pendopo import Context, Person, Prompt, RestOfText, UserError, phrase

from pendopo_rapat import cards, transitions
from pendopo_rapat.models.meetings import NO, YES, Peserta, Rapat, RapatStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import find_participant, list_participants
from pendopo_rapat.transitions import Number

SOON = timedelta(hours=6)
"""A reminder closer to the start than this uses the sentence for a meeting about to begin."""


@plugin.command("rapat terima", policy="peserta", examples=["/rapat terima 12"])
async def terima(ctx: Context, rapat_id: Number) -> None:
    """Accept an invitation."""
    rapat, place = await _record_reply(ctx, rapat_id, YES)
    await ctx.update(
        *cards.format_card(ctx, rapat),
        phrase("rapat.terima_dicatat"),
        buttons=transitions.make_answer_buttons(rapat, ctx.people.get_person(place.orang)),
    )


@plugin.command("rapat berhalangan", policy="peserta", examples=["/rapat berhalangan 12 karena dinas luar"])
async def berhalangan(
    ctx: Context, rapat_id: Number, alasan: Annotated[RestOfText, Prompt("rapat.tanya.alasan_absen")]
) -> None:
    """Decline an invitation and say why."""
    rapat, place = await _record_reply(ctx, rapat_id, NO)
    place.alasan = alasan.removeprefix("karena ").strip()[:500]
    await ctx.update(*cards.format_card(ctx, rapat), phrase("rapat.berhalangan_dicatat", alasan=place.alasan, nomor=rapat_id))
    leader = ctx.people.find_person(rapat.pimpinan)
    if leader is not None and leader.id != ctx.person.id:
        await ctx.notify(leader, "rapat.kabar_berhalangan", siapa=ctx.person, nomor=rapat_id, alasan=place.alasan)


async def _record_reply(ctx: Context, rapat_id: int, jawaban: str) -> tuple[Rapat, Peserta]:
    rapat = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(rapat, RapatStatus.CALLED, RapatStatus.OPEN)
    place = await find_participant(ctx, rapat)
    if place is None:
        raise UserError("rapat.bukan_peserta", nomor=rapat_id)
    if place.jawaban != jawaban:
        place.jawaban = jawaban
        ctx.audit("rapat.jawab", f"rapat/{rapat_id}", jawaban=jawaban, orang=place.orang)
    return rapat, place


@plugin.command("rapat wakilkan", policy="peserta", examples=["/rapat wakilkan 12 Sekdis"])
async def wakilkan(ctx: Context, rapat_id: Number, orang: Annotated[Person, Prompt("rapat.tanya.wakil")]) -> None:
    """Send another person in my place."""
    rapat = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(rapat, RapatStatus.CALLED, RapatStatus.OPEN)
    place = await find_participant(ctx, rapat)
    if place is None or place.orang != ctx.person.id:
        raise UserError("rapat.bukan_peserta", nomor=rapat_id)
    await send_proxy(ctx, rapat, place, orang)
    await ctx.update("rapat.wakil_dicatat", nomor=rapat_id, siapa=orang)


async def send_proxy(ctx: Context, rapat: Rapat, place: Peserta, orang: Person) -> None:
    """Sends a proxy. Raises `UserError` for one who is invited or represents another already."""
    for other in await list_participants(ctx, rapat):
        if other.orang == orang.id and other.diundang:
            raise UserError("rapat.wakil_diundang", siapa=orang)
        if other.wakil == orang.id and other.orang != place.orang:
            raise UserError("rapat.wakil_sudah", siapa=orang, untuk=ctx.people.get_name(other.orang))
    if place.wakil == orang.id:
        return
    place.wakil = orang.id
    ctx.audit("rapat.wakilkan", f"rapat/{rapat.id}", orang=place.orang, wakil=orang.id)
    opened = rapat.status == RapatStatus.OPEN
    buttons = [cards.make_present_button(rapat)] if opened else []
    await ctx.notify(
        orang,
        phrase("rapat.anda_wakil", untuk=ctx.people.get_name(place.orang)),
        *cards.format_card(ctx, rapat),
        buttons=buttons,
    )


@plugin.job(policy="system")
async def ulang(ctx: Context, rapat_id: int, urut: int) -> None:
    """Repeat an unanswered invitation, on the person's other messenger if they have one."""
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status != RapatStatus.CALLED or rapat.urut != urut:
        return
    silent = [p for p in await list_participants(ctx, rapat) if p.diundang and not p.jawaban and not p.wakil]
    for place in silent:
        who = ctx.people.find_person(place.orang)
        if who is None:
            continue
        shown = [phrase("rapat.undangan_ulang"), *cards.format_card(ctx, rapat)]
        elsewhere = (
            await ctx.notify(who, *shown, buttons=transitions.make_answer_buttons(rapat, who), not_via=place.pesan)
            if place.pesan
            else None
        )
        sent = elsewhere or await ctx.notify(who, *shown, buttons=transitions.make_answer_buttons(rapat, who))
        ctx.audit("rapat.undang_ulang", f"rapat/{rapat_id}", orang=who.id, lain=elsewhere is not None, sampai=sent is not None)


@plugin.job(policy="system")
async def ingat(ctx: Context, rapat_id: int, urut: int) -> None:
    """Remind everybody before the meeting."""
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status != RapatStatus.CALLED or rapat.urut != urut:
        return
    first = phrase("rapat.pengingat" if rapat.mulai - ctx.now < SOON else "rapat.pengingat_dini")
    soon = transitions.is_before_morning(ctx, rapat)
    places = [p for p in await list_participants(ctx, rapat) if p.diundang]
    for who in ctx.people.list_persons([p.wakil or p.orang for p in places if p.jawaban != NO or p.wakil]):
        await ctx.notify(who, first, *cards.format_card(ctx, rapat), urgent=soon)
    if rapat.ruang:
        await ctx.send(rapat.chat, first, *cards.format_card(ctx, rapat), urgent=soon)
    waiting = [ctx.people.get_name(p.orang) for p in places if not p.jawaban and not p.wakil]
    leader = ctx.people.find_person(rapat.pimpinan)
    if waiting and leader is not None:
        await ctx.notify(leader, "rapat.belum_menjawab", nomor=rapat_id, jumlah=len(waiting), siapa=", ".join(waiting[:20]))
    ctx.audit("rapat.ingatkan", f"rapat/{rapat_id}", jumlah=len(places))


@plugin.job(policy="system")
async def lewat(ctx: Context, rapat_id: int, urut: int) -> None:
    """Let a meeting lapse that nobody opened."""
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status in (RapatStatus.CALLED, RapatStatus.POLL) and rapat.urut == urut:
        Rapat.states.move(ctx, rapat, RapatStatus.LAPSED, "rapat.terlewat")
        ctx.calendar.remove_entry(f"{rapat_id}")
