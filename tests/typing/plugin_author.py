"""The public API as the author of a plugin uses it, for `mypy --strict`; it is never run."""

from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal, assert_type

from pendopo import (
    Button,
    CommandHelp,
    Context,
    DateRange,
    Day,
    Decision,
    Document,
    Duration,
    Instant,
    Location,
    Message,
    MessageRef,
    Person,
    Photo,
    Phrase,
    Plugin,
    Prompt,
    RestOfText,
    Row,
    UserError,
    When,
    describe,
    phrase,
    start_of,
    tables,
)
from pendopo.testing import PROFILES, ShownMessage, Story
from sqlmodel import col, select


class Table(Row, registry=tables("contoh")):
    """The base of the rows."""


class Benda(Table, table=True):
    """A thing."""

    pemilik: int
    nama: str


class Warna(Enum):
    """Colours."""

    MERAH = "merah"


plugin = Plugin("contoh", summary="Contoh", policy="known", tables=Table)


@plugin.policy("pemilik")
async def pemilik(ctx: Context, nomor: int) -> Decision:
    """Only its owner."""
    benda = await ctx.get(Benda, nomor)
    return ctx.allow("pemilik") if benda.pemilik == ctx.person.id else ctx.deny("pemilik", "contoh.bukan", nomor=nomor)


@plugin.command("contoh", aliases=["c"], examples=["/contoh 1"], confirm=True)
async def contoh(
    ctx: Context,
    n: int,
    harga: Decimal,
    warna: Warna,
    pilih: Literal["a", "b"],
    kapan: Annotated[Instant | Day | DateRange, Prompt("contoh.kapan")],
    siapa: Person,
    apa: Annotated[RestOfText, Prompt("contoh.apa")],
    lama: Duration | None = None,
    foto: list[Photo] | None = None,
    surat: Document | None = None,
    di: Location | None = None,
) -> None:
    """Do it."""
    for berkas in await ctx.files.list_attachments():
        await ctx.reply("contoh.ini", file=berkas)
    benda = await ctx.save(Benda(pemilik=ctx.person.id, nama=apa))
    assert_type(benda, Benda)
    assert_type(await ctx.first(select(Benda).where(col(Benda.nama) == apa)), Benda | None)
    sent = await ctx.reply("contoh.jadi", phrase("contoh.lagi", kapan=kapan), buttons=[Button("contoh.hapus", hapus, benda.id)])
    assert_type(sent, MessageRef)
    assert_type(await ctx.notify(siapa, phrase("contoh.kabar")), MessageRef | None)
    assert_type(phrase("contoh.x"), Phrase)
    await ctx.schedule(ctx.now + timedelta(days=1), nanti, benda.id)
    await ctx.edit(sent, "contoh.ubah", resend=True)
    ctx.audit("contoh.buat", f"contoh/{benda.id}", n=n)


@plugin.action(policy="pemilik")
async def hapus(ctx: Context, nomor: int) -> None:
    """Remove it."""
    await ctx.delete(await ctx.get(Benda, nomor))
    await ctx.update("contoh.terhapus")


@plugin.handle
async def kelak(ctx: Context, nomor: int) -> None:
    """Answered elsewhere."""


Button("contoh.kelak", kelak, 1)
Button("contoh.kelak", "contoh.kelak", 1)  # type: ignore[arg-type]
plugin.handle(len)  # type: ignore[type-var]


@plugin.job()
async def nanti(ctx: Context, nomor: int) -> None:
    """Later."""
    if await ctx.first(select(Benda)) is None:
        raise UserError("contoh.tidak_ada", param="nomor", nomor=nomor)
    await ctx.prompt_for(hapus, nomor=nomor)


@plugin.on(Message)
async def dengar(ctx: Context) -> None:
    """Listen."""
    usable: list[CommandHelp] = await ctx.plugins.list_commands()
    assert_type(usable[0].summary, Phrase)


def words(kapan: When) -> str:
    """A time in words."""
    start_of(kapan)
    return describe(kapan, "id")


async def test_contoh() -> None:
    """As a test of it would be written."""
    for profile in PROFILES:
        async with Story([plugin], profile=profile) as story:
            await story.kadis.says("/contoh 1")
            await story.kadis.presses("Hapus")
            assert_type(story.group.sees("x"), ShownMessage)
