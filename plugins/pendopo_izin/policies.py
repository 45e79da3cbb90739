"""Who may do what with an izin, and whose decision is needed."""

from collections.abc import Sequence

from pendopo import CITY_OVERSIGHT, Context, Decision, Resource
from sqlmodel import col, select

from pendopo_izin.models import OPEN, Izin, Putusan
from pendopo_izin.plugin import plugin
from pendopo_izin.settings import get_kind

SEEING = "unit:kepala_opd,admin_opd,camat,lurah"
"""Roles that see the izin of their own unit."""


def make_resource(ctx: Context, izin: Izin) -> Resource:
    """The resource by which rights on an izin are decided."""
    routine = get_kind(ctx, izin).rutin and not izin.luar_negeri
    return Resource("izin", izin.id or 0, owner=izin.pemohon, unit=izin.unit, routine=routine)


async def list_open_decisions(ctx: Context, izin: Izin) -> Sequence[Putusan]:
    """The open decisions of the current step."""
    here = (Putusan.izin == izin.id, Putusan.ronde == izin.ronde, Putusan.langkah == izin.langkah, Putusan.hasil == "")
    return await ctx.all(select(Putusan).where(*here).order_by(col(Putusan.id)))


async def find_my_decision(ctx: Context, izin: Izin) -> tuple[Putusan | None, Decision]:
    """The open decision this person may make and by what right, or None and why not."""
    if ctx.person.id == izin.pemohon:
        return None, ctx.deny("diri sendiri", "izin.diri_sendiri")
    answer = ctx.deny("pemutus", "izin.tidak_menunggu", nomor=izin.id)
    for putusan in await list_open_decisions(ctx, izin):
        answer = _decide_by_rule(ctx, izin, putusan.aturan)
        if answer.allowed:
            return putusan, answer
    return None, answer


def _decide_by_rule(ctx: Context, izin: Izin, rule: str) -> Decision:
    """Whether this person may decide by a rule; never what they entered, nor as a Plh from below the applicant."""
    if ctx.person.id == izin.pembuat:
        return ctx.deny("pembuat", "izin.dimasukkan_sendiri", pemohon=ctx.people.get_name(izin.pemohon))
    answer = ctx.decide(rule, make_resource(ctx, izin))
    asker = ctx.people.find_person(izin.pemohon)
    lent = answer.allowed and "." in answer.capacity.partition(" ")[0]
    if lent and asker is not None and ctx.people.is_below(ctx.person, asker, ctx.now):
        return ctx.deny("bawahan", "izin.bawahan", pemohon=asker)
    return answer


async def list_waiting(ctx: Context) -> list[Izin]:
    """Izin that wait for this person's decision, the soonest first; two queries however many wait."""
    live = select(Izin).where(col(Izin.status).in_(OPEN), Izin.selesai > ctx.now).order_by(col(Izin.mulai)).limit(200)
    found = await ctx.all(live)
    by_id = {izin.id: izin for izin in found}
    asked = await ctx.all(select(Putusan).where(col(Putusan.izin).in_(by_id), Putusan.hasil == "")) if by_id else []
    own = {
        p.izin
        for p in asked
        if (izin := by_id[p.izin]).pemohon != ctx.person.id
        and (p.ronde, p.langkah) == (izin.ronde, izin.langkah)
        and _decide_by_rule(ctx, izin, p.aturan).allowed
    }
    return [izin for izin in found if izin.id in own]


@plugin.policy("pemohon")
async def pemohon(ctx: Context, izin_id: int) -> Decision:
    """The applicant, or the person who entered it for them."""
    izin = await ctx.get(Izin, izin_id)
    if ctx.person.id in (izin.pemohon, izin.pembuat):
        return ctx.allow("pemohon")
    return ctx.deny("pemohon", "izin.bukan_pemohon", nomor=izin_id)


@plugin.policy("pemutus")
async def pemutus(ctx: Context, izin_id: int) -> Decision:
    """Those who may make an open decision. Once decided, those who were asked pass too and the handler says so."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status not in OPEN:
        asked = await ctx.first(select(Putusan).where(Putusan.izin == izin_id, Putusan.diminta == ctx.person.id))
        return ctx.allow("diminta") if asked else ctx.deny("pemutus", "izin.tidak_menunggu", nomor=izin_id)
    _, answer = await find_my_decision(ctx, izin)
    return answer


@plugin.policy("pemanggil")
async def pemanggil(ctx: Context, izin_id: int) -> Decision:
    """Those who decided on an izin, and whoever may decide on it now."""
    izin = await ctx.get(Izin, izin_id)
    asked = await ctx.all(select(Putusan).where(Putusan.izin == izin_id, Putusan.ronde == izin.ronde))
    if ctx.person.id != izin.pemohon:
        for putusan in asked:
            answer = _decide_by_rule(ctx, izin, putusan.aturan)
            if answer.allowed:
                return answer
    return ctx.deny("pemanggil", "izin.bukan_pemanggil", nomor=izin_id)


@plugin.policy("melihat")
async def melihat(ctx: Context, izin_id: int) -> Decision:
    """Applicant, deputy, those who were asked, and those who see all of the unit."""
    izin = await ctx.get(Izin, izin_id)
    if ctx.person.id in (izin.pemohon, izin.pembuat, izin.wakil):
        return ctx.allow("pemohon")
    if await ctx.first(select(Putusan).where(Putusan.izin == izin_id, Putusan.diminta == ctx.person.id)):
        return ctx.allow("diminta")
    overall = ctx.decide(CITY_OVERSIGHT, make_resource(ctx, izin))
    unit = overall if overall.allowed else ctx.decide(SEEING, make_resource(ctx, izin))
    return unit if unit.allowed else ctx.deny("melihat", "izin.tidak_boleh_lihat", nomor=izin_id)


@plugin.policy("perekap")
async def perekap(ctx: Context) -> Decision:
    """Those who see the izin of a unit, or of all."""
    overall = ctx.decide(CITY_OVERSIGHT, Resource("rekap"))
    return overall if overall.allowed else ctx.decide(SEEING, Resource())
