"""Messages in the chat of an open meeting: attendance, records for the minutes, and what is left out."""

import re

import msgspec
from pendopo import ChatMigrated, Context, Message, MessageEdited, RestOfText, UserError
from sqlmodel import col, or_, select

from pendopo_rapat.meetings import attendance
from pendopo_rapat.meetings.attendance_words import Attendance, is_courtesy_only, read_attendance, split_words
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.models.minutes import Bahan, Seri
from pendopo_rapat.plugin import plugin
from pendopo_rapat.policies import check_leader
from pendopo_rapat.queries import find_open_meeting, find_participant

EXCLUDE = re.compile(
    r"\W*(?:(?:ini\s+)?jangan\s+(?:di)?catat|off\s+the\s+record|tidak\s+usah\s+dicatat)(?:\s+(?:ya|pak|bu))*\W*", re.IGNORECASE
)
LONGEST = 2000
"""Characters of a message that are recorded."""


@plugin.on(Message)
async def dengar(ctx: Context) -> None:
    """Handle messages in a chat with an open meeting."""
    event = ctx.event
    rapat = await find_open_meeting(ctx) if isinstance(event, Message) else None
    if rapat is None or not isinstance(event, Message):
        return
    said = None if event.forwarded else read_attendance(event.text, _list_own_words(ctx))
    if said is not None:
        await attendance.record_words(ctx, rapat, said)
    if event.reply_to and EXCLUDE.fullmatch(event.text):
        await _exclude_message(ctx, rapat, event.reply_to)
    elif rapat.dicatat and (said is None or said.kind == Attendance.UNCLEAR):
        await _record_message(ctx, rapat, event)


def _list_own_words(ctx: Context) -> set[str]:
    """The words by which people write of this person: name, posts and units."""
    posts = ctx.people.posts_of(ctx.person, ctx.now)
    units = [ctx.people.units[post.unit] for post in posts if post.unit in ctx.people.units]
    names = [ctx.person.name, *(post.title for post in posts), *(text for unit in units for text in (unit.name, unit.code))]
    return {word for name in names for word in split_words(name)}


async def _record_message(ctx: Context, rapat: Rapat, event: Message) -> None:
    place = await find_participant(ctx, rapat)
    if place is not None and place.diam:
        return
    files = await ctx.files.list_attachments() if event.attachments else []
    if files or not is_courtesy_only(event.text):
        said = Bahan(
            rapat=rapat.id or 0,
            orang=ctx.person.id,
            kunci=event.key,
            butir=rapat.butir,
            isi=event.text.strip()[:LONGEST],
            berkas=msgspec.json.encode(list(files)).decode(),
            pada=ctx.now,
        )
        await ctx.save(said)


@plugin.on(MessageEdited)
async def betulkan(ctx: Context) -> None:
    """Correct the record when its author edits the message."""
    event = ctx.event
    rapat = await find_open_meeting(ctx) if isinstance(event, MessageEdited) else None
    if rapat is None or not isinstance(event, MessageEdited):
        return
    said = await _find_recorded(ctx, rapat, event.message)
    if said is not None and said.orang == ctx.person.id and not said.dikecualikan and event.text.strip():
        said.isi = event.text.strip()[:LONGEST]


async def _find_recorded(ctx: Context, rapat: Rapat, message: str) -> Bahan | None:
    return await ctx.first(select(Bahan).where(Bahan.rapat == rapat.id, Bahan.kunci == message))


@plugin.command("off", examples=["/off", "/off ini di antara kita"])
async def off(ctx: Context, teks: RestOfText = "") -> None:
    """Keep the message I reply to, the words that follow, or (alone) all I say from now on out of the minutes."""
    rapat = await find_open_meeting(ctx)
    if rapat is None or not isinstance(ctx.event, Message):
        raise UserError("rapat.off_di_rapat")
    if ctx.event.reply_to:
        await _exclude_message(ctx, rapat, ctx.event.reply_to)
    elif teks.strip():
        ctx.audit("rapat.kecualikan", f"rapat/{rapat.id}", pesan=ctx.event.key, oleh=ctx.person.id)
        await ctx.reply("rapat.tidak_dicatat")
    else:
        own = select(Peserta).where(Peserta.rapat == rapat.id, Peserta.orang == ctx.person.id)
        place = await ctx.first(own)
        if place is None:
            place = await ctx.save(Peserta(rapat=rapat.id or 0, orang=ctx.person.id, diundang=False))
        place.diam = not place.diam
        ctx.audit("rapat.kecualikan", f"rapat/{rapat.id}", orang=ctx.person.id, mulai=place.diam)
        await ctx.reply("rapat.diam" if place.diam else "rapat.bicara")


async def _exclude_message(ctx: Context, rapat: Rapat, message: str) -> None:
    """Removes a message from the record, with an audit line. Raises `UserError` unless author, leader or notary."""
    said = await _find_recorded(ctx, rapat, message)
    if said is None:
        raise UserError("rapat.tidak_tercatat")
    leads = (await check_leader(ctx, rapat)).allowed or ctx.person.id == rapat.notulis
    if said.orang != ctx.person.id and not leads:
        raise UserError("rapat.kecualikan_siapa")
    if said.exclude():
        ctx.audit("rapat.kecualikan", f"rapat/{rapat.id}", bahan=said.id, dari=said.orang)
    await ctx.reply("rapat.tidak_dicatat")


@plugin.on(ChatMigrated, policy="anyone")
async def pindah(ctx: Context) -> None:
    """Move the meetings of a group that got another id."""
    event = ctx.event
    if not isinstance(event, ChatMigrated):
        return
    new = msgspec.structs.replace(event.chat, id=event.new_id)
    over = col(Rapat.status).in_([RapatStatus.APPROVED, RapatStatus.CANCELLED, RapatStatus.LAPSED, RapatStatus.CLOSED])
    in_it = or_(Rapat.ruang == event.chat.key, col(Rapat.asal).contains(f'"{event.chat.id}"'))
    moved: list[Rapat | Seri] = [*await ctx.all(select(Rapat).where(in_it, ~over))]
    series = await ctx.all(select(Seri).where(col(Seri.asal).contains(f'"{event.chat.id}"')))
    for row in [*moved, *series]:
        chat = msgspec.json.decode(row.asal)
        if (chat["adapter"], chat["id"]) == (event.chat.adapter, event.chat.id):
            row.asal = msgspec.json.encode(chat | {"id": new.id}).decode()
            row.ruang = new.key if row.ruang else ""
