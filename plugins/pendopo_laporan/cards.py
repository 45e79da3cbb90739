"""Lines, cards and history of a report; each shows who holds it and since when."""

from collections.abc import Sequence
from datetime import datetime

from pendopo import Context, Phrase, phrase
from sqlmodel import col, select

from pendopo_laporan.models import ANSWER, FINISH, GONE, OVER, PLAN, Foto, FotoStatus, Jejak, Laporan, Siaga
from pendopo_laporan.places import District
from pendopo_laporan.settings import URGENT, USUAL, LaporanOptions

SHORT = 90
"""Characters of a report's text in one line."""


def format_moment(ctx: Context, at: datetime) -> str:
    """A moment as `dd/mm HH.MM`, local time."""
    return f"{at.astimezone(ctx.zone):%d/%m %H.%M}"


def format_district(wilayah: District) -> object:
    """The district in words."""
    return str(wilayah) if wilayah else phrase("laporan.tanpa_wilayah")


def format_state(ctx: Context, laporan: Laporan) -> Phrase:
    """The state, the holder, and since when."""
    with_whom = phrase("laporan.pada", dengan=laporan.dengan) if laporan.dengan else ""
    return phrase(
        "laporan.keadaan",
        tanda=phrase(f"laporan.tanda.{get_colour(ctx, laporan)}"),
        status=phrase(f"laporan.status.{laporan.status}"),
        dengan=with_whom,
        sejak=format_moment(ctx, laporan.sejak),
    )


def format_line(ctx: Context, laporan: Laporan, files: str | Phrase) -> Phrase:
    """One line, for lists and groups; `files` is their number in words."""
    return phrase(
        "laporan.baris",
        nomor=laporan.id,
        tingkat="" if laporan.tingkat == USUAL else phrase(f"laporan.tingkat.{laporan.tingkat}"),
        jenis=laporan.jenis.capitalize(),
        wilayah=format_district(laporan.wilayah),
        isi=laporan.isi.split("\n")[0][:SHORT],
        berkas=files,
        keadaan=format_state(ctx, laporan),
    )


def format_card(ctx: Context, laporan: Laporan, photos: Sequence[Foto] = ()) -> list[Phrase]:
    """The full card."""
    by = ctx.people.get_name(laporan.pelapor)
    head = phrase(
        "laporan.kepala",
        nomor=laporan.id,
        jenis=laporan.jenis.capitalize(),
        pelapor=by,
        pada=format_moment(ctx, laporan.dibuat),
    )
    lines = [
        head,
        phrase("laporan.isi", isi=laporan.isi),
        phrase("laporan.di", wilayah=format_district(laporan.wilayah), lokasi=format_location(laporan)),
    ]
    if laporan.tingkat != USUAL:
        lines.append(phrase("laporan.bertingkat", tingkat=phrase(f"laporan.tingkat.{laporan.tingkat}")))
    if laporan.kejadian is not None:
        lines.append(phrase("laporan.kejadian", waktu=format_moment(ctx, laporan.kejadian)))
    if laporan.harm:
        lines.append(phrase("laporan.dampak", rincian=format_harm(laporan)))
    if laporan.kebutuhan:
        lines.append(phrase("laporan.kebutuhan", isi=laporan.kebutuhan))
    if any(is_held(photo) for photo in photos):
        lines.append(phrase("laporan.berkas", jumlah=format_count(photos)))
    if laporan.rahasia:
        lines.append(phrase("laporan.rahasia"))
    return [*lines, format_state(ctx, laporan)]


def format_location(laporan: Laporan) -> object:
    """The place, with its coordinates and their source."""
    if laporan.place is None:
        return f" · {laporan.tempat}" if laporan.tempat else ""
    at = f"{laporan.place[0]:.5f}, {laporan.place[1]:.5f}"
    return phrase("laporan.lokasi", nama=laporan.tempat, titik=at, sumber=phrase(f"laporan.sumber.{laporan.sumber}"))


def format_harm(laporan: Laporan) -> str:
    """The harm, in numbers."""
    return ", ".join(f"{number:g} {what}" for what, number in laporan.harm.items())


def is_held(photo: Foto) -> bool:
    """Whether a file is on its way or kept, neither refused nor erased."""
    return photo.status == FotoStatus.COMING or (photo.status == FotoStatus.KEPT and bool(photo.asli))


def format_count(photos: Sequence[Foto]) -> Phrase:
    """The number of photos and of other files; refused and erased ones count no more."""
    held = [photo for photo in photos if is_held(photo)]
    pictures = sum(photo.jenis == "photo" or bool(photo.bagikan) for photo in held)
    others = len(held) - pictures
    if pictures and others:
        return phrase("laporan.foto_dan_berkas", foto=pictures, lain=others)
    if others:
        return phrase("laporan.n_berkas", jumlah=others)
    return phrase("laporan.n_foto", jumlah=pictures) if pictures else phrase("laporan.tanpa_foto")


def get_next_deadline(ctx: Context, laporan: Laporan) -> datetime | None:
    """The deadline of the next stage, None when it is over. Call `ctx.work_calendar.ensure_loaded()` first."""
    if laporan.status in (*OVER, *GONE):
        return None
    return next((get_deadline(ctx, laporan, stage) for stage in (ANSWER, PLAN, FINISH) if not laporan.has_reached(stage)), None)


def get_deadline(ctx: Context, laporan: Laporan, stage: str) -> datetime:
    """The deadline of a stage, in working days from `laporan.mulai`."""
    options = ctx.options(LaporanOptions)
    days = {ANSWER: options.tanggap_hari, PLAN: options.rencana_hari, FINISH: options.selesai_hari}[stage]
    return ctx.business_hours(LaporanOptions).add_hours(laporan.mulai, days * hours_a_day(options))


def hours_a_day(options: LaporanOptions) -> float:
    """Office hours per day."""
    opens, closes = options.buka, options.tutup
    return (closes.hour - opens.hour) + (closes.minute - opens.minute) / 60


def get_colour(ctx: Context, laporan: Laporan) -> str:
    """Green; yellow when urgent or due within a working day; red when late; grey when over."""
    until = get_next_deadline(ctx, laporan)
    if until is None:
        return "abu"
    if ctx.now >= until:
        return "merah"
    soon = ctx.business_hours(LaporanOptions).add_hours(ctx.now, hours_a_day(ctx.options(LaporanOptions))) >= until
    return "kuning" if soon or laporan.tingkat == URGENT else "hijau"


async def format_history(ctx: Context, laporan: Laporan) -> list[Phrase]:
    """The steps with those who took them, and the alerts with their answers."""
    steps = await ctx.all(select(Jejak).where(Jejak.laporan == laporan.id).order_by(col(Jejak.id)))
    lines = [
        phrase(
            "laporan.jejak",
            pada=format_moment(ctx, step.pada),
            status=phrase(f"laporan.status.{step.status}"),
            dengan=phrase("laporan.pada", dengan=step.dengan) if step.dengan else "",
            oleh=step.kapasitas or ctx.people.get_name(step.oleh),
            catatan=phrase("laporan.catatan", isi=step.catatan) if step.catatan else "",
        )
        for step in steps
    ]
    alerts = await ctx.all(select(Siaga).where(Siaga.laporan == laporan.id).order_by(col(Siaga.id)))
    return [*lines, *(format_alert(ctx, alert) for alert in alerts)]


def format_alert(ctx: Context, alert: Siaga) -> Phrase:
    """One alert, and when it was answered."""
    if alert.dijawab is None:
        return phrase("laporan.siaga_belum", siapa=ctx.people.get_name(alert.siapa))
    return phrase("laporan.siaga_sudah", siapa=ctx.people.get_name(alert.siapa), pada=format_moment(ctx, alert.dijawab))


def select_pictures(photos: Sequence[Foto]) -> list[Foto]:
    """The files that are stored pictures."""
    return [photo for photo in photos if photo.is_picture]


async def list_photos(ctx: Context, laporan_id: int) -> Sequence[Foto]:
    """The files of a report, in the order they came."""
    return await ctx.all(select(Foto).where(Foto.laporan == laporan_id).order_by(col(Foto.id)))
