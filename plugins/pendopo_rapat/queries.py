"""Queries of meetings, participants and follow-ups, and the conditions for what a person may see."""

import re
from collections.abc import Sequence

from pendopo import CITY_OVERSIGHT, Context, Resource, UserError
from sqlalchemy import ColumnElement, bindparam, true
from sqlmodel import col, or_, select

from pendopo_rapat.models.followups import TindakLanjut
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus

_NUMBER = re.compile(r"\s*(?:rapat\s+)?#?(\d{1,9})(?![\w./])[\s:,.]*", re.IGNORECASE)
# Run at every message in every group, so it is built once.
_HERE = select(Rapat).where(
    col(Rapat.ruang) == bindparam("ruang"), col(Rapat.status) == RapatStatus.OPEN, col(Rapat.topik) == bindparam("topik")
)


def filter_meetings(ctx: Context) -> ColumnElement[bool]:
    """The SQL condition for visible meetings: those they organise, are invited to, or represent at."""
    if ctx.decide(CITY_OVERSIGHT, Resource("rapat")).allowed:
        return true()
    me = ctx.person.id
    of_mine = select(Peserta.rapat).where(or_(Peserta.orang == me, Peserta.wakil == me))
    return or_(_run_by(me), col(Rapat.id).in_(of_mine))


def filter_followups(ctx: Context) -> ColumnElement[bool]:
    """The SQL condition for visible follow-ups: own, given, of subordinates, of meetings they organise."""
    if ctx.decide(CITY_OVERSIGHT, Resource("tl")).allowed:
        return true()
    me = ctx.person.id
    lower = ctx.people.subordinates_of(ctx.person, ctx.now)
    below = [p.id for p in lower if ctx.decide("superior", Resource("tl", owner=p.id)).allowed]
    mine = or_(TindakLanjut.siapa == me, TindakLanjut.oleh == me)
    of_mine = col(TindakLanjut.rapat).in_(select(Rapat.id).where(_run_by(me)))
    return or_(mine, col(TindakLanjut.siapa).in_(below), of_mine)


def _run_by(person: int) -> ColumnElement[bool]:
    return or_(Rapat.pembuat == person, Rapat.pimpinan == person, Rapat.notulis == person)


async def find_open_meeting(ctx: Context) -> Rapat | None:
    """The meeting open in this chat and topic; None in a private chat."""
    return None if ctx.chat.private else await ctx.first(_HERE.params(ruang=ctx.chat.key, topik=ctx.chat.topic))


async def resolve_meeting(ctx: Context, teks: str) -> tuple[Rapat, str]:
    """The meeting a text is about, and the rest of the text.

    That is the one open here, the number it begins with, or this person's only open one. Raises `UserError` otherwise.
    """
    if rapat := await find_open_meeting(ctx):
        return rapat, teks
    if found := _NUMBER.match(teks):
        return await ctx.get(Rapat, int(found[1])), teks[found.end() :]
    me = ctx.person.id
    of_mine = select(Peserta.rapat).where(or_(Peserta.orang == me, Peserta.wakil == me))
    leads = or_(Rapat.pimpinan == me, Rapat.notulis == me, Rapat.pembuat == me, col(Rapat.id).in_(of_mine))
    mine = await ctx.all(select(Rapat).where(Rapat.status == RapatStatus.OPEN, leads).limit(2))
    if len(mine) != 1:
        raise UserError("rapat.yang_mana")
    return mine[0], teks


async def list_participants(ctx: Context, rapat: Rapat) -> Sequence[Peserta]:
    """All participants and guests, in the order they were added."""
    return await ctx.all(select(Peserta).where(Peserta.rapat == rapat.id).order_by(col(Peserta.id)))


async def find_participant(ctx: Context, rapat: Rapat) -> Peserta | None:
    """The place this person takes in a meeting: their own, or that of the one they represent."""
    own = select(Peserta).where(Peserta.rapat == rapat.id, Peserta.orang == ctx.person.id)
    found = await ctx.first(own)
    if found is not None and found.diundang:
        return found
    sent = await ctx.first(select(Peserta).where(Peserta.rapat == rapat.id, Peserta.wakil == ctx.person.id))
    return sent or found
