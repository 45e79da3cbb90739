"""Operating from a chat: switching plugins, retrying dead letters; and the daily maintenance."""

from typing import Annotated, Literal

from pendopo import Context, Prompt, UserError, phrase

from pendopo_kelola.plugin import SYSTEM, plugin

Name = Annotated[str, Prompt("kelola.tanya.plugin")]


@plugin.command("plugin", policy="admin_obrolan", examples=["/plugin"])
async def daftar(ctx: Context) -> None:
    """Show which plugins answer in this chat."""
    lines = [
        phrase(f"kelola.plugin_{_format_state(each.on, each.always)}", nama=each.name) for each in ctx.plugins.list_installed()
    ]
    await ctx.reply(phrase("kelola.plugin_judul"), *lines, phrase("kelola.plugin_kaki"))


@plugin.command("plugin mati", policy="admin_obrolan", examples=["/plugin mati laporan"])
async def mati(ctx: Context, nama_plugin: Name) -> None:
    """Switch a plugin off in this chat."""
    await _switch_plugin(ctx, nama_plugin, on=False)


@plugin.command("plugin nyala", policy="admin_obrolan", examples=["/plugin nyala laporan"])
async def nyala(ctx: Context, nama_plugin: Name) -> None:
    """Switch a plugin on again in this chat."""
    await _switch_plugin(ctx, nama_plugin, on=True)


def _format_state(on: bool, always: bool) -> str:
    return "selalu" if always else "nyala" if on else "mati"


async def _switch_plugin(ctx: Context, name: str, on: bool) -> None:
    word = name.lower().lstrip("/")
    found = next((each for each in ctx.plugins.list_installed() if each.name == word), None)
    if found is None:
        names = ", ".join(each.name for each in ctx.plugins.list_installed() if not each.always)
        raise UserError("kelola.plugin_tidak_ada", param="nama_plugin", nama=word[:40], daftar=names)
    if found.always:
        raise UserError("kelola.plugin_inti", nama=word)
    if found.on == on:
        raise UserError("kelola.plugin_sudah_nyala" if on else "kelola.plugin_sudah_mati", nama=word)
    ctx.directory.switch_plugin(word, ctx.chat, on)
    await ctx.reply("kelola.plugin_dinyalakan" if on else "kelola.plugin_dimatikan", nama=word)


@plugin.action(policy=SYSTEM)
async def ulangi(ctx: Context, kotak: Literal["masuk", "keluar"], nomor: int) -> None:
    """Retry a dead letter; 0 means all of them."""
    ctx.operations.retry_dead_letter("inbox" if kotak == "masuk" else "delivery", nomor)
    await ctx.reply("kelola.diulang", nomor=nomor or "–")


@plugin.job(cron="10 2 * * *", policy="system")
async def rawat(ctx: Context) -> None:
    """Delete texts past their retention, and post the head of the audit log."""
    upkeep = await ctx.operations.run_maintenance()
    if upkeep.post_to is None:
        return
    await ctx.send(upkeep.post_to, "kelola.kepala_audit", nomor=upkeep.line, sidik=upkeep.head)
    if upkeep.removed:
        removed = ", ".join(f"{name} {count}" for name, count in upkeep.removed.items())
        await ctx.send(upkeep.post_to, "kelola.retensi", rincian=removed)
