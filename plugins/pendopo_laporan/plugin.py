"""The plugin's value, and who may do what with a report."""

from collections.abc import Iterable, Sequence

from pendopo import CITY_OVERSIGHT, Chat, Context, Decision, Person, Plugin, Resource
from sqlmodel import col, select

from pendopo_laporan.models import GONE, Foto, Harap, Harian, Jejak, Laporan, Lepas, Siaga, Table
from pendopo_laporan.places.districts import NOWHERE, District, find_district
from pendopo_laporan.settings import LaporanKind, LaporanOptions

plugin = Plugin("laporan", summary="Laporan wilayah", policy="known", tables=Table, options=LaporanOptions)
plugin.declare_personal_data(
    Laporan,
    subject="pelapor",
    text_fields=["isi", "tempat", "dampak", "kebutuhan", "lintang", "bujur", "sumber"],
    file_fields=["kolase", "grup"],
    since="dibuat",
)
plugin.declare_personal_data(
    Foto,
    subject="pengirim",
    text_fields=["nama", "ref", "catatan", "lintang", "bujur", "rupa"],
    file_fields=["asli", "bagikan", "mini"],
    since="diterima",
)
plugin.declare_personal_data(Lepas, subject="pengirim", text_fields=["berkas", "lintang", "bujur"], since="pada")
plugin.declare_personal_data(Harap, subject="siapa", text_fields=["catatan"])
plugin.declare_personal_data(Jejak, subject="oleh", text_fields=["catatan"])
plugin.declare_personal_data(Siaga, subject="siapa")
plugin.declare_personal_data(Harian, subject="pelapor")

SEEING = "unit:camat,lurah,kepala_opd,admin_opd"
DECIDING = "role:walikota,wakil_walikota,sekda"


def get_kind(ctx: Context, laporan: Laporan) -> LaporanKind:
    """What holds for the kind of a report."""
    return ctx.options(LaporanOptions).find_kind(laporan.jenis)


def make_resource(laporan: Laporan) -> Resource:
    """A report, as rights are asked for it."""
    return Resource("laporan", laporan.id or 0, owner=laporan.pelapor, unit=laporan.unit)


def find_home_district(ctx: Context, who: Person) -> District:
    """The district that somebody's post is in, by the names of their posts and units."""
    for post in ctx.people.posts_of(who, ctx.now):
        unit = ctx.people.units.get(post.unit)
        for name in (post.title, unit.name if unit else ""):
            if found := find_district(name, marked_only=True) or (
                find_district(name) if "kota" not in name.lower() else NOWHERE
            ):
                return found
    return NOWHERE


def resolve_persons(ctx: Context, rules: Iterable[str], of: Person) -> list[Person]:
    """Whom rules name (`superior`, `role:camat`, `post:pu`), whom to ask first; never the reporter."""
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


def list_groups(ctx: Context, who: Person) -> list[Chat]:
    """The chats that get the line of somebody's report."""
    chosen = ctx.options(LaporanOptions).grup
    roles = ctx.people.roles_of(who, ctx.now)
    keys = chosen or [key for forum in ctx.people.forums if roles.intersection(forum.members) for key in forum.chats]
    return [chat for key in dict.fromkeys(keys) if (chat := ctx.group(key)) is not None]


async def list_photos(ctx: Context, laporan_id: int) -> Sequence[Foto]:
    """The files of a report, in the order they came."""
    return await ctx.all(select(Foto).where(Foto.laporan == laporan_id).order_by(col(Foto.id)))


def check_access(ctx: Context, laporan: Laporan) -> Decision:
    """Who sees a report: whoever it concerns, and who sees all of the unit; of a secret one only those, and the overseers."""
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
    """Whoever is in the directory; of a secret report whom it concerns."""
    return check_access(ctx, await ctx.get(Laporan, laporan_id))


@plugin.policy("berkas")
async def berkas(ctx: Context, laporan_id: int) -> Decision:
    """Who takes the photos away: the reporter, who has it, and whoever answers for the unit."""
    laporan = await ctx.get(Laporan, laporan_id)
    seen = check_access(ctx, laporan)
    if not seen.allowed or seen.rule in ("pelapor", "pemegang"):
        return seen
    overall = ctx.decide(CITY_OVERSIGHT, make_resource(laporan))
    return overall if overall.allowed else ctx.decide(SEEING, make_resource(laporan))


@plugin.policy("pelapor")
async def pelapor(ctx: Context, laporan_id: int) -> Decision:
    """Who reported it."""
    laporan = await ctx.get(Laporan, laporan_id)
    if ctx.person.id == laporan.pelapor:
        return ctx.allow("pelapor")
    return ctx.deny("pelapor", "laporan.bukan_pelapor", nomor=laporan_id)


@plugin.policy("penangan")
async def penangan(ctx: Context, laporan_id: int) -> Decision:
    """Who handles it: with whom it lies, who is above the reporter, and who decides over all."""
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
    """Who says that it is done: who handles it, and who reported it."""
    answer = await penangan(ctx, laporan_id)
    return answer if answer.allowed else await pelapor(ctx, laporan_id)


@plugin.policy("pengubah")
async def pengubah(ctx: Context, laporan_id: int) -> Decision:
    """Who corrects what it says: who reported it, and who handles it."""
    answer = await pelapor(ctx, laporan_id)
    return answer if answer.allowed else await penangan(ctx, laporan_id)


@plugin.policy("perekap")
async def perekap(ctx: Context) -> Decision:
    """Who counts the reports of a unit, or of all."""
    overall = ctx.decide(CITY_OVERSIGHT, Resource("rekap"))
    return overall if overall.allowed else ctx.decide(SEEING, Resource("rekap"))


__all__ = [
    "SEEING",
    "check_access",
    "find_home_district",
    "get_kind",
    "list_groups",
    "list_photos",
    "make_resource",
    "penangan",
    "penutup",
    "plugin",
    "resolve_persons",
]
