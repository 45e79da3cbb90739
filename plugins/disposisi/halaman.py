"""Pages of disposisi on the dashboard: what waits for me, what I handed on, and the tree of each."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, or_, select

from bot import Context, Said, say
from bot.pages import Actions, Badge, Board, Card, Cell, Column, Facts, Lines, Link, Overview, Page, Part, Tone, Waiting

from . import cards
from .lists import TREE, tree
from .models import ANSWERED, OPEN, WAITING, Disposisi
from .plugin import ANSWER, plugin

SHOWN = 20


def _tone(ctx: Context, disposisi: Disposisi) -> Tone:
    if disposisi.status not in WAITING:
        return "quiet"
    late = disposisi.tenggat is not None and disposisi.tenggat < ctx.now
    return "bad" if late else "warn" if disposisi.tenggat else ""


def badge(ctx: Context, disposisi: Disposisi) -> Badge:
    return Badge(say(f"disposisi.status.{disposisi.status}"), _tone(ctx, disposisi))


async def mine(ctx: Context) -> Sequence[Disposisi]:
    """What waits for this person, by name or by a post they act in, the most pressing first."""
    posts = [capacity.post.code for capacity in ctx.people.capacities(ctx.person, ctx.now, ANSWER)]
    to_me = or_(Disposisi.kepada == ctx.person.id, col(Disposisi.jabatan).in_(posts))
    waiting = select(Disposisi).where(to_me, col(Disposisi.status).in_(sorted(WAITING)))
    return await ctx.all(waiting.order_by(col(Disposisi.tenggat).is_(None), col(Disposisi.tenggat)).limit(SHOWN))


def _card(ctx: Context, each: Disposisi, act: bool) -> Card:
    lines = [each.title, *([say("disposisi.hal.tenggat", waktu=each.tenggat)] if each.tenggat else [])]
    who = say("disposisi.hal.dari_ke", dari=cards.giver(ctx, each), kepada=ctx.people.called(each.kepada))
    buttons = cards.buttons(each, [ctx.person]) if act else []
    return Card(each.isi[:160], [who, *lines], badge(ctx, each), f"/disposisi/{each.id}", buttons)


@plugin.page("/disposisi", title="disposisi.hal.judul")
async def papan(ctx: Context) -> Page:
    """What waits for me, what I handed on, and what came back."""
    given = select(Disposisi).where(Disposisi.dari == ctx.person.id, col(Disposisi.status).in_(sorted(OPEN)))
    found = await ctx.all(given.order_by(col(Disposisi.tenggat).is_(None), col(Disposisi.tenggat)).limit(SHOWN * 2))
    out = [each for each in found if each.status != ANSWERED]
    back = [each for each in found if each.status == ANSWERED]
    own = await mine(ctx)
    columns = [
        Column(say("disposisi.hal.saya"), [_card(ctx, each, True) for each in own], "bad"),
        Column(say("disposisi.hal.keluar"), [_card(ctx, each, False) for each in out], "warn"),
        Column(say("disposisi.hal.dijawab"), [_card(ctx, each, False) for each in back], "good"),
    ]
    return Page(say("disposisi.hal.judul"), [Board(columns)], lead=say("disposisi.hal.isi"))


@plugin.page("/disposisi/{nomor}", policy="melihat", place="")
async def satu(ctx: Context, nomor: int) -> Page:
    """One disposisi whole, with the tree it stands in."""
    disposisi = await ctx.get(Disposisi, nomor)
    rows: list[tuple[Said | str, Cell]] = [
        (say("disposisi.hal.tentang"), disposisi.title),
        (say("disposisi.hal.dari"), cards.giver(ctx, disposisi)),
        (say("disposisi.hal.kepada"), ctx.people.called(disposisi.kepada)),
        (say("disposisi.hal.keadaan"), badge(ctx, disposisi)),
        (say("disposisi.hal.sampai"), disposisi.tenggat),
    ]
    parts: list[Part] = [Facts(rows), Lines(disposisi.lines)]
    if disposisi.status in WAITING and ctx.person in cards.receivers(ctx, disposisi):
        parts.append(Actions(cards.buttons(disposisi, [ctx.person])))
    if disposisi.jawaban:
        parts.append(Lines([disposisi.jawaban], title=say("disposisi.hal.jawaban")))
    same = select(Disposisi).where(Disposisi.butir == disposisi.butir).order_by(col(Disposisi.id)).limit(TREE)
    walked = [cards.row(ctx, each, depth) for each, depth in tree(await ctx.all(same))]
    parts.append(Lines(walked, title=say("disposisi.hal.pohon")))
    return Page(disposisi.isi[:200], parts, crumb=Link(say("disposisi.hal.judul"), "/disposisi"))


@plugin.overview()
async def ikhtisar(ctx: Context, sejak: datetime) -> Overview:
    """What was handed to me and waits for my answer."""
    waits = [
        Waiting(
            f"disposisi/{each.id}",
            say("disposisi.tunggu", nomor=each.id, dari=cards.giver(ctx, each), isi=each.isi[:100]),
            each.tenggat,
            f"/disposisi/{each.id}",
        )
        for each in await mine(ctx)
    ]
    return Overview(waits)


__all__ = ["ikhtisar", "papan", "satu"]
