"""When digests come, and when it is quiet: chosen in a chat or on the dashboard."""

from bot import Context, say
from bot.pages import Field, Form, Page

from .digest import chosen
from .models import read, written
from .plugin import plugin


@plugin.command("terlewat atur", examples=["/terlewat atur 07.00 16.30", "/terlewat atur 08.00 tidak"])
async def atur(ctx: Context, pagi: str, sore: str) -> None:
    """Choose when my digests come; `tidak` for none."""
    choice = await chosen(ctx, ctx.person)
    choice.pagi, choice.sore = written(pagi), written(sore)
    await _keep(ctx, choice.pagi, choice.sore, choice.tenang_mulai, choice.tenang_selesai)


@plugin.command("terlewat tenang", examples=["/terlewat tenang 21.00 05.30", "/terlewat tenang tidak tidak"])
async def tenang(ctx: Context, mulai: str, selesai: str) -> None:
    """Choose my quiet hours: no digest comes in them."""
    choice = await chosen(ctx, ctx.person)
    await _keep(ctx, choice.pagi, choice.sore, written(mulai), written(selesai))


@plugin.action()
async def simpan(ctx: Context, pagi: str = "", sore: str = "", tenang_mulai: str = "", tenang_selesai: str = "") -> None:
    """Keep all of it, as it was filled in; what is empty is none."""
    await _keep(ctx, written(pagi), written(sore), written(tenang_mulai), written(tenang_selesai))


async def _keep(ctx: Context, pagi: str, sore: str, mulai: str, selesai: str) -> None:
    choice = await chosen(ctx, ctx.person)
    choice.pagi, choice.sore, choice.tenang_mulai, choice.tenang_selesai = pagi, sore, mulai, selesai
    await ctx.save(choice)
    clocks = ", ".join(f"{clock:%H.%M}" for clock in choice.clocks())
    quiet = read(mulai), read(selesai)
    lines = [say("terlewat.diatur", jam=clocks) if clocks else say("terlewat.tanpa")]
    if quiet[0] and quiet[1]:
        lines.append(say("terlewat.tenang", mulai=f"{quiet[0]:%H.%M}", selesai=f"{quiet[1]:%H.%M}"))
    await ctx.reply(*lines)


@plugin.page("/terlewat/atur", title="terlewat.hal", place="settings")
async def halaman(ctx: Context) -> Page:
    """My digests and quiet hours."""
    choice = await chosen(ctx, ctx.person)
    fields = [
        Field(name, say(f"terlewat.arg.{name}"), getattr(choice, name), kind="time")
        for name in ("pagi", "sore", "tenang_mulai", "tenang_selesai")
    ]
    return Page(say("terlewat.hal"), [Form(say("terlewat.simpan"), simpan, fields)], lead=say("terlewat.hal_isi"))


__all__ = ["atur", "halaman", "simpan", "tenang"]
