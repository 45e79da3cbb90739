"""Setting a reminder, and changing its time."""

from typing import Annotated

import msgspec
from pendopo import (
    Button,
    Context,
    HolidayRule,
    Instant,
    Message,
    Person,
    Phrase,
    Prompt,
    Recurrence,
    RelativeTime,
    RestOfText,
    UserError,
    When,
    phrase,
)

from pendopo_ingatkan.calendar_offsets import EventMoment, resolve_offset
from pendopo_ingatkan.cards import format_card
from pendopo_ingatkan.jobs import bunyikan
from pendopo_ingatkan.management import hapus, tolak
from pendopo_ingatkan.models import Pengingat
from pendopo_ingatkan.plugin import plugin
from pendopo_ingatkan.policies import check_daily_quota
from pendopo_ingatkan.recipients import Recipient, parse_recipient, restore_recipient
from pendopo_ingatkan.times import default_off_days, parse_off_days, resolve_time

QUOTED = 500
"""Characters of a quoted message that become the text of a reminder."""
WORDS = ("ingatkan", "ingetin", "remind")
EXAMPLES = [
    "/ingatkan saya 2 jam lagi cek pompa",
    "/ingatkan @Kadis PU besok jam 9 kirim data",
    "/ingatkan grup setiap Senin jam 8 apel, lewati hari libur",
]


@plugin.command(WORDS[0], aliases=WORDS[1:], examples=EXAMPLES)
async def pasang(ctx: Context, waktu: Annotated[When, Prompt("ingatkan.tanya.waktu")], isi: RestOfText = "") -> None:
    """Remind me, another person or the group of something, once or repeatedly."""
    off, text = parse_off_days(isi)
    target = parse_recipient(ctx, text, "isi")
    gone = await _resolve_event(ctx, waktu)  # a time that cannot be used is asked for before anything else
    quoted = await _get_quoted_text(ctx, target) if not target.isi else ""
    quoted = quoted or (ctx.translate(gone.entry.title) if gone else "")
    if not (target.isi or quoted):
        await ctx.prompt_for(lengkapi, untuk=target.name, waktu=waktu, libur=off or "")
        return
    await _create_reminder(ctx, Recipient(target.person, target.isi or quoted), waktu, off, _find_quoted_key(ctx))


@plugin.action()
async def lengkapi(
    ctx: Context,
    untuk: str,
    waktu: Annotated[When, Prompt("ingatkan.tanya.waktu")],
    libur: str,
    isi: Annotated[RestOfText, Prompt("ingatkan.tanya.isi")],
) -> None:
    """Complete a reminder that was begun without a text."""
    off: HolidayRule | None = libur or None  # type: ignore[assignment]  # only ever put away by `pasang`
    await _create_reminder(ctx, restore_recipient(ctx, untuk, isi), waktu, off, "")


@plugin.action(policy="pemasang")
async def ubah(ctx: Context, nomor: int, waktu: Annotated[When, Prompt("ingatkan.tanya.waktu")]) -> None:
    """Give a reminder another time."""
    pengingat = await ctx.get(Pengingat, nomor)
    await _apply_time(ctx, pengingat, waktu, None)
    person = ctx.people.find_person(pengingat.untuk) if pengingat.untuk else None
    if person is not None and person.id != ctx.person.id:
        await ctx.notify(
            person, *_format_notice(ctx, pengingat, "ingatkan.diubah"), buttons=_make_decline_buttons(pengingat, person)
        )
    await ctx.update(*format_card(ctx, pengingat), buttons=_make_change_buttons(ctx, pengingat))
    ctx.audit("ingatkan.ubah", f"ingatkan/{nomor}")


async def _create_reminder(ctx: Context, target: Recipient, waktu: When, off: HolidayRule | None, quoting: str) -> None:
    pengingat = Pengingat.new(ctx.person, target.person, ctx.chat, target.isi, ctx.now, quoting)
    await ctx.save(pengingat)
    clock = await _apply_time(ctx, pengingat, waktu, off)
    lines = format_card(ctx, pengingat, clock)
    if target.person is not None and target.person.id != ctx.person.id:
        lines += await _tell_recipient(ctx, pengingat, target.person)
    if target.person is not None:
        lines += await _warn_reachability(ctx, pengingat, target.person)
    await ctx.reply(*lines, buttons=_make_change_buttons(ctx, pengingat))
    ctx.audit("ingatkan.pasang", f"ingatkan/{pengingat.id}", untuk=pengingat.untuk, tujuan=pengingat.tujuan)


async def _apply_time(ctx: Context, pengingat: Pengingat, waktu: When, off: HolidayRule | None) -> bool:
    """Sets and schedules the time of a reminder; True when the time of day had to be assumed."""
    gone = await _resolve_event(ctx, waktu)
    if gone is not None and isinstance(waktu, RelativeTime):
        named = msgspec.structs.replace(waktu, anchor=ctx.translate(gone.entry.title))
        pengingat.attach_event(gone.entry.key, gone.entry.start, named)
    else:
        pengingat.attach_event("", None, None)
    value, clock = resolve_time(Instant(gone.at) if gone else waktu, ctx.now, ctx.zone)
    off = (off or default_off_days(value)) if isinstance(value, Recurrence) else "keep"
    calendar = await ctx.work_calendar.ensure_loaded() if off != "keep" else ctx.work_calendar
    at = pengingat.set_time(value, off, calendar, ctx.now)
    await check_daily_quota(ctx, pengingat)
    await ctx.schedule(at, bunyikan, pengingat.tujuan, key=pengingat.key, chat=pengingat.chat)
    return clock


async def _resolve_event(ctx: Context, waktu: When) -> EventMoment | None:
    """The calendar entry a time is relative to, if any. Raises `UserError` for a time that cannot be used."""
    if isinstance(waktu, RelativeTime):
        return await resolve_offset(ctx, waktu)
    resolve_time(waktu, ctx.now, ctx.zone)
    return None


async def _warn_reachability(ctx: Context, pengingat: Pengingat, person: Person) -> list[Phrase]:
    """Warns when the messenger will let nothing through at that time, or only a template."""
    way = await ctx.check_reachability(person, pengingat.berikut or ctx.now)
    return [phrase(f"ingatkan.jangkauan_{way}", siapa=person)] if way in ("template", "waits") else []


async def _tell_recipient(ctx: Context, pengingat: Pengingat, person: Person) -> list[Phrase]:
    """Tells the recipient, who may decline; returns the lines for the person who set it."""
    told = await ctx.notify(
        person, *_format_notice(ctx, pengingat, "ingatkan.dipasangkan"), buttons=_make_decline_buttons(pengingat, person)
    )
    if told is not None:
        return [phrase("ingatkan.sudah_diberi_tahu", siapa=person)]
    if ctx.chat.private:
        raise UserError("ingatkan.tak_terjangkau", siapa=person)
    return [phrase("ingatkan.lewat_grup", siapa=person)]


def _format_notice(ctx: Context, pengingat: Pengingat, key: str) -> list[Phrase]:
    first = phrase(key, nomor=pengingat.id, oleh=ctx.person)
    return [first, *format_card(ctx, pengingat)[1:]]


def _make_decline_buttons(pengingat: Pengingat, person: Person) -> list[Button]:
    return [Button("ingatkan.tombol.tolak", tolak, pengingat.id, allowed=person)]


def _make_change_buttons(ctx: Context, pengingat: Pengingat) -> list[Button]:
    return [
        Button("ingatkan.tombol.ubah", ubah, pengingat.id, allowed=ctx.person),
        Button("ingatkan.tombol.batalkan", hapus, pengingat.id, allowed=ctx.person),
    ]


async def _get_quoted_text(ctx: Context, target: Recipient) -> str:
    """The text of the message the command answers; "↩" where it has none but can be quoted in the same chat."""
    quoting = _find_quoted_key(ctx)
    if not quoting:
        return ""
    words = (await ctx.quoted_text()).strip()
    if words:
        return words[:QUOTED]
    here = target.person is None or (ctx.chat.private and target.person.id == ctx.person.id)
    return "↩" if here else ""


def _find_quoted_key(ctx: Context) -> str:
    """Key of the message the command answers. Answers to the bot's own questions do not count."""
    event = ctx.event
    if isinstance(event, Message) and event.reply_to and any(word in event.text.lower() for word in WORDS):
        return event.reply_to
    return ""


__all__ = ["plugin"]
