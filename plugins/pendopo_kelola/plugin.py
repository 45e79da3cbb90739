"""The plugin, and who administers which unit."""

from pendopo import Context, Decision, Mandate, Person, Plugin, Post, Resource, UserError

plugin = Plugin("kelola", summary="Direktori unit", policy="known", required=True)


KEEPERS = "unit:admin_opd"
SYSTEM = "role:admin_sistem"
GUARDED = frozenset({"admin_opd", "admin_sistem"})
"""Roles that only a system administrator may give."""


@plugin.policy("admin")
async def admin(ctx: Context) -> Decision:
    """Administrators of any unit."""
    return check_keeper(ctx, "")


@plugin.policy("admin_jabatan")
async def admin_jabatan(ctx: Context, jabatan: Post) -> Decision:
    """Administrators of a post's unit."""
    if jabatan.roles & GUARDED:
        return ctx.decide(SYSTEM, Resource("post"))
    return check_keeper(ctx, jabatan.unit)


@plugin.policy("admin_orang")
async def admin_orang(ctx: Context, orang: Person) -> Decision:
    """Administrators of a person's unit."""
    return check_keeper(ctx, ctx.people.unit_of(orang, ctx.now))


@plugin.policy("admin_mandat")
async def admin_mandat(ctx: Context, nomor: int) -> Decision:
    """Administrators of the unit of a mandate's post, and the holder of that post."""
    post = ctx.people.posts.get(get_mandate(ctx, nomor).post)
    if post is not None and post in ctx.people.posts_of(ctx.person, ctx.now):
        return ctx.allow("owner")
    return check_keeper(ctx, post.unit if post else "")


def get_mandate(ctx: Context, nomor: int) -> Mandate:
    """The mandate with this number. Raises `UserError` when there is none."""
    found = next((m for m in ctx.people.mandates if m.id == nomor), None)
    if found is None:
        raise UserError("umum.tidak_ada", param="nomor", nomor=nomor)
    return found


def check_keeper(ctx: Context, unit: str) -> Decision:
    overall = ctx.decide(SYSTEM, Resource("unit"))
    return overall if overall.allowed else ctx.decide(KEEPERS, Resource("unit", unit=unit))


def forbid_self(ctx: Context, orang: Person) -> None:
    """Raises `UserError` for oneself: nobody gives rights to themselves."""
    if orang.id == ctx.person.id:
        raise UserError("kelola.diri_sendiri")


@plugin.policy("admin_obrolan")
async def admin_obrolan(ctx: Context) -> Decision:
    """System administrators, and administrators of a unit who belong to this chat's forum if it has one."""
    overall = ctx.decide(SYSTEM, Resource("chat"))
    if overall.allowed:
        return overall
    forum = ctx.people.forum_of(ctx.chat.key)
    if forum is not None and not (member := ctx.decide("member", Resource("chat", forum=forum.name))).allowed:
        return member
    return ctx.decide(KEEPERS, Resource("chat"))
