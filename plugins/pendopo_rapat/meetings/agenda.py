"""The agenda: its items, the current one, and the time each may take."""

import re
from datetime import timedelta

from pendopo import Button, Context, Duration, Phrase, RestOfText, UserError, phrase

from pendopo_rapat import cards, transitions
from pendopo_rapat.models.meetings import Rapat, RapatStatus
from pendopo_rapat.models.minutes import Butir, ButirStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import resolve_meeting

WARN = timedelta(minutes=5)
"""Notice this long before an item's time ends, at half its time for short ones."""
_MINUTES = re.compile(r"[\s,(]*(\d{1,3})\s*(?:menit|mnt|min)\)?\s*$", re.IGNORECASE)


@plugin.command("agenda", aliases=["rapat agenda"], policy="peserta_kata", examples=["/agenda", "/agenda 12"])
async def agenda(ctx: Context, teks: RestOfText = "") -> None:
    """Show the agenda."""
    rapat, _ = await resolve_meeting(ctx, teks)
    items = await cards.list_agenda(ctx, rapat)
    if not items:
        await ctx.reply("rapat.agenda_kosong", nomor=rapat.id)
        return
    lines = [_format_item(item) for item in items]
    await ctx.reply(phrase("rapat.agenda_judul", nomor=rapat.id, judul=rapat.judul), *lines)


def _format_item(item: Butir) -> Phrase:
    long = phrase("rapat.butir_menit", menit=item.menit) if item.menit else ""
    return phrase(f"rapat.butir_{item.status}", urut=item.urut, isi=item.isi, lama=long)


EXAMPLES = ["/agenda tambah Kesiapan pompa 15 menit", "/agenda tambah 12 Evaluasi armada"]


@plugin.command("agenda tambah", policy="peserta_kata", examples=EXAMPLES)
async def tambah(ctx: Context, teks: RestOfText) -> None:
    """Put an item on the agenda, with the minutes it may take."""
    rapat, words = await resolve_meeting(ctx, teks)
    Rapat.states.require(rapat, RapatStatus.DRAFT, RapatStatus.POLL, RapatStatus.CALLED, RapatStatus.OPEN)
    found = _MINUTES.search(words)
    minutes = int(found[1]) if found else 0
    title = (words[: found.start()] if found else words).strip(" ,;.")
    if not title:
        raise UserError("rapat.butir_tanpa_isi")
    last = max((item.urut for item in await cards.list_agenda(ctx, rapat)), default=0)
    item = Butir(rapat=rapat.id or 0, urut=last + 1, isi=title[:500], menit=minutes, oleh=ctx.person.id, dibuat=ctx.now)
    await ctx.save(item)
    ctx.audit("rapat.agenda", f"rapat/{rapat.id}", urut=item.urut)
    undo = cards.undo_button(ctx, "butir", item.id)
    await ctx.reply("rapat.butir_ditambah", urut=item.urut, isi=item.isi, nomor=rapat.id, buttons=[undo])


@plugin.command(
    "agenda lanjut", aliases=["agenda mulai"], policy="pengurus_kata", examples=["/agenda lanjut", "/agenda mulai 2"]
)
async def lanjut(ctx: Context, teks: RestOfText = "") -> None:
    """Go to the next item of the agenda, or to one by its number, and start its time."""
    rapat, words = await resolve_meeting(ctx, teks)
    Rapat.states.require(rapat, RapatStatus.OPEN)
    items = await cards.list_agenda(ctx, rapat)
    number = words.strip(" #.")
    wanted = [i for i in items if (str(i.urut) == number if number else i.status == ButirStatus.WAITING)]
    if not wanted:
        raise UserError("rapat.butir_tidak_ada" if number else "rapat.butir_habis", urut=number)
    for item in items:
        item.status = ButirStatus.TALKED if item.status == ButirStatus.CURRENT else item.status
    item = wanted[0]
    item.status, item.mulai, rapat.butir = ButirStatus.CURRENT, ctx.now, item.id or 0
    ctx.audit("rapat.butir", f"rapat/{rapat.id}", urut=item.urut)
    await ctx.cancel(f"rapat:{rapat.id}:butir")
    if item.menit:
        length = timedelta(minutes=item.menit)
        left = min(WARN, length / 2)
        at = ctx.now + length - left
        await ctx.schedule(at, waktu_butir, rapat.id, item.id, key=f"rapat:{rapat.id}:butir", chat=rapat.chat)
    long = phrase("rapat.butir_menit", menit=item.menit) if item.menit else ""
    await ctx.reply("rapat.butir_mulai", urut=item.urut, isi=item.isi, lama=long)
    await transitions.plan_refresh(ctx, rapat)


@plugin.job(policy="system")
async def waktu_butir(ctx: Context, rapat_id: int, butir_id: int) -> None:
    """Say how much time an item has left, and when it is over."""
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status != RapatStatus.OPEN or rapat.butir != butir_id:
        return
    item = await ctx.get(Butir, butir_id)
    end = (item.mulai or ctx.now) + timedelta(minutes=item.menit)
    if end <= ctx.now:
        which = "" if rapat.ruang else str(rapat_id)  # in the chat of a meeting a number is an item's
        button = [Button("rapat.tombol.lanjut", lanjut, which, reusable=True)]
        await ctx.send(rapat.chat, phrase("rapat.butir_usai", urut=item.urut, isi=item.isi), buttons=button, urgent=True)
        return
    minutes = timedelta(minutes=max(1, round((end - ctx.now) / timedelta(minutes=1))))
    await ctx.send(rapat.chat, "rapat.butir_lagi", urut=item.urut, isi=item.isi, lama=Duration(minutes), urgent=True)
    await ctx.schedule(end, waktu_butir, rapat_id, butir_id, key=f"rapat:{rapat_id}:butir")
