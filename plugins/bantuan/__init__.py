"""/bantuan: what this person may use, from the commands' own signatures."""

from bot import Context, Plugin, Said, Usage, UserError, say

plugin = Plugin("bantuan", summary="Bantuan", policy="anyone")


@plugin.command("bantuan", aliases=["help", "start", "menu"], examples=["/bantuan", "/bantuan izin"])
async def bantuan(ctx: Context, perintah: str = "") -> None:
    """Show the commands, or how one of them is used."""
    usable = await ctx.usable()
    if perintah:
        word = perintah.lower().lstrip("/")
        found = [usage for usage in usable if word in usage.words or usage.words[0].startswith(f"{word} ")]
        if not found:
            raise UserError("bantuan.tidak_ada", perintah=word[:40])
        found.sort(key=lambda usage: word not in usage.words)  # the very command before those that begin with it
        first, *more = [line for usage in found for line in _whole(usage)]
        await ctx.reply(first, *more)
        return
    lines = [say("bantuan.baris", kata=usage.words[0], isi=usage.summary) for usage in usable]
    await ctx.reply(say("bantuan.judul"), *lines, say("bantuan.kaki"))


def _whole(usage: Usage) -> list[Said]:
    shown = [say("bantuan.wajib" if required else "bantuan.boleh", nama=name) for name, required in usage.params]
    lines = [say("bantuan.cara", kata=usage.words[0], isian=shown), usage.summary]
    if len(usage.words) > 1:
        lines.append(say("bantuan.juga", kata=", ".join(f"/{word}" for word in usage.words[1:])))
    return lines + [say("bantuan.contoh", contoh=example) for example in usage.examples[:3]]
