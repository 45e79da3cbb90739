"""Lists of disposisi: what waits for me, what I handed on, one in full, and the tree of an item."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pendopo import Context, Prompt, RestOfText, UserError, phrase
from sqlmodel import col, or_, select

from pendopo_disposisi import cards
from pendopo_disposisi.models import OPEN, WAITING, Disposisi
from pendopo_disposisi.parser import parse_reference
from pendopo_disposisi.plugin import plugin
from pendopo_disposisi.policies import ANSWER, melihat

SHOWN = 20
"""Most lines of a list."""
TREE = 200
"""Most disposisi of one item that are read."""


@plugin.command("disposisi saya", examples=["/disposisi saya"])
async def saya(ctx: Context) -> None:
    """Show the disposisi that wait for me, the most pressing first."""
    await _reply_list(ctx, await list_waiting(ctx), "saya")


@plugin.command("disposisi keluar", examples=["/disposisi keluar"])
async def keluar(ctx: Context) -> None:
    """Show what I handed on that is not done."""
    given = select(Disposisi).where(Disposisi.dari == ctx.person.id, col(Disposisi.status).in_(OPEN))
    pressing = given.order_by(col(Disposisi.tenggat).is_(None), col(Disposisi.tenggat)).limit(SHOWN)
    await _reply_list(ctx, await ctx.all(pressing), "keluar")


@plugin.command("disposisi lihat", policy="melihat", examples=["/disposisi lihat 12"])
async def lihat(ctx: Context, nomor: Annotated[int, Prompt("disposisi.tanya.nomor")]) -> None:
    """Show one disposisi in full."""
    disposisi = await ctx.get(Disposisi, nomor)
    answer = [phrase("disposisi.jawaban", isi=disposisi.jawaban)] if disposisi.jawaban else []
    mine = disposisi.status in WAITING and ctx.person in cards.list_receivers(ctx, disposisi)
    buttons = cards.make_buttons(disposisi, [ctx.person]) if mine else []
    now = phrase("disposisi.status_kini", keadaan=cards.format_state(disposisi))
    await ctx.reply(*cards.format_card(ctx, disposisi), now, *answer, buttons=buttons)


@plugin.command("disposisi pohon", examples=["/disposisi pohon 311", "/disposisi pohon izin 27"])
async def pohon(ctx: Context, butir: Annotated[RestOfText, Prompt("disposisi.tanya.butir")]) -> None:
    """Show who handed an item to whom, and the state of each."""
    ref, _ = parse_reference(butir)
    if not ref.number:
        raise UserError("disposisi.sebut_nomor", param="butir")
    keys = [item.key for item in await ctx.plugins.find_items(ref.number, ref.plugin)]
    known = await _list_by_item(ctx, ref.number, ref.plugin, keys)
    visible = [each for each in known if (await melihat(ctx, each.id or 0)).allowed]
    if not visible:
        raise UserError("disposisi.pohon_kosong", nomor=ref.number)
    shown = [each for each in known if each.butir == visible[0].butir]
    await ctx.reply(shown[0].title, *(cards.format_line(ctx, each, depth) for each, depth in build_tree(shown)))


async def _list_by_item(ctx: Context, number: int, plugin_: str, keys: Sequence[str]) -> Sequence[Disposisi]:
    """The disposisi of an item; the number of a disposisi stands for its item."""
    if plugin_ in ("", "disposisi") and (one := await ctx.first(select(Disposisi).where(Disposisi.id == number))):
        keys = [*keys, one.butir]
    found = select(Disposisi).where(col(Disposisi.butir).in_(keys)).order_by(col(Disposisi.id)).limit(TREE)
    return await ctx.all(found)


async def list_waiting(ctx: Context) -> Sequence[Disposisi]:
    """Disposisi that wait for this person, by name or by a post they act in, the nearest deadline first."""
    posts = [capacity.post.code for capacity in ctx.people.capacities_of(ctx.person, ctx.now, ANSWER)]
    mine = or_(Disposisi.kepada == ctx.person.id, col(Disposisi.jabatan).in_(posts))
    waiting = select(Disposisi).where(mine, col(Disposisi.status).in_(WAITING))
    return await ctx.all(
        waiting.order_by(col(Disposisi.tenggat).is_(None), col(Disposisi.tenggat), col(Disposisi.id)).limit(SHOWN)
    )


def build_tree(flat: Sequence[Disposisi]) -> Iterator[tuple[Disposisi, int]]:
    """Walks the tree depth first: each disposisi with its depth."""
    below: dict[int, list[Disposisi]] = {}
    for each in flat:
        below.setdefault(each.induk, []).append(each)

    def walk(parent: int, depth: int) -> Iterator[tuple[Disposisi, int]]:
        for each in below.get(parent, ()):
            yield each, depth
            yield from walk(each.id or -1, depth + 1)

    return walk(0, 0)


async def _reply_list(ctx: Context, found: Sequence[Disposisi], which: str) -> None:
    if not found:
        await ctx.reply(f"disposisi.{which}_kosong")
        return
    await ctx.reply(
        phrase(f"disposisi.{which}_judul"), *(cards.format_line(ctx, each) for each in found), phrase(f"disposisi.{which}_kaki")
    )
