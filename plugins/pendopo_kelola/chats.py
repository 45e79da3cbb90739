"""Which plugins answer in a chat: whoever keeps it switches them off and on."""

from typing import Annotated

from pendopo import Context, Decision, Prompt, Resource, UserError, phrase

from pendopo_kelola.plugin import plugin
from pendopo_kelola.policies import KEEPERS, SYSTEM

Name = Annotated[str, Prompt("kelola.tanya.plugin")]


@plugin.policy("admin_obrolan")
async def admin_obrolan(ctx: Context) -> Decision:
    """Who keeps this chat: the administrators of the system, and those of a unit who belong to its forum where it has one."""
    overall = ctx.decide(SYSTEM, Resource("chat"))
    if overall.allowed:
        return overall
    forum = ctx.people.forum_of(ctx.chat.key)
    if forum is not None and not (member := ctx.decide("member", Resource("chat", forum=forum.name))).allowed:
        return member
    return ctx.decide(KEEPERS, Resource("chat"))


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
