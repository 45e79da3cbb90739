"""The plugin, who may use it, and what is shown to whom keeps a unit."""

from datetime import datetime

from pendopo import Context, Decision, Mandate, Person, Phrase, Plugin, Post, Resource, UserError, phrase

plugin = Plugin("kelola", summary="Direktori unit", policy="known", required=True)
KEEPERS = "unit:admin_opd"
SYSTEM = "role:admin_sistem"
GUARDED = frozenset({"admin_opd", "admin_sistem"})
"""Roles that only an administrator of the whole installation gives."""


@plugin.policy("admin")
async def admin(ctx: Context) -> Decision:
    """Who keeps any unit at all."""
    return _check_keeper(ctx, "")


@plugin.policy("admin_jabatan")
async def admin_jabatan(ctx: Context, jabatan: Post) -> Decision:
    """Who keeps the unit of a post."""
    if jabatan.roles & GUARDED:
        return ctx.decide(SYSTEM, Resource("post"))
    return _check_keeper(ctx, jabatan.unit)


@plugin.policy("admin_orang")
async def admin_orang(ctx: Context, orang: Person) -> Decision:
    """Who keeps the unit of a person."""
    return _check_keeper(ctx, ctx.people.unit_of(orang, ctx.now))


@plugin.policy("admin_mandat")
async def admin_mandat(ctx: Context, nomor: int) -> Decision:
    """Who keeps the unit of a mandate's post, and whoever holds that post."""
    post = ctx.people.posts.get(get_mandate(ctx, nomor).post)
    if post is not None and post in ctx.people.posts_of(ctx.person, ctx.now):
        return ctx.allow("owner")
    return _check_keeper(ctx, post.unit if post else "")


def get_mandate(ctx: Context, nomor: int) -> Mandate:
    """The mandate with this number. Raises `UserError` when there is none."""
    found = next((m for m in ctx.people.mandates if m.id == nomor), None)
    if found is None:
        raise UserError("umum.tidak_ada", param="nomor", nomor=nomor)
    return found


def _check_keeper(ctx: Context, unit: str) -> Decision:
    overall = ctx.decide(SYSTEM, Resource("unit"))
    return overall if overall.allowed else ctx.decide(KEEPERS, Resource("unit", unit=unit))


def forbid_self(ctx: Context, orang: Person) -> None:
    """Nobody gives rights to themselves."""
    if orang.id == ctx.person.id:
        raise UserError("kelola.diri_sendiri")


@plugin.command("kelola", policy="admin", examples=["/kelola"])
async def kelola(ctx: Context) -> None:
    """Show the posts of the units I keep: who holds them, and who acts in them."""
    posts = [post for post in ctx.people.posts.values() if _check_keeper(ctx, post.unit).allowed]
    lines = [line for post in posts[:60] for line in _format_post(ctx, post)]
    await ctx.reply(phrase("kelola.judul"), *lines, phrase("kelola.kaki"))


def _format_post(ctx: Context, post: Post) -> list[Phrase]:
    holders = [person.name for person in ctx.people.holders_of(post.code, ctx.now)]
    head = phrase("kelola.jabatan" if holders else "kelola.kosong", jabatan=post, siapa=", ".join(holders))
    return [head, *(format_mandate(ctx, m) for m in ctx.people.mandates_of(post.code, ctx.now))]


def format_mandate(ctx: Context, m: Mandate) -> Phrase:
    """One mandate in a sentence."""
    person = ctx.people.find_person(m.person)
    until = phrase("kelola.sampai", hari=last_day(ctx, m.until)) if m.until else phrase("kelola.seterusnya")
    return phrase(
        "kelola.mandat", nomor=m.id, jenis=m.kind.capitalize(), siapa=person.name if person else "", sampai=until, dasar=m.basis
    )


def last_day(ctx: Context, until_ms: int) -> datetime:
    """The last moment of a period that ends before an instant."""
    return datetime.fromtimestamp((until_ms - 1) / 1000, ctx.zone)
