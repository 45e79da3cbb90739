"""/bantuan: what this person may use, from the commands' own signatures: an overview by subject, a subject, one command."""

from collections.abc import Mapping, Sequence

from pendopo import Button, CommandHelp, Context, Phrase, Plugin, RestOfText, UserError, phrase

plugin = Plugin("bantuan", summary="Bantuan", policy="anyone", required=True)
EXAMPLES = 3
"""Examples shown at once."""
SUBJECTS = 9
"""Buttons of subjects: as many as every messenger can show."""
NAMED = 8
"""Other commands of a subject that are named at once."""
ALL = "semua"
"""After a subject: each of its commands."""
LONG = 400
"""Characters of a question for help that are looked at."""


@plugin.action()
async def topik(ctx: Context, kata: str) -> None:
    """Show a subject."""
    await _explain(ctx, await ctx.plugins.list_commands(), kata)


@plugin.command("bantuan", aliases=["help", "start", "menu"], examples=["/bantuan", "/bantuan izin"])
async def bantuan(ctx: Context, perintah: RestOfText = "") -> None:
    """Show the commands, or how one of them is used."""
    usable = await ctx.plugins.list_commands()
    signing = next((usage for usage in usable if "masuk" in usage.words), None)
    if signing is not None and perintah.startswith("masuk_"):  # a QR code opened this chat
        await ctx.prompt_for(signing.route, kode=perintah.removeprefix("masuk_"))
        return
    if perintah:
        word = " ".join(perintah[:LONG].lower().replace("/", " ").split())
        whole = word.removesuffix(f" {ALL}")
        await (_explain(ctx, usable, word) if whole == word else _list_all(ctx, usable, whole))
        return
    subjects = [usages for name, usages in _group_subjects(usable).items() if name != plugin.name]
    subjects.sort(key=lambda usages: -len(_get_example(usages).split()))  # what takes a sentence is what people come for
    examples = [_get_example(usages) for usages in subjects[:EXAMPLES] if _get_example(usages)]
    lines = [phrase("bantuan.misalnya", contoh=example) for example in examples]
    buttons = [_make_button(usages) for usages in subjects[:SUBJECTS]]
    await ctx.reply(phrase("bantuan.judul"), *lines, phrase("bantuan.kaki"), buttons=buttons)


def _get_example(usages: Sequence[CommandHelp]) -> str:
    return usages[0].examples[0] if usages[0].examples else ""


def _make_button(usages: Sequence[CommandHelp]) -> Button:
    word = usages[0].words[0]
    return Button(phrase("bantuan.topik", kata=word.capitalize()), topik, word, reusable=True)


def _group_subjects(usable: Sequence[CommandHelp]) -> Mapping[str, list[CommandHelp]]:
    """The commands of each plugin: the one of its name, then those of one word."""
    groups: dict[str, list[CommandHelp]] = {}
    for usage in usable:
        groups.setdefault(usage.plugin, []).append(usage)
    for usages in groups.values():
        usages.sort(key=lambda usage: (usage.words[0] != usage.plugin, " " in usage.words[0]))
    return groups


async def _explain(ctx: Context, usable: Sequence[CommandHelp], word: str) -> None:
    """Explains one command, and names the others of its subject. Raises `UserError` when there is none."""
    found = [usage for usage in usable if word in usage.words] or [u for u in usable if u.words[0].startswith(f"{word} ")]
    if not found:
        raise UserError("bantuan.tidak_ada", perintah=word[:40])
    main, subject = found[0], _group_subjects(usable)[found[0].plugin]
    lines = _format_command(main)
    others = [usage.words[0] for usage in subject if usage is not main] if main is subject[0] or len(found) > 1 else []
    others.sort(key=lambda other: not other.startswith(f"{main.words[0]} "))
    if others:
        named = ", ".join(f"/{other}" for other in others[:NAMED])
        lines.append(phrase("bantuan.lainnya", sesudah=named, contoh=others[0]))
    if len(others) > NAMED:
        lines.append(phrase("bantuan.semua", jumlah=len(others) - NAMED, kata=main.words[0]))
    await ctx.reply(lines[0], *lines[1:])


async def _list_all(ctx: Context, usable: Sequence[CommandHelp], word: str) -> None:
    """Lists all commands of a subject, a line each. Raises `UserError` when there is none."""
    subject = next((usages for usages in _group_subjects(usable).values() if any(word in usage.words for usage in usages)), [])
    if not subject:
        raise UserError("bantuan.tidak_ada", perintah=word[:40])
    first, *more = [phrase("bantuan.baris", kata=usage.words[0], isi=usage.summary) for usage in subject]
    await ctx.reply(first, *more)


def _format_command(usage: CommandHelp) -> list[Phrase]:
    shown = [phrase("bantuan.wajib" if required else "bantuan.boleh", nama=name) for name, required in usage.params]
    lines = [phrase("bantuan.cara", kata=usage.words[0], isian=shown), usage.summary]
    if len(usage.words) > 1:
        lines.append(phrase("bantuan.juga", kata=", ".join(f"/{word}" for word in usage.words[1:])))
    return lines + [phrase("bantuan.contoh", contoh=example) for example in usage.examples[:EXAMPLES]]
