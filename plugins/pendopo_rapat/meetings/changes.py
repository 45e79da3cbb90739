"""Changing a meeting: time, place, participants, leader, notary; or cancelling it."""

from datetime import timedelta
from typing import Annotated

from pendopo import ApproximateTime, Context, Instant, Person, Prompt, RestOfText, TimeRange, UserError, phrase

from pendopo_rapat import cards, parser, transitions
from pendopo_rapat.models.meetings import Rapat, RapatStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import list_participants
from pendopo_rapat.settings import RapatOptions

Number = Annotated[int, Prompt("rapat.tanya.nomor")]
LIVE = (RapatStatus.DRAFT, RapatStatus.POLL, RapatStatus.CALLED, RapatStatus.OPEN)
"""States in which a meeting can be changed."""


@plugin.command("rapat ubah", policy="pengurus", examples=["/rapat ubah 12 besok jam 10", "/rapat ubah 12 di Aula"])
async def ubah(
    ctx: Context,
    rapat_id: Number,
    waktu: Annotated[Instant | TimeRange | ApproximateTime | None, Prompt("rapat.tanya.waktu")] = None,
    teks: RestOfText = "",
) -> None:
    """Change the time or place of a meeting; participants and calendars are updated."""
    rapat = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(rapat, RapatStatus.CALLED)
    _, place = parser.split_place(teks.removeprefix("waktu "))
    if waktu is None and not place:
        raise UserError("rapat.ubah_apa", nomor=rapat_id)
    if waktu is not None:
        rapat.set_time(waktu, ctx.now, timedelta(hours=ctx.options(RapatOptions).lama_jam))
    rapat.tempat = place[:200] or rapat.tempat
    ctx.audit("rapat.ubah", f"rapat/{rapat_id}", mulai=rapat.mulai, selesai=rapat.selesai, urut=rapat.urut + 1)
    await transitions.announce_change(ctx, rapat)
    places = [p for p in await list_participants(ctx, rapat) if p.diundang]
    await ctx.work_calendar.ensure_loaded()
    warnings = [*cards.format_holiday(ctx, rapat), *await cards.format_clashes(ctx, rapat, places)]
    await ctx.reply(*cards.format_card(ctx, rapat), phrase("rapat.diubah"), *warnings)
    if rapat.ruang and ctx.chat.key != rapat.ruang:
        await ctx.send(rapat.chat, phrase("rapat.berubah", oleh=ctx.person), *cards.format_card(ctx, rapat))


@plugin.command("rapat batal", policy="pengurus", examples=["/rapat batal 12 karena pimpinan dinas luar"])
async def batal(ctx: Context, rapat_id: Number, alasan: Annotated[RestOfText, Prompt("rapat.tanya.alasan")]) -> None:
    """Cancel a meeting; participants and calendars are updated."""
    rapat = await ctx.get(Rapat, rapat_id)
    was = rapat.status
    reason = alasan.removeprefix("karena ").strip()[:500]
    Rapat.states.move(ctx, rapat, RapatStatus.CANCELLED, "rapat.batal", reason)
    rapat.alasan, rapat.urut = reason, rapat.urut + 1
    await transitions.cancel_jobs(ctx, rapat)
    ctx.calendar.remove_entry(f"{rapat_id}")
    said = phrase("rapat.dibatalkan", oleh=ctx.person, alasan=reason)
    if was in (RapatStatus.CALLED, RapatStatus.POLL):
        document = await transitions.make_calendar_file(ctx, rapat, cancelled=True) if was == RapatStatus.CALLED else None
        await transitions.tell_participants(ctx, rapat, *cards.format_card(ctx, rapat), said, document=document)
    if rapat.ruang and ctx.chat.key != rapat.ruang:
        await ctx.send(rapat.chat, *cards.format_card(ctx, rapat), said)
    await ctx.reply(*cards.format_card(ctx, rapat), said)


@plugin.command("rapat undang", policy="pengurus", examples=["/rapat undang 12 Kadishub, Camat Coblong"])
async def undang(ctx: Context, rapat_id: Number, siapa: Annotated[RestOfText, Prompt("rapat.tanya.undang")]) -> None:
    """Invite more people."""
    rapat = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(rapat, *LIVE)
    fresh = await transitions.add_participants(ctx, rapat, parser.resolve_invitees(ctx, siapa, rapat.chat, "siapa"))
    if rapat.status == RapatStatus.CALLED:
        await transitions.send_invitations(ctx, rapat, fresh, phrase("rapat.undangan", oleh=ctx.person))
        transitions.put_entry(ctx, rapat, {p.orang for p in (*await list_participants(ctx, rapat), *fresh) if p.diundang})
    elif rapat.status == RapatStatus.OPEN:
        for place in fresh:
            await ctx.notify(
                ctx.people.get_person(place.orang), *cards.format_card(ctx, rapat), buttons=[cards.make_present_button(rapat)]
            )
            ctx.audit("rapat.undang", f"rapat/{rapat_id}", orang=place.orang)
        await transitions.plan_refresh(ctx, rapat)
    await ctx.reply(
        "rapat.diundang_tambah", nomor=rapat_id, siapa=", ".join(ctx.people.get_name(p.orang) for p in fresh) or "–"
    )


@plugin.command("rapat notulis", policy="pengurus", examples=["/rapat notulis 12 Sekdis"])
async def notulis(ctx: Context, rapat_id: Number, orang: Annotated[Person, Prompt("rapat.tanya.notulis")]) -> None:
    """Name who writes the minutes."""
    rapat = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(rapat, *LIVE, RapatStatus.CLOSED)
    rapat.notulis = orang.id
    ctx.audit("rapat.notulis", f"rapat/{rapat_id}", notulis=orang.id)
    if orang.id != ctx.person.id:
        await ctx.notify(orang, "rapat.anda_notulis", nomor=rapat_id, judul=rapat.judul)
    await ctx.reply("rapat.notulis_dicatat", nomor=rapat_id, siapa=orang)


@plugin.command("rapat pimpinan", policy="pimpinan", examples=["/rapat pimpinan 12 Sekda"])
async def serahkan(ctx: Context, rapat_id: Number, orang: Annotated[Person, Prompt("rapat.tanya.pimpinan")]) -> None:
    """Hand the lead to another person."""
    rapat = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(rapat, *LIVE)
    posts = ctx.people.posts_of(orang, ctx.now)
    before, rapat.pimpinan, rapat.jabatan = rapat.pimpinan, orang.id, posts[0].code if posts else ""
    ctx.audit("rapat.pimpinan", f"rapat/{rapat_id}", dari=before, ke=orang.id)
    await ctx.notify(orang, "rapat.anda_pimpinan", nomor=rapat_id, judul=rapat.judul)
    await ctx.reply("rapat.pimpinan_dicatat", nomor=rapat_id, siapa=orang)


@plugin.command("rapat kalender", policy="peserta", examples=["/rapat kalender 12"])
async def kalender(ctx: Context, rapat_id: Number) -> None:
    """Make an entry for a calendar (ICS)."""
    rapat = await ctx.get(Rapat, rapat_id)
    if not rapat.waktu:
        raise UserError("rapat.belum_ditetapkan", nomor=rapat_id)
    file = await transitions.make_calendar_file(ctx, rapat, rapat.status == RapatStatus.CANCELLED)
    await ctx.reply(phrase("rapat.kalender_ini", nomor=rapat_id), document=file)
