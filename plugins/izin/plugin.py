"""The conversation of an izin: drafted by the one who asks, decided by the one above, told to everybody concerned."""

from collections.abc import Sequence
from typing import Annotated

from sqlmodel import col, select

from bot import Around, Ask, Button, Context, Day, DaySpan, Decision, Instant, Plugin, Rest, Said, Span, UserError, say

from .models import ASKED, DRAFT, Izin, Table

plugin = Plugin("izin", summary="Permohonan izin", policy="known", tables=Table)
plugin.holds(Izin, of="pemohon", words=["keperluan", "alasan"], since="dibuat")

EXAMPLES = [
    "/izin menghadiri rakor Bappenas besok jam 9 di Jakarta",
    "/izin sakit hari ini",
    "/izin cuti 14 s.d. 16 Agustus",
]


@plugin.command("izin", aliases=["ijin"], examples=EXAMPLES)
async def ajukan(
    ctx: Context,
    waktu: Annotated[Instant | Day | Span | DaySpan | Around, Ask("izin.tanya.waktu")],
    keperluan: Annotated[Rest, Ask("izin.tanya.keperluan")],
) -> None:
    """Ask permission to be away for a time and a purpose."""
    atasan = ctx.people.superior(ctx.person, ctx.now)
    if atasan is None:
        raise UserError("izin.tanpa_atasan")
    izin = await ctx.save(Izin.draft(ctx.person, atasan, waktu, keperluan, ctx.now, ctx.zone))
    buttons = [
        Button("izin.tombol.kirim", kirim, izin.id, only=ctx.person),
        Button("izin.tombol.buang", buang, izin.id, only=ctx.person),
    ]
    sent = await ctx.reply(*_card(ctx, izin), say("izin.draf", atasan=atasan), buttons=buttons)
    izin.pesan = sent.key
    ctx.audit("izin.draf", f"izin/{izin.id}")


@plugin.policy("pemohon")
async def pemohon(ctx: Context, izin_id: int) -> Decision:
    """Only who asked for it."""
    izin = await ctx.get(Izin, izin_id)
    return ctx.allow("pemohon") if izin.pemohon == ctx.person.id else ctx.deny("pemohon", "izin.bukan_pemohon", nomor=izin_id)


@plugin.policy("atasan")
async def atasan(ctx: Context, izin_id: int) -> Decision:
    """Only whom it was put to, while that person is still the superior."""
    izin = await ctx.get(Izin, izin_id)
    asked = ctx.people.person(izin.pemohon)
    above = ctx.people.superior(asked, ctx.now) if asked else None
    if above is not None and above.id == ctx.person.id == izin.atasan:
        return ctx.allow("atasan langsung")
    return ctx.deny("atasan langsung", "izin.bukan_atasan", atasan=above or "")


@plugin.action(policy="pemohon")
async def kirim(ctx: Context, izin_id: int) -> None:
    """Put a draft to the superior."""
    izin = await ctx.get(Izin, izin_id)
    izin.submit()
    above = ctx.people.person(izin.atasan)
    if above is None:
        raise UserError("izin.tanpa_atasan")
    buttons = [
        Button("izin.tombol.setujui", setujui, izin.id, only=above),
        Button("izin.tombol.tolak", tolak, izin.id, only=above),
    ]
    sent = await ctx.notify(above, say("izin.untuk_diputus", pemohon=ctx.person), *_card(ctx, izin), buttons=buttons)
    if sent is not None:
        izin.pesan_atasan = sent.key
        await ctx.edit(izin.pesan, *_card(ctx, izin), say("izin.menunggu", atasan=above), resend=True)
    else:
        # The superior has no private chat with the bot, so the decision is asked for where everybody sees it.
        await ctx.edit(izin.pesan, *_card(ctx, izin), say("izin.menunggu", atasan=above), buttons=buttons, resend=True)
    ctx.audit("izin.ajukan", f"izin/{izin.id}", atasan=above.id)


@plugin.action(policy="pemohon")
async def buang(ctx: Context, izin_id: int) -> None:
    """Throw a draft away."""
    izin = await ctx.get(Izin, izin_id)
    izin.withdraw()
    await ctx.edit(izin.pesan, *_card(ctx, izin), say("izin.dibuang"), resend=True)
    ctx.audit("izin.buang", f"izin/{izin.id}")


@plugin.action(policy="atasan")
async def setujui(ctx: Context, izin_id: int) -> None:
    """Approve."""
    await _decide(ctx, izin_id, True)


@plugin.action(policy="atasan")
async def tolak(ctx: Context, izin_id: int, alasan: Annotated[Rest, Ask("izin.tanya.alasan")]) -> None:
    """Refuse, and say why."""
    await _decide(ctx, izin_id, False, alasan)


@plugin.command("izin saya", examples=["/izin saya"])
async def saya(ctx: Context) -> None:
    """Show my latest izin."""
    query = select(Izin).where(Izin.pemohon == ctx.person.id, Izin.status != DRAFT).order_by(col(Izin.id).desc()).limit(10)
    await _list(ctx, await ctx.all(query), "izin.saya_judul", "izin.saya_kosong")


@plugin.command("izin tunggu", examples=["/izin tunggu"])
async def tunggu(ctx: Context) -> None:
    """Show what waits for my decision."""
    query = select(Izin).where(Izin.atasan == ctx.person.id, Izin.status == ASKED).order_by(col(Izin.mulai)).limit(10)
    await _list(ctx, await ctx.all(query), "izin.tunggu_judul", "izin.tunggu_kosong")


@plugin.command("izin batal", policy="pemohon", examples=["/izin batal 27"])
async def batal(ctx: Context, izin_id: Annotated[int, Ask("izin.tanya.nomor")]) -> None:
    """Take back an izin that is not decided yet."""
    izin = await ctx.get(Izin, izin_id)
    izin.withdraw()
    await ctx.edit(izin.pesan, *_card(ctx, izin), say("izin.ditarik"))
    if izin.pesan_atasan:
        await ctx.edit(izin.pesan_atasan, *_card(ctx, izin), say("izin.ditarik"), resend=True)
    await ctx.reply("izin.batal_jadi", nomor=izin.id)
    ctx.audit("izin.tarik", f"izin/{izin.id}")


async def _decide(ctx: Context, izin_id: int, approved: bool, reason: str = "") -> None:
    izin = await ctx.get(Izin, izin_id)
    izin.decide(approved, ctx.now, reason)
    outcome = say("izin.disetujui" if approved else "izin.ditolak", oleh=ctx.person, pada=ctx.now, alasan=reason)
    await ctx.edit(izin.pesan, *_card(ctx, izin), outcome, resend=True)
    if izin.pesan_atasan:
        await ctx.edit(izin.pesan_atasan, *_card(ctx, izin), outcome, resend=True)
    asked = ctx.people.person(izin.pemohon)
    if asked is not None:
        key = "izin.kabar_setuju" if approved else "izin.kabar_tolak"
        await ctx.notify(asked, key, nomor=izin.id, keperluan=izin.keperluan, waktu=izin.time, oleh=ctx.person, alasan=reason)
    ctx.audit("izin.setujui" if approved else "izin.tolak", f"izin/{izin.id}", reason, status=izin.status)


async def _list(ctx: Context, found: Sequence[Izin], title: str, empty: str) -> None:
    if not found:
        await ctx.reply(empty)
        return
    lines = [
        say(
            "izin.baris",
            nomor=i.id,
            keperluan=i.keperluan[:80],
            waktu=i.time,
            status=say(f"izin.status.{i.status}"),
            siapa=ctx.people.person(i.pemohon),
        )
        for i in found
    ]
    await ctx.reply(say(title), *lines)


def _card(ctx: Context, izin: Izin) -> tuple[Said, Said]:
    head = say("izin.kepala", nomor=izin.id, pemohon=ctx.people.person(izin.pemohon))
    return head, say("izin.isi", keperluan=izin.keperluan, waktu=izin.time)
