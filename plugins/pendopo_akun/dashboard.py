"""/masuk: into the dashboard by a link, or by matching a number; /keluar semua; and the language everything is said in."""

from typing import Literal

from pendopo import Button, Context, UserError, phrase
from pendopo.pages import Field, Form, Page

from pendopo_akun.plugin import plugin, require_private

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
    """It was not me: nobody is let in, and I am signed out everywhere."""
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


__all__ = ["bahasa", "keluar", "masuk"]
