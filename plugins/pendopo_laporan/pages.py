"""Dashboard pages of reports: the month on a map, the gallery, and one report in full."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from pendopo import CITY_OVERSIGHT, Context, Phrase, Resource, parse_row_number, phrase
from pendopo.pages import (
    Actions,
    Badge,
    Bar,
    Cell,
    Chart,
    DataTable,
    Field,
    Figure,
    Figures,
    Filters,
    Gallery,
    KeyValues,
    Link,
    News,
    Overview,
    Page,
    Part,
    Picture,
    Shape,
    ShapeMap,
    TextList,
    Tile,
    TileMap,
    Tone,
    Waiting,
    cut_words,
    next_month,
    parse_month,
)
from sqlalchemy import ColumnElement, case, func, true
from sqlmodel import col, or_, select

from pendopo_laporan import cards, transitions
from pendopo_laporan.cards import list_photos
from pendopo_laporan.models import AFTER, BEFORE, GONE, OPEN, OVER, Foto, FotoStatus, Laporan
from pendopo_laporan.places import TILES, load_borders, load_districts
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import check_access, penangan
from pendopo_laporan.settings import URGENT, USUAL, LaporanOptions

TONES: dict[str, Tone] = {"hijau": "good", "kuning": "warn", "merah": "bad", "abu": "quiet"}
LISTED = 20
"""Most reports of an overview."""
PICTURES = 15
"""Reports on one page of the gallery."""


def filter_visible(ctx: Context) -> ColumnElement[bool]:
    """The SQL condition for what this person may see: all but confidential reports of others."""
    if ctx.decide(CITY_OVERSIGHT, Resource("laporan")).allowed:
        return true()
    me = ctx.person.id
    lower = ctx.people.subordinates_of(ctx.person, ctx.now)
    below = [p.id for p in lower if ctx.decide("superior", Resource("laporan", owner=p.id)).allowed]
    concerns = or_(Laporan.pelapor == me, Laporan.pemegang == me, col(Laporan.pelapor).in_(below))
    return or_(col(Laporan.rahasia).is_(False), concerns)


class MonthFilter:
    """The month and the filters chosen on a page, and the SQL conditions for them."""

    def __init__(self, ctx: Context, bulan: str, kecamatan: str, jenis: str, status: str) -> None:
        self.first_day = parse_month(bulan, ctx.today)
        self.kecamatan = kecamatan if kecamatan in load_districts() else ""
        self.jenis = jenis if jenis in ctx.options(LaporanOptions).jenis else ""
        self.status = status if status in (*OPEN, *OVER) else ""
        begin, end = ctx.at(self.first_day), ctx.at(next_month(self.first_day))
        self.month_conditions: list[ColumnElement[bool]] = [
            col(Laporan.dibuat) >= begin,
            col(Laporan.dibuat) < end,
            col(Laporan.status).not_in(GONE),
            filter_visible(ctx),
        ]
        self.conditions = [*self.month_conditions]
        for column, value in ((Laporan.kecamatan, self.kecamatan), (Laporan.jenis, self.jenis), (Laporan.status, self.status)):
            if value:
                self.conditions.append(col(column) == value)

    def make_path(self, base: str, **other: str) -> str:
        """A link to a page with the same choice, changed by `other`."""
        chosen = {"bulan": f"{self.first_day:%Y-%m}", "kecamatan": self.kecamatan, "jenis": self.jenis, "status": self.status}
        return f"{base}?{urlencode({k: v for k, v in {**chosen, **other}.items() if v})}"

    def make_filters(self, ctx: Context) -> Filters:
        """The form with which month and filters are chosen."""
        every = ("", phrase("laporan.hal.semua"))
        states = [(state, phrase(f"laporan.status.{state}")) for state in (*OPEN, *OVER)]
        kinds = [(kind, kind.capitalize()) for kind in ctx.options(LaporanOptions).jenis]
        return Filters(
            [
                Field("bulan", phrase("laporan.hal.bulan"), f"{self.first_day:%Y-%m}", kind="month"),
                Field(
                    "kecamatan", phrase("laporan.hal.kecamatan"), self.kecamatan, [every, *((d, d) for d in load_districts())]
                ),
                Field("jenis", phrase("laporan.hal.jenis"), self.jenis, [every, *kinds]),
                Field("status", phrase("laporan.hal.status"), self.status, [every, *states]),
            ]
        )


@plugin.page("/laporan", title="laporan.hal.judul")
async def peta_bulan(ctx: Context, bulan: str = "", kecamatan: str = "", jenis: str = "", status: str = "") -> Page:
    """The reports of a month: figures, map, charts by day and kind, and the list."""
    chosen = MonthFilter(ctx, bulan, kecamatan, jenis, status)
    await ctx.work_calendar.ensure_loaded()
    states = dict(await ctx.rows(_select_counts(Laporan.status, chosen.conditions)))
    open_ = sum(count for state, count in states.items() if state in OPEN)
    figures = Figures(
        [
            Figure(phrase("laporan.hal.jumlah"), sum(states.values())),
            Figure(phrase("laporan.hal.terbuka"), open_, "warn" if open_ else "good"),
            Figure(phrase("laporan.hal.selesai"), sum(count for state, count in states.items() if state in OVER), "good"),
        ]
    )
    ways = TextList([Link(phrase("laporan.hal.ke_galeri"), chosen.make_path("/laporan/galeri"))])
    parts: list[Part] = [
        chosen.make_filters(ctx),
        figures,
        ways,
        await _make_map(ctx, chosen),
        await _make_daily_chart(ctx, chosen),
    ]
    parts += [await _make_kind_chart(ctx, chosen), await _make_table(ctx, chosen)]
    return Page(phrase("laporan.hal.judul"), parts, lead=phrase("laporan.hal.isi"))


def _select_counts(column: object, within: Sequence[ColumnElement[bool]]):  # type: ignore[no-untyped-def]  # a type of SQLModel's own
    return select(column, func.count()).select_from(Laporan).where(*within).group_by(column)  # type: ignore[call-overload]


async def _make_map(ctx: Context, chosen: MonthFilter) -> TileMap | ShapeMap:
    """Reports by district, whichever district is chosen."""
    within = [*chosen.month_conditions]
    if chosen.jenis:
        within.append(col(Laporan.jenis) == chosen.jenis)
    found = dict(await ctx.rows(_select_counts(Laporan.kecamatan, within)))
    title, unit, file = phrase("laporan.hal.peta"), phrase("laporan.hal.satuan"), ctx.options(LaporanOptions).batas
    if file:
        known = (await ctx.run_in_thread(lambda: load_borders(file))).items()
        shapes = [Shape(n, rings, found.get(n, 0), chosen.make_path("/laporan", kecamatan=n)) for n, rings in known]
        return ShapeMap(shapes, title, unit)
    tiles = [Tile(n, r, c, found.get(n, 0), chosen.make_path("/laporan", kecamatan=n)) for n, (r, c) in TILES.items()]
    return TileMap(tiles, title, unit)


async def _make_daily_chart(ctx: Context, chosen: MonthFilter) -> Chart:
    """Reports by day, in local time."""
    days = [
        chosen.first_day + timedelta(days=number) for number in range((next_month(chosen.first_day) - chosen.first_day).days)
    ]
    ends = [ctx.at(day + timedelta(days=1)) for day in days[:-1]]
    of_day = case(*((col(Laporan.dibuat) < end, number) for number, end in enumerate(ends)), else_=len(ends))
    counted = {days[number]: count for number, count in await ctx.rows(_select_counts(of_day, chosen.conditions))}
    return Chart(
        [Bar(f"{day.day}/{day.month}", counted.get(day, 0)) for day in days], phrase("laporan.hal.harian"), upright=True
    )


async def _make_kind_chart(ctx: Context, chosen: MonthFilter) -> Chart:
    found = sorted(await ctx.rows(_select_counts(Laporan.jenis, chosen.conditions)), key=lambda each: -each[1])[:12]
    bars = [Bar(kind.capitalize(), count, path=chosen.make_path("/laporan", jenis=kind)) for kind, count in found]
    return Chart(bars, title=phrase("laporan.hal.per_jenis"))


async def _make_table(ctx: Context, chosen: MonthFilter) -> DataTable:
    within = [*chosen.conditions]
    if (before := parse_row_number(ctx.view.after)) is not None:
        within.append(col(Laporan.id) < before)
    query = select(Laporan).where(*within).order_by(col(Laporan.id).desc()).limit(ctx.view.limit + 1)
    found = await ctx.all(query)
    shown, more = found[: ctx.view.limit], len(found) > ctx.view.limit
    head = [phrase(f"laporan.hal.{n}") for n in ("nomor", "waktu", "jenis", "wilayah", "uraian", "status", "dengan", "pelapor")]
    after = str(shown[-1].id) if more else ""
    return DataTable(head, [_make_row(ctx, row) for row in shown], phrase("laporan.hal.daftar"), name="laporan", next=after)


def _make_row(ctx: Context, laporan: Laporan) -> list[Cell]:
    number = Link(f"#{laporan.id}", f"/laporan/{laporan.id}")
    at = laporan.dibuat.astimezone(ctx.zone)
    words = cut_words(laporan.isi, 160)
    where = str(laporan.wilayah) if laporan.wilayah else "–"
    who = ctx.people.get_name(laporan.pelapor)
    return [number, at, laporan.jenis.capitalize(), where, words, make_badge(ctx, laporan), laporan.dengan or "–", who]


def make_badge(ctx: Context, laporan: Laporan) -> Badge:
    """The state, coloured by its deadline. Call `ctx.work_calendar.ensure_loaded()` first."""
    return Badge(phrase(f"laporan.status.{laporan.status}"), TONES[cards.get_colour(ctx, laporan)])


@plugin.page("/laporan/galeri", menu="")
async def galeri_bulan(ctx: Context, bulan: str = "", kecamatan: str = "", jenis: str = "", status: str = "") -> Page:
    """The photos of a month: of each report the first, beside the last one from after the work."""
    chosen = MonthFilter(ctx, bulan, kecamatan, jenis, status)
    await ctx.work_calendar.ensure_loaded()
    within = [*chosen.conditions, col(Laporan.rahasia).is_(False)]
    if (before := parse_row_number(ctx.view.after)) is not None:
        within.append(col(Laporan.id) < before)
    shown_some = (
        select(Foto.laporan).where(Foto.laporan == Laporan.id, Foto.status == FotoStatus.KEPT, Foto.mini != "").exists()
    )
    query = select(Laporan).where(*within, shown_some).order_by(col(Laporan.id).desc()).limit(PICTURES + 1)
    found = await ctx.all(query)
    shown, more = found[:PICTURES], len(found) > PICTURES
    kept = select(Foto).where(col(Foto.laporan).in_([row.id for row in shown]), Foto.status == FotoStatus.KEPT, Foto.mini != "")
    files = await ctx.all(kept.order_by(col(Foto.id)).limit(PICTURES * 10)) if shown else []
    pictures = [_make_picture(ctx, row, [foto for foto in files if foto.laporan == row.id]) for row in shown]
    after = str(shown[-1].id) if more else ""
    gallery = Gallery([p for p in pictures if p is not None], empty=phrase("laporan.hal.tanpa_foto"), next=after)
    crumb = Link(phrase("laporan.hal.judul"), chosen.make_path("/laporan"))
    return Page(phrase("laporan.hal.galeri"), [chosen.make_filters(ctx), gallery], back_link=crumb)


def _make_picture(ctx: Context, laporan: Laporan, files: Sequence[Foto]) -> Picture | None:
    before = next((foto for foto in files if foto.kapan == BEFORE), None) or next(iter(files), None)
    after = next((foto for foto in reversed(files) if foto.kapan == AFTER), None)
    if before is None:
        return None
    later = after if after is not None and after.id != before.id else None
    return Picture(
        before.bagikan,
        before.mini,
        phrase("laporan.hal.foto", nomor=laporan.id, jenis=laporan.jenis.capitalize()),
        [str(laporan.wilayah) if laporan.wilayah else "–", cut_words(laporan.isi, 90)],
        f"/laporan/{laporan.id}",
        make_badge(ctx, laporan),
        later.bagikan if later else "",
        later.mini if later else "",
    )


@plugin.page("/laporan/{laporan_id}", policy="melihat", menu="")
async def satu(ctx: Context, laporan_id: int) -> Page:
    """One report in full, with its photos and history."""
    laporan, files = await ctx.get(Laporan, laporan_id), await list_photos(ctx, laporan_id)
    await ctx.work_calendar.ensure_loaded()
    if laporan.rahasia:
        ctx.audit("laporan.lihat_rahasia", f"laporan/{laporan_id}")
    parts: list[Part] = [KeyValues(_make_facts(ctx, laporan))]
    if laporan.status in OPEN and (await penangan(ctx, laporan_id)).allowed:
        parts.append(Actions(transitions.make_buttons(laporan, ctx.person)))
    for when in (BEFORE, AFTER):
        of = [foto for foto in cards.select_pictures(files) if foto.kapan == when]
        pictures = [
            Picture(f.bagikan, f.mini, phrase("laporan.hal.diterima", pada=cards.format_moment(ctx, f.diterima))) for f in of
        ]
        if pictures:
            parts.append(Gallery(pictures, title=phrase(f"laporan.hal.{when}")))
    parts.append(TextList(await cards.format_history(ctx, laporan), title=phrase("laporan.hal.jejak")))
    title = phrase("laporan.hal.foto", nomor=laporan_id, jenis=laporan.jenis.capitalize())
    return Page(title, parts, lead=laporan.isi, back_link=Link(phrase("laporan.hal.judul"), "/laporan"))


def _make_facts(ctx: Context, laporan: Laporan) -> list[tuple[Phrase | str, Cell]]:
    rows: list[tuple[Phrase | str, Cell]] = [
        (phrase("laporan.hal.status"), make_badge(ctx, laporan)),
        (phrase("laporan.hal.dengan"), laporan.dengan or "–"),
        (phrase("laporan.hal.waktu"), laporan.dibuat.astimezone(ctx.zone)),
        (phrase("laporan.hal.pelapor"), ctx.people.get_name(laporan.pelapor)),
        (phrase("laporan.hal.wilayah"), str(laporan.wilayah) if laporan.wilayah else "–"),
    ]
    if laporan.place is not None or laporan.tempat:
        at = f"{laporan.place[0]:.5f}, {laporan.place[1]:.5f}" if laporan.place else ""
        rows.append((phrase("laporan.hal.lokasi"), " · ".join(filter(None, (laporan.tempat, at)))))
    if laporan.tingkat != USUAL:
        rows.append((phrase("laporan.hal.tingkat"), Badge(phrase(f"laporan.hal.tingkat_{laporan.tingkat}"), "bad")))
    if laporan.harm:
        rows.append((phrase("laporan.hal.dampak"), cards.format_harm(laporan)))
    if laporan.kebutuhan:
        rows.append((phrase("laporan.hal.kebutuhan"), laporan.kebutuhan))
    return rows


@plugin.overview()
async def ikhtisar(ctx: Context, sejak: datetime) -> Overview:
    """Reports that wait for me, new urgent ones, and how many are open."""
    await ctx.work_calendar.ensure_loaded()
    mine = (Laporan.pemegang == ctx.person.id, col(Laporan.status).in_(OPEN))
    lying = await ctx.all(select(Laporan).where(*mine).order_by(col(Laporan.mulai)).limit(LISTED))
    waits = [
        Waiting(
            f"laporan/{row.id}",
            phrase("laporan.tunggu_tindakan", nomor=row.id, jenis=row.jenis.capitalize(), isi=cut_words(row.isi, 80)),
            cards.get_next_deadline(ctx, row),
            f"/laporan/{row.id}",
            row.tingkat == URGENT,
        )
        for row in lying
    ]
    recent = (col(Laporan.dibuat) > sejak, Laporan.tingkat == URGENT)
    urgent = await ctx.all(select(Laporan).where(*recent).order_by(col(Laporan.dibuat).desc()).limit(LISTED))
    news = [
        News(
            phrase("laporan.kabar_darurat", nomor=row.id, jenis=row.jenis.capitalize(), isi=cut_words(row.isi, 80)),
            row.dibuat,
            f"/laporan/{row.id}",
            True,
        )
        for row in urgent
        if check_access(ctx, row).allowed
    ]
    counted = select(func.count()).select_from(Laporan).where(col(Laporan.status).in_(OPEN), filter_visible(ctx))
    figure = Figure(phrase("laporan.hal.terbuka"), (await ctx.rows(counted))[0], path="/laporan")
    return Overview(waits, news, [figure])
