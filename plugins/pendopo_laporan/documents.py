"""Recaps of reports by district, as text, Excel or PDF; all numbers come from one query."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from pendopo import CITY_OVERSIGHT, Context, DateRange, Day, Resource, RestOfText, phrase
from pendopo.paper import Paper, Sheet, name_zones

from pendopo_laporan.lists import list_reports
from pendopo_laporan.models import GONE, OPEN, Laporan, Status
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import SEEING

_FORM = re.compile(r"\b(excel|xlsx|pdf)\b", re.IGNORECASE)
COLUMNS = ("wilayah", "jumlah", "selesai", "terbuka", "terlambat", "kegiatan", "rata_hari")
"""Columns of the recap; the names are keys of the catalogue, as in `DETAILS`."""
DETAILS = (
    "nomor",
    "tanggal",
    "kecamatan",
    "kelurahan",
    "jenis",
    "tingkat",
    "isi",
    "status",
    "dengan",
    "sejak",
    "terlambat",
    "pelapor",
)


@plugin.command(
    "rekap laporan", policy="perekap", examples=["/rekap laporan bulan ini", "/rekap laporan Coblong Agustus excel"]
)
async def rekap(ctx: Context, waktu: Day | DateRange | None = None, apa: RestOfText = "") -> None:
    """Count reports of a period by district, or by kelurahan in one; as text, Excel or PDF."""
    form, words, days = _FORM.search(apa), _FORM.sub("", apa).strip(" ,."), waktu or DateRange.month_of(ctx.today)
    found = [row for row in await list_reports(ctx, days, words) if row.status not in GONE and _is_countable(ctx, row)]
    title = phrase("laporan.rekap_judul", waktu=days, apa=words or ctx.translate("laporan.semua"))
    if form is None:
        lines = [phrase("laporan.rekap_baris", **dict(zip(COLUMNS, row, strict=True))) for row in _count_by_district(found)]
        await ctx.reply(title, *(lines or [phrase("laporan.rekap_kosong")]))
        return
    excel = form[1].lower() != "pdf"
    name, mime = ("rekap-laporan.xlsx", Sheet.MIME) if excel else ("rekap-laporan.pdf", Paper.MIME)
    data = await (_render_excel(ctx, found) if excel else _render_pdf(ctx, ctx.translate(title), found))
    ctx.audit("laporan.ekspor", "rekap", bentuk="excel" if excel else "pdf", jumlah=len(found))
    await ctx.reply("laporan.rekap_ini", waktu=days, document=await ctx.files.make_document(name, data, mime))


def _make_heads(ctx: Context) -> list[list[str]]:
    return [[ctx.translate(f"laporan.kolom.{column}") for column in columns] for columns in (COLUMNS, DETAILS)]


def _is_countable(ctx: Context, laporan: Laporan) -> bool:
    """Whether a recap of this person counts it: with city oversight all, else those of their unit."""
    if ctx.decide(CITY_OVERSIGHT, Resource("rekap")).allowed:
        return True
    return ctx.decide(SEEING, Resource("rekap", unit=laporan.unit)).allowed


def _count_by_district(found: Sequence[Laporan]) -> list[tuple[object, ...]]:
    """Rows of `COLUMNS`: by kecamatan, or by kelurahan when all reports are in one kecamatan."""
    single = len({row.kecamatan for row in found}) == 1
    groups: dict[str, list[Laporan]] = {}
    for row in found:
        groups.setdefault((row.kelurahan if single else row.kecamatan) or "–", []).append(row)
    return [(name, *_compute_figures(rows)) for name, rows in sorted(groups.items())]


def _compute_figures(rows: Sequence[Laporan]) -> tuple[object, ...]:
    states = Counter(row.status for row in rows)
    took = [(row.selesai - row.dibuat) / timedelta(days=1) for row in rows if row.selesai is not None]
    mean = round(sum(took) / len(took), 1) if took else 0
    late = sum(bool(row.telat) for row in rows)
    return (
        len(rows),
        states[Status.DONE] + states[Status.RATED],
        sum(states[state] for state in OPEN),
        late,
        states[Status.NOTED],
        mean,
    )


def _make_rows(ctx: Context, found: Sequence[Laporan]) -> list[list[object]]:
    return [
        [
            row.id,
            row.dibuat.astimezone(ctx.zone),
            row.kecamatan,
            row.kelurahan,
            row.jenis,
            row.tingkat,
            ctx.translate("laporan.tertutup") if row.rahasia else row.isi,
            ctx.translate(f"laporan.status.{row.status}"),
            row.dengan,
            row.sejak.astimezone(ctx.zone),
            row.telat,
            ctx.people.get_name(row.pelapor),
        ]
        for row in found
    ]


async def _render_excel(ctx: Context, found: Sequence[Laporan]) -> bytes:
    heads, counted, details = _make_heads(ctx), _count_by_district(found), _make_rows(ctx, found)
    pages = (ctx.translate("laporan.kolom.rekap"), ctx.translate("laporan.kolom.rincian"))

    def make() -> bytes:
        sheet = Sheet()
        sheet.add_page(pages[0], heads[0], counted)
        sheet.add_page(pages[1], heads[1], details)
        return sheet.to_bytes()

    return await ctx.run_in_thread(make)


async def _render_pdf(ctx: Context, title: str, found: Sequence[Laporan]) -> bytes:
    heads, counted, details = _make_heads(ctx), _count_by_district(found), _make_rows(ctx, found)
    made_at, columns = ctx.now.astimezone(ctx.zone), (0, 1, 3, 4, 6, 7, 8)

    def make() -> bytes:
        paper = Paper(title, made_at=made_at)
        paper.add_table(heads[0], [[str(cell) for cell in row] for row in counted])
        rows = [[row[column] for column in columns] for row in details]
        head = name_zones([heads[1][column] for column in columns], rows)
        paper.add_table(head, [list(map(_format_cell, row)) for row in rows], widths=(8, 16, 14, 13, 25, 12, 12))
        return paper.to_bytes()

    return await ctx.run_in_thread(make)


def _format_cell(value: object) -> str:
    return f"{value:%d/%m/%Y %H.%M}" if isinstance(value, datetime) else str(value)
