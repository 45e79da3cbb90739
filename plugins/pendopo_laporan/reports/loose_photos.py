"""Photos and locations sent without a command: before or after their text, as a reply, or late parts of an album."""

from collections.abc import Sequence

from pendopo import Attachment, Button, Context, Message, parse_row_number, phrase
from sqlmodel import col, select

from pendopo_laporan import cards, transitions
from pendopo_laporan.models import AFTER, BEFORE, GONE, OPEN, PATIENCE, Foto, Harap, Laporan, Lepas
from pendopo_laporan.photos import files as photos
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import penutup
from pendopo_laporan.reports import progress, submissions

LATELY = 20
"""How many of a reporter's newest reports are searched."""


@plugin.on(Message)
async def datang(ctx: Context) -> None:
    """Take photos and locations that come without a command."""
    message = ctx.event
    if not isinstance(message, Message) or not (_list_evidence(message) or message.location):
        return
    laporan = await _find_album_report(ctx, message) or await _find_answered(ctx, message)
    if laporan is not None:
        await _add_to_report(ctx, laporan, message, BEFORE)
    elif expected := await _find_expected(ctx, message):
        await _add_expected(ctx, expected, message)
    else:
        await _keep_loose(ctx, message)


async def _find_album_report(ctx: Context, message: Message) -> Laporan | None:
    """The report whose album this message continues."""
    if message.continues in ("", message.key):
        return None
    foto = await ctx.first(select(Foto).where(Foto.kunci == message.continues, Foto.pengirim == ctx.person.id))
    if foto is None:
        return await _find_own_report(ctx, message.continues)
    return await ctx.get(Laporan, foto.laporan)


async def _find_own_report(ctx: Context, key: str) -> Laporan | None:
    mine = select(Laporan).where(Laporan.pelapor == ctx.person.id).order_by(col(Laporan.id).desc()).limit(LATELY)
    return next((row for row in await ctx.all(mine) if row.kunci == key and row.chat.key == ctx.chat.key), None)


async def _find_answered(ctx: Context, message: Message) -> Laporan | None:
    """The report whose number is the caption, or whose answer the message quotes."""
    number = parse_row_number(message.text)
    if number is not None and message.attachments:
        named = await ctx.first(select(Laporan).where(Laporan.id == number))
        return named if named is not None and ctx.person.id in (named.pelapor, named.pemegang) else None
    if not message.reply_to:
        return None
    said = await ctx.quoted_key()
    mine = select(Laporan).where(Laporan.pesan == said, Laporan.pelapor == ctx.person.id)
    return await ctx.first(mine.order_by(col(Laporan.id).desc())) if said else None


def _list_evidence(message: Message) -> list[Attachment]:
    """The files of a message that can belong to a report: never a sticker or a voice note."""
    return [file for file in message.attachments if file.kind not in ("sticker", "audio")]


async def _find_expected(ctx: Context, message: Message) -> Harap | None:
    """The files this person is expected to send; in a group only proof, as other photos there may be about anything.

    A photo with words of its own, or a document, is not the expected photo of a report: it is asked about.
    """
    query = select(Harap).where(Harap.siapa == ctx.person.id, Harap.sampai > ctx.now).order_by(col(Harap.id).desc())
    found = await ctx.first(query)
    if found is None or found.kapan == AFTER:
        return found
    plain = not message.text.strip() and all(file.kind in ("photo", "video") for file in message.attachments)
    return found if ctx.chat.private and plain else None


async def _add_to_report(ctx: Context, laporan: Laporan, message: Message, when: str) -> None:
    if when == BEFORE:
        photos.require_may_add(ctx, laporan)
    await _record_location(ctx, laporan, message)
    known = len(await ctx.all(select(Foto).where(Foto.laporan == laporan.id)))
    files = await _select_new(ctx, laporan, _list_evidence(message))
    added = await photos.add_files(ctx, laporan, files, when, message.continues or message.key, known)
    if added and message.continues in ("", message.key):
        await ctx.reply("laporan.foto_disertakan", nomor=laporan.id, jumlah=cards.format_count(added))


async def _add_expected(ctx: Context, expected: Harap, message: Message) -> None:
    laporan = await ctx.get(Laporan, expected.laporan)
    if expected.kapan == AFTER and (laporan.status not in OPEN or not (await penutup(ctx, expected.laporan)).allowed):
        raise Laporan.states.refused(laporan)
    await _add_to_report(ctx, laporan, message, expected.kapan)
    if expected.kapan == AFTER and message.attachments:
        await ctx.delete(expected)
        await progress.close_with_proof(ctx, laporan, expected.catatan)


async def _select_new(ctx: Context, laporan: Laporan, files: Sequence[Attachment]) -> list[Attachment]:
    """Files not yet recorded: an album whose caption came late is delivered again as a whole."""
    known = {foto.ref for foto in await ctx.all(select(Foto).where(Foto.laporan == laporan.id))}
    return [file for file in files if file.ref not in known]


async def _record_location(ctx: Context, laporan: Laporan, message: Message) -> None:
    if message.location is None:
        return
    place = message.location
    laporan.set_place((place.latitude, place.longitude), "pin", place.name)
    ctx.audit("laporan.lokasi", f"laporan/{laporan.id}", sumber="pin")
    await transitions.show_everywhere(ctx, laporan)
    await ctx.reply("laporan.lokasi_dicatat", nomor=laporan.id)


async def _keep_loose(ctx: Context, message: Message) -> None:
    """Keeps files for `PATIENCE`; asks when a recent report may be meant."""
    if not message.attachments:
        await _locate_report(ctx, message)
        return
    row = await ctx.save(photos.make_loose(ctx, _list_evidence(message), message.location))
    if message.text.strip() and not ctx.chat.private:
        return  # a post about something else, with words of its own
    since = ctx.now - PATIENCE
    recent = select(Laporan).where(Laporan.pelapor == ctx.person.id, Laporan.dibuat > since, col(Laporan.status).not_in(GONE))
    laporan = await ctx.first(recent.order_by(col(Laporan.id).desc()))
    if laporan is not None:
        row.ditawarkan = laporan.id or 0
        await submissions.offer_photos(ctx, laporan, [row], message.text.strip())
    elif ctx.chat.private:
        count = phrase("laporan.n_foto", jumlah=len(row.files))
        if message.text.strip():
            anew = submissions.make_report_button(ctx, row, message.text.strip())
            skip = Button("laporan.tombol.lewati_saja", submissions.lewati_saja, row.id, allowed=ctx.person)
            await ctx.reply("laporan.laporkan_ini", jumlah=count, isi=message.text.strip()[:200], buttons=[anew, skip])
        else:
            await ctx.reply("laporan.foto_tanpa_kata", jumlah=count)


async def _locate_report(ctx: Context, message: Message) -> None:
    """Takes a location shared within `PATIENCE` for a recent report of the same chat without one."""
    since = ctx.now - PATIENCE
    mine = (Laporan.pelapor == ctx.person.id, Laporan.dibuat > since, col(Laporan.status).in_(OPEN))
    laporan = await ctx.first(select(Laporan).where(*mine).order_by(col(Laporan.id).desc()))
    if laporan is not None and laporan.sumber != "pin" and laporan.chat.key == ctx.chat.key:
        await _record_location(ctx, laporan, message)


@plugin.action(policy="pelapor")
async def sertakan(ctx: Context, laporan_id: int, lepas: str) -> None:
    """Add the offered photos to the report."""
    laporan = await ctx.get(Laporan, laporan_id)
    photos.require_may_add(ctx, laporan)
    added = []
    for row in await _list_loose(ctx, lepas):
        added += await photos.add_files(ctx, laporan, row.files, BEFORE, row.kunci)
        await ctx.delete(row)
    await ctx.update("laporan.foto_disertakan", nomor=laporan_id, jumlah=cards.format_count(added))


@plugin.action(policy="pelapor")
async def lewati(ctx: Context, laporan_id: int, lepas: str) -> None:
    """Leave the offered photos out of the report."""
    for row in await _list_loose(ctx, lepas):
        await ctx.delete(row)
    await ctx.update("laporan.foto_dilewati", nomor=laporan_id)


async def _list_loose(ctx: Context, ids: str) -> Sequence[Lepas]:
    numbers = [number for id_ in ids.split(",") if (number := parse_row_number(id_)) is not None]
    query = select(Lepas).where(col(Lepas.id).in_(numbers), Lepas.pengirim == ctx.person.id)
    return await ctx.all(query.order_by(col(Lepas.id)))


@plugin.job(cron="20 2 * * *", policy="system")
async def rapikan(ctx: Context) -> None:
    """Delete unclaimed files, and expectations that have expired."""
    for row in await ctx.all(select(Lepas).where(Lepas.pada < ctx.now - 6 * PATIENCE).limit(5000)):
        await ctx.delete(row)
    for expected in await ctx.all(select(Harap).where(Harap.sampai < ctx.now).limit(5000)):
        await ctx.delete(expected)
