"""Who may give, receive and see a disposisi."""

from collections.abc import AsyncIterator, Iterator

from pendopo import CITY_OVERSIGHT, Context, Decision, Person, Post, Resource
from sqlmodel import select

from pendopo_disposisi.models import Disposisi
from pendopo_disposisi.plugin import plugin

GIVE, ANSWER = "disposisi.beri", "disposisi.jawab"
"""Actions that a mandate must cover."""


def find_authority(ctx: Context, person: Person) -> tuple[str, Post] | None:
    """This person's capacity above another one, and the other's post below it; None when there is none."""
    if person.id == ctx.person.id:
        return None
    posts = [capacity.post for capacity in ctx.people.capacities_of(person, ctx.now, ANSWER)]
    for capacity in ctx.people.capacities_of(ctx.person, ctx.now, GIVE):
        for post in posts:
            if any(above.code == capacity.post.code for above in ctx.people.posts_above(post)):
                return str(capacity), post
    return None


def check_receiver(ctx: Context, disposisi: Disposisi) -> Decision:
    """Whether this person is the receiver, or acts in the addressed post."""
    if disposisi.kepada == ctx.person.id:
        return ctx.allow("penerima")
    if disposisi.jabatan:
        acting = ctx.decide(f"post:{disposisi.jabatan}", Resource("disposisi", disposisi.id or 0))
        if acting.allowed:
            return acting
    return ctx.deny("penerima", "disposisi.bukan_penerima", nomor=disposisi.id)


@plugin.policy("pemberi")
async def pemberi(ctx: Context, nomor: int) -> Decision:
    """The giver."""
    disposisi = await ctx.get(Disposisi, nomor)
    if disposisi.dari == ctx.person.id:
        return Decision(True, "pemberi", capacity=disposisi.kapasitas)
    return ctx.deny("pemberi", "disposisi.bukan_pemberi", nomor=nomor)


@plugin.policy("penerima")
async def penerima(ctx: Context, nomor: int) -> Decision:
    """The receiver, or one who acts in the addressed post."""
    return check_receiver(ctx, await ctx.get(Disposisi, nomor))


@plugin.policy("ke_bawah")
async def ke_bawah(ctx: Context, kepada: str) -> Decision:
    """Allows only receivers who stand below the giver."""
    capacity = ""
    for person in parse_persons(ctx, kepada):
        found = find_authority(ctx, person)
        if found is None:
            return ctx.deny("ke_bawah", "disposisi.bukan_bawahan", siapa=person)
        capacity = found[0]
    return Decision(True, "ke_bawah", capacity=capacity)


@plugin.policy("melihat")
async def melihat(ctx: Context, nomor: int) -> Decision:
    """Givers and receivers of it or of one it came from, and those with city oversight."""
    disposisi = await ctx.get(Disposisi, nomor)
    async for above in iter_ancestors(ctx, disposisi):
        if above.dari == ctx.person.id or check_receiver(ctx, above).allowed:
            return ctx.allow("garis disposisi")
    overall = ctx.decide(CITY_OVERSIGHT, Resource("disposisi", nomor))
    return overall if overall.allowed else ctx.deny("melihat", "disposisi.tidak_boleh_lihat", nomor=nomor)


async def iter_ancestors(ctx: Context, disposisi: Disposisi) -> AsyncIterator[Disposisi]:
    """Yields a disposisi and those it came from, up to the first."""
    current: Disposisi | None = disposisi
    while current is not None:
        yield current
        current = await ctx.first(select(Disposisi).where(Disposisi.id == current.induk)) if current.induk else None


def parse_persons(ctx: Context, ids: str) -> Iterator[Person]:
    """The persons whose ids are listed as `3,5`."""
    return (person for id_ in ids.split(",") if id_ and (person := ctx.people.find_person(int(id_))) is not None)
