"""Managing reminders: list, delete, pause, skip once, decline."""

from typing import Annotated

from pendopo import Context, Phrase, Prompt, phrase
from sqlmodel import col, or_, select

from pendopo_ingatkan.cards import format_card, format_recipient
from pendopo_ingatkan.jobs import bunyikan
from pendopo_ingatkan.models import Pengingat, Status
from pendopo_ingatkan.plugin import plugin

SHOWN = 20
"""Most reminders of a list."""
Nomor = Annotated[int, Prompt("ingatkan.tanya.nomor")]


@plugin.command("ingatkan daftar", aliases=["ingatkan list"], examples=["/ingatkan daftar"])
async def daftar(ctx: Context) -> None:
    """Show my reminders and when each comes next; in a group, those of the group."""
    me = ctx.person.id
    mine = (
        or_(Pengingat.untuk == me, Pengingat.pembuat == me) if ctx.chat.private else Pengingat.tujuan == f"chat:{ctx.chat.key}"
    )
    query = select(Pengingat).where(mine, col(Pengingat.status).in_([Status.ACTIVE, Status.PAUSED]))
    found = await ctx.all(query.order_by(col(Pengingat.berikut), col(Pengingat.id)).limit(SHOWN + 1))
    where = "pribadi" if ctx.chat.private else "grup"
    if not found:
        await ctx.reply(f"ingatkan.daftar_kosong_{where}")
        return
    more = [phrase("ingatkan.daftar_lagi", jumlah=SHOWN)] if len(found) > SHOWN else []
    await ctx.reply(
        phrase(f"ingatkan.daftar_{where}"),
        *(_format_list_line(ctx, p) for p in found[:SHOWN]),
        *more,
        phrase("ingatkan.daftar_kaki"),
    )


@plugin.command("ingatkan hapus", aliases=["ingatkan batal"], policy="pemasang", examples=["/ingatkan hapus 5"])
async def hapus(ctx: Context, nomor: Nomor) -> None:
    """Delete a reminder I set."""
    pengingat = await ctx.get(Pengingat, nomor)
    pengingat.end(Status.REMOVED)
    await ctx.cancel(pengingat.key)
    person = ctx.people.find_person(pengingat.untuk) if pengingat.untuk else None
    if person is not None and person.id != ctx.person.id:
        await ctx.notify(person, "ingatkan.dihapus_pemasang", nomor=nomor, isi=pengingat.isi, oleh=ctx.person)
    await ctx.update("ingatkan.dihapus", nomor=nomor, isi=pengingat.isi)
    ctx.audit("ingatkan.hapus", f"ingatkan/{nomor}")


@plugin.command("ingatkan jeda", policy="pemasang", examples=["/ingatkan jeda 5"])
async def jeda(ctx: Context, nomor: Nomor) -> None:
    """Pause a reminder, or resume a paused one."""
    pengingat = await ctx.get(Pengingat, nomor)
    if pengingat.status == Status.PAUSED:
        await _resume_reminder(ctx, pengingat)
        return
    pengingat.pause()
    await ctx.cancel(pengingat.key)
    await ctx.reply("ingatkan.dijeda", nomor=nomor, isi=pengingat.isi)
    ctx.audit("ingatkan.jeda", f"ingatkan/{nomor}")


@plugin.command("ingatkan lanjut", aliases=["ingatkan lanjutkan"], policy="pemasang", examples=["/ingatkan lanjut 5"])
async def lanjut(ctx: Context, nomor: Nomor) -> None:
    """Resume a paused reminder."""
    await _resume_reminder(ctx, await ctx.get(Pengingat, nomor))


@plugin.command("ingatkan lewati", policy="pemasang", examples=["/ingatkan lewati 5"])
async def lewati(ctx: Context, nomor: Nomor) -> None:
    """Skip the next time of a recurring reminder."""
    pengingat = await ctx.get(Pengingat, nomor)
    skipped = pengingat.berikut
    calendar = await ctx.work_calendar.ensure_loaded() if pengingat.libur != "keep" else ctx.work_calendar
    following = pengingat.skip(calendar)
    await ctx.schedule(following, bunyikan, pengingat.tujuan, key=pengingat.key, chat=pengingat.chat)
    await ctx.reply("ingatkan.dilewati", nomor=nomor, isi=pengingat.isi, lewat=skipped, waktu=following)
    ctx.audit("ingatkan.lewati", f"ingatkan/{nomor}")


@plugin.command("ingatkan tolak", policy="penerima", examples=["/ingatkan tolak 5"])
async def tolak(ctx: Context, nomor: Nomor) -> None:
    """Decline a reminder that another person set for me."""
    pengingat = await ctx.get(Pengingat, nomor)
    pengingat.end(Status.DECLINED)
    await ctx.cancel(pengingat.key)
    setter = ctx.people.find_person(pengingat.pembuat)
    if setter is not None and setter.id != ctx.person.id:
        told = await ctx.notify(setter, "ingatkan.ditolak_penerima", nomor=nomor, isi=pengingat.isi, siapa=ctx.person)
        if told is None:
            await ctx.send(pengingat.chat, "ingatkan.ditolak_penerima", nomor=nomor, isi=pengingat.isi, siapa=ctx.person)
    await ctx.update("ingatkan.ditolak", nomor=nomor, isi=pengingat.isi, pemasang=setter or "?")
    ctx.audit("ingatkan.tolak", f"ingatkan/{nomor}")


async def _resume_reminder(ctx: Context, pengingat: Pengingat) -> None:
    calendar = await ctx.work_calendar.ensure_loaded() if pengingat.libur != "keep" else ctx.work_calendar
    at = pengingat.resume(calendar, ctx.now)
    await ctx.schedule(at, bunyikan, pengingat.tujuan, key=pengingat.key, chat=pengingat.chat)
    await ctx.reply(phrase("ingatkan.dilanjutkan"), *format_card(ctx, pengingat))
    ctx.audit("ingatkan.lanjut", f"ingatkan/{pengingat.id}")


def _format_list_line(ctx: Context, pengingat: Pengingat) -> Phrase:
    """One line of the list: for whom, by whom, and the next time."""
    whom, at = [format_recipient(ctx, pengingat)], [phrase("ingatkan.giliran", waktu=pengingat.berikut)]
    if pengingat.pembuat != ctx.person.id:
        whom.append(phrase("ingatkan.dari", siapa=ctx.people.find_person(pengingat.pembuat) or "?"))
    if pengingat.status == Status.PAUSED:
        at = [phrase("ingatkan.dijeda_saja")]
    if pengingat.recurring:
        at.append(phrase("ingatkan.berulang", waktu=pengingat.when))
    return phrase("ingatkan.baris", nomor=pengingat.id, isi=pengingat.isi[:80], untuk=whom, waktu=at)
