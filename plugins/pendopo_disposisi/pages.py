"""Dashboard pages of disposisi: what waits for me, what I handed on, and the tree of each."""

from datetime import datetime

from pendopo import Context, Phrase, phrase
from pendopo.pages import (
    Actions,
    Badge,
    Board,
    Card,
    Cell,
    Column,
    KeyValues,
    Link,
    Overview,
    Page,
    Part,
    TextList,
    Tone,
    Waiting,
    cut_words,
)
from sqlmodel import col, select

from pendopo_disposisi import cards
from pendopo_disposisi.lists import SHOWN, TREE, build_tree, list_waiting
from pendopo_disposisi.models import OPEN, WAITING, Disposisi, Status
from pendopo_disposisi.plugin import plugin


def _choose_tone(ctx: Context, disposisi: Disposisi) -> Tone:
    if disposisi.status not in WAITING:
        return "quiet"
    late = disposisi.tenggat is not None and disposisi.tenggat < ctx.now
    return "bad" if late else "warn" if disposisi.tenggat else ""


def make_badge(ctx: Context, disposisi: Disposisi) -> Badge:
    """The state as a badge."""
    return Badge(phrase(f"disposisi.status.{disposisi.status}"), _choose_tone(ctx, disposisi))


def _make_card(ctx: Context, each: Disposisi, act: bool) -> Card:
    lines = [each.title, *([phrase("disposisi.hal.tenggat", waktu=each.tenggat)] if each.tenggat else [])]
    who = phrase("disposisi.hal.dari_ke", dari=cards.format_giver(ctx, each), kepada=ctx.people.get_name(each.kepada))
    buttons = cards.make_buttons(each, [ctx.person]) if act else []
    return Card(cut_words(each.isi, 160), [who, *lines], make_badge(ctx, each), f"/disposisi/{each.id}", buttons)


@plugin.page("/disposisi", title="disposisi.hal.judul")
async def papan(ctx: Context) -> Page:
    """What waits for me, what I handed on, and what came back."""
    given = select(Disposisi).where(Disposisi.dari == ctx.person.id, col(Disposisi.status).in_(sorted(OPEN)))
    found = await ctx.all(given.order_by(col(Disposisi.tenggat).is_(None), col(Disposisi.tenggat)).limit(SHOWN * 2))
    out = [each for each in found if each.status != Status.ANSWERED]
    back = [each for each in found if each.status == Status.ANSWERED]
    own = await list_waiting(ctx)
    columns = [
        Column(phrase("disposisi.hal.saya"), [_make_card(ctx, each, True) for each in own], "bad"),
        Column(phrase("disposisi.hal.keluar"), [_make_card(ctx, each, False) for each in out], "warn"),
        Column(phrase("disposisi.hal.dijawab"), [_make_card(ctx, each, False) for each in back], "good"),
    ]
    return Page(phrase("disposisi.hal.judul"), [Board(columns)], lead=phrase("disposisi.hal.isi"))


@plugin.page("/disposisi/{nomor}", policy="melihat", menu="")
async def satu(ctx: Context, nomor: int) -> Page:
    """One disposisi in full, with its tree."""
    disposisi = await ctx.get(Disposisi, nomor)
    rows: list[tuple[Phrase | str, Cell]] = [
        (phrase("disposisi.hal.tentang"), disposisi.title),
        (phrase("disposisi.hal.dari"), cards.format_giver(ctx, disposisi)),
        (phrase("disposisi.hal.kepada"), ctx.people.get_name(disposisi.kepada)),
        (phrase("disposisi.hal.keadaan"), make_badge(ctx, disposisi)),
        (phrase("disposisi.hal.sampai"), disposisi.tenggat),
    ]
    parts: list[Part] = [KeyValues(rows), TextList(disposisi.lines)]
    if disposisi.status in WAITING and ctx.person in cards.list_receivers(ctx, disposisi):
        parts.append(Actions(cards.make_buttons(disposisi, [ctx.person])))
    if disposisi.jawaban:
        parts.append(TextList([disposisi.jawaban], title=phrase("disposisi.hal.jawaban")))
    same = select(Disposisi).where(Disposisi.butir == disposisi.butir).order_by(col(Disposisi.id)).limit(TREE)
    walked = [cards.format_line(ctx, each, depth) for each, depth in build_tree(await ctx.all(same))]
    parts.append(TextList(walked, title=phrase("disposisi.hal.pohon")))
    return Page(cut_words(disposisi.isi, 200), parts, back_link=Link(phrase("disposisi.hal.judul"), "/disposisi"))


@plugin.overview()
async def ikhtisar(ctx: Context, sejak: datetime) -> Overview:
    """What waits for my answer."""
    waits = [
        Waiting(
            f"disposisi/{each.id}",
            phrase("disposisi.tunggu", nomor=each.id, dari=cards.format_giver(ctx, each), isi=cut_words(each.isi, 100)),
            each.tenggat,
            f"/disposisi/{each.id}",
        )
        for each in await list_waiting(ctx)
    ]
    return Overview(waits)
