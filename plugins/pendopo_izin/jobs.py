"""Timers of izin: reminder, escalation, expiry, start and end of an absence."""

from typing import Annotated

from pendopo import Button, Context, Prompt, RestOfText, phrase

from pendopo_izin import cards, decisions, transitions
from pendopo_izin.models import BEGINNING, OPEN, Izin, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import list_open_decisions
from pendopo_izin.settings import get_kind


@plugin.job(policy="system")
async def ingat(ctx: Context, izin_id: int, ronde: int, langkah: int) -> None:
    """Remind those who have not decided."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status != Status.ASKED or (izin.ronde, izin.langkah) != (ronde, langkah):
        return
    for putusan in await list_open_decisions(ctx, izin):
        who = transitions.list_deciders(ctx, izin, putusan.aturan)
        if who:
            buttons = [*transitions.make_decision_buttons(izin, who), Button("izin.tombol.nanti", nanti, izin_id, allowed=who)]
            shown = (*cards.format_card(ctx, izin), transitions.format_deadline(ctx, izin))
            await ctx.notify(
                who[0], phrase("izin.pengingat", pemohon=ctx.people.get_person(izin.pemohon)), *shown, buttons=buttons
            )
            ctx.audit("izin.ingatkan", f"izin/{izin_id}", diminta=who[0].id)


@plugin.action(policy="pemutus")
async def nanti(ctx: Context, izin_id: int) -> None:
    """Be reminded again in an hour."""
    izin = await ctx.get(Izin, izin_id)
    at = ctx.now + transitions.SNOOZE
    if at < transitions.get_deadline(ctx, izin):
        await ctx.schedule(at, ingat, izin_id, izin.ronde, izin.langkah, key=f"izin:{izin_id}:ingat")
    await ctx.reply("izin.nanti", nomor=izin_id, waktu=min(at, transitions.get_deadline(ctx, izin)))


@plugin.job(policy="system")
async def eskalasi(ctx: Context, izin_id: int, ronde: int, langkah: int) -> None:
    """Ask the next superior as well."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status not in OPEN or (izin.ronde, izin.langkah) != (ronde, langkah):
        return
    for putusan in await list_open_decisions(ctx, izin):
        asked = ctx.people.find_person(putusan.diminta)
        above = ctx.people.superior_post(asked, ctx.now) if asked else None
        next_one = await transitions.ask_next_decider(ctx, izin, f"post:{above.code}") if above else None
        if next_one is not None:
            capacity = ctx.people.describe_acting(next_one, above.code, ctx.now) if above else next_one.called
            ctx.audit("izin.eskalasi", f"izin/{izin_id}", dari=putusan.diminta, ke=next_one.id)
            await decisions.tell_applicant(
                ctx, izin, phrase("izin.kabar_eskalasi", **decisions.describe_izin(izin), ke=capacity)
            )
            return


@plugin.job(policy="system")
async def kedaluwarsa(ctx: Context, izin_id: int, ronde: int) -> None:
    """Let an izin expire that was not decided in time."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status not in OPEN or izin.ronde != ronde:
        return
    Izin.states.move(ctx, izin, Status.EXPIRED, "izin.kedaluwarsa")
    await transitions.cancel_jobs(ctx, izin)
    await transitions.close_cards(ctx, izin, phrase("izin.kedaluwarsa"))
    await decisions.tell_applicant(ctx, izin, phrase("izin.kabar_kedaluwarsa", **decisions.describe_izin(izin)))


@plugin.job(policy="system")
async def mulai(ctx: Context, izin_id: int, ronde: int) -> None:
    """Note that the absence has begun."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status in BEGINNING and izin.ronde == ronde:
        Izin.states.move(ctx, izin, Status.RUNNING, "izin.berjalan")


@plugin.job(policy="system")
async def usai(ctx: Context, izin_id: int, ronde: int) -> None:
    """End the absence; ask once for a report where the kind wants one."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status in BEGINNING and izin.ronde == ronde:  # shorter than the scheduler's interval
        Izin.states.move(ctx, izin, Status.RUNNING, "izin.berjalan")
    if izin.status != Status.RUNNING or izin.ronde != ronde:
        return
    Izin.states.move(ctx, izin, Status.DONE, "izin.selesai")
    ctx.calendar.remove_entry(f"{izin_id}")
    if get_kind(ctx, izin).laporan:
        asker = ctx.people.get_person(izin.pemohon)
        report = [Button("izin.tombol.hasil", hasil, izin_id, allowed=asker)]
        await ctx.notify(asker, phrase("izin.minta_hasil", **decisions.describe_izin(izin)), buttons=report)


@plugin.command("izin hasil", policy="pemohon", examples=["/izin hasil 27 disepakati jadwal bersama"])
async def hasil(
    ctx: Context, izin_id: Annotated[int, Prompt("izin.tanya.nomor")], isi: Annotated[RestOfText, Prompt("izin.tanya.hasil")]
) -> None:
    """Report what came of it."""
    izin = await ctx.get(Izin, izin_id)
    izin.hasil = isi[:4000]
    ctx.audit("izin.hasil", f"izin/{izin_id}")
    above = ctx.people.superior_of(ctx.people.get_person(izin.pemohon), ctx.now)
    if above is not None:
        await ctx.notify(
            above,
            phrase(
                "izin.kabar_hasil", **decisions.describe_izin(izin), pemohon=ctx.people.get_person(izin.pemohon), isi=isi[:4000]
            ),
        )
    await ctx.reply("izin.hasil_dicatat", nomor=izin_id)
