"""A plugin that says much and takes photos, for stories on Telegram."""

from pendopo import Context, Message, Photo, Plugin, RestOfText, phrase

REPLIES = 100
LONG = "\n".join(f"{number}. " + "kata " * 199 for number in range(100))
lapor = Plugin("lapor", summary="Laporan", policy="known")


@lapor.command("lapor")
async def laporkan(ctx: Context, foto: list[Photo], isi: RestOfText) -> None:
    """Take a report with its photos, and show the first one again."""
    await ctx.reply(phrase("umum.pilihan", teks=f"{isi}: {len(foto)} foto"), photo=foto[0])


@lapor.command("survei")
async def survei(ctx: Context, foto: list[Photo], tempat: RestOfText) -> None:
    """Take photos, and ask for the rest."""
    await ctx.reply(phrase("umum.pilihan", teks=f"{tempat}: {len(foto)} foto"))


@lapor.command("hujan")
async def hujan(ctx: Context) -> None:
    """Say a few things at once."""
    for number in range(5):
        await ctx.reply(phrase("umum.pilihan", teks=f"tetes {number}"))


@lapor.command("banjir")
async def banjir(ctx: Context) -> None:
    """Say very much at once."""
    for number in range(REPLIES):
        await ctx.reply(phrase("umum.pilihan", teks=f"baris {number}"))


@lapor.on(Message)
async def menyusul(ctx: Context) -> None:
    """Take photos that come after their report."""
    if isinstance(ctx.event, Message) and ctx.event.continues:
        files = await ctx.files.list_attachments()
        await ctx.reply(phrase("umum.pilihan", teks=f"{len(files)} foto menyusul"), photo=files[0])  # type: ignore[arg-type]


@lapor.command("kutip")
async def kutip(ctx: Context) -> None:
    """Say what was quoted."""
    await ctx.reply(phrase("umum.pilihan", teks=await ctx.quoted_text()))


@lapor.command("panjang")
async def panjang(ctx: Context) -> None:
    """Say more than fits into one message."""
    await ctx.reply(phrase("umum.pilihan", teks=LONG))
