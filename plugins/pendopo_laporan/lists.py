"""Lists of reports: one in full, mine, those that wait for me, those nearby, and all on a map."""

from collections.abc import Sequence
from datetime import timedelta
from math import cos, radians
from typing import Annotated

from pendopo import Context, DateRange, Day, Item, Location, Photo, Phrase, Prompt, RestOfText, parse_row_number, phrase
from pendopo.media import MapPoint, draw_map
from pendopo.pages import cut_words
from sqlmodel import col, select

from pendopo_laporan import cards, transitions
from pendopo_laporan.cards import list_photos
from pendopo_laporan.jobs import diteruskan
from pendopo_laporan.models import GONE, OPEN, Laporan
from pendopo_laporan.places import match_district, measure_distance
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import check_access, penangan
from pendopo_laporan.settings import LaporanOptions

NEAR_METRES = 2000.0
"""How far "nearby" reaches."""
DEGREE = 111_320.0
"""Metres per degree of latitude."""
MOST, SHOWN = 500, 10
"""Most reports of a search by location, and most lines of a list."""
COLOURS = {"hijau": "green", "kuning": "yellow", "merah": "red", "abu": "grey"}


@plugin.command("laporan lihat", policy="melihat", examples=["/laporan 311"])
async def lihat(ctx: Context, laporan_id: Annotated[int, Prompt("laporan.tanya.nomor")]) -> None:
    """Show one report in full, with its history."""
    laporan, files = await ctx.get(Laporan, laporan_id), await list_photos(ctx, laporan_id)
    await ctx.work_calendar.ensure_loaded()
    shown = [*cards.format_card(ctx, laporan, files), *await cards.format_history(ctx, laporan)]
    if laporan.rahasia:
        ctx.audit("laporan.lihat_rahasia", f"laporan/{laporan_id}")
        if not ctx.chat.private:
            await ctx.notify(ctx.person, *shown)
            await ctx.reply("laporan.dijawab_pribadi", nomor=laporan_id)
            return
    handles = laporan.status in OPEN and ctx.chat.private and (await penangan(ctx, laporan_id)).allowed
    buttons = transitions.make_buttons(laporan, ctx.person) if handles else []
    await ctx.reply(*shown, buttons=buttons, photo=Photo(laporan.kolase) if laporan.kolase else None)


@plugin.item(policy="melihat")
async def butir(ctx: Context, laporan_id: int) -> Item | None:
    """Show a report as an item, with its shareable photos; a confidential one is left out."""
    laporan = await ctx.get(Laporan, laporan_id)
    if laporan.rahasia or laporan.status in GONE:
        return None
    files = await list_photos(ctx, laporan_id)
    await ctx.work_calendar.ensure_loaded()
    title = phrase("laporan.butir", nomor=laporan_id, jenis=laporan.jenis.capitalize(), isi=cut_words(laporan.isi, 80))
    shown = [Photo(foto.bagikan) for foto in cards.select_pictures(files)]
    return Item(f"laporan/{laporan_id}", title, cards.format_card(ctx, laporan, files), shown, diteruskan)


@plugin.command("laporan saya", examples=["/laporan saya"])
async def saya(ctx: Context) -> None:
    """Show my latest reports."""
    query = select(Laporan).where(Laporan.pelapor == ctx.person.id).order_by(col(Laporan.dibuat).desc()).limit(SHOWN)
    await _reply_list(ctx, await ctx.all(query), "laporan.saya_judul", "laporan.saya_kosong")


@plugin.command("laporan tunggu", examples=["/laporan tunggu"])
async def tunggu(ctx: Context) -> None:
    """Show the reports that wait for me, the oldest first."""
    mine = (Laporan.pemegang == ctx.person.id, col(Laporan.status).in_(OPEN))
    query = select(Laporan).where(*mine).order_by(col(Laporan.mulai)).limit(SHOWN)
    await _reply_list(ctx, await ctx.all(query), "laporan.tunggu_judul", "laporan.tunggu_kosong")


@plugin.command("laporan dekat", examples=["/laporan dekat"])
async def dekat(ctx: Context, lokasi: Annotated[Location, Prompt("laporan.tanya.lokasi")]) -> None:
    """Show open reports near a location that I share."""
    here = (lokasi.latitude, lokasi.longitude)
    up, right = NEAR_METRES / DEGREE, NEAR_METRES / (DEGREE * max(0.1, cos(radians(here[0]))))
    box = (
        col(Laporan.lintang).between(here[0] - up, here[0] + up),
        col(Laporan.bujur).between(here[1] - right, here[1] + right),
    )
    since = ctx.now - timedelta(days=30)
    query = select(Laporan).where(Laporan.dibuat > since, col(Laporan.status).in_(OPEN), *box)
    found = [row for row in await ctx.all(query.order_by(col(Laporan.id).desc()).limit(MOST)) if check_access(ctx, row).allowed]
    by_way = sorted((measure_distance(here, row.place), row.id or 0, row) for row in found if row.place is not None)
    near = [(metres, row) for metres, _, row in by_way if metres <= NEAR_METRES][:SHOWN]
    await ctx.work_calendar.ensure_loaded()
    lines = [phrase("laporan.sejauh", meter=round(metres / 10) * 10, baris=_format_list_line(ctx, row)) for metres, row in near]
    if lines:
        await ctx.reply(phrase("laporan.dekat_judul"), *lines)
    else:
        await ctx.reply("laporan.dekat_kosong")


@plugin.command("peta", examples=["/peta", "/peta Coblong minggu ini", "/peta 311"])
async def peta(ctx: Context, waktu: Day | DateRange | None = None, apa: RestOfText = "") -> None:
    """Show a map of reports: of a period, a district or a kind, or of one report."""
    if (number := parse_row_number(apa)) is not None:
        found: Sequence[Laporan] = [await ctx.get(Laporan, number)]
    else:
        found = await list_reports(ctx, waktu or DateRange.month_of(ctx.today), apa)
    placed = [row for row in found if row.place is not None and (not row.rahasia) and row.status not in GONE]
    if not placed:
        await ctx.reply("laporan.peta_kosong")
        return
    await ctx.work_calendar.ensure_loaded()
    spots = [
        MapPoint(*row.place, f"#{row.id}", COLOURS[cards.get_colour(ctx, row)]) for row in placed[:60] if row.place is not None
    ]
    title = ctx.translate("laporan.peta_judul", jumlah=len(spots))
    picture = await ctx.files.make_photo(await ctx.run_in_thread(lambda: draw_map(spots, title)))
    await ctx.reply(
        phrase("laporan.peta_judul", jumlah=len(spots)), *(_format_list_line(ctx, row) for row in placed[:SHOWN]), photo=picture
    )


async def list_reports(ctx: Context, days: Day | DateRange, words: str) -> list[Laporan]:
    """Visible reports of a period, a district or a kind: the one query behind gallery, map and recap."""
    begin, end = days.bounds(ctx.zone)
    within = [col(Laporan.dibuat) >= begin, col(Laporan.dibuat) < end]
    kinds = ctx.options(LaporanOptions).list_kinds(words.strip().lower())
    place = match_district(words) if words.strip() and not kinds else None
    if place:
        within.append(col(Laporan.kecamatan) == place.kecamatan)
        if place.kelurahan:
            within.append(col(Laporan.kelurahan) == place.kelurahan)
    if kinds:
        within.append(col(Laporan.jenis).in_(kinds))
    query = select(Laporan).where(*within).order_by(col(Laporan.id).desc()).limit(MOST * 10)
    return [row for row in await ctx.all(query) if check_access(ctx, row).allowed]


async def _reply_list(ctx: Context, found: Sequence[Laporan], title: str, empty: str) -> None:
    if not found:
        await ctx.reply(empty)
        return
    await ctx.work_calendar.ensure_loaded()
    shown = [row for row in found if not row.rahasia or ctx.chat.private]
    await ctx.reply(phrase(title), *(_format_list_line(ctx, row) for row in shown))


def _format_list_line(ctx: Context, laporan: Laporan) -> Phrase:
    return cards.format_line(ctx, laporan, "")
