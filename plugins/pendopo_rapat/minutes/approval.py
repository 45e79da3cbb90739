"""Approving minutes: frozen from then on, made into a paper, and sent, to those who were absent first."""

import asyncio
from datetime import timedelta
from typing import Annotated

from pendopo import Context, Prompt, UserError, phrase
from pendopo.paper import Paper

from pendopo_rapat import documents
from pendopo_rapat.minutes import minutes
from pendopo_rapat.models.meetings import Rapat, RapatStatus
from pendopo_rapat.models.minutes import Notulen, NotulenStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import list_participants, list_persons

LATER = timedelta(minutes=5)
"""Those who were there, and the group, get the minutes so long after those who were not."""


@plugin.action(policy="pimpinan")
async def sahkan(ctx: Context, rapat_id: int, versi: int) -> None:
    """Approve the version that was read; when there is a newer one, that is shown first."""
    await _approve_minutes(ctx, rapat_id, versi)


@plugin.command("notulen sahkan", policy="pimpinan", examples=["/notulen sahkan 12"])
async def sahkan_kata(ctx: Context, rapat_id: Annotated[int, Prompt("rapat.tanya.nomor")]) -> None:
    """Approve the minutes of a meeting I lead; nothing changes them afterwards."""
    await _approve_minutes(ctx, rapat_id, 0)


async def _approve_minutes(ctx: Context, rapat_id: int, versi: int) -> None:
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status != RapatStatus.CLOSED:
        raise UserError("rapat.notulen_beku", nomor=rapat_id, status=phrase(f"rapat.status.{rapat.status}"))
    version = await minutes.get_newest(ctx, rapat_id)
    if versi and version.versi != versi:
        raise UserError("rapat.notulen_versi_baru", nomor=rapat_id, versi=version.versi)
    if not version.is_intact:
        raise UserError("rapat.notulen_tidak_cocok", nomor=rapat_id)
    version.disahkan_oleh, version.disahkan, version.kapasitas = ctx.person.id, ctx.now, ctx.acting_as or ctx.person.called
    pictures = [await ctx.files.get_path(photo.blob) for photo in version.content.foto]
    sheets = documents.MinutesPaper(ctx, version, version.kapasitas, pictures)
    paper = await ctx.files.make_document(
        f"notulen-rapat-{rapat_id}.pdf", await asyncio.to_thread(sheets.render_pdf), Paper.MIME
    )
    version.berkas, version.status = paper.blob, NotulenStatus.SEALED
    Rapat.states.move(
        ctx, rapat, RapatStatus.APPROVED, "rapat.sahkan", versi=version.versi, sidik=version.sidik, berkas=paper.blob
    )
    await ctx.update(*minutes.format_minutes(rapat, version)[:1], minutes.format_approval(version))
    await _send_to_absent(ctx, rapat, version)
    await ctx.schedule(ctx.now + LATER, edarkan, rapat_id, key=f"rapat:{rapat_id}:edaran", chat=rapat.chat)


async def _send_to_absent(ctx: Context, rapat: Rapat, version: Notulen) -> None:
    """Who was not there themselves reads it first."""
    absent = [p.orang for p in await list_participants(ctx, rapat) if p.diundang and p.hadir != "hadir"]
    for who in list_persons(ctx, absent):
        sent = await ctx.notify(
            who, phrase("rapat.notulen_untuk_absen", nomor=rapat.id), document=documents.make_pdf_document(version)
        )
        ctx.audit("rapat.notulen_kirim", f"rapat/{rapat.id}", orang=who.id, sampai=sent is not None)


@plugin.job(policy="system")
async def edarkan(ctx: Context, rapat_id: int) -> None:
    """Send the approved minutes to everybody else, and to the group."""
    rapat, version = await ctx.get(Rapat, rapat_id), await minutes.get_newest(ctx, rapat_id)
    places = await list_participants(ctx, rapat)
    there = [id_ for p in places for id_ in (p.orang if p.hadir == "hadir" else 0, p.wakil if p.hadir == "mewakili" else 0)]
    for who in list_persons(ctx, [*there, rapat.notulis, rapat.pimpinan]):
        sent = await ctx.notify(
            who, phrase("rapat.notulen_edaran", nomor=rapat_id), document=documents.make_pdf_document(version)
        )
        ctx.audit("rapat.notulen_kirim", f"rapat/{rapat_id}", orang=who.id, sampai=sent is not None)
    if rapat.ruang:
        await ctx.send(
            rapat.chat, phrase("rapat.notulen_di_grup", nomor=rapat_id, judul=rapat.judul), minutes.format_approval(version)
        )
