"""Who may do what with a report, and who is told of it."""

from collections.abc import Collection, Iterable

from pendopo import CITY_OVERSIGHT, Chat, Context, Decision, Person, Resource

from pendopo_laporan.models import GONE, Laporan
from pendopo_laporan.plugin import plugin
from pendopo_laporan.settings import LaporanOptions

SEEING = "unit:camat,lurah,kepala_opd,admin_opd"
"""Roles that answer for reports of their own unit."""
DECIDING = "role:walikota,wakil_walikota,sekda"
"""Roles that may handle every report."""


def make_resource(laporan: Laporan) -> Resource:
    """The resource by which rights on a report are decided."""
    return Resource("laporan", laporan.id or 0, owner=laporan.pelapor, unit=laporan.unit)


def resolve_persons(ctx: Context, rules: Iterable[str], of: Person) -> list[Person]:
    """The persons that rules name (`superior`, `role:camat`, `post:pu`), in order; never `of` themselves."""
    found: list[Person] = []
    for rule in rules:
        name, _, value = rule.partition(":")
        if name == "superior":
            above = ctx.people.superior_of(of, ctx.now)
            found += [above] if above else []
        elif name == "post":
            found += ctx.people.acting_in(value, ctx.now)
        else:
            posts = (post.code for post in ctx.people.posts.values() if value in post.roles)
            found += [who for code in posts for who in ctx.people.acting_in(code, ctx.now)]
    return [who for who in dict.fromkeys(found) if who.id != of.id]


def list_groups(ctx: Context, roles: Collection[str]) -> list[Chat]:
    """The chats that get the line of a report, by its reporter's roles."""
    forums = (forum for forum in ctx.people.forums if set(roles).intersection(forum.members))
    keys = ctx.options(LaporanOptions).grup or [key for forum in forums for key in forum.chats]
    return [chat for key in dict.fromkeys(keys) if (chat := ctx.group(key)) is not None]


def check_access(ctx: Context, laporan: Laporan) -> Decision:
    """Everybody known sees a report; a confidential one only reporter, holder, superiors and city oversight."""
    if ctx.person.id in (laporan.pelapor, laporan.pemegang):
        return ctx.allow("pelapor" if ctx.person.id == laporan.pelapor else "pemegang")
    overall = ctx.decide(CITY_OVERSIGHT, make_resource(laporan))
    if overall.allowed:
        return overall
    if laporan.rahasia:
        above = ctx.decide("superior", make_resource(laporan))
        return above if above.allowed else ctx.deny("melihat", "laporan.tidak_boleh_lihat", nomor=laporan.id)
    return ctx.allow("known")


@plugin.policy("melihat")
async def melihat(ctx: Context, laporan_id: int) -> Decision:
    """Everybody in the directory; of a confidential report only those concerned."""
    return check_access(ctx, await ctx.get(Laporan, laporan_id))


@plugin.policy("berkas")
async def berkas(ctx: Context, laporan_id: int) -> Decision:
    """Those who may download photos: reporter, holder, city oversight, and those responsible for the unit."""
    laporan = await ctx.get(Laporan, laporan_id)
    seen = check_access(ctx, laporan)
    if not seen.allowed or seen.rule in ("pelapor", "pemegang"):
        return seen
    overall = ctx.decide(CITY_OVERSIGHT, make_resource(laporan))
    return overall if overall.allowed else ctx.decide(SEEING, make_resource(laporan))


@plugin.policy("pelapor")
async def pelapor(ctx: Context, laporan_id: int) -> Decision:
    """The reporter."""
    laporan = await ctx.get(Laporan, laporan_id)
    if ctx.person.id == laporan.pelapor:
        return ctx.allow("pelapor")
    return ctx.deny("pelapor", "laporan.bukan_pelapor", nomor=laporan_id)


@plugin.policy("penangan")
async def penangan(ctx: Context, laporan_id: int) -> Decision:
    """The handlers: the holder, superiors of the reporter, and the heads of the city."""
    laporan = await ctx.get(Laporan, laporan_id)
    if laporan.status in GONE:
        return ctx.deny("penangan", "laporan.sudah_tidak_ada", nomor=laporan_id)
    for rule in ("superior", DECIDING):
        answer = ctx.decide(rule, make_resource(laporan))
        if answer.allowed:
            return answer
    if ctx.person.id == laporan.pemegang:
        return ctx.allow("pemegang")
    return ctx.deny("penangan", "laporan.bukan_penangan", nomor=laporan_id, dengan=laporan.dengan or "–")


@plugin.policy("penutup")
async def penutup(ctx: Context, laporan_id: int) -> Decision:
    """Those who may close it: its handlers and its reporter."""
    answer = await penangan(ctx, laporan_id)
    return answer if answer.allowed else await pelapor(ctx, laporan_id)


@plugin.policy("pengubah")
async def pengubah(ctx: Context, laporan_id: int) -> Decision:
    """Those who may correct it: its reporter and its handlers."""
    answer = await pelapor(ctx, laporan_id)
    return answer if answer.allowed else await penangan(ctx, laporan_id)


@plugin.policy("perekap")
async def perekap(ctx: Context) -> Decision:
    """Those who may count the reports of a unit, or of all."""
    overall = ctx.decide(CITY_OVERSIGHT, Resource("rekap"))
    return overall if overall.allowed else ctx.decide(SEEING, Resource())
