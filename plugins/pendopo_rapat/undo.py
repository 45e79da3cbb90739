"""Undoing, for a minute, what was just put into a group: an item, a proposal, a follow-up."""

from datetime import datetime, timedelta

from pendopo import Context, UserError

from pendopo_rapat.followups import reminders
from pendopo_rapat.models.followups import TindakLanjut, TindakStatus
from pendopo_rapat.models.minutes import Butir, ButirStatus
from pendopo_rapat.models.proposals import Usul
from pendopo_rapat.plugin import plugin
from pendopo_rapat.proposals import votes

TIME = timedelta(seconds=60)
"""How long an entry can be undone."""


@plugin.action()
async def urungkan(ctx: Context, jenis: str, nomor: int) -> None:
    """Undo what I put there within the last minute."""
    if jenis == "butir":
        item = await ctx.get(Butir, nomor)
        _require_in_time(ctx, item.dibuat, item.oleh)
        if item.status != ButirStatus.WAITING:
            raise UserError("rapat.urung_terlambat")
        await ctx.delete(item)
        ctx.audit("rapat.agenda_urung", f"rapat/{item.rapat}", urut=item.urut)
        await ctx.update("rapat.diurungkan", isi=item.isi)
    elif jenis == "usul":
        usul = await ctx.get(Usul, nomor)
        _require_in_time(ctx, usul.dibuat, usul.oleh)
        await votes.withdraw_proposal(ctx, usul)
        if ctx.pressed_key != usul.pesan:
            await ctx.reply("rapat.diurungkan", isi=usul.isi)
    else:
        await _undo_followup(ctx, nomor)


def _require_in_time(ctx: Context, since: datetime, by: int) -> None:
    """Raises `UserError` after `TIME`, and for anybody but the author."""
    if ctx.person.id != by or ctx.now - since > TIME:
        raise UserError("rapat.urung_terlambat")


async def _undo_followup(ctx: Context, number: int) -> None:
    tindak = await ctx.get(TindakLanjut, number)
    _require_in_time(ctx, tindak.dibuat, tindak.oleh)
    TindakLanjut.states.move(ctx, tindak, TindakStatus.DROPPED, "rapat.tl_urung")
    await reminders.cancel_reminder(ctx, tindak)
    who = ctx.people.find_person(tindak.siapa)
    if who is not None and who.id != ctx.person.id:
        await ctx.notify(who, "rapat.tl_diurungkan", nomor=number, apa=tindak.apa)
    await ctx.update("rapat.diurungkan", isi=tindak.apa)
