"""Proposals: agreed to by silence until a deadline, or voted on openly or secretly."""

import json
import re
import secrets
from datetime import datetime
from typing import Annotated, Literal

from pendopo import (
    ApproximateTime,
    Context,
    Day,
    Duration,
    Instant,
    Phrase,
    Prompt,
    RestOfText,
    TimeRange,
    Typed,
    UserError,
    phrase,
    start_of,
)

from pendopo_rapat import cards, transitions
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.models.proposals import AGAINST, OPENLY, SECRETLY, SILENCE, Kertas, Suara, Usul, UsulStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.proposals import votes
from pendopo_rapat.queries import find_participant, list_participants, resolve_meeting
from pendopo_rapat.settings import RapatOptions

_UNTIL = re.compile(r"(?<!\w)(?:sampai(?:\s+dengan)?|hingga|s\.\s?d\.|paling\s+lambat)\s+", re.IGNORECASE)
Deadline = Day | Instant | ApproximateTime | TimeRange | Duration
EXAMPLES = ["/usul Beli dua pompa sampai jam 15", "/usul Jadwal piket baru", "/usul rahasia Ketua panitia Ibu Rina"]


@plugin.command("usul", policy="peserta_kata", examples=EXAMPLES)
async def usulkan(ctx: Context, teks: RestOfText) -> None:
    """Propose something: with a deadline silence agrees, without one there is an open vote."""
    rapat, words = await resolve_meeting(ctx, teks)
    marks = list(_UNTIL.finditer(words))
    if not marks:
        await _create_proposal(ctx, rapat, words, OPENLY, None)
        return
    after = words[marks[-1].end() :]
    found = await ctx.parse_time(after)
    if found is None or _resolve_deadline(ctx, found.value) is None:
        raise UserError("rapat.usul_batas", param="teks", tertulis=after[:60])
    title = f"{words[: marks[-1].start()]} {found.remove_from(after)}"
    await ctx.prompt_for(usulkan_hingga, rapat_id=rapat.id, judul=title, batas=Typed(after))


@plugin.action(policy="peserta")
async def usulkan_hingga(
    ctx: Context, rapat_id: int, judul: str, batas: Annotated[Deadline, Prompt("rapat.tanya.tenggat")]
) -> None:
    """Propose something that silence agrees to at a deadline."""
    await _create_proposal(ctx, await ctx.get(Rapat, rapat_id), judul, SILENCE, _resolve_deadline(ctx, batas))


@plugin.command("usul rahasia", policy="peserta_kata", examples=["/usul rahasia Ketua panitia Ibu Rina"])
async def rahasia(ctx: Context, teks: RestOfText) -> None:
    """Start a secret vote: no answer is stored with a name."""
    rapat, words = await resolve_meeting(ctx, teks)
    await _create_proposal(ctx, rapat, words, SECRETLY, None)


@plugin.command("usul daftar", policy="peserta_kata", examples=["/usul daftar"])
async def daftar(ctx: Context, teks: RestOfText = "") -> None:
    """Show the open proposals, to be answered here."""
    rapat, _ = await resolve_meeting(ctx, teks)
    found = await transitions.list_running_proposals(ctx, rapat)
    if not found:
        await ctx.reply("rapat.usul_kosong", nomor=rapat.id)
    for usul in found:
        buttons = votes.make_buttons(usul) if ctx.chat.private or usul.cara != SECRETLY else []
        await ctx.reply(*votes.format_proposal(ctx, usul), buttons=buttons)


def _resolve_deadline(ctx: Context, waktu: object) -> datetime | None:
    """The deadline of a proposal; None for a time that is none."""
    if isinstance(waktu, Duration):
        return ctx.now + waktu.delta
    if isinstance(waktu, Day):
        return ctx.at(waktu.on, ctx.options(RapatOptions).tutup)
    start = start_of(waktu) if isinstance(waktu, (Instant, ApproximateTime, TimeRange)) else None
    return start if isinstance(start, datetime) else None


async def _create_proposal(ctx: Context, rapat: Rapat, title: str, cara: str, until: datetime | None) -> None:
    Rapat.states.require(rapat, RapatStatus.OPEN)
    title = title.strip(" ,;:")
    if not title:
        raise UserError("rapat.usul_tanpa_isi")
    if until is not None and until <= ctx.now:
        raise UserError("rapat.waktu_lewat", waktu=until.astimezone(ctx.zone))
    places = [p for p in await list_participants(ctx, rapat) if p.diundang]
    usul = Usul(rapat=rapat.id or 0, isi=title[:1000], oleh=ctx.person.id, cara=cara, batas=until, dibuat=ctx.now)
    usul.pemilih = json.dumps([p.orang for p in places] if cara == SILENCE else [])
    await ctx.save(usul)
    ctx.audit("rapat.usul", f"usul/{usul.id}", rapat=rapat.id, cara=cara)
    here, undo = ctx.chat.key == rapat.chat.key, [cards.undo_button(ctx, "usul", usul.id)]
    public = votes.make_buttons(usul) if cara != SECRETLY else []
    sent = await ctx.send(rapat.chat, *votes.format_proposal(ctx, usul), buttons=[*public, *(undo if here else [])])
    usul.pesan = sent.key
    usul.tak_sampai = json.dumps(await _ask_voters(ctx, usul, places))
    if not here:
        await ctx.reply("rapat.usul_dikirim", nomor=usul.id, buttons=undo)
    if until is not None:
        await ctx.schedule(until, batas_usul, usul.id, key=f"rapat:usul:{usul.id}", chat=rapat.chat)


async def _ask_voters(ctx: Context, usul: Usul, places: list[Peserta]) -> list[int]:
    """Asks the voters privately, but not those in the chat; returns those who were not reached."""
    missed = []
    for place in places:
        here = usul.cara != SECRETLY and place.lewat == ctx.chat.key and not ctx.chat.private
        if here or (usul.cara != SILENCE and not place.hadir):
            continue
        who = ctx.people.find_person(place.wakil if place.wakil and place.hadir == "mewakili" else place.orang)
        sent = await ctx.notify(who, *votes.format_proposal(ctx, usul), buttons=votes.make_buttons(usul)) if who else None
        if sent is None:
            missed.append(place.orang)
    return missed


@plugin.action(policy="pemilih")
async def suara(ctx: Context, usul_id: int, jawab: Literal["setuju", "tolak", "abstain"]) -> None:
    """Vote."""
    await _record_vote(ctx, await ctx.get(Usul, usul_id), jawab, "")


@plugin.action(policy="pemilih")
async def keberatan(ctx: Context, usul_id: int, alasan: Annotated[RestOfText, Prompt("rapat.tanya.keberatan")]) -> None:
    """Object to a proposal and say why."""
    await _record_vote(ctx, await ctx.get(Usul, usul_id), AGAINST, alasan.removeprefix("karena ").strip()[:500])


async def _record_vote(ctx: Context, usul: Usul, jawab: str, alasan: str) -> None:
    """Records a vote; an open one can be changed until counted, a secret one is cast once. Raises `UserError`."""
    rapat = await ctx.get(Rapat, usul.rapat)
    place = await find_participant(ctx, rapat)
    if usul.status != UsulStatus.RUNNING or (usul.batas is not None and ctx.now >= usul.batas):
        raise Usul.states.refused(usul)
    if place is None:
        raise UserError("rapat.bukan_pemilih", nomor=usul.id)
    if usul.cara == SECRETLY:
        # The voter goes into one table, the answer into another, in random order.
        if await votes.find_vote(ctx, usul, place.orang) is not None:
            raise UserError("rapat.sudah_memilih", nomor=usul.id)
        await ctx.save(Suara(usul=usul.id or 0, orang=place.orang, oleh=ctx.person.id, pada=ctx.now))
        await ctx.save(Kertas(id=secrets.randbelow(2**31 - 1) + 1, usul=usul.id or 0, jawab=jawab))
        ctx.audit("rapat.suara", f"usul/{usul.id}", orang=place.orang)
    else:
        await _save_open_vote(ctx, usul, place, jawab, alasan)
    if ctx.chat.private:
        await ctx.update(
            *votes.format_proposal(ctx, usul),
            _format_receipt(usul, jawab),
            buttons=[] if usul.cara == SECRETLY else votes.make_buttons(usul),
        )
    await votes.plan_refresh(ctx, usul, rapat)


def _format_receipt(usul: Usul, jawab: str) -> Phrase:
    if usul.cara == SECRETLY:
        return phrase("rapat.suara_rahasia_dicatat")
    return phrase("rapat.suara_dicatat", jawab=phrase(f"rapat.jawab.{jawab}"))


async def _save_open_vote(ctx: Context, usul: Usul, place: Peserta, jawab: str, alasan: str) -> None:
    own = await votes.find_vote(ctx, usul, place.orang)
    if own is None:
        fresh = Suara(usul=usul.id or 0, orang=place.orang, oleh=ctx.person.id, jawab=jawab, alasan=alasan, pada=ctx.now)
        await ctx.save(fresh)
    elif (own.jawab, own.alasan) == (jawab, alasan):
        return
    else:
        own.jawab, own.alasan, own.oleh, own.pada = jawab, alasan, ctx.person.id, ctx.now
    ctx.audit("rapat.suara", f"usul/{usul.id}", alasan, jawab=jawab, orang=place.orang)


@plugin.command("usul tutup", policy="pengurus_usul", examples=["/usul tutup 7"])
async def hentikan(ctx: Context, usul_id: Annotated[int, Prompt("rapat.tanya.usul")]) -> None:
    """Count a vote now; a proposal by silence is withdrawn instead, as not all had their time."""
    usul = await ctx.get(Usul, usul_id)
    if usul.cara == SILENCE and usul.status == UsulStatus.RUNNING:
        await votes.withdraw_proposal(ctx, usul)
        if ctx.chat.key != (await ctx.get(Rapat, usul.rapat)).chat.key:
            await ctx.reply(*votes.format_proposal(ctx, usul))
        return
    await votes.close_vote(ctx, usul)


@plugin.job(policy="system")
async def batas_usul(ctx: Context, usul_id: int) -> None:
    """Close a proposal at its deadline; silence agrees."""
    usul = await ctx.get(Usul, usul_id)
    if usul.status == UsulStatus.RUNNING:
        await votes.close_vote(ctx, usul)


@plugin.job(policy="system")
async def hitung_usul(ctx: Context, usul_id: int) -> None:
    """Count the votes of a closed proposal."""
    usul = await ctx.get(Usul, usul_id)
    if usul.status == UsulStatus.COUNTING:
        await votes.announce_result(ctx, usul)


@plugin.job(policy="system")
async def segarkan_usul(ctx: Context, usul_id: int) -> None:
    """Update the card with those who have answered."""
    usul = await ctx.get(Usul, usul_id)
    if usul.status == UsulStatus.RUNNING:
        public = votes.make_buttons(usul) if usul.cara != SECRETLY else []
        await ctx.edit(usul.pesan, *votes.format_proposal(ctx, usul), *await votes.format_progress(ctx, usul), buttons=public)
