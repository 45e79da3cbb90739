"""The plugin, who may use it, and what is shown to whom keeps a unit."""

from datetime import datetime

from bot import Context, Decision, Mandate, Person, Plugin, Post, Said, Thing, UserError, say

plugin = Plugin("kelola", summary="Direktori unit", policy="known", always=True)
KEEPERS = "unit:admin_opd"
SYSTEM = "role:admin_sistem"
GUARDED = frozenset({"admin_opd", "admin_sistem"})
"""Roles that only an administrator of the whole installation gives."""


@plugin.policy("admin")
async def admin(ctx: Context) -> Decision:
    """Who keeps any unit at all."""
    return _keeper(ctx, "")


@plugin.policy("admin_jabatan")
async def admin_jabatan(ctx: Context, jabatan: Post) -> Decision:
    """Who keeps the unit of a post."""
    if jabatan.roles & GUARDED:
        return ctx.decide(SYSTEM, Thing("post"))
    return _keeper(ctx, jabatan.unit)


@plugin.policy("admin_orang")
async def admin_orang(ctx: Context, orang: Person) -> Decision:
    """Who keeps the unit of a person."""
    return _keeper(ctx, ctx.people.unit_of(orang, ctx.now))


@plugin.policy("admin_mandat")
async def admin_mandat(ctx: Context, nomor: int) -> Decision:
    """Who keeps the unit of a mandate's post, and whoever holds that post."""
    post = ctx.people.posts.get(mandate(ctx, nomor).post)
    if post is not None and post in ctx.people.posts_of(ctx.person, ctx.now):
        return ctx.allow("owner")
    return _keeper(ctx, post.unit if post else "")


def mandate(ctx: Context, nomor: int) -> Mandate:
    """The mandate with this number. Raises `UserError` when there is none."""
    found = next((m for m in ctx.people.mandates if m.id == nomor), None)
    if found is None:
        raise UserError("umum.tidak_ada", about="nomor", nomor=nomor)
    return found


def _keeper(ctx: Context, unit: str) -> Decision:
    overall = ctx.decide(SYSTEM, Thing("unit"))
    return overall if overall.allowed else ctx.decide(KEEPERS, Thing("unit", unit=unit))


def not_oneself(ctx: Context, orang: Person) -> None:
    """Nobody gives rights to themselves."""
    if orang.id == ctx.person.id:
        raise UserError("kelola.diri_sendiri")


@plugin.command("kelola", policy="admin", examples=["/kelola"])
async def kelola(ctx: Context) -> None:
    """Show the posts of the units I keep: who holds them, and who acts in them."""
    posts = [post for post in ctx.people.posts.values() if _keeper(ctx, post.unit).allowed]
    lines = [line for post in posts[:60] for line in _lines(ctx, post)]
    await ctx.reply(say("kelola.judul"), *lines, say("kelola.kaki"))


def _lines(ctx: Context, post: Post) -> list[Said]:
    holders = [person.name for person in ctx.people.holders(post.code, ctx.now)]
    head = say("kelola.jabatan" if holders else "kelola.kosong", jabatan=post, siapa=", ".join(holders))
    return [head, *(mandate_line(ctx, m) for m in ctx.people.mandates_of(post.code, ctx.now))]


def mandate_line(ctx: Context, m: Mandate) -> Said:
    """One mandate in a sentence."""
    person = ctx.people.person(m.person)
    until = say("kelola.sampai", hari=last_day(ctx, m.until)) if m.until else say("kelola.seterusnya")
    return say(
        "kelola.mandat", nomor=m.id, jenis=m.kind.capitalize(), siapa=person.name if person else "", sampai=until, dasar=m.basis
    )


def last_day(ctx: Context, until_ms: int) -> datetime:
    """The last moment of a period that ends before an instant."""
    return datetime.fromtimestamp((until_ms - 1) / 1000, ctx.zone)
