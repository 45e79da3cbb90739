"""Decisions: numbered, never changed, only replaced by a later one."""

import re

from pendopo import Context, RestOfText, UserError, phrase
from sqlmodel import col, select

from pendopo_rapat import cards
from pendopo_rapat.models.meetings import Rapat, RapatStatus
from pendopo_rapat.models.proposals import Keputusan, Usul, UsulStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import list_participants, resolve_meeting
from pendopo_rapat.settings import RapatOptions

_INSTEAD = re.compile(r"\s*(?:mengganti(?:kan)?|ganti|pengganti)\s+(?:keputusan\s+)?#?(\d{1,9})[\s:,.]*", re.IGNORECASE)
EXAMPLES = ["/putus Dua pompa dibeli tahun ini", "/putus mengganti 7 Tiga pompa dibeli tahun ini"]


@plugin.command("putus", aliases=["putuskan"], policy="pimpinan_kata", examples=EXAMPLES)
async def putus(ctx: Context, teks: RestOfText) -> None:
    """Record a decision under a number; only a later decision can replace it."""
    rapat, words = await resolve_meeting(ctx, teks)
    found = _INSTEAD.match(words)
    old = await _get_replaced(ctx, rapat, int(found[1])) if found else None
    await record_decision(ctx, rapat, words[found.end() :] if found else words, old=old)


async def _get_replaced(ctx: Context, rapat: Rapat, number: int) -> Keputusan:
    """The decision to replace. Raises `UserError` for another leader's, or one already replaced."""
    old = await ctx.get(Keputusan, number)
    before = await ctx.get(Rapat, old.rapat)
    if old.rapat != rapat.id and (before.jabatan, before.pimpinan) != (rapat.jabatan, rapat.pimpinan):
        raise UserError("rapat.putusan_rapat_lain", nomor=number)
    later = await ctx.first(select(Keputusan).where(Keputusan.mengganti == number))
    if later is not None:
        raise UserError("rapat.putusan_sudah_diganti", nomor=number, oleh=later.id)
    return old


async def record_decision(ctx: Context, rapat: Rapat, words: str, old: Keputusan | None = None, usul: int = 0) -> None:
    """Saves and announces a decision. Raises `UserError` without text, or without a quorum."""
    Rapat.states.require(rapat, RapatStatus.OPEN)
    words = words.strip()
    if not words:
        raise UserError("rapat.putusan_tanpa_isi")
    count = cards.get_tally(ctx, rapat, await list_participants(ctx, rapat))
    if not count.enough and not ctx.options(RapatOptions).putus_tanpa_kuorum:
        raise UserError("rapat.tanpa_kuorum", **count._asdict())
    made = Keputusan(
        rapat=rapat.id or 0,
        urut=len(await ctx.all(select(Keputusan).where(Keputusan.rapat == rapat.id).order_by(col(Keputusan.urut)))) + 1,
        isi=words[:2000],
        oleh=ctx.person.id,
        kapasitas=ctx.acting_as,
        usul=usul,
        mengganti=old.id or 0 if old else 0,
        pada=ctx.now,
    )
    await ctx.save(made)
    ctx.audit("rapat.putus", f"keputusan/{made.id}", rapat=rapat.id, mengganti=made.mengganti, usul=usul)
    instead = [phrase("rapat.putusan_mengganti", nomor=old.id, isi=old.isi)] if old else []
    said = [phrase("rapat.putusan", nomor=made.id, isi=made.isi, oleh=ctx.acting_as or ctx.person.called), *instead]
    if ctx.chat.key == rapat.chat.key:
        await ctx.reply(*said)
    else:
        await ctx.send(rapat.chat, *said)
        await ctx.reply("rapat.putusan_dicatat", nomor=made.id)


@plugin.action(policy="pimpinan_usul")
async def putuskan_usul(ctx: Context, usul_id: int) -> None:
    """Record an agreed proposal as a decision."""
    usul = await ctx.get(Usul, usul_id)
    Usul.states.require(usul, UsulStatus.AGREED)
    if await ctx.first(select(Keputusan).where(Keputusan.usul == usul_id)) is not None:
        raise UserError("rapat.usul_sudah_diputus", nomor=usul_id)
    await record_decision(ctx, await ctx.get(Rapat, usul.rapat), usul.isi, usul=usul_id)


@plugin.command("keputusan", policy="melihat_putusan", examples=["/keputusan 7"])
async def keputusan(ctx: Context, putusan_id: int) -> None:
    """Show a decision, and what replaced it."""
    made = await ctx.get(Keputusan, putusan_id)
    rapat = await ctx.get(Rapat, made.rapat)
    later = await ctx.first(select(Keputusan).where(Keputusan.mengganti == putusan_id))
    old = await ctx.first(select(Keputusan).where(Keputusan.id == made.mengganti)) if made.mengganti else None
    lines = [phrase("rapat.putusan", nomor=made.id, isi=made.isi, oleh=made.kapasitas or ctx.people.get_name(made.oleh))]
    lines.append(phrase("rapat.putusan_dari", rapat=rapat.id, judul=rapat.judul, pada=made.pada))
    lines += [phrase("rapat.putusan_mengganti", nomor=old.id, isi=old.isi)] if old else []
    lines += [phrase("rapat.putusan_kini", nomor=later.id, isi=later.isi)] if later else []
    await ctx.reply(*lines)
