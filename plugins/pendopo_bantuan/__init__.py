"""/bantuan: what this person may use, from the commands' own signatures."""

from collections.abc import Sequence

from pendopo import CommandHelp, Context, Phrase, Plugin, UserError, phrase

plugin = Plugin("bantuan", summary="Bantuan", policy="anyone", required=True)
MANY = 12
"""The most subcommands of one word that are shown a line each; more would fill a phone's screen."""


@plugin.command("bantuan", aliases=["help", "start", "menu"], examples=["/bantuan", "/bantuan izin"])
async def bantuan(ctx: Context, perintah: str = "") -> None:
    """Show the commands, or how one of them is used."""
    usable = await ctx.plugins.list_commands()
    signing = next((usage for usage in usable if "masuk" in usage.words), None)
    if signing is not None and perintah.startswith("masuk_"):  # a QR code opened this chat
        await ctx.prompt_for(signing.route, kode=perintah.removeprefix("masuk_"))
        return
    if perintah:
        word = perintah.lower().lstrip("/")
        found = [usage for usage in usable if word in usage.words or usage.words[0].startswith(f"{word} ")]
        if not found:
            raise UserError("bantuan.tidak_ada", perintah=word[:40])
        found.sort(key=lambda usage: word not in usage.words)  # the very command before those that begin with it
        first, *more = [line for usage in found for line in _format_command(usage)]
        await ctx.reply(first, *more)
        return
    await ctx.reply(phrase("bantuan.judul"), *_format_overview(usable), phrase("bantuan.kaki"))


def _format_overview(usable: Sequence[CommandHelp]) -> list[Phrase]:
    """One line per command; subcommands of a word that has more than `MANY` are only named."""
    groups: dict[str, list[CommandHelp]] = {}
    for usage in usable:
        groups.setdefault(usage.words[0].partition(" ")[0], []).append(usage)
    return [line for word, usages in groups.items() for line in _format_group(word, usages)]


def _format_group(word: str, usages: Sequence[CommandHelp]) -> list[Phrase]:
    after = [usage.words[0].partition(" ")[2] for usage in usages if " " in usage.words[0]]
    shown = usages if len(after) <= MANY else [usage for usage in usages if " " not in usage.words[0]]
    lines = [phrase("bantuan.baris", kata=usage.words[0], isi=usage.summary) for usage in shown]
    return lines if shown is usages else [*lines, phrase("bantuan.lainnya", kata=word, sesudah=", ".join(after))]


def _format_command(usage: CommandHelp) -> list[Phrase]:
    shown = [phrase("bantuan.wajib" if required else "bantuan.boleh", nama=name) for name, required in usage.params]
    lines = [phrase("bantuan.cara", kata=usage.words[0], isian=shown), usage.summary]
    if len(usage.words) > 1:
        lines.append(phrase("bantuan.juga", kata=", ".join(f"/{word}" for word in usage.words[1:])))
    return lines + [phrase("bantuan.contoh", contoh=example) for example in usage.examples[:3]]
