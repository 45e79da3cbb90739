"""/akun, /masuk, /keluar semua, /bahasa, /kenapa: accounts, the way into the dashboard, and the language."""

from typing import Annotated, Literal

from pendopo import Button, Chat, Context, Plugin, Prompt, UserError, phrase
from pendopo.pages import Field, Form, Page

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
    """Get a code that links another of my accounts."""
    require_private(ctx.chat)
    await ctx.reply("akun.kode_baru", kode=ctx.directory.issue_link_code(ctx.person))


@plugin.command("akun lepas", confirm=True, examples=["/akun lepas whatsapp"])
async def lepas(ctx: Context, aplikasi: Annotated[str, Prompt("akun.tanya.aplikasi")]) -> None:
    """Unlink an account of mine on another messenger: a lost phone, a changed number."""
    name = aplikasi.lower()
    if ctx.account is not None and any(ctx.people.messenger_name(alias) == name for alias in ctx.account.aliases):
        raise UserError("akun.terakhir")
    ctx.directory.unlink_accounts(ctx.person, name)
    await ctx.reply("akun.lepas", aplikasi=name)


@plugin.command("kenapa", policy="anyone", aliases=["mengapa", "why"], examples=["/kenapa"])
async def kenapa(ctx: Context) -> None:
    """Say why my last request was refused, and who may do it."""
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
    """Raises `UserError` in a group, where everybody could use the code or link."""
    if not chat.private:
        raise UserError("akun.hanya_pribadi")


LANGUAGES = (("id", "Bahasa Indonesia"), ("en", "English"), ("su", "Basa Sunda"))
Language = Literal["id", "en", "su"]


@plugin.command("masuk", aliases=["login", "dasbor"], examples=["/masuk"])
async def masuk(ctx: Context, kode: str = "") -> None:
    """Sign in to the dashboard: get a link for this phone, or let a computer in by the code on its screen."""
    require_private(ctx.chat)
    if not kode:
        address = await ctx.dashboard.sign_in.create_link()
        ctx.audit("akun.tautan_masuk", f"person/{ctx.person.id}")
        await ctx.reply("akun.masuk_tautan", alamat=address, secret=True)
        return
    asked = await ctx.dashboard.sign_in.find_request(kode)
    numbers = [Button(phrase("akun.angka", angka=n), pilih, asked.ticket, n, allowed=ctx.person) for n in asked.numbers]
    no = Button("akun.bukan_saya", tolak, asked.ticket, allowed=ctx.person)
    await ctx.reply("akun.masuk_tanya", peramban=asked.agent, pada=asked.at, buttons=[*numbers, no])


@plugin.action()
async def pilih(ctx: Context, tiket: str, angka: int) -> None:
    """Choose the number that stands on the screen."""
    if await ctx.dashboard.sign_in.confirm_number(tiket, angka):
        ctx.audit("akun.masuk_qr", f"person/{ctx.person.id}")
        await ctx.update("akun.masuk_diizinkan")
    else:
        ctx.audit("akun.masuk_salah", f"person/{ctx.person.id}")
        await ctx.update("akun.masuk_salah")


@plugin.action()
async def tolak(ctx: Context, tiket: str) -> None:
    """Reject a sign-in that was not mine: the browser is turned away, and all my sessions end."""
    ctx.dashboard.sign_in.reject_browser(tiket)
    ctx.audit("akun.masuk_tolak", f"person/{ctx.person.id}")
    await ctx.update("akun.masuk_ditolak")
    for admin in ctx.people.with_role("admin_sistem", ctx.now):
        await ctx.notify(admin, "akun.masuk_kabar_admin", siapa=ctx.person.name)


@plugin.command("keluar semua", examples=["/keluar semua"])
async def keluar(ctx: Context) -> None:
    """Sign out of the dashboard on all devices."""
    ctx.dashboard.sign_in.sign_out()
    ctx.audit("akun.keluar_semua", f"person/{ctx.person.id}")
    await ctx.reply("akun.keluar_semua")


@plugin.command("bahasa", aliases=["akun bahasa"], examples=["/bahasa su"])
async def bahasa(ctx: Context, bahasa: Language) -> None:
    """Choose the language in which the bot speaks to me."""
    if bahasa == ctx.person.locale:
        raise UserError("akun.bahasa_sama")
    ctx.directory.set_locale(ctx.person, bahasa)
    await ctx.reply("akun.bahasa_diganti", bahasa=dict(LANGUAGES)[bahasa])


@plugin.page("/akun/bahasa", title="akun.hal_bahasa", menu="settings")
async def hal_bahasa(ctx: Context) -> Page:
    """My language."""
    now = ctx.person.locale or "id"
    field = Field("bahasa", phrase("akun.arg.bahasa"), now, LANGUAGES)
    return Page(phrase("akun.hal_bahasa"), [Form(phrase("akun.simpan"), bahasa, [field])])
