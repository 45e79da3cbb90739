"""Receiving reports of text, photos and a location in any order; the number does not wait for photos."""

import re
from collections.abc import Sequence
from typing import Annotated

from pendopo import Attachment, Button, Context, Location, Message, Person, Prompt, RestOfText, UserError, phrase
from sqlmodel import col, select

from pendopo_laporan import alarm, cards, lists, transitions
from pendopo_laporan.models import ASKED, BEFORE, PATIENCE, UNDO, Foto, Harap, Laporan, Lepas, Status
from pendopo_laporan.parser import parse_happened_at, parse_report
from pendopo_laporan.photos import duplicates
from pendopo_laporan.photos import files as photos
from pendopo_laporan.places import NOWHERE, District, find_district, find_home_district
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import list_groups
from pendopo_laporan.settings import URGENT, LaporanOptions, get_kind

EXAMPLES = [
    "/laporan banjir di Jl. Gedebage setinggi 40 cm",
    "/laporan kerja bakti RW 03",
    "/laporan darurat kebakaran di Kel. Dago, 3 rumah",
]
_NUMBER = re.compile(r"#?(\d{1,9})")


@plugin.handle
async def sertakan(ctx: Context, laporan_id: int, lepas: str) -> None:
    """Add the offered photos to the report."""


@plugin.handle
async def lewati(ctx: Context, laporan_id: int, lepas: str) -> None:
    """Leave the offered photos out of the report."""


@plugin.command("laporan", aliases=["lapor", "laporkan"], examples=EXAMPLES)
async def lapor(ctx: Context, isi: RestOfText = "") -> None:
    """Report what happened or was done, with photos and a location."""
    files, quoted = _get_attachments(ctx), await _find_quoted(ctx)
    if found := _NUMBER.fullmatch(isi.strip()):
        await _handle_number(ctx, int(found[1]), files)
        return
    if not isi.strip():
        loose = quoted or await _keep_pending(ctx, files)
        await ctx.prompt_for(lengkapi, lepas=loose.id if loose else 0)
        return
    await receive_report(ctx, isi, files, [quoted] if quoted else [], _get_location(ctx))


async def _handle_number(ctx: Context, number: int, files: Sequence[Attachment]) -> None:
    """Shows the report with this number, or adds photos to it."""
    if not files:
        await ctx.prompt_for(lists.lihat, laporan_id=number)
        return
    laporan = await ctx.get(Laporan, number)
    photos.require_may_add(ctx, laporan)
    added = await photos.add_files(ctx, laporan, files, BEFORE, ctx.event.key)
    await ctx.reply("laporan.foto_disertakan", nomor=number, jumlah=cards.format_count(added))


@plugin.action()
async def lengkapi(
    ctx: Context,
    lepas: int,
    isi: Annotated[RestOfText, Prompt("laporan.tanya.isi")],
    tempat: Annotated[Location | str, Prompt("laporan.tanya.tempat")],
) -> None:
    """Complete a report that was begun without a text."""
    loose = await ctx.first(select(Lepas).where(Lepas.id == lepas, Lepas.pengirim == ctx.person.id)) if lepas else None
    if isinstance(tempat, Location):
        await receive_report(ctx, isi, [], [loose] if loose else [], tempat)
        return
    said = isi if tempat.strip().lower() in isi.lower() else f"{isi} di {tempat}"
    await receive_report(ctx, said, _get_attachments(ctx), [loose] if loose else [], None)


async def receive_report(
    ctx: Context, text: str, files: Sequence[Attachment], loose: Sequence[Lepas], shared: Location | None
) -> Laporan:
    """Saves a report and replies with its number; the photos are downloaded afterwards. Raises `UserError` without text."""
    options, reporter = ctx.options(LaporanOptions), ctx.person
    found = parse_report(text, options)
    if not found.isi.strip(" .,-"):
        raise UserError("laporan.kosong_isi", param="isi")
    unit = ctx.people.unit_of(reporter, ctx.now)
    laporan = Laporan.new(reporter.id, unit, found, choose_district(ctx, found.isi, reporter), ctx.chat, ctx.event.key, ctx.now)
    laporan.kejadian = await parse_happened_at(ctx, found.isi)
    _apply_location(laporan, shared, loose)
    await ctx.save(laporan)
    added = await photos.add_files(ctx, laporan, files, BEFORE, ctx.event.key)
    for row in loose:
        added += await photos.add_files(ctx, laporan, row.files, BEFORE, row.kunci)
        await ctx.delete(row)
    await transitions.route_report(ctx, laporan, reporter, added)
    ctx.audit("laporan.terima", f"laporan/{laporan.id}", jenis=laporan.jenis, tingkat=laporan.tingkat, foto=len(added))
    await _reply_receipt(ctx, laporan, added)
    if laporan.tingkat == URGENT:
        await alarm.raise_alarm(ctx, laporan, added)
    await _offer_loose(ctx, laporan, files, [row.id for row in loose])
    await duplicates.hint_by_place(ctx, laporan)
    return laporan


def choose_district(ctx: Context, text: str, reporter: Person) -> District:
    """The district in the text; the reporter's own when none is named, or only its kecamatan."""
    own = find_home_district(ctx, reporter)
    named = find_district(text, marked_only=True) or find_district(text)
    if not named:
        return own
    if own and named.kecamatan == own.kecamatan and not named.kelurahan:
        return own
    return named or NOWHERE


def _apply_location(laporan: Laporan, shared: Location | None, loose: Sequence[Lepas]) -> None:
    for row in loose:
        if row.lintang is not None and row.bujur is not None:
            laporan.set_place((row.lintang, row.bujur), "pin")
    if shared is not None:
        laporan.set_place((shared.latitude, shared.longitude), "pin", shared.name)


async def _reply_receipt(ctx: Context, laporan: Laporan, added: Sequence[Foto]) -> None:
    """Replies with the report's line and sends it to the groups, but a confidential one only privately."""
    shown = cards.format_line(ctx, laporan, cards.format_count(added))
    more = []
    if not added and get_kind(ctx, laporan).bukti:
        await ctx.save(Harap(siapa=laporan.pelapor, laporan=laporan.id or 0, kapan=BEFORE, sampai=ctx.now + PATIENCE))
        more.append(phrase("laporan.kirim_foto"))
    if not laporan.wilayah:
        more.append(phrase("laporan.tanya_wilayah", nomor=laporan.id))
    undo = Button("laporan.tombol.tarik", tarik, laporan.id, allowed=ctx.person)
    if laporan.rahasia and not ctx.chat.private:
        await ctx.reply("laporan.rahasia_diterima", nomor=laporan.id)
        sent = await ctx.notify(ctx.person, shown, *more, buttons=[undo])
    else:
        sent = await ctx.reply(shown, *more, buttons=[undo])
    laporan.pesan = sent.key if sent else ""
    if not laporan.rahasia:
        await _tell_groups(ctx, laporan, added)


async def _tell_groups(ctx: Context, laporan: Laporan, added: Sequence[Foto]) -> None:
    """Sends the line to groups now when it has no photos or is urgent; else the collage brings it."""
    if added and laporan.tingkat != URGENT:
        return
    for chat in list_groups(ctx, ctx.people.roles_of(ctx.person, ctx.now)):
        if chat.key != ctx.chat.key:
            line = cards.format_line(ctx, laporan, cards.format_count(added))
            typed = transitions.make_typed_buttons(ctx, laporan)
            sent = await ctx.send(chat, line, buttons=typed, urgent=laporan.tingkat == URGENT)
            transitions.record_group_message(laporan, sent.key)


async def _offer_loose(ctx: Context, laporan: Laporan, files: Sequence[Attachment], taken: Sequence[int | None]) -> None:
    """Offers photos sent without text within `PATIENCE` for this report."""
    refs = {file.ref for file in files}
    since = ctx.now - PATIENCE
    mine = (Lepas.pengirim == ctx.person.id, Lepas.pada > since, Lepas.ditawarkan == 0, col(Lepas.id).not_in(taken))
    query = select(Lepas).where(*mine)
    found = await ctx.all(query.order_by(col(Lepas.id)))
    waiting = []
    for row in found:
        if refs and refs.issuperset(file.ref for file in row.files):
            await ctx.delete(row)  # the words came last: these are the same photos
        else:
            row.ditawarkan = laporan.id or 0
            waiting.append(row)
    if waiting:
        await offer_photos(ctx, laporan, waiting)


def make_report_button(ctx: Context, row: Lepas, words: str) -> Button:
    """A button that makes a report of a photo and the words that came with it."""
    return Button("laporan.tombol.laporan_baru", laporkan, row.id, words[:2000], allowed=ctx.person)


@plugin.action()
async def laporkan(ctx: Context, lepas: int, isi: RestOfText) -> None:
    """Make a report of photos that came with words but without a command."""
    await receive_report(ctx, isi, (), [await _get_own_loose(ctx, lepas)], None)


@plugin.action()
async def lewati_saja(ctx: Context, lepas: int) -> None:
    """Leave photos that were no report."""
    await ctx.delete(await _get_own_loose(ctx, lepas))
    await ctx.update("laporan.dilewati_saja")


async def _get_own_loose(ctx: Context, number: int) -> Lepas:
    """Photos this person sent without a command. Raises `UserError` when they are gone."""
    row = await ctx.first(select(Lepas).where(Lepas.id == number, Lepas.pengirim == ctx.person.id))
    if row is None:
        raise UserError("laporan.foto_sudah_tidak_ada")
    return row


async def offer_photos(ctx: Context, laporan: Laporan, rows: Sequence[Lepas], words: str = "") -> None:
    """Asks whether photos belong to a report; with `words` of their own they may be a new one."""
    number = sum(len(row.files) for row in rows)
    ids = ",".join(str(row.id) for row in rows)
    buttons = [
        Button("laporan.tombol.sertakan", sertakan, laporan.id, ids, allowed=ctx.person),
        Button("laporan.tombol.lewati", lewati, laporan.id, ids, allowed=ctx.person),
        *([make_report_button(ctx, rows[0], words)] if words else []),
    ]
    at = cards.format_moment(ctx, rows[0].pada)
    await ctx.reply("laporan.sertakan", jumlah=number, pada=at, nomor=laporan.id, isi=laporan.isi[:60], buttons=buttons)


@plugin.action(policy="pelapor")
async def tarik(ctx: Context, laporan_id: int) -> None:
    """Withdraw a report within a minute."""
    laporan = await ctx.get(Laporan, laporan_id)
    if ctx.now - laporan.dibuat > UNDO or laporan.status not in ("menunggu", Status.NOTED):
        raise UserError("laporan.terlambat_tarik", nomor=laporan_id)
    holder = ctx.people.find_person(laporan.pemegang)
    await transitions.change_state(ctx, laporan, Status.WITHDRAWN, "laporan.tarik")
    await transitions.cancel_jobs(ctx, laporan)
    await alarm.stop_alarm(ctx, laporan)
    await ctx.cancel(photos.finished_key(laporan))
    withdrawn = phrase("laporan.ditarik", nomor=laporan_id)
    await ctx.edit(laporan.pesan, withdrawn, resend=True)
    await transitions.edit_groups(ctx, laporan, withdrawn, resend=True)
    if holder is not None:
        await ctx.notify(holder, withdrawn)


def _get_attachments(ctx: Context) -> list[Attachment]:
    return list(ctx.event.attachments) if isinstance(ctx.event, Message) else []


def _get_location(ctx: Context) -> Location | None:
    return ctx.event.location if isinstance(ctx.event, Message) else None


async def _find_quoted(ctx: Context) -> Lepas | None:
    """The photos without text that the command answers."""
    if not isinstance(ctx.event, Message) or not ctx.event.reply_to:
        return None
    here = (Lepas.chat == ctx.chat.key, Lepas.kunci == ctx.event.reply_to, Lepas.pengirim == ctx.person.id)
    return await ctx.first(select(Lepas).where(*here))


async def _keep_pending(ctx: Context, files: Sequence[Attachment]) -> Lepas | None:
    """Keeps photos and location of a bare command until text and place are given."""
    if not files and _get_location(ctx) is None:
        return None
    row = photos.make_loose(ctx, files, _get_location(ctx))
    row.ditawarkan = ASKED
    return await ctx.save(row)
