"""Who may do what with a meeting, its proposals and its follow-ups."""

import hashlib
from collections.abc import Awaitable, Callable

from pendopo import CITY_OVERSIGHT, Context, Decision, Resource
from sqlmodel import select

from pendopo_rapat.models.followups import TindakLanjut
from pendopo_rapat.models.meetings import PRESENT, REPRESENTED, Rapat
from pendopo_rapat.models.minutes import Langganan, Seri
from pendopo_rapat.models.proposals import Keputusan, Usul
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import find_participant, resolve_meeting

NOTARY, PARTICIPANT, CALLER = "notulis", "peserta", "pengundang"
Check = Callable[[Context, Rapat], Awaitable[Decision]]
Rule = Callable[..., Awaitable[Decision]]


async def check_leader(ctx: Context, rapat: Rapat) -> Decision:
    """Whether this person leads a meeting, by its post or, without a post, by name."""
    if rapat.jabatan:
        answer = ctx.decide(f"post:{rapat.jabatan}", Resource("rapat", rapat.id or 0, unit=rapat.unit))
        if answer.allowed:
            return answer
    if ctx.person.id == rapat.pimpinan and not rapat.jabatan:
        return ctx.allow("pimpinan")
    return ctx.deny("pimpinan", "rapat.bukan_pimpinan", nomor=rapat.id, pimpinan=ctx.people.get_name(rapat.pimpinan))


async def check_organiser(ctx: Context, rapat: Rapat) -> Decision:
    """Whether this person organises a meeting: leads it, called it, or writes its minutes."""
    answer = await check_leader(ctx, rapat)
    if answer.allowed:
        return answer
    for id_, what in ((rapat.notulis, NOTARY), (rapat.pembuat, CALLER)):
        if ctx.person.id == id_:
            return Decision(True, what, None, what)
    return ctx.deny("pengurus", "rapat.bukan_pengurus", nomor=rapat.id, pimpinan=ctx.people.get_name(rapat.pimpinan))


async def check_participant(ctx: Context, rapat: Rapat) -> Decision:
    """Whether this person takes part: organises it, is invited, or attends."""
    answer = await check_organiser(ctx, rapat)
    if answer.allowed:
        return answer
    place = await find_participant(ctx, rapat)
    if place is None or not (place.diundang or place.hadir in (PRESENT, REPRESENTED)):
        return ctx.deny(PARTICIPANT, "rapat.bukan_peserta", nomor=rapat.id)
    return Decision(True, PARTICIPANT, None, PARTICIPANT if place.orang == ctx.person.id else REPRESENTED)


def _by_number(check: Check) -> Rule:
    async def rule(ctx: Context, rapat_id: int) -> Decision:
        return await check(ctx, await ctx.get(Rapat, rapat_id))

    return rule


def _by_words(check: Check) -> Rule:
    async def rule(ctx: Context, teks: str) -> Decision:
        return await check(ctx, (await resolve_meeting(ctx, teks))[0])

    return rule


def _by_proposal(check: Check) -> Rule:
    async def rule(ctx: Context, usul_id: int) -> Decision:
        return await check(ctx, await ctx.get(Rapat, (await ctx.get(Usul, usul_id)).rapat))

    return rule


# Three checks, once for each way in which routes name their meeting: its number, a text, a proposal's number.
plugin.policy("pimpinan")(_by_number(check_leader))
plugin.policy("pimpinan_kata")(_by_words(check_leader))
plugin.policy("pimpinan_usul")(_by_proposal(check_leader))
plugin.policy("pengurus")(_by_number(check_organiser))
plugin.policy("pengurus_kata")(_by_words(check_organiser))
plugin.policy("pengurus_usul")(_by_proposal(check_organiser))
plugin.policy("peserta")(_by_number(check_participant))
plugin.policy("peserta_kata")(_by_words(check_participant))


@plugin.policy("penyusun")
async def penyusun(ctx: Context, rapat_id: int) -> Decision:
    """The notary and the leader."""
    rapat = await ctx.get(Rapat, rapat_id)
    if ctx.person.id == rapat.notulis:
        return Decision(True, NOTARY, None, NOTARY)
    answer = await check_leader(ctx, rapat)
    denied = ctx.deny(NOTARY, "rapat.bukan_notulis", nomor=rapat_id, notulis=ctx.people.get_name(rapat.notulis))
    return answer if answer.allowed else denied


@plugin.policy("melihat")
async def melihat(ctx: Context, rapat_id: int) -> Decision:
    """Participants, and those with city oversight."""
    rapat = await ctx.get(Rapat, rapat_id)
    overall = ctx.decide(CITY_OVERSIGHT, Resource("rapat", rapat_id, unit=rapat.unit))
    return overall if overall.allowed else await check_participant(ctx, rapat)


@plugin.policy("pemilih")
async def pemilih(ctx: Context, usul_id: int) -> Decision:
    """Voters on a proposal: those listed, else those present."""
    usul = await ctx.get(Usul, usul_id)
    place = await find_participant(ctx, await ctx.get(Rapat, usul.rapat))
    denied = ctx.deny("pemilih", "rapat.bukan_pemilih", nomor=usul_id)
    if place is None or not place.diundang or (usul.listed and place.orang not in usul.listed):
        return denied
    if not usul.listed and not place.hadir:
        return ctx.deny("pemilih", "rapat.belum_hadir", nomor=usul.rapat)
    return Decision(True, "pemilih", None, PARTICIPANT if place.orang == ctx.person.id else REPRESENTED)


@plugin.policy("melihat_putusan")
async def melihat_putusan(ctx: Context, putusan_id: int) -> Decision:
    """Those who may see the meeting of a decision."""
    made = await ctx.get(Keputusan, putusan_id)
    return await melihat(ctx, made.rapat)


@plugin.policy("pemilik_seri")
async def pemilik_seri(ctx: Context, seri_id: int) -> Decision:
    """The person who called a recurring meeting, and its leader."""
    seri = await ctx.get(Seri, seri_id)
    if ctx.person.id in (seri.pembuat, seri.pimpinan):
        return ctx.allow(CALLER)
    return ctx.deny(CALLER, "rapat.bukan_pemilik_seri", nomor=seri_id)


@plugin.policy("pelaksana")
async def pelaksana(ctx: Context, tl_id: int) -> Decision:
    """The assignee, and the organisers of the meeting."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    if ctx.person.id == tindak.siapa:
        return ctx.allow("pelaksana")
    answer = await check_organiser(ctx, await ctx.get(Rapat, tindak.rapat))
    return answer if answer.allowed else ctx.deny("pelaksana", "rapat.bukan_pelaksana", nomor=tl_id)


@plugin.policy("pemberi")
async def pemberi(ctx: Context, tl_id: int) -> Decision:
    """The organisers of a follow-up's meeting, and superiors of the assignee."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    answer = await check_organiser(ctx, await ctx.get(Rapat, tindak.rapat))
    return answer if answer.allowed else ctx.decide("superior", Resource("tl", tl_id, owner=tindak.siapa))


@plugin.policy("melihat_tl")
async def melihat_tl(ctx: Context, tl_id: int) -> Decision:
    """The assignee, their superiors, participants of the meeting, and those with city oversight."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    if ctx.person.id == tindak.siapa:
        return ctx.allow("pelaksana")
    for policy in (CITY_OVERSIGHT, "superior"):
        answer = ctx.decide(policy, Resource("tl", tl_id, owner=tindak.siapa))
        if answer.allowed:
            return answer
    return await check_participant(ctx, await ctx.get(Rapat, tindak.rapat))


def hash_token(token: str) -> str:
    """The digest that is kept of a feed's secret token (SHA-256)."""
    return hashlib.sha256(token.encode()).hexdigest()


@plugin.policy("pelanggan")
async def pelanggan(ctx: Context, token: str) -> Decision:
    """Anybody with the secret address of a person still in the directory."""
    found = await ctx.first(select(Langganan).where(Langganan.sidik == hash_token(token)))
    if found is not None and ctx.people.find_person(found.orang) is not None:
        return ctx.allow("pelanggan")
    return ctx.deny("pelanggan", "rapat.langganan_tidak_ada")
