"""Minutes: drafted when a meeting closes, edited until the leader approves them, then sent as PDF."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import structlog
from pendopo import Button, Context, Document, Photo, Phrase, Prompt, RestOfText, UserError, phrase
from pendopo.paper import Paper
from sqlmodel import col, select

from pendopo_rapat import documents
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.models.minutes import MinutesContent, Notulen, NotulenStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.policies import check_leader
from pendopo_rapat.queries import list_participants

log = structlog.get_logger(__name__)

Number = Annotated[int, Prompt("rapat.tanya.nomor")]
SHOWN = 3000
"""Characters of minutes in one message."""


async def draft_minutes(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> Notulen:
    """Saves the first version of the minutes."""
    isi = await documents.compose_minutes(ctx, rapat, places)
    version = await ctx.save(Notulen.new(rapat.id or 0, 1, isi, rapat.notulis, ctx.now))
    ctx.audit("rapat.notulen", f"rapat/{rapat.id}", versi=1, sidik=version.sidik)
    return version


async def has_minutes(ctx: Context, rapat_id: int) -> bool:
    """Whether a meeting has minutes."""
    return await ctx.first(select(Notulen).where(Notulen.rapat == rapat_id)) is not None


async def get_newest(ctx: Context, rapat_id: int) -> Notulen:
    """The newest version. Raises `UserError` when there is none."""
    query = select(Notulen).where(Notulen.rapat == rapat_id).order_by(col(Notulen.versi).desc()).limit(1)
    found = await ctx.first(query)
    if found is None:
        raise UserError("rapat.belum_ada_notulen", nomor=rapat_id)
    return found


async def offer_draft(ctx: Context, rapat: Rapat, version: Notulen) -> None:
    """Sends the draft to the notary, and to the leader for approval."""
    writer, leader = ctx.people.find_person(rapat.notulis), ctx.people.find_person(rapat.pimpinan)
    lines = format_minutes(rapat, version)
    seal = [Button("rapat.tombol.sahkan", sahkan, rapat.id, version.versi)]
    if writer is not None and writer != leader:
        await ctx.notify(writer, phrase("rapat.notulen_sunting", nomor=rapat.id), *lines)
    draft = phrase("rapat.notulen_draf", nomor=rapat.id)
    if leader is None or await ctx.notify(leader, draft, *lines, buttons=seal) is None:
        await ctx.send(rapat.chat, draft, buttons=seal)


def format_minutes(rapat: Rapat, version: Notulen) -> list[Phrase]:
    """The minutes for a chat: editable lines with their numbers, the rest in short."""
    isi = version.content
    head = phrase("rapat.notulen_kepala", nomor=rapat.id, judul=isi.judul, versi=version.versi, sidik=version.sidik[:12])
    talk = [phrase("rapat.notulen_bahas", urut=n, isi=line[:300]) for n, line in enumerate(isi.pembahasan, 1)]
    decided = [phrase("rapat.notulen_putusan", isi=line.apa, tanda=line.tanda) for line in isi.keputusan]
    tasks = [phrase("rapat.notulen_tindak", isi=line.apa, siapa=line.siapa, waktu=line.waktu) for line in isi.tindak]
    end = [phrase("rapat.notulen_penutup", isi=isi.penutup)] if isi.penutup else []
    attended = phrase("rapat.notulen_hadir", hadir=len(isi.hadir) + len(isi.mewakili), tanpa=len(isi.tanpa), izin=len(isi.izin))
    return _fit_message([head, attended, *talk, *decided, *tasks, *end])


def _fit_message(lines: list[Phrase]) -> list[Phrase]:
    """As many lines as fit into a message; the PDF has all."""
    kept: list[Phrase] = []
    room = SHOWN
    for line in lines:
        room -= sum(len(str(value)) for value in line.args.values()) + 20
        if room < 0:
            return [*kept, phrase("rapat.notulen_lagi", jumlah=len(lines) - len(kept))]
        kept.append(line)
    return kept


@plugin.command("notulen", policy="melihat", examples=["/notulen 12"])
async def notulen(ctx: Context, rapat_id: Number) -> None:
    """Show the minutes of a meeting."""
    rapat, version = await ctx.get(Rapat, rapat_id), await get_newest(ctx, rapat_id)
    if version.disahkan is not None:
        await _show_approved(ctx, rapat, version)
        return
    approve = (await check_leader(ctx, rapat)).allowed and rapat.status == RapatStatus.CLOSED and ctx.chat.private
    buttons = [Button("rapat.tombol.sahkan", sahkan, rapat_id, version.versi)] if approve else []
    await ctx.reply(*format_minutes(rapat, version), phrase("rapat.notulen_belum_sah"), buttons=buttons)


async def _show_approved(ctx: Context, rapat: Rapat, version: Notulen) -> None:
    """Shows approved minutes with their PDF, or says that it is being made."""
    lines, paper = [*format_minutes(rapat, version), format_approval(version)], documents.find_pdf(rapat, version)
    if paper is not None:
        await ctx.reply(*lines, document=paper)
        return
    again = [Button("rapat.tombol.naskah", buat_naskah, rapat.id)] if _may_make_again(ctx, rapat) else []
    await ctx.reply(*lines, phrase("rapat.naskah_dibuat"), buttons=again)


def _may_make_again(ctx: Context, rapat: Rapat) -> bool:
    return ctx.person.id in (rapat.notulis, rapat.pimpinan) and ctx.chat.private


def format_approval(version: Notulen) -> Phrase:
    """The line that says by whom and when minutes were approved."""
    return phrase("rapat.notulen_sah", oleh=version.kapasitas, pada=version.disahkan, versi=version.versi, sidik=version.sidik)


async def _save_version(ctx: Context, rapat_id: int, change: str, isi: MinutesContent, before: Notulen) -> None:
    """Saves a change as the next version."""
    before.status = NotulenStatus.REPLACED  # so that an approval at the same moment fails and shows this version first
    version = Notulen.new(rapat_id, before.versi + 1, isi, ctx.person.id, ctx.now)
    await ctx.save(version)
    ctx.audit("rapat.notulen", f"rapat/{rapat_id}", versi=version.versi, sidik=version.sidik, ubah=change)
    rapat = await ctx.get(Rapat, rapat_id)
    await ctx.reply(*format_minutes(rapat, version))


async def _get_editable(ctx: Context, rapat_id: int) -> tuple[Notulen, MinutesContent]:
    """The version to edit. Raises `UserError` when the minutes are approved."""
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status != RapatStatus.CLOSED:
        raise UserError("rapat.notulen_beku", nomor=rapat_id, status=phrase(f"rapat.status.{rapat.status}"))
    version = await get_newest(ctx, rapat_id)
    return version, version.content


def _get_line_index(isi: MinutesContent, urut: int) -> int:
    if not 1 <= urut <= len(isi.pembahasan):
        raise UserError("rapat.notulen_tanpa_baris", param="urut", urut=urut)
    return urut - 1


@plugin.command("notulen ubah", policy="penyusun", examples=["/notulen ubah 12 3 Dinas PU menyiapkan lima pompa"])
async def ubah_notulen(
    ctx: Context,
    rapat_id: Number,
    urut: Annotated[int, Prompt("rapat.tanya.baris")],
    teks: Annotated[RestOfText, Prompt("rapat.tanya.isi")],
) -> None:
    """Replace a line of the discussion."""
    before, isi = await _get_editable(ctx, rapat_id)
    lines = list(isi.pembahasan)
    lines[_get_line_index(isi, urut)] = teks.strip()[:2000]
    await _save_version(ctx, rapat_id, f"ubah {urut}", msgspec.structs.replace(isi, pembahasan=lines), before)


@plugin.command("notulen tambah", policy="penyusun", examples=["/notulen tambah 12 Camat Coblong melaporkan tiga titik banjir"])
async def tambah_notulen(
    ctx: Context,
    rapat_id: Number,
    teks: RestOfText = "",
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
) -> None:
    """Add a line or photos to the discussion."""
    before, isi = await _get_editable(ctx, rapat_id)
    if not teks.strip() and not foto:
        raise UserError("rapat.notulen_apa", nomor=rapat_id)
    lines = [*isi.pembahasan, teks.strip()[:2000]] if teks.strip() else isi.pembahasan
    changed = msgspec.structs.replace(isi, pembahasan=lines, foto=[*isi.foto, *foto])
    await _save_version(ctx, rapat_id, "tambah", changed, before)


@plugin.command("notulen hapus", policy="penyusun", examples=["/notulen hapus 12 3"])
async def hapus_notulen(ctx: Context, rapat_id: Number, urut: Annotated[int, Prompt("rapat.tanya.baris")]) -> None:
    """Delete a line of the discussion."""
    before, isi = await _get_editable(ctx, rapat_id)
    at = _get_line_index(isi, urut)
    lines = [*isi.pembahasan[:at], *isi.pembahasan[at + 1 :]]
    await _save_version(ctx, rapat_id, f"hapus {urut}", msgspec.structs.replace(isi, pembahasan=lines), before)


@plugin.command("notulen penutup", policy="penyusun", examples=["/notulen penutup 12 Rapat ditutup dengan doa"])
async def penutup(ctx: Context, rapat_id: Number, teks: Annotated[RestOfText, Prompt("rapat.tanya.isi")]) -> None:
    """Set the closing sentence."""
    before, isi = await _get_editable(ctx, rapat_id)
    await _save_version(ctx, rapat_id, "penutup", msgspec.structs.replace(isi, penutup=teks.strip()[:2000]), before)


LATER = timedelta(minutes=5)
"""Attendees and the group get the minutes this long after the absent."""


@plugin.action(policy="pimpinan")
async def sahkan(ctx: Context, rapat_id: int, versi: int) -> None:
    """Approve the version that was read. Raises `UserError` when there is a newer one."""
    await _approve_minutes(ctx, rapat_id, versi)


@plugin.command("notulen sahkan", policy="pimpinan", examples=["/notulen sahkan 12"])
async def sahkan_kata(ctx: Context, rapat_id: Annotated[int, Prompt("rapat.tanya.nomor")]) -> None:
    """Approve the minutes of a meeting I lead; they cannot be changed afterwards."""
    await _approve_minutes(ctx, rapat_id, 0)


async def _approve_minutes(ctx: Context, rapat_id: int, versi: int) -> None:
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status != RapatStatus.CLOSED:
        raise UserError("rapat.notulen_beku", nomor=rapat_id, status=phrase(f"rapat.status.{rapat.status}"))
    version = await get_newest(ctx, rapat_id)
    if versi and version.versi != versi:
        raise UserError("rapat.notulen_versi_baru", nomor=rapat_id, versi=version.versi)
    if not version.is_intact:
        raise UserError("rapat.notulen_tidak_cocok", nomor=rapat_id)
    version.disahkan_oleh, version.disahkan, version.kapasitas = ctx.person.id, ctx.now, ctx.acting_as or ctx.person.called
    version.status = NotulenStatus.SEALED
    Rapat.states.move(ctx, rapat, RapatStatus.APPROVED, "rapat.sahkan", versi=version.versi, sidik=version.sidik)
    await ctx.update(*format_minutes(rapat, version)[:1], format_approval(version), phrase("rapat.naskah_dibuat"))
    await ctx.schedule(ctx.now, susun_naskah, rapat_id, 0, key=f"rapat:{rapat_id}:naskah", chat=rapat.chat)


PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(days=1))
"""Before the PDF is tried again; the last one repeats. Before it, people are told and the minutes go out as words."""


@plugin.job(policy="system")
async def susun_naskah(ctx: Context, rapat_id: int, gagal: int) -> None:
    """Make the PDF of approved minutes, and send it; `gagal` counts the tries that failed."""
    rapat, version = await ctx.get(Rapat, rapat_id), await get_newest(ctx, rapat_id)
    paper, told = documents.find_pdf(rapat, version), gagal >= len(PAUSES)
    if paper is None:
        paper = await _try_pdf(ctx, rapat, version)
        if paper is None:
            await _try_again(ctx, rapat, version, gagal)
            return
        for who in ctx.people.list_persons([rapat.pimpinan, rapat.notulis]) if told else ():
            await ctx.notify(who, phrase("rapat.naskah_jadi", nomor=rapat_id), document=paper)
    if not told:  # otherwise the words went out
        await _distribute(ctx, rapat, version, paper)


@plugin.action(policy="penyusun")
async def buat_naskah(ctx: Context, rapat_id: int) -> None:
    """Make the PDF now instead of at the next try."""
    rapat, version = await ctx.get(Rapat, rapat_id), await get_newest(ctx, rapat_id)
    paper = documents.find_pdf(rapat, version) or await _try_pdf(ctx, rapat, version)
    if paper is None:
        await ctx.reply("rapat.naskah_belum", nomor=rapat_id)
    else:
        await ctx.reply("rapat.naskah_jadi", nomor=rapat_id, document=paper)


async def _try_pdf(ctx: Context, rapat: Rapat, version: Notulen) -> Document | None:
    """Makes the PDF; None when that fails."""
    try:
        paper = await _make_pdf(ctx, rapat, version)
    except Exception:  # whatever a library says of a paper, the minutes are approved
        log.exception("minutes could not be made into a PDF", event_name="minutes_pdf_failed", meeting=rapat.id)
        return None
    rapat.naskah = paper.blob
    ctx.audit("rapat.notulen_naskah", f"rapat/{rapat.id}", versi=version.versi, sidik=version.sidik, berkas=paper.blob)
    return paper


async def _make_pdf(ctx: Context, rapat: Rapat, version: Notulen) -> Document:
    pictures = [await _find_picture(ctx, photo) for photo in version.content.foto]
    sheets = documents.MinutesPaper(ctx, version, version.kapasitas, pictures)
    return await ctx.files.make_document(documents.name_pdf(rapat), await ctx.run_in_thread(sheets.render_pdf), Paper.MIME)


async def _find_picture(ctx: Context, photo: Photo) -> Path:
    try:
        return await ctx.files.get_path(photo.blob)
    except FileNotFoundError:
        return Path(photo.blob)  # gone: the paper marks its place


async def _try_again(ctx: Context, rapat: Rapat, version: Notulen, failed: int) -> None:
    """Schedules the next try; before the last pause the leader and the notary are told, and the words go out."""
    pause = PAUSES[min(failed, len(PAUSES) - 1)]
    key = f"rapat:{rapat.id}:naskah"
    await ctx.schedule(ctx.now + pause, susun_naskah, rapat.id, failed + 1, key=key, chat=rapat.chat)
    if failed != len(PAUSES) - 1:
        return
    again = [Button("rapat.tombol.naskah", buat_naskah, rapat.id)]
    for who in ctx.people.list_persons([rapat.pimpinan, rapat.notulis]):
        await ctx.notify(who, phrase("rapat.naskah_gagal", nomor=rapat.id, judul=rapat.judul), buttons=again)
    ctx.audit("rapat.notulen_naskah_gagal", f"rapat/{rapat.id}", versi=version.versi)
    await _distribute(ctx, rapat, version, None)


async def _distribute(ctx: Context, rapat: Rapat, version: Notulen, paper: Document | None) -> None:
    """Sends the minutes first to those who did not attend themselves, and plans the others."""
    absent = [p.orang for p in await list_participants(ctx, rapat) if p.diundang and p.hadir != "hadir"]
    await _send_minutes(ctx, rapat, version, absent, phrase("rapat.notulen_untuk_absen", nomor=rapat.id), paper)
    await ctx.schedule(ctx.now + LATER, edarkan, rapat.id, key=f"rapat:{rapat.id}:edaran", chat=rapat.chat)


async def _send_minutes(
    ctx: Context, rapat: Rapat, version: Notulen, ids: Sequence[int], said: Phrase, paper: Document | None
) -> None:
    """Sends approved minutes as PDF, or as words while there is none."""
    words = [] if paper else [*format_minutes(rapat, version), format_approval(version)]
    for who in ctx.people.list_persons(ids):
        sent = await ctx.notify(who, said, *words, document=paper)
        ctx.audit("rapat.notulen_kirim", f"rapat/{rapat.id}", orang=who.id, sampai=sent is not None)


@plugin.job(policy="system")
async def edarkan(ctx: Context, rapat_id: int) -> None:
    """Send the approved minutes to attendees and to the group."""
    rapat, version = await ctx.get(Rapat, rapat_id), await get_newest(ctx, rapat_id)
    places = await list_participants(ctx, rapat)
    there = [id_ for p in places for id_ in (p.orang if p.hadir == "hadir" else 0, p.wakil if p.hadir == "mewakili" else 0)]
    said, paper = phrase("rapat.notulen_edaran", nomor=rapat_id), documents.find_pdf(rapat, version)
    await _send_minutes(ctx, rapat, version, [*there, rapat.notulis, rapat.pimpinan], said, paper)
    if rapat.ruang:
        await ctx.send(rapat.chat, phrase("rapat.notulen_di_grup", nomor=rapat_id, judul=rapat.judul), format_approval(version))
