"""Pages of reports on the dashboard: the month on a map, the gallery, one report whole; all of them of one query."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, case, func, true
from sqlmodel import col, or_, select

from bot import ALL_SEEING, Context, Said, Thing, say
from bot.pages import (
    Actions,
    Badge,
    Bar,
    Cell,
    Chart,
    Facts,
    Field,
    Figure,
    Figures,
    Filters,
    Gallery,
    Lines,
    Link,
    Page,
    Part,
    Picture,
    Shape,
    ShapeMap,
    Table,
    Tile,
    TileMap,
    Tone,
    days_of,
    month,
    next_month,
)

from . import cards, way
from .batas import borders
from .models import AFTER, BEFORE, GONE, KEPT, OPEN, OVER, Foto, Laporan
from .overview import ikhtisar
from .petak import TILES
from .places import districts
from .plugin import penangan, photos, plugin
from .rules import USUAL, Aturan

TONES: dict[str, Tone] = {"hijau": "good", "kuning": "warn", "merah": "bad", "abu": "quiet"}
PICTURES = 24


def visible(ctx: Context) -> ColumnElement[bool]:
    """What this person sees, as the database is to find it: all but the secret ones that do not concern them."""
    if ctx.decide(ALL_SEEING, Thing("laporan")).allowed:
        return true()
    me = ctx.person.id
    lower = ctx.people.below(ctx.person, ctx.now)
    below = [p.id for p in lower if ctx.decide("superior", Thing("laporan", owner=p.id)).allowed]
    concerns = or_(Laporan.pelapor == me, Laporan.pemegang == me, col(Laporan.pelapor).in_(below))
    return or_(col(Laporan.rahasia).is_(False), concerns)


class Chosen:
    """What was chosen of a month: the filters of all these pages, and the one condition they make."""

    def __init__(self, ctx: Context, bulan: str, kecamatan: str, jenis: str, status: str) -> None:
        self.first = month(bulan, ctx.today)
        self.kecamatan = kecamatan if kecamatan in districts() else ""
        self.jenis = jenis if jenis in ctx.options(Aturan).jenis else ""
        self.status = status if status in (*OPEN, *OVER) else ""
        begin, end = ctx.at(self.first), ctx.at(next_month(self.first))
        self.month: list[ColumnElement[bool]] = [
            col(Laporan.dibuat) >= begin,
            col(Laporan.dibuat) < end,
            col(Laporan.status).not_in(GONE),
            visible(ctx),
        ]
        self.all = [*self.month]
        for column, value in ((Laporan.kecamatan, self.kecamatan), (Laporan.jenis, self.jenis), (Laporan.status, self.status)):
            if value:
                self.all.append(col(column) == value)

    def path(self, base: str, **other: str) -> str:
        """Another look at the same choice."""
        chosen = {"bulan": f"{self.first:%Y-%m}", "kecamatan": self.kecamatan, "jenis": self.jenis, "status": self.status}
        return f"{base}?{urlencode({k: v for k, v in {**chosen, **other}.items() if v})}"

    def filters(self, ctx: Context) -> Filters:
        every = ("", say("laporan.hal.semua"))
        states = [(state, say(f"laporan.status.{state}")) for state in (*OPEN, *OVER)]
        kinds = [(kind, kind.capitalize()) for kind in ctx.options(Aturan).jenis]
        return Filters(
            [
                Field("bulan", say("laporan.hal.bulan"), f"{self.first:%Y-%m}", kind="month"),
                Field("kecamatan", say("laporan.hal.kecamatan"), self.kecamatan, [every, *((d, d) for d in districts())]),
                Field("jenis", say("laporan.hal.jenis"), self.jenis, [every, *kinds]),
                Field("status", say("laporan.hal.status"), self.status, [every, *states]),
            ]
        )


@plugin.page("/laporan", title="laporan.hal.judul")
async def peta_bulan(ctx: Context, bulan: str = "", kecamatan: str = "", jenis: str = "", status: str = "") -> Page:
    """The reports of a month: figures, the map of districts, the days, the kinds, and each of them."""
    chosen = Chosen(ctx, bulan, kecamatan, jenis, status)
    await ctx.work_calendar.loaded()
    states = dict(await ctx.rows(_counted(Laporan.status, chosen.all)))
    open_ = sum(count for state, count in states.items() if state in OPEN)
    figures = Figures(
        [
            Figure(say("laporan.hal.jumlah"), sum(states.values())),
            Figure(say("laporan.hal.terbuka"), open_, "warn" if open_ else "good"),
            Figure(say("laporan.hal.selesai"), sum(count for state, count in states.items() if state in OVER), "good"),
        ]
    )
    ways = Lines([Link(say("laporan.hal.ke_galeri"), chosen.path("/laporan/galeri"))])
    parts: list[Part] = [chosen.filters(ctx), figures, ways, await _map(ctx, chosen), await _days(ctx, chosen)]
    parts += [await _kinds(ctx, chosen), await _rows(ctx, chosen)]
    return Page(say("laporan.hal.judul"), parts, lead=say("laporan.hal.isi"))


def _counted(column: object, within: Sequence[ColumnElement[bool]]):  # type: ignore[no-untyped-def]  # a type of SQLModel's own
    return select(column, func.count()).select_from(Laporan).where(*within).group_by(column)  # type: ignore[call-overload]


async def _map(ctx: Context, chosen: Chosen) -> TileMap | ShapeMap:
    """How many came from each district, whichever of them is chosen."""
    within = [*chosen.month]
    if chosen.jenis:
        within.append(col(Laporan.jenis) == chosen.jenis)
    found = dict(await ctx.rows(_counted(Laporan.kecamatan, within)))
    title, unit, file = say("laporan.hal.peta"), say("laporan.hal.satuan"), ctx.options(Aturan).batas
    if file:
        known = (await ctx.run_in_thread(lambda: borders(file))).items()
        shapes = [Shape(n, rings, found.get(n, 0), chosen.path("/laporan", kecamatan=n)) for n, rings in known]
        return ShapeMap(shapes, title, unit)
    tiles = [Tile(n, r, c, found.get(n, 0), chosen.path("/laporan", kecamatan=n)) for n, (r, c) in TILES.items()]
    return TileMap(tiles, title, unit)


async def _days(ctx: Context, chosen: Chosen) -> Chart:
    """How many on each day; the days are those of the people, not of UTC."""
    days = [chosen.first + timedelta(days=number) for number in range(days_of(chosen.first))]
    ends = [ctx.at(day + timedelta(days=1)) for day in days[:-1]]
    of_day = case(*((col(Laporan.dibuat) < end, number) for number, end in enumerate(ends)), else_=len(ends))
    counted = {days[number]: count for number, count in await ctx.rows(_counted(of_day, chosen.all))}
    return Chart([Bar(f"{day.day}/{day.month}", counted.get(day, 0)) for day in days], say("laporan.hal.harian"), upright=True)


async def _kinds(ctx: Context, chosen: Chosen) -> Chart:
    found = sorted(await ctx.rows(_counted(Laporan.jenis, chosen.all)), key=lambda each: -each[1])[:12]
    bars = [Bar(kind.capitalize(), count, path=chosen.path("/laporan", jenis=kind)) for kind, count in found]
    return Chart(bars, title=say("laporan.hal.per_jenis"))


async def _rows(ctx: Context, chosen: Chosen) -> Table:
    within = [*chosen.all]
    if ctx.view.after.isdecimal():
        within.append(col(Laporan.id) < int(ctx.view.after))
    query = select(Laporan).where(*within).order_by(col(Laporan.id).desc()).limit(ctx.view.limit + 1)
    found = await ctx.all(query)
    shown, more = found[: ctx.view.limit], len(found) > ctx.view.limit
    head = [say(f"laporan.hal.{n}") for n in ("nomor", "waktu", "jenis", "wilayah", "uraian", "status", "dengan", "pelapor")]
    after = str(shown[-1].id) if more else ""
    return Table(head, [_row(ctx, row) for row in shown], say("laporan.hal.daftar"), name="laporan", next=after)


def _row(ctx: Context, laporan: Laporan) -> list[Cell]:
    number = Link(f"#{laporan.id}", f"/laporan/{laporan.id}")
    at = laporan.dibuat.astimezone(ctx.zone)
    words = laporan.isi.split("\n")[0][:160]
    where = str(laporan.wilayah) if laporan.wilayah else "–"
    who = ctx.people.called(laporan.pelapor)
    return [number, at, laporan.jenis.capitalize(), where, words, badge(ctx, laporan), laporan.dengan or "–", who]


def badge(ctx: Context, laporan: Laporan) -> Badge:
    """Its state, coloured by how near its deadline is; `ctx.work_calendar.loaded()` first."""
    return Badge(say(f"laporan.status.{laporan.status}"), TONES[cards.colour(ctx, laporan)])


@plugin.page("/laporan/galeri", place="")
async def galeri_bulan(ctx: Context, bulan: str = "", kecamatan: str = "", jenis: str = "", status: str = "") -> Page:
    """The photos of a month: of each report the first, and beside it the one that shows that it was done."""
    chosen = Chosen(ctx, bulan, kecamatan, jenis, status)
    await ctx.work_calendar.loaded()
    within = [*chosen.all, col(Laporan.rahasia).is_(False)]
    if ctx.view.after.isdecimal():
        within.append(col(Laporan.id) < int(ctx.view.after))
    shown_some = select(Foto.laporan).where(Foto.laporan == Laporan.id, Foto.status == KEPT, Foto.mini != "").exists()
    query = select(Laporan).where(*within, shown_some).order_by(col(Laporan.id).desc()).limit(PICTURES + 1)
    found = await ctx.all(query)
    shown, more = found[:PICTURES], len(found) > PICTURES
    kept = select(Foto).where(col(Foto.laporan).in_([row.id for row in shown]), Foto.status == KEPT, Foto.mini != "")
    files = await ctx.all(kept.order_by(col(Foto.id)).limit(PICTURES * 10)) if shown else []
    pictures = [_picture(ctx, row, [foto for foto in files if foto.laporan == row.id]) for row in shown]
    after = str(shown[-1].id) if more else ""
    gallery = Gallery([p for p in pictures if p is not None], empty=say("laporan.hal.tanpa_foto"), next=after)
    crumb = Link(say("laporan.hal.judul"), chosen.path("/laporan"))
    return Page(say("laporan.hal.galeri"), [chosen.filters(ctx), gallery], crumb=crumb)


def _picture(ctx: Context, laporan: Laporan, files: Sequence[Foto]) -> Picture | None:
    before = next((foto for foto in files if foto.kapan == BEFORE), None) or next(iter(files), None)
    after = next((foto for foto in reversed(files) if foto.kapan == AFTER), None)
    if before is None:
        return None
    later = after if after is not None and after.id != before.id else None
    return Picture(
        before.bagikan,
        before.mini,
        say("laporan.hal.foto", nomor=laporan.id, jenis=laporan.jenis.capitalize()),
        [str(laporan.wilayah) if laporan.wilayah else "–", laporan.isi.split("\n")[0][:90]],
        f"/laporan/{laporan.id}",
        badge(ctx, laporan),
        later.bagikan if later else "",
        later.mini if later else "",
    )


@plugin.page("/laporan/{laporan_id}", policy="melihat", place="")
async def satu(ctx: Context, laporan_id: int) -> Page:
    """One report whole, with its photos and the way it took."""
    laporan, files = await ctx.get(Laporan, laporan_id), await photos(ctx, laporan_id)
    await ctx.work_calendar.loaded()
    if laporan.rahasia:
        ctx.audit("laporan.lihat_rahasia", f"laporan/{laporan_id}")
    parts: list[Part] = [Facts(_facts(ctx, laporan))]
    if laporan.status in OPEN and (await penangan(ctx, laporan_id)).allowed:
        parts.append(Actions(way.choices(laporan, ctx.person)))
    for when in (BEFORE, AFTER):
        of = [foto for foto in cards.pictures(files) if foto.kapan == when]
        pictures = [Picture(f.bagikan, f.mini, say("laporan.hal.diterima", pada=cards.brief(ctx, f.diterima))) for f in of]
        if pictures:
            parts.append(Gallery(pictures, title=say(f"laporan.hal.{when}")))
    parts.append(Lines(await cards.history(ctx, laporan), title=say("laporan.hal.jejak")))
    title = say("laporan.hal.foto", nomor=laporan_id, jenis=laporan.jenis.capitalize())
    return Page(title, parts, lead=laporan.isi[:500], crumb=Link(say("laporan.hal.judul"), "/laporan"))


def _facts(ctx: Context, laporan: Laporan) -> list[tuple[Said | str, Cell]]:
    rows: list[tuple[Said | str, Cell]] = [
        (say("laporan.hal.status"), badge(ctx, laporan)),
        (say("laporan.hal.dengan"), laporan.dengan or "–"),
        (say("laporan.hal.waktu"), laporan.dibuat.astimezone(ctx.zone)),
        (say("laporan.hal.pelapor"), ctx.people.called(laporan.pelapor)),
        (say("laporan.hal.wilayah"), str(laporan.wilayah) if laporan.wilayah else "–"),
    ]
    if laporan.place is not None or laporan.tempat:
        at = f"{laporan.place[0]:.5f}, {laporan.place[1]:.5f}" if laporan.place else ""
        rows.append((say("laporan.hal.lokasi"), " · ".join(filter(None, (laporan.tempat, at)))))
    if laporan.tingkat != USUAL:
        rows.append((say("laporan.hal.tingkat"), Badge(say(f"laporan.tingkat.{laporan.tingkat}"), "bad")))
    if laporan.harm:
        rows.append((say("laporan.hal.dampak"), cards.harm(laporan)))
    if laporan.kebutuhan:
        rows.append((say("laporan.hal.kebutuhan"), laporan.kebutuhan))
    return rows


__all__ = ["galeri_bulan", "ikhtisar", "peta_bulan", "satu"]
