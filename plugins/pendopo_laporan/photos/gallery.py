"""The gallery: photos before and after the work, and all of one report as an archive."""

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pendopo import Context, DateRange, Day, Document, Prompt, RestOfText, UserError, parse_row_number, phrase
from sqlmodel import col, select

from pendopo_laporan import cards
from pendopo_laporan.cards import list_photos
from pendopo_laporan.lists import list_reports
from pendopo_laporan.models import AFTER, BEFORE, Foto, FotoStatus, Laporan
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import check_access

Number = Annotated[int, Prompt("laporan.tanya.nomor")]
MANY = 9
"""Photos of a collage of many reports."""


@plugin.command("galeri", examples=["/galeri 311", "/galeri Dago minggu ini", "/galeri banjir bulan ini"])
async def galeri(ctx: Context, waktu: Day | DateRange | None = None, apa: RestOfText = "") -> None:
    """Show photos of one report, or the newest of a period, a district or a kind."""
    if (number := parse_row_number(apa)) is not None:
        await _show_report(ctx, number)
        return
    days = waktu or DateRange.month_of(ctx.today)
    found = [row for row in await list_reports(ctx, days, apa) if not row.rahasia]
    newest = [row.id for row in found][:60]
    kept = select(Foto).where(col(Foto.laporan).in_(newest), Foto.status == FotoStatus.KEPT, Foto.mini != "")
    files = await ctx.all(kept.order_by(col(Foto.id).desc()).limit(MANY))
    if not files:
        await ctx.reply("laporan.galeri_kosong")
        return
    made = await ctx.files.make_collage([foto.mini for foto in files])
    numbers = " ".join(f"#{id_}" for id_ in dict.fromkeys(foto.laporan for foto in files))
    await ctx.reply("laporan.galeri_judul", waktu=days, apa=apa.strip() or "–", nomor=numbers, photo=made)


async def _show_report(ctx: Context, number: int) -> None:
    laporan = await ctx.get(Laporan, number)
    seen = check_access(ctx, laporan)
    if not seen.allowed or (laporan.rahasia and not ctx.chat.private):
        raise UserError("laporan.tidak_boleh_lihat", nomor=number)
    if laporan.rahasia:
        ctx.audit("laporan.lihat_rahasia", f"laporan/{number}", lewat="galeri")
    files = cards.select_pictures(await list_photos(ctx, number))
    if not files:
        await ctx.reply("laporan.galeri_tanpa_foto", nomor=number)
        return
    for when in (BEFORE, AFTER):
        part = [foto for foto in files if foto.kapan == when]
        if part:
            said = phrase(
                f"laporan.galeri_{when}",
                nomor=number,
                jumlah=cards.format_count(part),
                pada=cards.format_moment(ctx, part[-1].diterima),
            )
            await ctx.reply(said, photo=await ctx.files.make_collage([foto.mini for foto in part]))


@plugin.command("galeri unduh", policy="berkas", examples=["/galeri unduh 311"])
async def unduh(ctx: Context, laporan_id: Number) -> None:
    """Get all photos of a report as one archive, without their metadata."""
    laporan, files = await ctx.get(Laporan, laporan_id), cards.select_pictures(await list_photos(ctx, laporan_id))
    if not files:
        raise UserError("laporan.galeri_tanpa_foto", nomor=laporan_id)
    entries = [
        (_make_filename(ctx, laporan, number, foto), await ctx.files.get_path(foto.bagikan))
        for number, foto in enumerate(files, 1)
    ]
    with tempfile.TemporaryDirectory(prefix="laporan-") as folder:
        path = Path(folder) / "album.zip"
        await ctx.run_in_thread(lambda: write_archive(path, entries))
        archive = await ctx.files.make_document(f"laporan-{laporan_id}.zip", path, "application/zip")
    ctx.audit("laporan.ekspor", f"laporan/{laporan_id}", bentuk="zip", jumlah=len(files))
    sent = await ctx.notify(ctx.person, "laporan.album", nomor=laporan_id, jumlah=cards.format_count(files), document=archive)
    if not ctx.chat.private:
        await ctx.reply("laporan.dijawab_pribadi" if sent else "laporan.tidak_terkirim", nomor=laporan_id)


def _make_filename(ctx: Context, laporan: Laporan, number: int, foto: Foto) -> str:
    at = (foto.diambil or foto.diterima).astimezone(ctx.zone)
    return f"{laporan.id}-{number:02d}-{foto.kapan}-{at:%Y%m%d-%H%M}.jpg"


def write_archive(path: Path, entries: Sequence[tuple[str, Path]]) -> None:
    """Writes an uncompressed archive file by file, without holding it in memory."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, file in entries:
            archive.write(file, name)


@plugin.command("laporan berkas", policy="berkas", examples=["/laporan berkas 311"])
async def berkas(ctx: Context, laporan_id: Number) -> None:
    """Get the videos, voice notes and documents of a report as they were sent."""
    files = [foto for foto in await list_photos(ctx, laporan_id) if foto.status == FotoStatus.KEPT and not foto.bagikan]
    if not files:
        raise UserError("laporan.tanpa_berkas", nomor=laporan_id)
    for foto in files:
        await ctx.notify(ctx.person, "laporan.berkas_asli", nomor=laporan_id, document=_make_document(foto))
    ctx.audit("laporan.ekspor", f"laporan/{laporan_id}", bentuk="asli", sidik=[foto.asli for foto in files])
    if not ctx.chat.private:
        await ctx.reply("laporan.dijawab_pribadi", nomor=laporan_id)


def _make_document(foto: Foto) -> Document:
    kind = foto.tipe.rpartition("/")[2].split(";")[0]
    return Document(foto.asli, foto.nama or f"{foto.laporan}-{foto.id}.{kind}", mime=foto.tipe)
