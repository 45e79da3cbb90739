"""The files of reports: recorded at once, downloaded one by one in lanes of their own, shown as one collage."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from pendopo import Attachment, Chat, ChatKind, Context, Location, Photo, Phrase, UserError, phrase, pick_delay
from sqlmodel import select

from pendopo_laporan import cards, transitions
from pendopo_laporan.cards import list_photos
from pendopo_laporan.models import AFTER, GONE, Foto, FotoStatus, Laporan, Lepas
from pendopo_laporan.photos import duplicates
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import list_groups
from pendopo_laporan.settings import URGENT

LANES = 8
"""How many reports' files are downloaded side by side."""
FIRST = timedelta(seconds=1.5)
"""Delay of downloads, so that the numbers of reports sent at the same moment come first."""
QUIET = timedelta(seconds=3)
"""Without a new photo for this long, a report's photos count as complete."""
PAUSES = (5, 60, 600, 3600)
"""Seconds before a failed download is tried again."""
PASSING = frozenset({"berkas.gagal_diambil"})
"""Errors of the messenger that may pass: tried again as often as there are `PAUSES`."""
OURS = frozenset({"berkas.penuh", "berkas.gagal_simpan"})
"""Errors of our own storage: downloads are tried again for a week, as long as messengers keep files."""
WEEK = 7 * 24
"""Tries in a week, one an hour."""
MOST = 50
"""Most files of one report."""


def make_loose(ctx: Context, files: Sequence[Attachment], place: Location | None) -> Lepas:
    """A row for files without text; it is not saved yet."""
    kept = msgspec.json.encode([msgspec.structs.replace(file, blob="") for file in files]).decode()
    row = Lepas(pengirim=ctx.person.id, chat=ctx.chat.key, kunci=ctx.event.key, berkas=kept, pada=ctx.now)
    if place is not None:
        row.lintang, row.bujur = place.latitude, place.longitude
    return row


def require_may_add(ctx: Context, laporan: Laporan) -> None:
    """Raises `UserError` unless this person is the reporter or the holder, and the report still exists."""
    if ctx.person.id not in (laporan.pelapor, laporan.pemegang):
        raise UserError("laporan.bukan_pelapor", nomor=laporan.id)
    if laporan.status in GONE:
        raise UserError("laporan.sudah_tidak_ada", nomor=laporan.id)


async def add_files(
    ctx: Context, laporan: Laporan, files: Sequence[Attachment], when: str, key: str, known: int = 0
) -> list[Foto]:
    """Records files of a report and schedules their download; with `known` no more than `MOST` in all."""
    rows = [
        await ctx.save(
            Foto(
                laporan=laporan.id or 0,
                pengirim=ctx.person.id,
                kapan=when,
                aplikasi=ctx.chat.adapter,
                kunci=key,
                ref=file.ref,
                jenis=file.kind,
                nama=file.name[:120],
                diterima=ctx.now,
            )
        )
        for file in files[: max(0, MOST - known)]
    ]
    for row in rows:
        await ctx.schedule(ctx.now + FIRST, simpan, row.id, key=f"laporan:foto:{row.id}", chat=get_file_lane(laporan.id or 0))
    if rows:
        await plan_finish(ctx, laporan.id or 0)
    return rows


def get_file_lane(laporan_id: int) -> Chat:
    """The lane in which a report's files are processed, apart from all chats."""
    return Chat("pendopo", f"laporan-berkas-{laporan_id % LANES}", ChatKind.GROUP)


async def plan_finish(ctx: Context, laporan_id: int) -> None:
    """Schedules the collage after `QUIET`; each new file postpones it."""
    await ctx.schedule(
        ctx.now + QUIET, rampung, laporan_id, key=f"laporan:{laporan_id}:rampung", chat=get_file_lane(laporan_id)
    )


def finished_key(laporan: Laporan) -> str:
    """Key of the job that shows the collage."""
    return f"laporan:{laporan.id}:rampung"


@plugin.job(policy="system")
async def simpan(ctx: Context, foto_id: int) -> None:
    """Download, inspect and store one file."""
    foto = await ctx.get(Foto, foto_id)
    if foto.status != FotoStatus.COMING or not foto.ref:
        return
    try:
        kept = await ctx.files.download(foto.aplikasi, foto.attachment)
    except UserError as error:
        await _retry_or_refuse(ctx, foto, error)
        return
    # A camera without a time zone gets the city's.
    at = kept.taken_at
    foto.record_stored(kept, at.replace(tzinfo=ctx.zone) if at is not None and at.tzinfo is None else at)
    await plan_finish(ctx, foto.laporan)
    ctx.audit(
        "laporan.simpan_foto", f"laporan/{foto.laporan}", sidik=kept.blob, ukuran=kept.size, tipe=kept.mime, dari=foto.aplikasi
    )


async def _retry_or_refuse(ctx: Context, foto: Foto, error: UserError) -> None:
    """Schedules another try, or refuses the file and tells the sender why."""
    await plan_finish(ctx, foto.laporan)
    patience = WEEK if error.key in OURS else len(PAUSES) if error.key in PASSING else 0
    if foto.coba < patience:
        at = ctx.now + timedelta(seconds=pick_delay(PAUSES, foto.coba))
        foto.coba += 1
        await ctx.schedule(at, simpan, foto.id, key=f"laporan:foto:{foto.id}", chat=get_file_lane(foto.laporan))
        return
    foto.refuse(error.key)
    ctx.audit("laporan.tolak_foto", f"laporan/{foto.laporan}", sebab=error.key)
    sender = ctx.people.find_person(foto.pengirim)
    if sender is not None:
        why = phrase(error.key, **error.words)
        await ctx.notify(sender, phrase("laporan.foto_ditolak", nomor=foto.laporan, sebab=why), urgent=True)


@plugin.job(cron="40 2 * * *", policy="system")
async def susul(ctx: Context) -> None:
    """Schedule files again whose job has died."""
    stuck = (Foto.status == FotoStatus.COMING, Foto.ref != "", Foto.diterima < ctx.now - timedelta(hours=2))
    for foto in await ctx.all(select(Foto).where(*stuck, Foto.diterima > ctx.now - timedelta(days=7)).limit(5000)):
        await ctx.schedule(ctx.now, simpan, foto.id, key=f"laporan:foto:{foto.id}", chat=get_file_lane(foto.laporan))


@plugin.job(policy="system")
async def rampung(ctx: Context, laporan_id: int) -> None:
    """Show all files as one collage; take place and similar reports from them."""
    laporan, files = await ctx.get(Laporan, laporan_id), await list_photos(ctx, laporan_id)
    if laporan.status in GONE:
        return
    if any(foto.status == FotoStatus.COMING and not foto.coba for foto in files):
        return  # on its way, and then it is shown with the others; what is asked for again later is shown when it comes
    shown = [foto for foto in cards.select_pictures(files) if (foto.id or 0) > laporan.terkirim]
    _learn_place(ctx, laporan, files)
    if shown:
        first = laporan.terkirim == 0
        laporan.terkirim = max(foto.id or 0 for foto in shown)
        await _show_collage(ctx, laporan, shown, files, first)
        await duplicates.hint_by_pictures(ctx, laporan, shown)
    await transitions.show_everywhere(ctx, laporan)


def _learn_place(ctx: Context, laporan: Laporan, files: Sequence[Foto]) -> None:
    """Takes the place from a photo's EXIF when none was shared."""
    if laporan.place is not None:
        return
    for foto in files:
        if foto.lintang is not None and foto.bujur is not None and foto.kapan != AFTER:
            laporan.set_place((foto.lintang, foto.bujur), "exif")
            ctx.audit("laporan.lokasi", f"laporan/{laporan.id}", sumber="exif")
            return


async def _show_collage(ctx: Context, laporan: Laporan, shown: Sequence[Foto], files: Sequence[Foto], first: bool) -> None:
    """Sends the collage to the chat, the groups and the holder; of a confidential report only to the holder."""
    made = await ctx.files.make_collage([foto.mini for foto in shown])
    laporan.kolase = made.blob
    await ctx.work_calendar.ensure_loaded()
    text = cards.format_line(ctx, laporan, cards.format_count(files if first else shown))
    said, urgent = phrase("laporan.kolase", nomor=laporan.id, jumlah=cards.format_count(shown)), laporan.tingkat == URGENT
    if not laporan.rahasia:
        if not laporan.chat.private:
            await ctx.send(laporan.chat, said, photo=made, urgent=urgent)
        await _show_groups(ctx, laporan, text, shown, made)
    holder = ctx.people.find_person(laporan.pemegang)
    if holder is not None:
        await ctx.notify(holder, said, photo=made, urgent=urgent)


async def _show_groups(ctx: Context, laporan: Laporan, text: Phrase, shown: Sequence[Foto], made: Photo) -> None:
    reporter = ctx.people.find_person(laporan.pelapor)
    known = transitions.list_group_messages(laporan)
    for chat in list_groups(ctx, ctx.people.roles_of(reporter, ctx.now)) if reporter is not None else ():
        if chat.key == laporan.chat.key:
            continue
        said = phrase("laporan.kolase", nomor=laporan.id, jumlah=cards.format_count(shown)) if known else text
        typed = transitions.make_typed_buttons(ctx, laporan)
        sent = await ctx.send(chat, said, photo=made, buttons=typed, urgent=laporan.tingkat == URGENT)
        if not known:
            transitions.record_group_message(laporan, sent.key, made.blob)
