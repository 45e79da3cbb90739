"""Sending reminders: once, together with others that are due, marked when late."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from pendopo import Button, ChatMigrated, Context, Duration, Person, Phrase, UserError, WorkCalendar, phrase
from sqlmodel import col, or_, select

from pendopo_ingatkan.cards import format_line
from pendopo_ingatkan.models import Pengingat, Status
from pendopo_ingatkan.plugin import plugin
from pendopo_ingatkan.policies import parse_numbers, use_daily_quota
from pendopo_ingatkan.times import round_to_minute, tomorrow_morning

AT_ONCE = 200
"""The most reminders of one run; the others have jobs of their own."""
IN_ONE = 25
"""The most reminders in one message."""
LATE = timedelta(minutes=2)
"""A reminder sent this long after its time is marked as late."""
WAITING = (
    select(Pengingat)
    .where(Pengingat.status == Status.ACTIVE)
    .order_by(col(Pengingat.berikut), col(Pengingat.id))
    .limit(AT_ONCE)
)


@plugin.job(policy="system")
async def bunyikan(ctx: Context, tujuan: str) -> None:
    """Send everything that is due for one person or group."""
    due = await ctx.all(WAITING.where(Pengingat.tujuan == tujuan, col(Pengingat.berikut) <= ctx.now))
    if not due:
        return
    calendar = await ctx.work_calendar.ensure_loaded() if any(p.libur != "keep" for p in due) else ctx.work_calendar
    lines = [line for p in due if (line := await _ring_reminder(ctx, p, calendar))]
    for first in range(0, len(lines), IN_ONE):
        await _send_due(ctx, lines[first : first + IN_ONE])


DueReminder = tuple[Pengingat, list[Phrase]]
"""A reminder, and the lines that follow its text."""


async def _ring_reminder(ctx: Context, pengingat: Pengingat, calendar: WorkCalendar) -> DueReminder | None:
    """Marks a reminder as sent and schedules the next time; None when a superior's daily quota is used up."""
    due = pengingat.berikut or ctx.now
    following = pengingat.ring(calendar, ctx.now)
    if following is not None:
        await ctx.schedule(following, bunyikan, pengingat.tujuan, key=pengingat.key)
    if not await use_daily_quota(ctx, pengingat):
        await _tell_setter(ctx, pengingat, "ingatkan.ditahan")
        return None
    details = []
    if ctx.now - due >= LATE:
        details.append(phrase("ingatkan.terlambat", lama=Duration(_round_lateness(ctx.now - due))))
    if pengingat.untuk and pengingat.pembuat != pengingat.untuk:
        details.append(phrase("ingatkan.dari", siapa=ctx.people.find_person(pengingat.pembuat) or "?"))
    if following is not None:
        details.append(phrase("ingatkan.berikutnya", waktu=following))
    return pengingat, details


def _round_lateness(delta: timedelta) -> timedelta:
    """Rounds down to whole minutes, above a day to whole hours."""
    step = timedelta(hours=1) if delta >= timedelta(days=1) else timedelta(minutes=1)
    return delta // step * step


async def _send_due(ctx: Context, lines: Sequence[DueReminder]) -> None:
    """Sends privately, else to the group it was set in; the setter is told of what could not be delivered.

    It rings at any hour: somebody chose the time.
    """
    said = _format_due(lines)
    first = lines[0][0]
    if not first.untuk:
        setters = ctx.people.list_persons(p.pembuat for p, _ in lines)
        await ctx.send(ctx.chat, *said, buttons=_make_buttons(lines, setters), quoting=_choose_quote(lines), urgent=True)
        return
    person = ctx.people.find_person(first.untuk)
    if person is not None and await ctx.notify(
        person, *said, buttons=_make_buttons(lines, [person]), quoting=_choose_quote(lines), urgent=True
    ):
        return
    for pengingat, details in lines:
        if person is not None and not pengingat.chat.private:
            one = [(pengingat, details)]
            call = phrase("ingatkan.panggil", siapa=person)
            await ctx.send(
                pengingat.chat,
                call,
                *_format_due(one),
                buttons=_make_buttons(one, [person]),
                quoting=pengingat.kutipan,
                urgent=True,
            )
        else:
            await _tell_setter(ctx, pengingat, "ingatkan.tak_sampai")


def _format_due(lines: Sequence[DueReminder]) -> list[Phrase]:
    if len(lines) == 1:
        pengingat, details = lines[0]
        return [phrase("ingatkan.bunyi", nomor=pengingat.id), phrase("ingatkan.isi", isi=pengingat.isi), *details]
    return [phrase("ingatkan.bunyi_banyak", jumlah=len(lines)), *(format_line(p, details) for p, details in lines)]


def _choose_quote(lines: Sequence[DueReminder]) -> str:
    return lines[0][0].kutipan if len(lines) == 1 else ""


def _make_buttons(lines: Sequence[DueReminder], only: list[Person]) -> list[Button]:
    daftar = ",".join(str(p.id) for p, _ in lines)
    return [
        Button("ingatkan.tombol.selesai", selesai, daftar, allowed=only),
        Button("ingatkan.tombol.15_menit", tunda, daftar, 15, allowed=only),
        Button("ingatkan.tombol.1_jam", tunda, daftar, 60, allowed=only),
        Button("ingatkan.tombol.besok_pagi", tunda, daftar, 0, allowed=only),
    ]


@plugin.action(policy="bersangkutan")
async def selesai(ctx: Context, daftar: str) -> None:
    """Mark reminders as done."""
    rows = [await ctx.get(Pengingat, nomor) for nomor in parse_numbers(daftar)]
    for pengingat in rows:
        pengingat.finish()
    await ctx.update(phrase("ingatkan.selesai", oleh=ctx.person), *(format_line(p, []) for p in rows))


@plugin.action(policy="bersangkutan")
async def tunda(ctx: Context, daftar: str, menit: int) -> None:
    """Snooze reminders; 0 minutes means tomorrow morning."""
    at = round_to_minute(ctx.now + timedelta(minutes=menit), ctx.now) if menit else tomorrow_morning(ctx.now, ctx.zone)
    rows = [await ctx.get(Pengingat, nomor) for nomor in parse_numbers(daftar)]
    snoozed = [later for pengingat in rows if (later := pengingat.snooze(at))]
    if not snoozed:
        raise UserError("ingatkan.sudah", nomor=daftar, status=phrase(f"ingatkan.status.{rows[0].status}"))
    for later in snoozed:
        await ctx.save(later)
        await ctx.schedule(at, bunyikan, later.tujuan, key=later.key, chat=later.chat)
    await ctx.update(phrase("ingatkan.ditunda", waktu=at), *(format_line(p, []) for p in rows))


async def _tell_setter(ctx: Context, pengingat: Pengingat, key: str) -> None:
    """Tells the setter privately, else in the chat it was set in."""
    setter, person = ctx.people.find_person(pengingat.pembuat), ctx.people.find_person(pengingat.untuk)
    said = phrase(key, nomor=pengingat.id, isi=pengingat.isi[:200], siapa=person or "?")
    if setter is None or await ctx.notify(setter, said) is None:
        await ctx.send(pengingat.chat, said)


@plugin.on(ChatMigrated, policy="anyone")
async def pindah(ctx: Context) -> None:
    """Move the reminders of a group that got another id."""
    event = ctx.event
    if not isinstance(event, ChatMigrated):
        return
    old, new = f"chat:{event.chat.key}", msgspec.structs.replace(event.chat, id=event.new_id)
    here = or_(Pengingat.tujuan == old, col(Pengingat.asal).contains(f'"{event.chat.id}"'))
    for pengingat in await ctx.all(select(Pengingat).where(here)):
        if pengingat.chat.key != event.chat.key:
            continue
        pengingat.asal, pengingat.kutipan = msgspec.json.encode(new).decode(), ""  # messages have other ids there
        if pengingat.tujuan == old:
            pengingat.tujuan = f"chat:{new.key}"
        if pengingat.status == Status.ACTIVE and pengingat.berikut is not None:
            await ctx.schedule(pengingat.berikut, bunyikan, pengingat.tujuan, key=pengingat.key, chat=new)
