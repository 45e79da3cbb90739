"""The plugin's value, which meeting words are about, and who may do what with it."""

import re
from collections.abc import Sequence

from pendopo import CITY_OVERSIGHT, Context, Decision, Person, Plugin, Resource, UserError
from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from pendopo_rapat.models.base import Table
from pendopo_rapat.models.followups import Mundur, TindakLanjut
from pendopo_rapat.models.meetings import CALLED, OPEN, PRESENT, REPRESENTED, Peserta, Rapat
from pendopo_rapat.models.minutes import Bahan, Butir, Langganan, Notulen, Seri
from pendopo_rapat.models.polls import Jawaban
from pendopo_rapat.models.proposals import Keputusan, Suara, Usul
from pendopo_rapat.settings import RapatOptions

plugin = Plugin("rapat", summary="Rapat, keputusan dan tindak lanjut", policy="known", tables=Table, options=RapatOptions)
plugin.declare_personal_data(Rapat, subject="pembuat")
plugin.declare_personal_data(Peserta, subject="orang", text_fields=["alasan"], since="pada")
plugin.declare_personal_data(Jawaban, subject="orang")
plugin.declare_personal_data(Bahan, subject="orang", text_fields=["isi"], file_fields=["berkas"], since="pada")
plugin.declare_personal_data(Butir, subject="oleh")
plugin.declare_personal_data(Usul, subject="oleh")
plugin.declare_personal_data(Suara, subject="orang", text_fields=["alasan"], since="pada")
plugin.declare_personal_data(Keputusan, subject="oleh")
plugin.declare_personal_data(TindakLanjut, subject="siapa", text_fields=["catatan"], file_fields=["bukti"], since="selesai")
plugin.declare_personal_data(Mundur, subject="oleh", text_fields=["alasan"], since="pada")
plugin.declare_personal_data(Notulen, subject="oleh")
plugin.declare_personal_data(Seri, subject="pembuat")
plugin.declare_personal_data(Langganan, subject="orang")

_NUMBER = re.compile(r"\s*(?:rapat\s+)?#?(\d{1,9})(?![\w./])[\s:,.]*", re.IGNORECASE)
# Asked at every word in every group, so it is put together once.
_HERE = select(Rapat).where(
    col(Rapat.ruang) == bindparam("ruang"), col(Rapat.status) == OPEN, col(Rapat.topik) == bindparam("topik")
)
NOTARY, PARTICIPANT, CALLER = "notulis", "peserta", "pengundang"


def get_person(ctx: Context, id_: int) -> Person:
    """Somebody of a meeting. Raises `UserError` when they have left."""
    found = ctx.people.find_person(id_)
    if found is None:
        raise UserError("rapat.orang_keluar")
    return found


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
    return await ctx.all(select(Rapat).where(Rapat.status == OPEN, leads).limit(2))


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


def check_leader(ctx: Context, rapat: Rapat) -> Decision:
    """Whether this person leads a meeting: by the post it is led from, or as who was named."""
    if rapat.jabatan:
        answer = ctx.decide(f"post:{rapat.jabatan}", Resource("rapat", rapat.id or 0, unit=rapat.unit))
        if answer.allowed:
            return answer
    if ctx.person.id == rapat.pimpinan and not rapat.jabatan:
        return ctx.allow("pimpinan")
    return ctx.deny("pimpinan", "rapat.bukan_pimpinan", nomor=rapat.id, pimpinan=ctx.people.get_name(rapat.pimpinan))


def check_organiser(ctx: Context, rapat: Rapat) -> Decision:
    """Whether this person runs a meeting: leads it, called it, or writes its minutes."""
    answer = check_leader(ctx, rapat)
    if answer.allowed:
        return answer
    for id_, what in ((rapat.notulis, NOTARY), (rapat.pembuat, CALLER)):
        if ctx.person.id == id_:
            return Decision(True, what, None, what)
    return ctx.deny("pengurus", "rapat.bukan_pengurus", nomor=rapat.id, pimpinan=ctx.people.get_name(rapat.pimpinan))


async def check_participant(ctx: Context, rapat: Rapat) -> Decision:
    """Whether this person takes part: runs it, is invited, or was sent."""
    answer = check_organiser(ctx, rapat)
    if answer.allowed:
        return answer
    place = await find_participant(ctx, rapat)
    if place is None or not (place.diundang or place.hadir in (PRESENT, REPRESENTED)):
        return ctx.deny(PARTICIPANT, "rapat.bukan_peserta", nomor=rapat.id)
    return Decision(True, PARTICIPANT, None, PARTICIPANT if place.orang == ctx.person.id else REPRESENTED)


@plugin.policy("pimpinan")
async def pimpinan(ctx: Context, rapat_id: int) -> Decision:
    """Who leads it."""
    return check_leader(ctx, await ctx.get(Rapat, rapat_id))


@plugin.policy("pengurus")
async def pengurus(ctx: Context, rapat_id: int) -> Decision:
    """Who leads it, called it, or writes its minutes."""
    return check_organiser(ctx, await ctx.get(Rapat, rapat_id))


@plugin.policy("peserta")
async def peserta(ctx: Context, rapat_id: int) -> Decision:
    """Who takes part."""
    return await check_participant(ctx, await ctx.get(Rapat, rapat_id))


@plugin.policy("penyusun")
async def penyusun(ctx: Context, rapat_id: int) -> Decision:
    """Who writes the minutes, and who leads."""
    rapat = await ctx.get(Rapat, rapat_id)
    if ctx.person.id == rapat.notulis:
        return Decision(True, NOTARY, None, NOTARY)
    answer = check_leader(ctx, rapat)
    denied = ctx.deny(NOTARY, "rapat.bukan_notulis", nomor=rapat_id, notulis=ctx.people.get_name(rapat.notulis))
    return answer if answer.allowed else denied


@plugin.policy("melihat")
async def melihat(ctx: Context, rapat_id: int) -> Decision:
    """Who takes part, and who sees all."""
    rapat = await ctx.get(Rapat, rapat_id)
    overall = ctx.decide(CITY_OVERSIGHT, Resource("rapat", rapat_id, unit=rapat.unit))
    return overall if overall.allowed else await check_participant(ctx, rapat)


@plugin.policy("pimpinan_kata")
async def pimpinan_kata(ctx: Context, teks: str) -> Decision:
    """Who leads the meeting that the words are about."""
    return check_leader(ctx, (await resolve_meeting(ctx, teks))[0])


@plugin.policy("pengurus_kata")
async def pengurus_kata(ctx: Context, teks: str) -> Decision:
    """Who runs the meeting that the words are about."""
    return check_organiser(ctx, (await resolve_meeting(ctx, teks))[0])


@plugin.policy("peserta_kata")
async def peserta_kata(ctx: Context, teks: str) -> Decision:
    """Who takes part in the meeting that the words are about."""
    return await check_participant(ctx, (await resolve_meeting(ctx, teks))[0])


@plugin.policy("pemilih")
async def pemilih(ctx: Context, usul_id: int) -> Decision:
    """Who has a vote on a proposal: of the listed, or of those present."""
    usul = await ctx.get(Usul, usul_id)
    place = await find_participant(ctx, await ctx.get(Rapat, usul.rapat))
    denied = ctx.deny("pemilih", "rapat.bukan_pemilih", nomor=usul_id)
    if place is None or not place.diundang or (usul.listed and place.orang not in usul.listed):
        return denied
    if not usul.listed and not place.hadir:
        return ctx.deny("pemilih", "rapat.belum_hadir", nomor=usul.rapat)
    return Decision(True, "pemilih", None, PARTICIPANT if place.orang == ctx.person.id else REPRESENTED)


@plugin.policy("pengurus_usul")
async def pengurus_usul(ctx: Context, usul_id: int) -> Decision:
    """Who runs the meeting of a proposal."""
    usul = await ctx.get(Usul, usul_id)
    return check_organiser(ctx, await ctx.get(Rapat, usul.rapat))


@plugin.policy("pimpinan_usul")
async def pimpinan_usul(ctx: Context, usul_id: int) -> Decision:
    """Who leads the meeting of a proposal."""
    usul = await ctx.get(Usul, usul_id)
    return check_leader(ctx, await ctx.get(Rapat, usul.rapat))


@plugin.policy("melihat_putusan")
async def melihat_putusan(ctx: Context, putusan_id: int) -> Decision:
    """Who may see the meeting of a decision."""
    made = await ctx.get(Keputusan, putusan_id)
    return await melihat(ctx, made.rapat)


@plugin.policy("pemilik_seri")
async def pemilik_seri(ctx: Context, seri_id: int) -> Decision:
    """Who called a meeting that recurs, and who leads it."""
    seri = await ctx.get(Seri, seri_id)
    if ctx.person.id in (seri.pembuat, seri.pimpinan):
        return ctx.allow(CALLER)
    return ctx.deny(CALLER, "rapat.bukan_pemilik_seri", nomor=seri_id)


@plugin.policy("pelaksana")
async def pelaksana(ctx: Context, tl_id: int) -> Decision:
    """Whose follow-up it is, and who runs its meeting."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    if ctx.person.id == tindak.siapa:
        return ctx.allow("pelaksana")
    answer = check_organiser(ctx, await ctx.get(Rapat, tindak.rapat))
    return answer if answer.allowed else ctx.deny("pelaksana", "rapat.bukan_pelaksana", nomor=tl_id)


@plugin.policy("pemberi")
async def pemberi(ctx: Context, tl_id: int) -> Decision:
    """Who runs the meeting of a follow-up, and who is above whose it is."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    answer = check_organiser(ctx, await ctx.get(Rapat, tindak.rapat))
    return answer if answer.allowed else ctx.decide("superior", Resource("tl", tl_id, owner=tindak.siapa))


@plugin.policy("melihat_tl")
async def melihat_tl(ctx: Context, tl_id: int) -> Decision:
    """Whose it is, who is above them, who takes part in its meeting, and who sees all."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    if ctx.person.id == tindak.siapa:
        return ctx.allow("pelaksana")
    for policy in (CITY_OVERSIGHT, "superior"):
        answer = ctx.decide(policy, Resource("tl", tl_id, owner=tindak.siapa))
        if answer.allowed:
            return answer
    return await check_participant(ctx, await ctx.get(Rapat, tindak.rapat))


__all__ = [
    "CALLED",
    "check_leader",
    "check_organiser",
    "find_open_meeting",
    "find_participant",
    "get_person",
    "list_participants",
    "list_persons",
    "plugin",
    "resolve_meeting",
]
