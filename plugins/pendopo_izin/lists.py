"""Lists of izin: mine, what waits for me, one in full, and who is away."""

from collections.abc import Sequence
from typing import Annotated

from pendopo import Button, Context, DateRange, Day, Item, Phrase, Prompt, phrase
from pendopo.pages import cut_words
from sqlmodel import col, func, select

from pendopo_izin import bulk_decisions, cards, decisions, transitions
from pendopo_izin.leave import balance
from pendopo_izin.models import Izin, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import find_my_decision, list_waiting
from pendopo_izin.settings import IzinOptions, get_kind

SHOWN = 10
"""Izin that a list shows."""


@plugin.command("izin saya", examples=["/izin saya"])
async def saya(ctx: Context) -> None:
    """Show my latest izin."""
    mine = (Izin.pemohon == ctx.person.id, Izin.status != Status.DRAFT)
    found = await ctx.all(select(Izin).where(*mine).order_by(col(Izin.id).desc()).limit(SHOWN))
    many = await ctx.rows(select(func.count()).select_from(Izin).where(*mine)) if len(found) == SHOWN else [len(found)]
    await _reply_list(ctx, found, "izin.saya_judul", "izin.saya_kosong", many[0])


@plugin.command("izin tunggu", examples=["/izin tunggu"])
async def tunggu(ctx: Context) -> None:
    """Show what waits for my decision."""
    found = await list_waiting(ctx)
    several = [bulk_decisions.make_button(ctx.person, [izin.id or 0 for izin in found])] if len(found) > 1 else []
    await _reply_list(ctx, found[:SHOWN], "izin.tunggu_judul", "izin.tunggu_kosong", len(found), several)


@plugin.command("izin lihat", policy="melihat", examples=["/izin 27"])
async def lihat(ctx: Context, izin_id: Annotated[int, Prompt("izin.tanya.nomor")]) -> None:
    """Show one izin in full."""
    izin = await ctx.get(Izin, izin_id)
    result = [phrase("izin.hasil_kegiatan", isi=izin.hasil)] if izin.hasil else []
    state = phrase("izin.keadaan", status=phrase(f"izin.status.{izin.status}"))
    await ctx.reply(*cards.format_card(ctx, izin), state, *await decisions.list_trail(ctx, izin), *result)
    if (await find_my_decision(ctx, izin))[0] is not None and ctx.chat.private:
        await ctx.reply("izin.putuskan", nomor=izin_id, buttons=transitions.make_decision_buttons(izin, [ctx.person]))


@plugin.item(policy="melihat")
async def butir(ctx: Context, izin_id: int) -> Item | None:
    """Show an izin as an item; drafts and confidential kinds are left out."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status == Status.DRAFT or get_kind(ctx, izin).rahasia:
        return None
    who = ctx.people.get_name(izin.pemohon)
    title = phrase("izin.butir", nomor=izin_id, pemohon=who, keperluan=cut_words(izin.keperluan, 80))
    return Item(f"izin/{izin_id}", title, [phrase("izin.isi", keperluan=izin.keperluan, waktu=izin.time)])


@plugin.command("izin siapa", aliases=["siapa"], examples=["/izin siapa besok", "/izin siapa minggu ini"])
async def siapa(ctx: Context, waktu: Day | DateRange | None = None) -> None:
    """Show who is away today or on other days; confidential reasons are left out."""
    days = waktu or Day(ctx.today)
    lines = [line for izin in await cards.list_away(ctx, days) if (line := _format_away(ctx, izin))]
    if lines:
        await ctx.reply(phrase("izin.siapa_judul", waktu=days), *lines)
    else:
        await ctx.reply("izin.siapa_kosong", waktu=days)


def _format_away(ctx: Context, izin: Izin) -> Phrase | None:
    who = ctx.people.find_person(izin.pemohon)
    if who is None:
        return None
    secret = get_kind(ctx, izin).rahasia
    deputy = ctx.people.find_person(izin.wakil)
    what = phrase("izin.berhalangan") if secret else phrase("umum.pilihan", teks=cut_words(izin.keperluan, 80))
    tail = phrase("izin.siapa_wakil", siapa=deputy) if deputy else ""
    return phrase("izin.siapa_baris", siapa=who, apa=what, waktu=izin.time, wakil=tail)


@plugin.command("izin saldo", examples=["/izin saldo"])
async def saldo(ctx: Context) -> None:
    """Show how many days of leave are left, by year."""
    kinds = [name for name, jenis in ctx.options(IzinOptions).jenis.items() if jenis.jatah]
    lines: dict[int, list[Phrase]] = {}
    for name in kinds:
        for each in await balance.list_years(ctx, ctx.person.id, name):
            lines.setdefault(each.year, []).extend(_format_year(name, each))
    shown = [line for year in sorted(lines) for line in (phrase("izin.saldo_judul", tahun=str(year)), *lines[year])]
    work = ctx.people.get_employment(ctx.person)
    known = work.status and work.entered
    await ctx.reply(*shown, *([] if known else [phrase("izin.saldo_perkiraan")]))


def _format_year(kind: str, balanced: balance.LeaveYear) -> list[Phrase]:
    key = "izin.saldo_baris" if balanced.left >= 0 else "izin.saldo_lebih"
    left, quota = balance.format_days(balanced.left), balance.format_days(balanced.quota)
    great = [phrase("izin.ada_cuti_besar", tahun=str(balanced.year))] if balanced.great else []
    return [phrase(key, jenis=kind, sisa=left, jatah=quota), *great]


async def _reply_list(
    ctx: Context, found: Sequence[Izin], title: str, empty: str, many: int, buttons: Sequence[Button] = ()
) -> None:
    if not found:
        await ctx.reply(empty)
        return
    more = [phrase("izin.masih_ada", jumlah=many - len(found))] if many > len(found) else []
    await ctx.reply(phrase(title), *format_lines(ctx, found), *more, buttons=buttons)


def format_lines(ctx: Context, found: Sequence[Izin]) -> list[Phrase]:
    """A line for each izin."""
    return [
        phrase(
            "izin.baris",
            nomor=i.id,
            keperluan=cut_words(i.keperluan, 80),
            waktu=i.time,
            status=phrase(f"izin.status.{i.status}"),
            siapa=ctx.people.get_name(i.pemohon),
        )
        for i in found
    ]
