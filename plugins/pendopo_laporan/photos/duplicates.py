"""Finds reports of the same thing: the same or a similar photo, or the same kind nearby at the same time."""

import re
from collections.abc import Sequence
from datetime import timedelta

from pendopo import Button, Context, UserError, phrase
from sqlmodel import col, select

from pendopo_laporan import alarm, cards, transitions
from pendopo_laporan.models import GONE, Foto, Laporan, Status
from pendopo_laporan.places import measure_distance
from pendopo_laporan.plugin import plugin
from pendopo_laporan.settings import LaporanOptions

LIKE = 8
"""Fingerprints that differ in fewer of their 64 bits show the same picture, saved again."""
DAYS = 3
"""How many days back similar photos are searched."""
MOST = 500
"""Most rows that are compared."""
_WORD = re.compile(r"\w+")


async def hint_by_place(ctx: Context, laporan: Laporan) -> None:
    """Suggests a merge with a report of the same kind nearby, or in the same words, within `mirip_jam` hours."""
    if laporan.status == "tercatat":
        return  # two working bees at a time are two
    options = ctx.options(LaporanOptions)
    since = ctx.now - timedelta(hours=options.mirip_jam)
    same = (Laporan.kecamatan == laporan.kecamatan, Laporan.dibuat > since, Laporan.jenis == laporan.jenis)
    live = (col(Laporan.status).not_in(GONE), Laporan.id != laporan.id, col(Laporan.rahasia).is_(False))
    for other in await ctx.all(select(Laporan).where(*same, *live).order_by(col(Laporan.id).desc()).limit(MOST)):
        if _is_near(laporan, other, options.mirip_meter) or _is_said_again(laporan, other):
            await _suggest_merge(ctx, laporan, other)
            return


def _is_near(one: Laporan, other: Laporan, metres: float) -> bool:
    if one.place is not None and other.place is not None:
        return measure_distance(one.place, other.place) <= metres
    return bool(one.kelurahan) and one.kelurahan == other.kelurahan and abs(one.dibuat - other.dibuat) < timedelta(hours=2)


def _is_said_again(one: Laporan, other: Laporan) -> bool:
    """Whether one person reported the same in the same words."""
    return one.pelapor == other.pelapor and _list_words(one.isi) == _list_words(other.isi)


def _list_words(text: str) -> list[str]:
    """The words of a text, without signs and capitals."""
    return _WORD.findall(text.casefold())


async def hint_by_pictures(ctx: Context, laporan: Laporan, fresh: Sequence[Foto]) -> None:
    """Suggests a merge with a report that has the same photos, else with one near the place a photo revealed."""
    since = ctx.now - timedelta(days=DAYS)
    recent = select(Foto).where(Foto.diterima > since, Foto.laporan != laporan.id, Foto.rupa != "")
    others = await ctx.all(recent.order_by(col(Foto.id).desc()).limit(MOST))
    hashes = {foto.asli for foto in fresh}
    same = select(Foto).where(col(Foto.asli).in_(hashes), Foto.laporan != laporan.id).limit(10)
    found = [*await ctx.all(same), *(other for other in others if any(_looks_alike(foto, other) for foto in fresh))]
    for foto in found:
        other = await ctx.get(Laporan, foto.laporan)
        if other.status not in GONE and not other.rahasia and other.id != laporan.id:
            await _suggest_merge(ctx, laporan, other)
            return
    if laporan.sumber == "exif":
        await hint_by_place(ctx, laporan)


def _looks_alike(one: Foto, other: Foto) -> bool:
    return (int(one.rupa or "0", 16) ^ int(other.rupa or "0", 16)).bit_count() < LIKE and bool(one.rupa)


async def _suggest_merge(ctx: Context, laporan: Laporan, other: Laporan) -> None:
    """Asks the reporter once whether both are the same."""
    reporter = ctx.people.find_person(laporan.pelapor)
    if laporan.induk or reporter is None or laporan.rahasia:
        return
    laporan.suggest_merge(other)
    buttons = [
        Button("laporan.tombol.gabung", gabung, laporan.id, other.id, allowed=reporter),
        Button("laporan.tombol.bukan", biarkan, laporan.id, allowed=reporter),
    ]
    said = phrase(
        "laporan.mirip",
        nomor=laporan.id,
        lain=other.id,
        isi=other.isi[:60],
        pada=cards.format_moment(ctx, other.dibuat),
        status=cards.format_state(ctx, other),
    )
    await ctx.work_calendar.ensure_loaded()
    if ctx.chat.key == laporan.chat.key:
        await ctx.reply(said, buttons=buttons)
    else:
        await ctx.notify(reporter, said, buttons=buttons, urgent=True)  # they reported just now


@plugin.action(policy="pelapor")
async def gabung(ctx: Context, laporan_id: int, ke: int) -> None:
    """Merge a report into another: its photos move there."""
    laporan, other = await ctx.get(Laporan, laporan_id), await ctx.get(Laporan, ke)
    if other.status in GONE:
        raise UserError("laporan.sudah_tidak_ada", nomor=ke)
    await transitions.change_state(ctx, laporan, Status.MERGED, "laporan.gabung", dengan=f"#{ke}", lain=ke)
    laporan.induk = ke
    await transitions.cancel_jobs(ctx, laporan)
    await alarm.stop_alarm(ctx, laporan)
    for foto in await ctx.all(select(Foto).where(Foto.laporan == laporan_id)):
        foto.laporan = ke
    ctx.audit("laporan.digabung", f"laporan/{ke}", dari=laporan_id)
    await ctx.update("laporan.digabung", nomor=laporan_id, ke=ke)
    await transitions.edit_groups(ctx, laporan, phrase("laporan.digabung", nomor=laporan_id, ke=ke))
    holder = ctx.people.find_person(other.pemegang)
    if holder is not None:
        await ctx.notify(holder, phrase("laporan.bertambah", nomor=ke, pelapor=ctx.person, isi=laporan.isi[:200]))


@plugin.action(policy="pelapor")
async def biarkan(ctx: Context, laporan_id: int) -> None:
    """Keep a report separate from the other."""
    await ctx.get(Laporan, laporan_id)
    await ctx.update("laporan.bukan_mirip", nomor=laporan_id)
