"""Timers of izin: reminder, escalation, expiry, start and end of an absence."""

from datetime import timedelta
from typing import Annotated

from pendopo import Button, Context, Person, Prompt, RestOfText, phrase

from pendopo_izin import bulk_decisions, cards, decisions, lists, transitions
from pendopo_izin.models import BEGINNING, OPEN, Izin, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import list_open_decisions
from pendopo_izin.settings import get_kind

GATHER = timedelta(minutes=1)
"""How long reminders for the same decider are gathered."""
MOST_BUTTONS = 7
"""Izin that have a button of their own under one reminder."""


@plugin.job(policy="system")
async def ingat(ctx: Context, izin_id: int, ronde: int, langkah: int) -> None:
    """Remind those who have not decided."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status != Status.ASKED or (izin.ronde, izin.langkah) != (ronde, langkah):
        return
    for putusan in await list_open_decisions(ctx, izin):
        for who in transitions.list_deciders(ctx, izin, putusan.aturan)[:1]:
            await ctx.schedule(ctx.now + GATHER, ingat_pemutus, who.id, key=f"izin:ingat:{who.id}")


@plugin.job(policy="system")
async def ingat_pemutus(ctx: Context, orang: int) -> None:
    """Remind somebody in one message of all that waits for their decision."""
    who = ctx.people.find_person(orang)
    waiting = await transitions.list_waiting_for(ctx, who) if who else []
    for izin in waiting:
        await ctx.cancel(f"izin:{izin.id}:ingat")  # it is in this message
        ctx.audit("izin.ingatkan", f"izin/{izin.id}", diminta=orang)
    if who is not None and len(waiting) == 1:
        await _remind_of_one(ctx, waiting[0], who)
    elif who is not None and waiting:
        shown = waiting[: lists.SHOWN]
        more = [phrase("izin.masih_ada", jumlah=len(waiting) - len(shown))] if len(waiting) > len(shown) else []
        each = [Button(phrase("izin.tombol.lihat", nomor=i.id), lists.lihat, i.id, allowed=who, reusable=True) for i in shown]
        buttons = [bulk_decisions.make_button(who, [izin.id or 0 for izin in waiting]), *each[:MOST_BUTTONS]]
        head = phrase("izin.pengingat_banyak", jumlah=len(waiting))
        await ctx.notify(who, head, *lists.format_lines(ctx, shown), *more, phrase("izin.cara_banyak"), buttons=buttons)


async def _remind_of_one(ctx: Context, izin: Izin, who: Person) -> None:
    later = Button("izin.tombol.nanti", nanti, izin.id, allowed=who)
    shown = (*cards.format_card(ctx, izin), transitions.format_deadline(ctx, izin))
    first = phrase("izin.pengingat", pemohon=ctx.people.get_person(izin.pemohon))
    await ctx.notify(who, first, *shown, buttons=[*transitions.make_decision_buttons(izin, [who]), later])


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
