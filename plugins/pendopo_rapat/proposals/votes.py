"""Cards, votes and results of proposals."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pendopo import Button, Context, Phrase, Prompt, RestOfText, phrase
from sqlmodel import col, select

from pendopo_rapat import cards
from pendopo_rapat.models.meetings import Rapat
from pendopo_rapat.models.proposals import (
    ABSTAIN,
    AGAINST,
    FOR,
    SECRETLY,
    SILENCE,
    Kertas,
    Suara,
    Usul,
    UsulStatus,
    compute_verdict,
    count_votes,
)
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import list_participants


@plugin.handle
async def suara(ctx: Context, usul_id: int, jawab: Literal["setuju", "tolak", "abstain"]) -> None:
    """Vote."""


@plugin.handle
async def keberatan(ctx: Context, usul_id: int, alasan: Annotated[RestOfText, Prompt("rapat.tanya.keberatan")]) -> None:
    """Object to a proposal and say why."""


@plugin.handle
async def segarkan_usul(ctx: Context, usul_id: int) -> None:
    """Update the card with those who have answered."""


@plugin.handle
async def hitung_usul(ctx: Context, usul_id: int) -> None:
    """Count the votes of a closed proposal."""


@plugin.handle
async def putuskan_usul(ctx: Context, usul_id: int) -> None:
    """Record an agreed proposal as a decision."""


def make_buttons(usul: Usul) -> list[Button]:
    """The buttons of a proposal."""
    against = (
        Button("rapat.tombol.keberatan", keberatan, usul.id, reusable=True)
        if usul.cara == SILENCE
        else Button("rapat.tombol.tolak", suara, usul.id, AGAINST, reusable=True)
    )
    return [
        Button("rapat.tombol.setuju", suara, usul.id, FOR, reusable=True),
        against,
        Button("rapat.tombol.abstain", suara, usul.id, ABSTAIN, reusable=True),
    ]


def format_proposal(ctx: Context, usul: Usul) -> list[Phrase]:
    """The proposal, its author, and how it is decided; once over, its result."""
    head = phrase("rapat.usul_kepala", nomor=usul.id, isi=usul.isi, oleh=ctx.people.get_name(usul.oleh))
    if usul.status != UsulStatus.RUNNING:
        return [head, phrase(f"rapat.usul_hasil.{usul.status}", **json.loads(usul.hasil))]
    how = phrase(f"rapat.usul_cara.{usul.cara}", waktu=usul.batas or "")
    return [head, how]


async def find_vote(ctx: Context, usul: Usul, orang: int) -> Suara | None:
    """The vote of one participant."""
    return await ctx.first(select(Suara).where(Suara.usul == usul.id, Suara.orang == orang))


async def list_votes(ctx: Context, usul: Usul) -> Sequence[Suara]:
    """The votes, in the order they were cast."""
    return await ctx.all(select(Suara).where(Suara.usul == usul.id).order_by(col(Suara.id)))


async def list_ballots(ctx: Context, usul: Usul) -> list[str]:
    """The answers without voters."""
    if usul.cara != SECRETLY:
        return [vote.jawab for vote in await list_votes(ctx, usul)]
    return [paper.jawab for paper in await ctx.all(select(Kertas).where(Kertas.usul == usul.id))]


async def format_progress(ctx: Context, usul: Usul) -> list[Phrase]:
    """The voters by answer; in a secret vote only how many."""
    given = await list_votes(ctx, usul)
    if usul.cara == SECRETLY:
        return [phrase("rapat.suara_masuk", jumlah=len(given))]
    lines = [phrase(f"rapat.suara_{answer}", siapa=_format_voters(ctx, given, answer)) for answer in (FOR, AGAINST, ABSTAIN)]
    return [line for line in lines if line.args["siapa"]]


def _format_voters(ctx: Context, given: Sequence[Suara], answer: str) -> str:
    return ", ".join(
        f"{ctx.people.get_name(vote.orang)} ({vote.alasan})" if vote.alasan else ctx.people.get_name(vote.orang)
        for vote in given
        if vote.jawab == answer
    )


async def plan_refresh(ctx: Context, usul: Usul, rapat: Rapat) -> None:
    """Schedules one update of the card for all changes within two seconds."""
    at = ctx.now + timedelta(seconds=2 - ctx.now.second % 2, microseconds=-ctx.now.microsecond)
    await ctx.schedule(at, segarkan_usul, usul.id, key=f"rapat:usul:{usul.id}:kartu", chat=rapat.chat)


async def list_silent(ctx: Context, usul: Usul, given: Sequence[Suara]) -> list[int]:
    """The voters whose silence agrees: listed, reached, and without a vote."""
    said = {vote.orang for vote in given}
    missed = set(usul.unreached)
    return [id_ for id_ in usul.listed if id_ not in said and id_ not in missed]


async def close_vote(ctx: Context, usul: Usul) -> None:
    """Closes the vote and schedules its count. Raises `UserError` when it is already over."""
    rapat = await ctx.get(Rapat, usul.rapat)
    Usul.states.move(ctx, usul, UsulStatus.COUNTING, "rapat.usul_hitung")
    await _cancel_jobs(ctx, usul)
    await ctx.schedule(ctx.now, hitung_usul, usul.id, key=f"rapat:usul:{usul.id}:hitung", chat=rapat.chat)


async def withdraw_proposal(ctx: Context, usul: Usul) -> None:
    """Withdraws a proposal before it is counted."""
    Usul.states.move(ctx, usul, UsulStatus.WITHDRAWN, "rapat.usul_tarik")
    await _cancel_jobs(ctx, usul)
    await ctx.edit(usul.pesan, *format_proposal(ctx, usul), resend=True)


async def _cancel_jobs(ctx: Context, usul: Usul) -> None:
    await ctx.cancel(f"rapat:usul:{usul.id}", f"rapat:usul:{usul.id}:kartu")


async def announce_result(ctx: Context, usul: Usul) -> None:
    """Counts and announces the result, with names in an open vote."""
    rapat = await ctx.get(Rapat, usul.rapat)
    given = await list_votes(ctx, usul)
    quiet = await list_silent(ctx, usul, given) if usul.cara == SILENCE else []
    result = count_votes(await list_ballots(ctx, usul), len(quiet))
    needed = cards.get_tally(ctx, rapat, await list_participants(ctx, rapat)).perlu
    outcome = compute_verdict(usul.cara, result, needed)
    Usul.states.move(ctx, usul, outcome, "rapat.usul_hasil", **result._asdict(), perlu=needed)
    usul.hasil = json.dumps(result._asdict() | {"perlu": needed})
    lines = [*format_proposal(ctx, usul), *await _format_result(ctx, usul, given, quiet)]
    decide = [Button("rapat.tombol.putuskan", putuskan_usul, usul.id)] if outcome == UsulStatus.AGREED else []
    await ctx.edit(usul.pesan, *format_proposal(ctx, usul))
    await ctx.send(rapat.chat, *lines, buttons=decide)


async def _format_result(ctx: Context, usul: Usul, given: Sequence[Suara], quiet: Sequence[int]) -> list[Phrase]:
    """The voters by answer, the silent ones, and those not reached."""
    lines = await format_progress(ctx, usul) if usul.cara != SECRETLY else []
    if quiet:
        lines.append(phrase("rapat.suara_diam", siapa=", ".join(ctx.people.get_name(id_) for id_ in quiet)))
    missed = [id_ for id_ in usul.unreached if id_ not in {vote.orang for vote in given}] if usul.cara == SILENCE else []
    if missed:
        lines.append(phrase("rapat.suara_tak_sampai", siapa=", ".join(ctx.people.get_name(id_) for id_ in missed)))
    return lines
