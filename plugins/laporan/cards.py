"""How a report is shown: in one line, or as a card; with whom it lies and since when stands on both."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from bot import Context, Said, say

from .models import ANSWER, FINISH, GONE, OVER, PLAN, REFUSED, Foto, Jejak, Laporan, Siaga
from .places import Wilayah
from .rules import URGENT, USUAL, Aturan

SHORT = 90


def brief(ctx: Context, at: datetime) -> str:
    """A moment in few letters."""
    return f"{at.astimezone(ctx.zone):%d/%m %H.%M}"


def where(wilayah: Wilayah) -> object:
    """The district in words."""
    return str(wilayah) if wilayah else say("laporan.tanpa_wilayah")


def state(ctx: Context, laporan: Laporan) -> Said:
    """The state with whom and since when."""
    with_whom = say("laporan.pada", dengan=laporan.dengan) if laporan.dengan else ""
    return say(
        "laporan.keadaan",
        tanda=say(f"laporan.tanda.{colour(ctx, laporan)}"),
        status=say(f"laporan.status.{laporan.status}"),
        dengan=with_whom,
        sejak=brief(ctx, laporan.sejak),
    )


def line(ctx: Context, laporan: Laporan, files: str | Said) -> Said:
    """One line, for lists and groups. `files`: how many there are, in words."""
    return say(
        "laporan.baris",
        nomor=laporan.id,
        tingkat="" if laporan.tingkat == USUAL else say(f"laporan.tingkat.{laporan.tingkat}"),
        jenis=laporan.jenis.capitalize(),
        wilayah=where(laporan.wilayah),
        isi=laporan.isi.split("\n")[0][:SHORT],
        berkas=files,
        keadaan=state(ctx, laporan),
    )


def card(ctx: Context, laporan: Laporan, photos: Sequence[Foto] = ()) -> list[Said]:
    """Everything there is to know of a report."""
    by = ctx.people.called(laporan.pelapor)
    head = say(
        "laporan.kepala", nomor=laporan.id, jenis=laporan.jenis.capitalize(), pelapor=by, pada=brief(ctx, laporan.dibuat)
    )
    lines = [
        head,
        say("laporan.isi", isi=laporan.isi),
        say("laporan.di", wilayah=where(laporan.wilayah), lokasi=location(laporan)),
    ]
    if laporan.tingkat != USUAL:
        lines.append(say("laporan.bertingkat", tingkat=say(f"laporan.tingkat.{laporan.tingkat}")))
    if laporan.kejadian is not None:
        lines.append(say("laporan.kejadian", waktu=brief(ctx, laporan.kejadian)))
    if laporan.harm:
        lines.append(say("laporan.dampak", rincian=harm(laporan)))
    if laporan.kebutuhan:
        lines.append(say("laporan.kebutuhan", isi=laporan.kebutuhan))
    if photos:
        lines.append(say("laporan.berkas", jumlah=count(photos)))
    if laporan.rahasia:
        lines.append(say("laporan.rahasia"))
    return [*lines, state(ctx, laporan)]


def location(laporan: Laporan) -> object:
    """The place in words, with where it is known from."""
    if laporan.place is None:
        return f" · {laporan.tempat}" if laporan.tempat else ""
    at = f"{laporan.place[0]:.5f}, {laporan.place[1]:.5f}"
    return say("laporan.lokasi", nama=laporan.tempat, titik=at, sumber=say(f"laporan.sumber.{laporan.sumber}"))


def harm(laporan: Laporan) -> str:
    """What was harmed, in numbers."""
    return ", ".join(f"{number:g} {what}" for what, number in laporan.harm.items())


def count(photos: Sequence[Foto]) -> Said:
    """How many files there are, and of what kind."""
    pictures = sum(photo.jenis == "photo" or bool(photo.bagikan) for photo in photos if photo.status != REFUSED)
    others = sum(photo.status != REFUSED for photo in photos) - pictures
    if pictures and others:
        return say("laporan.foto_dan_berkas", foto=pictures, lain=others)
    if others:
        return say("laporan.n_berkas", jumlah=others)
    return say("laporan.n_foto", jumlah=pictures) if pictures else say("laporan.tanpa_foto")


def next_deadline(ctx: Context, laporan: Laporan) -> datetime | None:
    """When the next stage must be behind it; `ctx.work_calendar.loaded()` first."""
    if laporan.status in (*OVER, *GONE):
        return None
    return next((deadline(ctx, laporan, stage) for stage in (ANSWER, PLAN, FINISH) if not laporan.reached(stage)), None)


def deadline(ctx: Context, laporan: Laporan, stage: str) -> datetime:
    """When a stage must be behind it: so many working days after the clocks began."""
    aturan = ctx.options(Aturan)
    days = {ANSWER: aturan.tanggap_hari, PLAN: aturan.rencana_hari, FINISH: aturan.selesai_hari}[stage]
    return ctx.business_hours(Aturan).after(laporan.mulai, days * hours_a_day(aturan))


def hours_a_day(aturan: Aturan) -> float:
    """How long offices are open."""
    opens, closes = aturan.buka, aturan.tutup
    return (closes.hour - opens.hour) + (closes.minute - opens.minute) / 60


def colour(ctx: Context, laporan: Laporan) -> str:
    """Green; yellow when the next stage is due within a working day; red when it is late; grey when it is over."""
    until = next_deadline(ctx, laporan)
    if until is None:
        return "abu"
    if ctx.now >= until:
        return "merah"
    soon = ctx.business_hours(Aturan).after(ctx.now, hours_a_day(ctx.options(Aturan))) >= until
    return "kuning" if soon or laporan.tingkat == URGENT else "hijau"


async def history(ctx: Context, laporan: Laporan) -> list[Said]:
    """The steps it took, with who took them, and who has answered the alert."""
    steps = await ctx.all(select(Jejak).where(Jejak.laporan == laporan.id).order_by(col(Jejak.id)))
    lines = [
        say(
            "laporan.jejak",
            pada=brief(ctx, step.pada),
            status=say(f"laporan.status.{step.status}"),
            dengan=say("laporan.pada", dengan=step.dengan) if step.dengan else "",
            oleh=step.kapasitas or ctx.people.called(step.oleh),
            catatan=say("laporan.catatan", isi=step.catatan) if step.catatan else "",
        )
        for step in steps
    ]
    alerts = await ctx.all(select(Siaga).where(Siaga.laporan == laporan.id).order_by(col(Siaga.id)))
    return [*lines, *(alert_line(ctx, alert) for alert in alerts)]


def alert_line(ctx: Context, alert: Siaga) -> Said:
    """Whether somebody has answered the alert."""
    if alert.dijawab is None:
        return say("laporan.siaga_belum", siapa=ctx.people.called(alert.siapa))
    return say("laporan.siaga_sudah", siapa=ctx.people.called(alert.siapa), pada=brief(ctx, alert.dijawab))


def pictures(photos: Sequence[Foto]) -> list[Foto]:
    """The files that are pictures and lie here."""
    return [photo for photo in photos if photo.is_picture]
