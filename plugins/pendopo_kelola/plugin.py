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
    overall = ctx.decide(SYSTEM, Resource())
    return overall if overall.allowed else ctx.decide(KEEPERS, Resource())


@plugin.policy("admin_jabatan")
async def admin_jabatan(ctx: Context, jabatan: Post) -> Decision:
    """Administrators of a post's unit."""
    return check_keeper(ctx, jabatan)


@plugin.policy("admin_angkat")
async def admin_angkat(ctx: Context, jabatan: Post, orang: Person) -> Decision:
    """Administrators of a post's unit, for a person who has no post yet or only posts in that administrator's unit."""
    post = check_keeper(ctx, jabatan)
    new = orang == ctx.person or not ctx.people.posts_ahead(orang, ctx.now)
    return post if new or not post.allowed else await admin_orang(ctx, orang)


@plugin.policy("admin_orang")
async def admin_orang(ctx: Context, orang: Person) -> Decision:
    """Administrators of the units of all posts that a person has or is lent, now or later; a person without any is nobody's."""
    answer = ctx.decide(SYSTEM, Resource("person"))
    if answer.allowed:
        return answer
    answer = ctx.deny("admin_orang", "kelola.tanpa_unit", siapa=orang)
    for post in ctx.people.posts_ahead(orang, ctx.now):
        answer = check_keeper(ctx, post)
        if not answer.allowed:
            break
    return answer


@plugin.policy("admin_mandat")
async def admin_mandat(ctx: Context, nomor: int) -> Decision:
    """Administrators of the unit of a mandate's post, and the holder of that post."""
    post = ctx.people.posts.get(get_mandate(ctx, nomor).post)
    if post is not None and post in ctx.people.posts_of(ctx.person, ctx.now):
        return ctx.allow("owner")
    return check_keeper(ctx, post) if post is not None else ctx.decide(SYSTEM, Resource("post"))


def get_mandate(ctx: Context, nomor: int) -> Mandate:
    """The mandate with this number. Raises `UserError` when there is none."""
    found = next((m for m in ctx.people.mandates if m.id == nomor), None)
    if found is None:
        raise UserError("umum.tidak_ada", param="nomor", nomor=nomor)
    return found


def check_keeper(ctx: Context, post: Post) -> Decision:
    """Whether this person administers a post: it is in their unit, guards no rights, and is not above them."""
    overall = ctx.decide(SYSTEM, Resource("post"))
    if overall.allowed or post.roles & GUARDED:
        return overall
    if ctx.people.is_over(post, ctx.person, ctx.now):
        return ctx.deny("admin_jabatan", "kelola.atasan", jabatan=post)
    return ctx.decide(KEEPERS, Resource("post", unit=post.unit))


def keeps_unit(ctx: Context, unit: str) -> bool:
    """Whether this person administers a unit, "" for none."""
    return any(ctx.decide(policy, Resource("unit", unit=unit)).allowed for policy in (SYSTEM, KEEPERS))


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
    return ctx.decide(KEEPERS, Resource())
