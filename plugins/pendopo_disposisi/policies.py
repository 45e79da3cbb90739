"""Who is below whom, and who may do what with a disposisi."""

from collections.abc import AsyncIterator, Iterator

from pendopo import CITY_OVERSIGHT, Context, Decision, Person, Post, Resource
from sqlmodel import select

from pendopo_disposisi.models import Disposisi
from pendopo_disposisi.plugin import plugin

GIVE, ANSWER = "disposisi.beri", "disposisi.jawab"
"""The actions that mandates must cover."""


def find_authority(ctx: Context, person: Person) -> tuple[str, Post] | None:
    """In what capacity one stands above somebody, and in which of their posts; None when one does not."""
    if person.id == ctx.person.id:
        return None
    posts = [capacity.post for capacity in ctx.people.capacities_of(person, ctx.now, ANSWER)]
    for capacity in ctx.people.capacities_of(ctx.person, ctx.now, GIVE):
        for post in posts:
            if any(above.code == capacity.post.code for above in ctx.people.posts_above(post)):
                return str(capacity), post
    return None


def check_receiver(ctx: Context, disposisi: Disposisi) -> Decision:
    """Whether one is the receiver, or acts in the post that was meant."""
    if disposisi.kepada == ctx.person.id:
        return ctx.allow("penerima")
    if disposisi.jabatan:
        acting = ctx.decide(f"post:{disposisi.jabatan}", Resource("disposisi", disposisi.id or 0))
        if acting.allowed:
            return acting
    return ctx.deny("penerima", "disposisi.bukan_penerima", nomor=disposisi.id)


@plugin.policy("pemberi")
async def pemberi(ctx: Context, nomor: int) -> Decision:
    """Who gave it."""
    disposisi = await ctx.get(Disposisi, nomor)
    if disposisi.dari == ctx.person.id:
        return Decision(True, "pemberi", capacity=disposisi.kapasitas)
    return ctx.deny("pemberi", "disposisi.bukan_pemberi", nomor=nomor)


@plugin.policy("penerima")
async def penerima(ctx: Context, nomor: int) -> Decision:
    """Whom it was given to, or who acts in their post."""
    return check_receiver(ctx, await ctx.get(Disposisi, nomor))


@plugin.policy("ke_bawah")
async def ke_bawah(ctx: Context, kepada: str) -> Decision:
    """Down the line only: everybody it is handed to stands below whoever hands it on."""
    capacity = ""
    for person in parse_persons(ctx, kepada):
        found = find_authority(ctx, person)
        if found is None:
            return ctx.deny("ke_bawah", "disposisi.bukan_bawahan", siapa=person)
        capacity = found[0]
    return Decision(True, "ke_bawah", capacity=capacity)


@plugin.policy("melihat")
async def melihat(ctx: Context, nomor: int) -> Decision:
    """Who gave or received it or one it came from, and who sees everything."""
    disposisi = await ctx.get(Disposisi, nomor)
    async for above in iter_ancestors(ctx, disposisi):
        if above.dari == ctx.person.id or check_receiver(ctx, above).allowed:
            return ctx.allow("garis disposisi")
    overall = ctx.decide(CITY_OVERSIGHT, Resource("disposisi", nomor))
    return overall if overall.allowed else ctx.deny("melihat", "disposisi.tidak_boleh_lihat", nomor=nomor)


async def iter_ancestors(ctx: Context, disposisi: Disposisi) -> AsyncIterator[Disposisi]:
    """A disposisi and those it came from, up to the first."""
    at: Disposisi | None = disposisi
    while at is not None:
        yield at
        at = await ctx.first(select(Disposisi).where(Disposisi.id == at.induk)) if at.induk else None


def parse_persons(ctx: Context, ids: str) -> Iterator[Person]:
    """Those whose ids stand in `3,5`."""
    return (person for id_ in ids.split(",") if id_ and (person := ctx.people.find_person(int(id_))) is not None)
