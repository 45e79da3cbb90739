"""/akun kode: an account becomes a person's, by their own code at once, by an administrator's with everybody's knowledge."""

from typing import Any

from pendopo import Button, Context, Person, UserError, phrase

from pendopo_akun.plugin import plugin, require_private

ADMINISTRATORS = ("admin_sistem", "admin_opd")


@plugin.command("akun kode", policy="anyone", examples=["/akun kode ABCD2345"])
async def kode(ctx: Context, kode: str) -> None:
    """Link this account with a code you got on the other one, or from an administrator."""
    require_private(ctx.chat)
    known = ctx.sender
    link = await ctx.directory.link_account(kode)
    if link is None and await ctx.directory.is_guessed():
        ctx.audit("akun.kode_ditebak")
        await ctx.reply("akun.kode_salah")
        for admin in ctx.people.with_role("admin_sistem", ctx.now):
            await ctx.notify(admin, "akun.kode_ditebak")
        return
    if link is None:
        raise UserError("akun.kode_salah", param="kode")
    if known is not None and known.id != link.person.id:
        raise UserError("akun.milik_lain", siapa=known)
    maker = link.maker.id if link.maker else 0
    where: dict[str, Any] = {"akun": ctx.account.id if ctx.account else "", "obrolan": ctx.chat.key, "pembuat": maker}
    if link.due is None:
        ctx.audit("akun.taut", f"person/{link.person.id}", **where)
        await ctx.reply("akun.tertaut", siapa=link.person.name)
        await ctx.notify(link.person, "akun.tertaut_kabar", aplikasi=ctx.chat.adapter)
        return
    ctx.audit("akun.taut_menunggu", f"person/{link.person.id}", **where)
    if not await _tell_everybody(ctx, link.person, link.maker, link.ticket):
        raise UserError("akun.taut_tanpa_saksi", siapa=link.person.name)
    await ctx.schedule(link.due, genapi, link.ticket)
    await ctx.reply("akun.taut_menunggu", siapa=link.person.name, sampai=link.due)


async def _tell_everybody(ctx: Context, person: Person, maker: Person | None, ticket: str) -> bool:
    """Asks a person on all their messengers, and tells those who watch over it; whether anybody could be told."""
    said: dict[str, Any] = {"siapa": person.name, "oleh": maker.name if maker else "–", "aplikasi": ctx.chat.adapter}
    choices = (("akun.taut_ya", izinkan_taut), ("akun.taut_bukan", tolak_taut))
    buttons = [Button(label, target, ticket, allowed=person) for label, target in choices]
    chats = [chat for chat in await ctx.directory.list_private_chats(person) if chat.key != ctx.chat.key]
    for chat in chats:
        await ctx.send(chat, "akun.taut_tanya", buttons=buttons, **said)
    told = bool(chats) or await ctx.notify(person, "akun.taut_tanya", buttons=buttons, **said) is not None
    for witness in _list_witnesses(ctx, person, maker):
        stop = Button("akun.taut_hentikan", tolak_taut, ticket, allowed=witness)
        told |= await ctx.notify(witness, "akun.taut_saksi", buttons=[stop], **said) is not None
    return told


def _list_witnesses(ctx: Context, person: Person, maker: Person | None) -> list[Person]:
    """The person's superior, system administrators, and other administrators of their unit."""
    units = {post.unit for post in ctx.people.posts_of(person, ctx.now)}
    found = [ctx.people.superior_of(person, ctx.now)]
    for who in (each for role in ADMINISTRATORS for each in ctx.people.with_role(role, ctx.now)):
        near = "admin_sistem" in ctx.people.roles_of(who, ctx.now) or units & set(ctx.people.units_near(who))
        found += [who] if near else []
    return [who for who in dict.fromkeys(found) if who is not None and who not in (person, maker)]


@plugin.action()
async def izinkan_taut(ctx: Context, tiket: str) -> None:
    """Let a new account be mine: that was me."""
    await _end(ctx, tiket, True)


@plugin.action()
async def tolak_taut(ctx: Context, tiket: str) -> None:
    """Stop a new account from becoming somebody's."""
    await _end(ctx, tiket, False)


@plugin.job(policy="system")
async def genapi(ctx: Context, tiket: str) -> None:
    """Link an account to which nobody objected."""
    await _end(ctx, tiket, True)


async def _end(ctx: Context, ticket: str, linked: bool) -> None:
    link = await ctx.directory.end_waiting_link(ticket, linked)
    if link is None:
        if ctx.sender is not None:
            await ctx.update("akun.taut_lewat")
        return
    told = phrase("akun.taut_jadi" if linked else "akun.taut_batal", siapa=link.person.name)
    maker = link.maker.id if link.maker else 0
    ctx.audit("akun.taut" if linked else "akun.taut_batal", f"person/{link.person.id}", pembuat=maker)
    await ctx.update(told)
    for who in (link.person, link.maker):
        if who is not None and who != ctx.sender:
            await ctx.notify(who, told)
