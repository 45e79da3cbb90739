"""The card of an izin, and the warnings on it."""

from collections.abc import Sequence
from datetime import date, timedelta

from pendopo import Context, DateRange, Day, Person, Phrase, phrase
from sqlmodel import col, select

from pendopo_izin.leave import balance
from pendopo_izin.leave.rules import list_cautions
from pendopo_izin.models import AWAY, OPEN, Izin
from pendopo_izin.settings import IzinOptions, get_kind

MOST_HOLIDAYS = 5
"""Most holidays that a card names."""
LONGEST_LOOK = 400
"""Days that are looked at for holidays."""


def format_card(ctx: Context, izin: Izin) -> tuple[Phrase, Phrase]:
    """Who asks, for what, and when."""
    head = phrase("izin.kepala", nomor=izin.id, pemohon=ctx.people.get_name(izin.pemohon))
    if izin.pembuat != izin.pemohon:
        writer = ctx.people.find_person(izin.pembuat)
        head = phrase("izin.kepala_oleh", **head.args, oleh=writer.name if writer else "–")
    return head, phrase("izin.isi", keperluan=izin.keperluan, waktu=izin.time)


async def list_warnings(ctx: Context, izin: Izin, asker: Person) -> list[Phrase]:
    """Warnings for the applicant and the decider: conflicts, absent peers, the balance and the deputy."""
    await ctx.work_calendar.ensure_loaded()
    lines = [
        phrase("izin.bentrok", acara=busy.title, waktu=busy.start)
        for busy in await ctx.calendar.list_busy(asker, izin.mulai, izin.selesai)
        if busy.kind != "away"
    ]
    lines += list_holidays(ctx, *izin.get_days(ctx.zone))
    lines += [phrase("izin.juga_izin", nomor=other.id) for other in await _find_overlaps(ctx, izin)]
    lines += list_cautions(ctx, izin)
    return [*lines, *await _warn_absences(ctx, izin, asker), *await _warn_balance(ctx, izin), *_warn_deputy(ctx, izin, asker)]


def list_holidays(ctx: Context, first: date, last: date) -> list[Phrase]:
    """The holidays from a first to a last day, by name; the calendar must be loaded."""
    days = (first + timedelta(days=n) for n in range(min((last - first).days, LONGEST_LOOK) + 1))
    found = [(day, name) for day in days if (name := ctx.work_calendar.get_holiday(day))]
    return [phrase("izin.libur", hari=Day(day), nama=name) for day, name in found[:MOST_HOLIDAYS]]


async def _find_overlaps(ctx: Context, izin: Izin) -> Sequence[Izin]:
    """Other live izin of the same person that overlap."""
    same = (Izin.pemohon == izin.pemohon, Izin.mulai < izin.selesai, Izin.selesai > izin.mulai)
    live = col(Izin.status).in_([*AWAY, *OPEN])
    return [other for other in await ctx.all(select(Izin).where(*same, live)) if other.id != izin.id]


async def list_away(ctx: Context, days: Day | DateRange, most: int = 100) -> Sequence[Izin]:
    """The izin of those away on some days, by their start."""
    begin, end = days.bounds(ctx.zone)
    on = (col(Izin.status).in_(sorted(AWAY)), Izin.mulai < end, Izin.selesai > begin)
    return await ctx.all(select(Izin).where(*on).order_by(col(Izin.mulai)).limit(most))


async def _warn_absences(ctx: Context, izin: Izin, asker: Person) -> list[Phrase]:
    """Absent peers (same superior, same role), and whether too few stay."""
    roles = ctx.people.roles_of(asker, ctx.now)
    above = {post.superior for post in ctx.people.posts_of(asker, ctx.now)} - {""}
    peers = [
        other
        for post in ctx.people.posts.values()
        if post.superior in above and post.roles & roles
        for other in ctx.people.holders_of(post.code, ctx.now)
        if other.id != asker.id
    ]
    away = [
        other for other in peers if any(b.kind == "away" for b in await ctx.calendar.list_busy(other, izin.mulai, izin.selesai))
    ]
    lines = [phrase("izin.rekan_pergi", siapa=", ".join(other.called for other in away[:5]))] if away else []
    fewest = max((ctx.options(IzinOptions).minimal.get(role, 0) for role in roles), default=0)
    if len(peers) - len(away) < fewest:
        lines.append(phrase("izin.kurang_hadir", sisa=len(peers) - len(away), minimal=fewest))
    return lines


async def _warn_balance(ctx: Context, izin: Izin) -> list[Phrase]:
    """What is left after an izin in each year that it concerns."""
    if not get_kind(ctx, izin).jatah:
        return []
    years = await balance.list_years(ctx, izin.pemohon, izin.jenis, izin)
    named = [each.year for each in years] != [ctx.today.year]
    return [line for each in years for line in _format_balance(each, izin.jenis, named)]


def _format_balance(balanced: balance.LeaveYear, jenis: str, named: bool) -> list[Phrase]:
    here = ("izin.sisa_jatah", "izin.jatah_habis")
    key = (("izin.sisa_jatah_tahun", "izin.jatah_habis_tahun") if named else here)[balanced.left < 0]
    left, year = balance.format_days(balanced.left), str(balanced.year)
    great = [phrase("izin.ada_cuti_besar", tahun=year)] if balanced.great else []
    return [phrase(key, jenis=jenis, sisa=left, tahun=year), *great]


def _warn_deputy(ctx: Context, izin: Izin, asker: Person) -> list[Phrase]:
    if izin.wakil:
        return [phrase("izin.diwakili", siapa=ctx.people.get_name(izin.wakil))]
    below = list_deputies(ctx, asker)
    if not below:
        return []
    plh = [
        m for post in ctx.people.posts_of(asker, ctx.now) for m in ctx.people.mandates_of(post.code, izin.mulai) if m.replaces
    ]
    if plh:
        return [phrase("izin.ada_plh", siapa=ctx.people.get_name(plh[0].person))]
    return [phrase("izin.belum_ada_plh", contoh=below[0])]


def list_deputies(ctx: Context, asker: Person) -> list[Person]:
    """The direct subordinates, who could stand in."""
    own = {post.code for post in ctx.people.posts_of(asker, ctx.now)}
    posts = (post for post in ctx.people.posts.values() if post.superior in own)
    return [other for post in posts for other in ctx.people.holders_of(post.code, ctx.now)]
