"""Digest times and quiet hours, chosen in a chat or on the dashboard."""

from pendopo import Context, phrase
from pendopo.pages import Field, Form, Page

from pendopo_terlewat.digest import get_choice
from pendopo_terlewat.models import normalise_clock, parse_clock
from pendopo_terlewat.plugin import plugin


@plugin.command("terlewat atur", examples=["/terlewat atur 07.00 16.30", "/terlewat atur 08.00 tidak"])
async def atur(ctx: Context, pagi: str, sore: str) -> None:
    """Choose when my digests come; `tidak` for none."""
    choice = await get_choice(ctx, ctx.person)
    choice.pagi, choice.sore = normalise_clock(pagi), normalise_clock(sore)
    await _save_choice(ctx, choice.pagi, choice.sore, choice.tenang_mulai, choice.tenang_selesai)


@plugin.command("terlewat tenang", examples=["/terlewat tenang 21.00 05.30", "/terlewat tenang tidak tidak"])
async def tenang(ctx: Context, mulai: str, selesai: str) -> None:
    """Choose my quiet hours, in which no digest is sent."""
    choice = await get_choice(ctx, ctx.person)
    await _save_choice(ctx, choice.pagi, choice.sore, normalise_clock(mulai), normalise_clock(selesai))


@plugin.action()
async def simpan(ctx: Context, pagi: str = "", sore: str = "", tenang_mulai: str = "", tenang_selesai: str = "") -> None:
    """Save the form; an empty field means none."""
    await _save_choice(
        ctx, normalise_clock(pagi), normalise_clock(sore), normalise_clock(tenang_mulai), normalise_clock(tenang_selesai)
    )


async def _save_choice(ctx: Context, pagi: str, sore: str, mulai: str, selesai: str) -> None:
    choice = await get_choice(ctx, ctx.person)
    choice.pagi, choice.sore, choice.tenang_mulai, choice.tenang_selesai = pagi, sore, mulai, selesai
    await ctx.save(choice)
    clocks = ", ".join(f"{clock:%H.%M}" for clock in choice.list_clocks())
    quiet = parse_clock(mulai), parse_clock(selesai)
    lines = [phrase("terlewat.diatur", jam=clocks) if clocks else phrase("terlewat.tanpa")]
    if quiet[0] and quiet[1]:
        lines.append(phrase("terlewat.tenang", mulai=f"{quiet[0]:%H.%M}", selesai=f"{quiet[1]:%H.%M}"))
    await ctx.reply(*lines)


@plugin.page("/terlewat/atur", title="terlewat.hal", menu="settings")
async def halaman(ctx: Context) -> Page:
    """My digests and quiet hours."""
    choice = await get_choice(ctx, ctx.person)
    fields = [
        Field(name, phrase(f"terlewat.arg.{name}"), getattr(choice, name), kind="time")
        for name in ("pagi", "sore", "tenang_mulai", "tenang_selesai")
    ]
    return Page(phrase("terlewat.hal"), [Form(phrase("terlewat.simpan"), simpan, fields)], lead=phrase("terlewat.hal_isi"))
