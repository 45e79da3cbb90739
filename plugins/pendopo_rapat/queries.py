"""What one sees of meetings and of follow-ups, as the database is to find it."""

import re
from collections.abc import Sequence

from pendopo import CITY_OVERSIGHT, Context, Person, Resource, UserError
from sqlalchemy import ColumnElement, bindparam, true
from sqlmodel import col, or_, select

from pendopo_rapat.models.followups import TindakLanjut
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus

_NUMBER = re.compile(r"\s*(?:rapat\s+)?#?(\d{1,9})(?![\w./])[\s:,.]*", re.IGNORECASE)
# Asked at every word in every group, so it is put together once.
_HERE = select(Rapat).where(
    col(Rapat.ruang) == bindparam("ruang"), col(Rapat.status) == RapatStatus.OPEN, col(Rapat.topik) == bindparam("topik")
)


def filter_meetings(ctx: Context) -> ColumnElement[bool]:
    """The meetings this person sees: those they run, and those they were invited to."""
    if ctx.decide(CITY_OVERSIGHT, Resource("rapat")).allowed:
        return true()
    me = ctx.person.id
    of_mine = select(Peserta.rapat).where(or_(Peserta.orang == me, Peserta.wakil == me))
    return or_(_run_by(me), col(Rapat.id).in_(of_mine))


def filter_followups(ctx: Context) -> ColumnElement[bool]:
    """Those that this person sees: their own, those of whom they are above, those they gave, those of meetings they run."""
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


def list_persons(ctx: Context, ids: Sequence[int]) -> list[Person]:
    """Those of them who are still here, each once."""
    return [found for id_ in dict.fromkeys(ids) if (found := ctx.people.find_person(id_))]


async def find_open_meeting(ctx: Context) -> Rapat | None:
    """The meeting that is open in this chat."""
    return None if ctx.chat.private else await ctx.first(_HERE.params(ruang=ctx.chat.key, topik=ctx.chat.topic))


async def resolve_meeting(ctx: Context, teks: str) -> tuple[Rapat, str]:
    """The meeting that words are about, and the words without its number: the one open here, the one they begin with, or
    the only one that is open for this person. Raises `UserError` when it is none of these.
    """
    if rapat := await find_open_meeting(ctx):
        return rapat, teks
    if found := _NUMBER.match(teks):
        return await ctx.get(Rapat, int(found[1])), teks[found.end() :]
    mine = await _list_my_open(ctx)
    if len(mine) != 1:
        raise UserError("rapat.yang_mana")
    return mine[0], teks


async def _list_my_open(ctx: Context) -> Sequence[Rapat]:
    me = ctx.person.id
    of_mine = select(Peserta.rapat).where(or_(Peserta.orang == me, Peserta.wakil == me))
    leads = or_(Rapat.pimpinan == me, Rapat.notulis == me, Rapat.pembuat == me, col(Rapat.id).in_(of_mine))
    return await ctx.all(select(Rapat).where(Rapat.status == RapatStatus.OPEN, leads).limit(2))


async def list_participants(ctx: Context, rapat: Rapat) -> Sequence[Peserta]:
    """Everybody of a meeting, in the order they were invited."""
    return await ctx.all(select(Peserta).where(Peserta.rapat == rapat.id).order_by(col(Peserta.id)))


async def find_participant(ctx: Context, rapat: Rapat) -> Peserta | None:
    """Whose place in a meeting this person takes: their own, or that of who sent them."""
    own = select(Peserta).where(Peserta.rapat == rapat.id, Peserta.orang == ctx.person.id)
    found = await ctx.first(own)
    if found is not None and found.diundang:
        return found
    sent = await ctx.first(select(Peserta).where(Peserta.rapat == rapat.id, Peserta.wakil == ctx.person.id))
    return sent or found
