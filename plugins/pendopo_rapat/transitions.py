"""Calling a meeting and telling its participants, its calendar entries, and its jobs."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from typing import Annotated

from pendopo import Button, Context, Document, MessageRef, Person, Phrase, Prompt, RestOfText, phrase
from pendopo.paper import Appointment, make_ics
from sqlmodel import col, select

from pendopo_rapat import cards
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.models.proposals import Usul, UsulStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import list_participants
from pendopo_rapat.settings import RapatOptions

CALENDAR = "text/calendar"
GRACE = timedelta(hours=12)
"""A meeting not opened this long after its end took place without the bot, or not at all."""
PLANS = ("ingat", "ulang", "lewat", "batas", "butir", "tutup", "kartu", "ingat_h1")
"""Names of all jobs of a meeting, as in the key `rapat:12:ingat`."""
Number = Annotated[int, Prompt("rapat.tanya.nomor")]


@plugin.handle
async def terima(ctx: Context, rapat_id: Number) -> None:
    """Accept an invitation."""


@plugin.handle
async def berhalangan(
    ctx: Context, rapat_id: Number, alasan: Annotated[RestOfText, Prompt("rapat.tanya.alasan_absen")]
) -> None:
    """Decline an invitation and say why."""


@plugin.handle
async def ulang(ctx: Context, rapat_id: int, urut: int) -> None:
    """Repeat an unanswered invitation."""


@plugin.handle
async def ingat(ctx: Context, rapat_id: int, urut: int) -> None:
    """Remind everybody before the meeting."""


@plugin.handle
async def lewat(ctx: Context, rapat_id: int, urut: int) -> None:
    """Let a meeting lapse that nobody opened."""


@plugin.handle
async def segarkan(ctx: Context, rapat_id: int) -> None:
    """Update the card of an open meeting."""


async def add_participants(ctx: Context, rapat: Rapat, who: Iterable[Person]) -> list[Peserta]:
    """Adds participants; returns those who are new."""
    known = {p.orang: p for p in await list_participants(ctx, rapat)}
    fresh = []
    for one in dict.fromkeys(who):
        if one.id in known:
            known[one.id].diundang = True
        else:
            fresh.append(await ctx.save(Peserta(rapat=rapat.id or 0, orang=one.id)))
    return fresh


async def call_meeting(ctx: Context, rapat: Rapat, invited: Sequence[Peserta]) -> None:
    """Sends the invitations, enters the meeting into calendars, and schedules its jobs."""
    await send_invitations(ctx, rapat, invited, phrase("rapat.undangan", oleh=ctx.sender or cards.format_leader(ctx, rapat)))
    everybody = {p.orang for p in (*await list_participants(ctx, rapat), *invited) if p.diundang}
    put_entry(ctx, rapat, everybody)
    await plan_jobs(ctx, rapat)


def is_before_morning(ctx: Context, rapat: Rapat) -> bool:
    """Whether the meeting begins before the quiet hours end: told in the morning, it would be told too late."""
    return rapat.mulai < ctx.end_quiet_hours(ctx.now)


async def send_invitations(ctx: Context, rapat: Rapat, invited: Sequence[Peserta], first: Phrase) -> None:
    """Sends each participant the invitation with its buttons and a calendar file."""
    file, urgent = await make_calendar_file(ctx, rapat), is_before_morning(ctx, rapat)
    for place in invited:
        who = ctx.people.find_person(place.orang)
        if who is None:
            continue
        buttons = make_answer_buttons(rapat, who) if who.id != rapat.pembuat else []
        sent = await ctx.notify(who, first, *cards.format_card(ctx, rapat), buttons=buttons, urgent=urgent)
        place.pesan = sent.key if sent else ""
        place.jawaban = place.jawaban if buttons else "ya"
        ctx.audit("rapat.undang", f"rapat/{rapat.id}", orang=who.id, sampai=sent is not None)
        if sent is not None:
            await ctx.notify(who, phrase("rapat.kalender_ini", nomor=rapat.id), document=file)


def make_answer_buttons(rapat: Rapat, who: Person) -> list[Button]:
    """The buttons of an invitation."""
    return [
        Button("rapat.tombol.terima", terima, rapat.id, allowed=who, reusable=True),
        Button("rapat.tombol.berhalangan", berhalangan, rapat.id, allowed=who, reusable=True),
    ]


def put_entry(ctx: Context, rapat: Rapat, ids: Iterable[int]) -> None:
    """Enters the meeting into the calendars of persons, where other plugins see it."""
    title = phrase("rapat.agenda", nomor=rapat.id, judul=rapat.judul)
    ctx.calendar.put_entry(f"{rapat.id}", "meeting", ctx.people.list_persons(ids), rapat.mulai, rapat.selesai, title)


async def plan_jobs(ctx: Context, rapat: Rapat) -> None:
    """Schedules reminders, the repeated invitation and the lapse; again whenever the meeting moves."""
    options, now, key = ctx.options(RapatOptions), ctx.now, f"rapat:{rapat.id}"
    for name, before in (("ingat", timedelta(minutes=options.pengingat_menit)), ("ingat_h1", timedelta(days=1))):
        if rapat.mulai - before > now:
            await ctx.schedule(rapat.mulai - before, ingat, rapat.id, rapat.urut, key=f"{key}:{name}", chat=rapat.chat)
        else:
            await ctx.cancel(f"{key}:{name}")
    again = min(now + timedelta(hours=options.ulang_jam), now + (rapat.mulai - now) / 2)
    await ctx.schedule(again, ulang, rapat.id, rapat.urut, key=f"{key}:ulang", chat=rapat.chat)
    await ctx.schedule(rapat.selesai + GRACE, lewat, rapat.id, rapat.urut, key=f"{key}:lewat", chat=rapat.chat)


async def cancel_jobs(ctx: Context, rapat: Rapat, *names: str) -> None:
    """Cancels the named jobs, or all."""
    await ctx.cancel(*(f"rapat:{rapat.id}:{name}" for name in names or PLANS))


def make_appointment(ctx: Context, rapat: Rapat, cancelled: bool = False) -> Appointment:
    """The calendar entry: always the same UID, a higher SEQUENCE with every change (RFC 5545)."""
    return Appointment(
        uid=ctx.make_world_id(f"rapat-{rapat.id}", rapat.dibuat),
        title=f"Rapat #{rapat.id} {rapat.judul}",
        start=rapat.mulai.astimezone(ctx.zone),
        end=rapat.selesai.astimezone(ctx.zone),
        made_at=ctx.now,
        sequence=rapat.urut,
        place=rapat.tempat,
        about=ctx.translate("rapat.kalender_isi", locale="id", pimpinan=cards.format_leader(ctx, rapat)),
        cancelled=cancelled,
    )


async def make_calendar_file(ctx: Context, rapat: Rapat, cancelled: bool = False) -> Document:
    """A calendar file of a meeting."""
    data = make_ics([make_appointment(ctx, rapat, cancelled)], "CANCEL" if cancelled else "PUBLISH")
    return await ctx.files.make_document(f"rapat-{rapat.id}.ics", data, CALENDAR)


async def tell_participants(ctx: Context, rapat: Rapat, *said: Phrase, document: Document | None = None) -> None:
    """Tells all invited and their proxies, but not this person."""
    ids = [id_ for p in await list_participants(ctx, rapat) for id_ in (p.orang, p.wakil) if p.diundang]
    for who in ctx.people.list_persons(ids):
        if who.id == (ctx.sender.id if ctx.sender else 0):
            continue
        sent: MessageRef | None = await ctx.notify(who, *said)
        if sent is not None and document is not None:
            await ctx.notify(who, phrase("rapat.kalender_ini", nomor=rapat.id), document=document)


async def announce_change(ctx: Context, rapat: Rapat) -> None:
    """Invites again after a change of time or place: answers are reset, calendars and jobs follow."""
    rapat.urut += 1
    if rapat.status != RapatStatus.CALLED:
        return
    everybody = [p for p in await list_participants(ctx, rapat) if p.diundang]
    for place in everybody:
        place.jawaban = ""
    put_entry(ctx, rapat, (p.orang for p in everybody))
    await plan_jobs(ctx, rapat)
    await send_invitations(ctx, rapat, everybody, phrase("rapat.berubah", oleh=ctx.person))


async def plan_refresh(ctx: Context, rapat: Rapat, show: Callable[[Context, int], Awaitable[None]] = segarkan) -> None:
    """Schedules one update of the card for all changes within two seconds."""
    at = ctx.now + timedelta(seconds=2 - ctx.now.second % 2, microseconds=-ctx.now.microsecond)
    await ctx.schedule(at, show, rapat.id, key=f"rapat:{rapat.id}:kartu", chat=rapat.chat)


async def list_running_proposals(ctx: Context, rapat: Rapat) -> Sequence[Usul]:
    """The proposals that are still open."""
    return await ctx.all(
        select(Usul).where(Usul.rapat == rapat.id, col(Usul.status) == UsulStatus.RUNNING).order_by(col(Usul.id))
    )
