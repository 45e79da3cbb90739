"""What one sees of meetings and of follow-ups, as the database is to find it."""

from pendopo import CITY_OVERSIGHT, Context, Resource
from sqlalchemy import ColumnElement, true
from sqlmodel import col, or_, select

from pendopo_rapat.models.followups import TindakLanjut
from pendopo_rapat.models.meetings import Peserta, Rapat


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


__all__ = ["filter_followups", "filter_meetings"]
