"""Documents of izin: a draft letter, a calendar entry, and recaps, whose numbers all come from one query."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Literal

from pendopo import CITY_OVERSIGHT, Button, Context, DateRange, Day, Prompt, Resource, UserError, phrase
from pendopo.paper import Appointment, Paper, Sheet, make_ics, name_zones
from sqlmodel import col, select

from pendopo_izin.leave.letter import describe_staff, make_leave_letter
from pendopo_izin.models import AWAY, Izin, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import SEEING
from pendopo_izin.settings import Letter, get_kind

Number = Annotated[int, Prompt("izin.tanya.nomor")]
MOST = 5000
"""Most izin of one recap."""


def make_buttons(ctx: Context, izin: Izin) -> list[Button]:
    """The buttons for documents of an approved izin."""
    asker = ctx.people.find_person(izin.pemohon)
    kind = get_kind(ctx, izin)
    label = "izin.tombol.surat_cuti" if kind.surat == Letter.LEAVE else "izin.tombol.surat" if kind.laporan else ""
    paper = [Button(label, surat, izin.id, allowed=asker, reusable=True)] if label else []
    return [*paper, Button("izin.tombol.kalender", kalender, izin.id, allowed=asker, reusable=True)]


@plugin.command("izin surat", policy="melihat", examples=["/izin surat 27"])
async def surat(ctx: Context, izin_id: Number) -> None:
    """Make the draft of a letter (PDF) for an approved izin: of assignment, or the one that grants leave."""
    izin = await ctx.get(Izin, izin_id)
    kind = get_kind(ctx, izin)
    if izin.status not in (*AWAY, Status.DONE):
        raise UserError("izin.belum_disetujui", nomor=izin_id)
    if kind.surat == Letter.NONE or (kind.surat == Letter.LEAVE and izin.hari <= kind.otomatis_hari):
        raise UserError("izin.tanpa_surat", nomor=izin_id)
    make = await (make_leave_letter if kind.surat == Letter.LEAVE else _make_assignment)(ctx, izin)
    file = await ctx.files.make_document(f"surat-izin-{izin_id}.pdf", await asyncio.to_thread(make), Paper.MIME)
    said = "izin.surat.ini_cuti" if kind.surat == Letter.LEAVE else "izin.surat.ini"
    await ctx.reply(said, nomor=izin_id, document=file)


async def _make_assignment(ctx: Context, izin: Izin) -> Callable[[], bytes]:
    """Collects what a letter of assignment says; the function that is returned draws it, in a thread."""
    asker, unit = ctx.people.get_person(izin.pemohon), ctx.people.units.get(izin.unit)
    above = ctx.people.superior_of(asker, ctx.now)
    words = partial(ctx.translate, locale="id")  # a letter is in the official language, in whatever language the bot is asked
    facts = [
        (words("izin.surat.dasar_tugas"), "……………"),
        *describe_staff(ctx, asker),
        (words("izin.surat.untuk"), izin.keperluan),
        (words("izin.surat.waktu"), words("izin.surat.saat", waktu=izin.time)),
    ]

    def make() -> bytes:
        paper = Paper(words("izin.surat.judul"), [unit.name] if unit else [], ctx.now.astimezone(ctx.zone))
        paper.add_paragraph(words("izin.surat.nomor", nomor=izin.id))
        paper.add_facts(facts)
        paper.add_signatures([[above.title or above.name, above.name]] if above else [])
        paper.add_note(words("izin.surat.catatan", nomor=izin.id))
        return paper.to_bytes()

    return make


@plugin.command("izin kalender", policy="melihat", examples=["/izin kalender 27"])
async def kalender(ctx: Context, izin_id: Number) -> None:
    """Make an entry for a calendar (ICS)."""
    izin = await ctx.get(Izin, izin_id)
    first, last = izin.get_days(ctx.zone)
    whole = izin.is_whole_days
    entry = Appointment(
        uid=ctx.make_world_id(f"izin-{izin_id}", izin.dibuat),
        title=izin.keperluan,
        start=first if whole else izin.mulai.astimezone(ctx.zone),
        end=last + timedelta(days=1) if whole else izin.selesai.astimezone(ctx.zone),
        made_at=ctx.now,
        sequence=izin.version,
        cancelled=izin.status not in (*AWAY, Status.DONE),
    )
    file = await ctx.files.make_document(f"izin-{izin_id}.ics", make_ics([entry]), "text/calendar")
    await ctx.reply("izin.kalender_ini", nomor=izin_id, document=file)


@plugin.command("rekap izin", policy="perekap", examples=["/rekap izin bulan ini", "/rekap izin Agustus excel"])
async def rekap(ctx: Context, waktu: Day | DateRange | None = None, bentuk: Literal["teks", "excel", "pdf"] = "teks") -> None:
    """Count the izin of a period by unit, as text, Excel or PDF."""
    days = waktu or DateRange.month_of(ctx.today)
    found = await _list_in_period(ctx, days)
    if bentuk == "teks":
        lines = [
            phrase("izin.rekap_baris", unit=unit, jumlah=count, hari=days_)
            for unit, count, days_, _ in _summarise_units(ctx, days, found)
        ]
        await ctx.reply(phrase("izin.rekap_judul", waktu=days), *(lines or [phrase("izin.rekap_kosong")]))
        return
    make = _render_excel if bentuk == "excel" else _render_pdf
    name, mime = (f"rekap-izin.{'xlsx' if bentuk == 'excel' else 'pdf'}", Sheet.MIME if bentuk == "excel" else Paper.MIME)
    data = await asyncio.to_thread(make, ctx, days, found)
    ctx.audit("izin.ekspor", "rekap", bentuk=bentuk, jumlah=len(found))
    await ctx.reply("izin.rekap_ini", waktu=days, document=await ctx.files.make_document(name, data, mime))


async def _list_in_period(ctx: Context, days: Day | DateRange) -> Sequence[Izin]:
    """The izin of a period that this person may see: the one query behind every recap."""
    begin, end = days.bounds(ctx.zone)
    within = (Izin.mulai < end, Izin.selesai > begin, Izin.status != Status.DRAFT)
    found = await ctx.all(select(Izin).where(*within).order_by(col(Izin.unit), col(Izin.mulai)).limit(MOST))
    if ctx.decide(CITY_OVERSIGHT, Resource("rekap")).allowed:
        return found
    return [izin for izin in found if ctx.decide(SEEING, Resource("rekap", unit=izin.unit)).allowed]


def _summarise_units(ctx: Context, days: Day | DateRange, found: Sequence[Izin]) -> list[tuple[str, int, int, int]]:
    """Per unit: name, count, approved days in the period, each of a person once, and count of approved ones."""
    counted: dict[str, list[Izin]] = {}
    for izin in found:
        counted.setdefault(izin.unit, []).append(izin)
    away = {code: {day for izin in of for day in _list_days(ctx, days, izin)} for code, of in counted.items()}
    return [(_get_unit_name(ctx, code), len(of), len(away[code]), sum(map(_is_granted, of))) for code, of in counted.items()]


def _list_days(ctx: Context, days: Day | DateRange, izin: Izin) -> Iterator[tuple[int, date]]:
    """The days of a granted izin within a period, each with its person."""
    begin, end = days.bounds(ctx.zone)
    first = max(izin.mulai, begin).astimezone(ctx.zone).date()
    last = (min(izin.away_until, end) - timedelta(microseconds=1)).astimezone(ctx.zone).date()
    return ((izin.pemohon, first + timedelta(days=n)) for n in range((last - first).days + 1 if _is_granted(izin) else 0))


def _is_granted(izin: Izin) -> bool:
    return izin.status in (*AWAY, Status.DONE) or izin.kembali is not None


def _get_unit_name(ctx: Context, code: str) -> str:
    unit = ctx.people.units.get(code)
    return unit.name if unit else "–"


def _make_rows(ctx: Context, found: Sequence[Izin]) -> list[list[object]]:
    return [
        [
            izin.id,
            _get_unit_name(ctx, izin.unit),
            who.name if (who := ctx.people.find_person(izin.pemohon)) else "–",
            izin.jenis,
            ctx.translate("izin.berhalangan") if get_kind(ctx, izin).rahasia else izin.keperluan,
            *izin.get_bounds(ctx.zone),
            izin.hari,
            ctx.translate(f"izin.status.{izin.status}"),
        ]
        for izin in found
    ]


def _make_head(ctx: Context) -> list[str]:
    return [
        ctx.translate(f"izin.kolom.{name}")
        for name in ("nomor", "unit", "nama", "jenis", "keperluan", "mulai", "selesai", "hari", "status")
    ]


def _render_excel(ctx: Context, days: Day | DateRange, found: Sequence[Izin]) -> bytes:
    sheet = Sheet()
    head = [ctx.translate(f"izin.kolom.{name}") for name in ("unit", "jumlah", "hari", "disetujui")]
    sheet.add_page(ctx.translate("izin.kolom.rekap"), head, [list(row) for row in _summarise_units(ctx, days, found)])
    sheet.add_page(ctx.translate("izin.kolom.rincian"), _make_head(ctx), _make_rows(ctx, found))
    return sheet.to_bytes()


def _render_pdf(ctx: Context, days: Day | DateRange, found: Sequence[Izin]) -> bytes:
    paper = Paper(ctx.translate("izin.rekap_judul", waktu=days), made_at=ctx.now.astimezone(ctx.zone))
    head = [ctx.translate(f"izin.kolom.{name}") for name in ("unit", "jumlah", "hari", "disetujui")]
    paper.add_table(head, [[str(cell) for cell in row] for row in _summarise_units(ctx, days, found)])
    chosen = (0, 2, 3, 5, 6, 8)
    rows = [[row[n] for n in chosen] for row in _make_rows(ctx, found)]
    heads = name_zones([_make_head(ctx)[n] for n in chosen], rows)
    paper.add_table(heads, [list(map(_format_cell, row)) for row in rows], widths=(8, 24, 14, 20, 20, 14))
    return paper.to_bytes()


def _format_cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H.%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
