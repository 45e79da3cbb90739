"""How an izin is shown: one card, the same everywhere, with what stands in its way."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot import Context, Person, Said, say

from .models import AWAY, DONE, OPEN, Izin
from .plugin import kind
from .rules import Aturan


def card(ctx: Context, izin: Izin) -> tuple[Said, Said]:
    """Who asks, for what, and when."""
    head = say("izin.kepala", nomor=izin.id, pemohon=ctx.people.person(izin.pemohon) or "–")
    return head, say("izin.isi", keperluan=izin.keperluan, waktu=izin.time)


async def warnings(ctx: Context, izin: Izin, asker: Person) -> list[Said]:
    """What whoever asks, and whoever decides, should know: conflicts, who else is away, who represents, what is left."""
    await ctx.work_calendar.loaded()
    lines = [
        say("izin.bentrok", acara=busy.title, waktu=busy.start)
        for busy in await ctx.calendar.list_busy(asker, izin.mulai, izin.selesai)
        if busy.kind != "away"
    ]
    lines += [say("izin.juga_izin", nomor=other.id) for other in await _own(ctx, izin)]
    return [*lines, *await _presence(ctx, izin, asker), *await _balance(ctx, izin), *_represented(ctx, izin, asker)]


async def _own(ctx: Context, izin: Izin) -> Sequence[Izin]:
    """Other izin of the same person at the same time."""
    same = (Izin.pemohon == izin.pemohon, Izin.mulai < izin.selesai, Izin.selesai > izin.mulai)
    live = col(Izin.status).in_([*AWAY, *OPEN])
    return [other for other in await ctx.all(select(Izin).where(*same, live)) if other.id != izin.id]


async def _presence(ctx: Context, izin: Izin, asker: Person) -> list[Said]:
    """Who else under the same superior is away then, and whether too few stay."""
    roles = ctx.people.roles(asker, ctx.now)
    above = {post.superior for post in ctx.people.posts_of(asker, ctx.now)} - {""}
    peers = [
        other
        for post in ctx.people.posts.values()
        if post.superior in above and post.roles & roles
        for other in ctx.people.holders(post.code, ctx.now)
        if other.id != asker.id
    ]
    away = [
        other for other in peers if any(b.kind == "away" for b in await ctx.calendar.list_busy(other, izin.mulai, izin.selesai))
    ]
    lines = [say("izin.rekan_pergi", siapa=", ".join(other.called for other in away[:5]))] if away else []
    fewest = max((ctx.options(Aturan).minimal.get(role, 0) for role in roles), default=0)
    if len(peers) - len(away) < fewest:
        lines.append(say("izin.kurang_hadir", sisa=len(peers) - len(away), minimal=fewest))
    return lines


async def _balance(ctx: Context, izin: Izin) -> list[Said]:
    if not kind(ctx, izin).jatah:
        return []
    left = await balance(ctx, izin.pemohon, izin.jenis, izin.days(ctx.zone)[0].year, izin)
    return [say("izin.sisa_jatah" if left >= 0 else "izin.jatah_habis", jenis=izin.jenis, sisa=abs(left))]


async def balance(ctx: Context, pemohon: int, jenis: str, year: int, asked: Izin | None = None) -> int:
    """How many working days of a kind somebody has left in a year, with what is `asked` for now taken off."""
    same = (Izin.pemohon == pemohon, Izin.jenis == jenis, col(Izin.status).in_([*AWAY, *OPEN, DONE]))
    taken = [izin for izin in await ctx.all(select(Izin).where(*same)) if izin.days(ctx.zone)[0].year == year]
    counted = [izin for izin in taken if asked is None or izin.id != asked.id] + ([asked] if asked else [])
    used = sum(ctx.business_hours(Aturan).working_days(*izin.days(ctx.zone)) for izin in counted)
    return ctx.options(Aturan).of(jenis).jatah - used


def _represented(ctx: Context, izin: Izin, asker: Person) -> list[Said]:
    if izin.wakil:
        return [say("izin.diwakili", siapa=ctx.people.person(izin.wakil) or "–")]
    below = deputies(ctx, asker)
    if not below:
        return []
    plh = [
        m for post in ctx.people.posts_of(asker, ctx.now) for m in ctx.people.mandates_of(post.code, izin.mulai) if m.replaces
    ]
    if plh:
        return [say("izin.ada_plh", siapa=ctx.people.person(plh[0].person) or "–")]
    return [say("izin.belum_ada_plh", contoh=below[0])]


def deputies(ctx: Context, asker: Person) -> list[Person]:
    """Who stands below somebody, and could stand in."""
    own = {post.code for post in ctx.people.posts_of(asker, ctx.now)}
    posts = (post for post in ctx.people.posts.values() if post.superior in own)
    return [other for post in posts for other in ctx.people.holders(post.code, ctx.now)]
