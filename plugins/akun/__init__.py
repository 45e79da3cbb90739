"""/akun: who the bot takes you for, and one person on several messengers."""

from bot import Chat, Context, Plugin, UserError, say

plugin = Plugin("akun", summary="Akun Anda", policy="known")


@plugin.command("akun", policy="anyone", examples=["/akun"])
async def akun(ctx: Context) -> None:
    """Show whom the bot takes you for."""
    if ctx.sender is None:
        await ctx.reply("akun.tidak_dikenal")
        return
    titles = [post.title for post in ctx.people.posts_of(ctx.person, ctx.now)]
    messengers = sorted({alias.partition(":")[0] for alias in ctx.people.accounts(ctx.person)})
    await ctx.reply("akun.kartu", nama=ctx.person.name, jabatan=titles, aplikasi=messengers)


@plugin.command("akun tautkan", examples=["/akun tautkan"])
async def tautkan(ctx: Context) -> None:
    """Give a code that links another of your accounts."""
    _only_private(ctx.chat)
    code = await ctx.offer_link()
    ctx.audit("akun.kode", f"person/{ctx.person.id}")
    await ctx.reply("akun.kode_baru", kode=code)


@plugin.command("akun kode", policy="anyone", examples=["/akun kode ABCD2345"])
async def kode(ctx: Context, kode: str) -> None:
    """Link this account with a code you got on the other one."""
    _only_private(ctx.chat)
    known = ctx.sender
    person = await ctx.link(kode)
    if person is None:
        raise UserError("akun.kode_salah", about="kode")
    if known is not None and known.id != person.id:
        raise UserError("akun.milik_lain", siapa=known)
    ctx.audit("akun.taut", f"person/{person.id}", akun=ctx.account.id if ctx.account else "")
    await ctx.reply(say("akun.tertaut", siapa=person.name))
    await ctx.notify(person, "akun.tertaut_kabar", aplikasi=ctx.chat.adapter)


def _only_private(chat: Chat) -> None:
    """A code in a group is a code for everybody."""
    if not chat.private:
        raise UserError("akun.hanya_pribadi")
