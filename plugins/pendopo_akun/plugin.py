"""/akun: who the bot takes you for, and one person on several messengers."""

from typing import Annotated

from pendopo import Chat, Context, Plugin, Prompt, UserError, phrase

plugin = Plugin("akun", summary="Akun Anda", policy="known", required=True)


@plugin.command("akun", policy="anyone", examples=["/akun"])
async def akun(ctx: Context) -> None:
    """Show whom the bot takes you for."""
    if ctx.sender is None:
        changed = ctx.account is not None and ctx.people.to_confirm(ctx.account.aliases) is not None
        await ctx.reply("akun.nomor_berganti" if changed else "akun.tidak_dikenal")
        return
    titles = [post.title for post in ctx.people.posts_of(ctx.person, ctx.now)]
    await ctx.reply(
        "akun.kartu",
        nama=ctx.person.name,
        jabatan=titles or phrase("akun.tanpa_jabatan"),
        aplikasi=ctx.people.messengers_of(ctx.person),
    )


@plugin.command("akun tautkan", examples=["/akun tautkan"])
async def tautkan(ctx: Context) -> None:
    """Give a code that links another of your accounts."""
    require_private(ctx.chat)
    await ctx.reply("akun.kode_baru", kode=ctx.directory.issue_link_code(ctx.person))


@plugin.command("akun kode", policy="anyone", examples=["/akun kode ABCD2345"])
async def kode(ctx: Context, kode: str) -> None:
    """Link this account with a code you got on the other one."""
    require_private(ctx.chat)
    known = ctx.sender
    person = await ctx.directory.link_account(kode)
    if person is None:
        raise UserError("akun.kode_salah", param="kode")
    if known is not None and known.id != person.id:
        raise UserError("akun.milik_lain", siapa=known)
    ctx.audit("akun.taut", f"person/{person.id}", akun=ctx.account.id if ctx.account else "")
    await ctx.reply(phrase("akun.tertaut", siapa=person.name))
    await ctx.notify(person, "akun.tertaut_kabar", aplikasi=ctx.chat.adapter)


@plugin.command("akun lepas", confirm=True, examples=["/akun lepas whatsapp"])
async def lepas(ctx: Context, aplikasi: Annotated[str, Prompt("akun.tanya.aplikasi")]) -> None:
    """Cut off an account of mine on another messenger: a lost phone, a changed number."""
    name = aplikasi.lower()
    if ctx.account is not None and any(ctx.people.messenger_name(alias) == name for alias in ctx.account.aliases):
        raise UserError("akun.terakhir")
    ctx.directory.unlink_accounts(ctx.person, name)
    await ctx.reply("akun.lepas", aplikasi=name)


@plugin.command("kenapa", policy="anyone", aliases=["mengapa", "why"], examples=["/kenapa"])
async def kenapa(ctx: Context) -> None:
    """Say why my last request was refused, and who could do it."""
    if ctx.sender is None:
        await ctx.reply("akun.kenapa_asing")
        return
    refusal = await ctx.plugins.find_last_refusal()
    if refusal is None:
        await ctx.reply("akun.kenapa_kosong")
        return
    what = f"/{refusal.words[0]}" if refusal.words else phrase("akun.kenapa_tombol")
    ask = [f"{who.title} ({who.name})" if who.title else who.name for who in refusal.ask if who.id != ctx.person.id]
    whom = phrase("akun.kenapa_siapa", siapa=", ".join(ask)) if ask else phrase("akun.kenapa_admin")
    await ctx.reply(phrase("akun.kenapa", kapan=refusal.at, perintah=what, alasan=refusal.reason), whom)


def require_private(chat: Chat) -> None:
    """A code in a group is a code for everybody."""
    if not chat.private:
        raise UserError("akun.hanya_pribadi")
