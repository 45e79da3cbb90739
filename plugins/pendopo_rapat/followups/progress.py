"""Progress of a follow-up: taken up, done with proof, stuck, moved, reassigned, reopened, dropped."""

from typing import Annotated, Any

import msgspec
from pendopo import Context, Document, Person, Photo, Prompt, RestOfText, UserError, phrase
from sqlmodel import col, select

from pendopo_rapat.followups import followups, reminders
from pendopo_rapat.followups.reminders import Number, Reason, Time
from pendopo_rapat.models.followups import OPEN, Mundur, TindakLanjut, TindakStatus
from pendopo_rapat.models.meetings import Rapat
from pendopo_rapat.plugin import plugin


def _clean_reason(text: str) -> str:
    return text.strip().removeprefix("karena ").strip()[:1000]


async def _tell_concerned(ctx: Context, tindak: TindakLanjut, key: str, **args: Any) -> None:
    """Tells giver, leader and assignee, but not this person."""
    rapat = await ctx.get(Rapat, tindak.rapat)
    for who in ctx.people.list_persons([tindak.oleh, rapat.pimpinan, tindak.siapa]):
        if who.id != ctx.person.id:
            await ctx.notify(who, phrase(key, nomor=tindak.id, apa=tindak.apa, oleh=ctx.person, **args))


@plugin.command("tl proses", policy="pelaksana", examples=["/tl proses 45"])
async def tl_proses(ctx: Context, tl_id: Number) -> None:
    """Say that I am working on it."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    if tindak.status == TindakStatus.DONE:
        raise TindakLanjut.states.refused(tindak)
    TindakLanjut.states.move(ctx, tindak, TindakStatus.DOING, "rapat.tl_proses")
    await ctx.reply(*followups.format_followup(ctx, tindak))


@plugin.command("tl selesai", policy="pelaksana", examples=["/tl selesai 45 pompa terpasang (+ foto)"])
async def tl_selesai(
    ctx: Context,
    tl_id: Number,
    catatan: RestOfText = "",
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Say that it is done, with a photo or a file that shows it."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    proof: list[Photo | Document] = [*foto, *berkas]
    TindakLanjut.states.move(ctx, tindak, TindakStatus.DONE, "rapat.tl_selesai", bukti=[file.blob for file in proof])
    tindak.selesai, tindak.catatan = ctx.now, catatan.strip()[:1000]
    tindak.bukti = msgspec.json.encode([*tindak.proof, *proof]).decode()
    await reminders.cancel_reminder(ctx, tindak)
    without = [] if proof else [phrase("rapat.tl_tanpa_bukti", nomor=tl_id)]
    await ctx.reply(*followups.format_followup(ctx, tindak), *without)
    await _tell_concerned(ctx, tindak, "rapat.tl_kabar_selesai", catatan=tindak.catatan, bukti=len(proof))


@plugin.command("tl bukti", policy="pelaksana", examples=["/tl bukti 45 (+ foto)"])
async def tl_bukti(
    ctx: Context,
    tl_id: Number,
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Add a photo or a file that shows that it is done."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    proof: list[Photo | Document] = [*foto, *berkas]
    if not proof:
        raise UserError("rapat.tl_bukti_mana", nomor=tl_id)
    tindak.bukti = msgspec.json.encode([*tindak.proof, *proof]).decode()
    ctx.audit("rapat.tl_bukti", f"tl/{tl_id}", bukti=[file.blob for file in proof])
    await ctx.reply("rapat.tl_bukti_dicatat", nomor=tl_id, jumlah=len(tindak.proof))


@plugin.command("tl hambat", policy="pelaksana", examples=["/tl hambat 45 karena menunggu lelang"])
async def tl_hambat(ctx: Context, tl_id: Number, alasan: Reason) -> None:
    """Say that it is stuck, and why."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    reason = _clean_reason(alasan)
    TindakLanjut.states.move(ctx, tindak, TindakStatus.STUCK, "rapat.tl_hambat", reason)
    tindak.catatan = reason
    await ctx.reply(*followups.format_followup(ctx, tindak))
    await _tell_concerned(ctx, tindak, "rapat.tl_kabar_hambat", alasan=reason)


@plugin.command("tl mundur", policy="pelaksana", examples=["/tl mundur 45 Senin depan karena suku cadang belum datang"])
async def tl_mundur(
    ctx: Context, tl_id: Number, tenggat: Annotated[Time, Prompt("rapat.tanya.tenggat")], alasan: Reason
) -> None:
    """Move the deadline, with a reason; the number of moves is shown."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    TindakLanjut.states.require(tindak, *OPEN)
    due, reason = followups.resolve_deadline(ctx, tenggat), _clean_reason(alasan)
    if due <= max(tindak.tenggat, ctx.now):
        raise UserError("rapat.tl_mundur_ke_depan", param="tenggat", waktu=tindak.tenggat)
    if not reason:
        raise UserError("rapat.tl_mundur_alasan", param="alasan")
    moved = Mundur(tindak=tl_id, dari=tindak.tenggat, ke=due, alasan=reason, oleh=ctx.person.id, pada=ctx.now)
    await ctx.save(moved)
    ctx.audit("rapat.tl_mundur", f"tl/{tl_id}", reason, dari=tindak.tenggat, ke=due, kali=tindak.mundur + 1)
    tindak.tenggat, tindak.mundur = due, tindak.mundur + 1
    await reminders.plan_reminder(ctx, tindak)
    await ctx.reply(*followups.format_followup(ctx, tindak))
    await _tell_concerned(ctx, tindak, "rapat.tl_kabar_mundur", tenggat=due, alasan=reason, kali=tindak.mundur)


@plugin.command("tl riwayat", policy="melihat_tl", examples=["/tl riwayat 45"])
async def tl_riwayat(ctx: Context, tl_id: Number) -> None:
    """Show how often a deadline was moved, by whom and why."""
    moves = await ctx.all(select(Mundur).where(Mundur.tindak == tl_id).order_by(col(Mundur.id)))
    lines = [phrase("rapat.tl_riwayat", dari=m.dari, ke=m.ke, oleh=ctx.people.get_name(m.oleh), alasan=m.alasan) for m in moves]
    await ctx.reply(*followups.format_followup(ctx, await ctx.get(TindakLanjut, tl_id)), *lines)


@plugin.command("tl alih", policy="pemberi", examples=["/tl alih 45 Kadishub"])
async def tl_alih(ctx: Context, tl_id: Number, orang: Annotated[Person, Prompt("rapat.tanya.siapa")]) -> None:
    """Reassign a follow-up to another person."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    TindakLanjut.states.require(tindak, *OPEN)
    before, tindak.siapa = tindak.siapa, orang.id
    ctx.audit("rapat.tl_alih", f"tl/{tl_id}", dari=before, ke=orang.id)
    given = phrase("rapat.tl_untuk_anda", oleh=ctx.person)
    await ctx.notify(orang, given, *followups.format_followup(ctx, tindak), buttons=reminders.make_buttons(tindak))
    for who in ctx.people.list_persons([before]):
        await ctx.notify(who, "rapat.tl_dialihkan", nomor=tl_id, apa=tindak.apa, ke=orang)
    await reminders.plan_reminder(ctx, tindak)
    await ctx.reply(*followups.format_followup(ctx, tindak))


@plugin.command("tl buka", policy="pemberi", examples=["/tl buka 45 karena pompa belum menyala"])
async def tl_buka(ctx: Context, tl_id: Number, alasan: Reason) -> None:
    """Reopen a follow-up that was done."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    if tindak.status != TindakStatus.DONE:
        raise UserError("rapat.tl_belum_selesai", nomor=tl_id)
    TindakLanjut.states.move(ctx, tindak, TindakStatus.DOING, "rapat.tl_buka", _clean_reason(alasan))
    tindak.selesai = None
    await reminders.plan_reminder(ctx, tindak)
    await ctx.reply(*followups.format_followup(ctx, tindak))
    await _tell_concerned(ctx, tindak, "rapat.tl_kabar_buka", alasan=_clean_reason(alasan))


@plugin.command("tl batal", policy="pemberi", examples=["/tl batal 45 karena dikerjakan provinsi"])
async def tl_batal(ctx: Context, tl_id: Number, alasan: Reason) -> None:
    """Drop a follow-up, and say why."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    TindakLanjut.states.move(ctx, tindak, TindakStatus.DROPPED, "rapat.tl_batal", _clean_reason(alasan))
    tindak.catatan = _clean_reason(alasan)
    await reminders.cancel_reminder(ctx, tindak)
    await ctx.reply(*followups.format_followup(ctx, tindak))
    await _tell_concerned(ctx, tindak, "rapat.tl_kabar_batal", alasan=_clean_reason(alasan))
