"""How a proposal is shown, who has answered it, and what comes of it."""

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
    """Object, and say why."""


@plugin.handle
async def segarkan_usul(ctx: Context, usul_id: int) -> None:
    """Let the card show who has answered."""


@plugin.handle
async def hitung_usul(ctx: Context, usul_id: int) -> None:
    """Count what is in."""


@plugin.handle
async def putuskan_usul(ctx: Context, usul_id: int) -> None:
    """Write down what was agreed to as a decision."""


def make_buttons(usul: Usul) -> list[Button]:
    """What can be said to a proposal; until it is counted it can be said anew, unless it is secret."""
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
    """What is proposed, by whom, and how it is agreed to."""
    head = phrase("rapat.usul_kepala", nomor=usul.id, isi=usul.isi, oleh=ctx.people.get_name(usul.oleh))
    if usul.status != UsulStatus.RUNNING:
        return [head, phrase(f"rapat.usul_hasil.{usul.status}", **json.loads(usul.hasil))]
    how = phrase(f"rapat.usul_cara.{usul.cara}", waktu=usul.batas or "")
    return [head, how]


async def find_vote(ctx: Context, usul: Usul, orang: int) -> Suara | None:
    """The vote of one place."""
    return await ctx.first(select(Suara).where(Suara.usul == usul.id, Suara.orang == orang))


async def list_votes(ctx: Context, usul: Usul) -> Sequence[Suara]:
    """Who has voted, in the order they did."""
    return await ctx.all(select(Suara).where(Suara.usul == usul.id).order_by(col(Suara.id)))


async def list_ballots(ctx: Context, usul: Usul) -> list[str]:
    """What was voted, without who."""
    if usul.cara != SECRETLY:
        return [vote.jawab for vote in await list_votes(ctx, usul)]
    return [paper.jawab for paper in await ctx.all(select(Kertas).where(Kertas.usul == usul.id))]


async def format_progress(ctx: Context, usul: Usul) -> list[Phrase]:
    """Who has answered: with what they said where it is open, only how many where it is secret."""
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
    """Have the card show who has answered, together with whatever else changes within some seconds."""
    at = ctx.now + timedelta(seconds=2 - ctx.now.second % 2, microseconds=-ctx.now.microsecond)
    await ctx.schedule(at, segarkan_usul, usul.id, key=f"rapat:usul:{usul.id}:kartu", chat=rapat.chat)


async def list_silent(ctx: Context, usul: Usul, given: Sequence[Suara]) -> list[int]:
    """Whose silence agrees: the listed who were reached and said nothing."""
    said = {vote.orang for vote in given}
    missed = set(usul.unreached)
    return [id_ for id_ in usul.listed if id_ not in said and id_ not in missed]


async def close_vote(ctx: Context, usul: Usul) -> None:
    """Take no more votes, and have those counted that are in by then. Raises `UserError` when it is over already."""
    rapat = await ctx.get(Rapat, usul.rapat)
    Usul.states.move(ctx, usul, UsulStatus.COUNTING, "rapat.usul_hitung")
    await _cancel_jobs(ctx, usul)
    await ctx.schedule(ctx.now, hitung_usul, usul.id, key=f"rapat:usul:{usul.id}:hitung", chat=rapat.chat)


async def withdraw_proposal(ctx: Context, usul: Usul) -> None:
    """Take a proposal back before it was counted."""
    Usul.states.move(ctx, usul, UsulStatus.WITHDRAWN, "rapat.usul_tarik")
    await _cancel_jobs(ctx, usul)
    await ctx.edit(usul.pesan, *format_proposal(ctx, usul), resend=True)


async def _cancel_jobs(ctx: Context, usul: Usul) -> None:
    await ctx.cancel(f"rapat:usul:{usul.id}", f"rapat:usul:{usul.id}:kartu")


async def announce_result(ctx: Context, usul: Usul) -> None:
    """Count, and say what came of it, with names where it was open."""
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
    """Who said what, who was silent, and whom nothing reached."""
    lines = await format_progress(ctx, usul) if usul.cara != SECRETLY else []
    if quiet:
        lines.append(phrase("rapat.suara_diam", siapa=", ".join(ctx.people.get_name(id_) for id_ in quiet)))
    missed = [id_ for id_ in usul.unreached if id_ not in {vote.orang for vote in given}] if usul.cara == SILENCE else []
    if missed:
        lines.append(phrase("rapat.suara_tak_sampai", siapa=", ".join(ctx.people.get_name(id_) for id_ in missed)))
    return lines
