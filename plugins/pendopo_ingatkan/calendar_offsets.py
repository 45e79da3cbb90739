"""Reminders tied to a calendar entry ("15 menit sebelum rapat 12"): when the entry moves, they move."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pendopo import BusyTime, CalendarEntry, Context, RelativeTime, UserError, phrase
from sqlmodel import col, select

from pendopo_ingatkan.jobs import bunyikan
from pendopo_ingatkan.models import Pengingat, Status
from pendopo_ingatkan.plugin import plugin
from pendopo_ingatkan.times import add_duration

AHEAD = timedelta(days=60)
"""How far ahead an entry is searched for by its title."""
_ALSO: Mapping[str, str] = {"meeting": "rapat", "rakor": "rapat", "ijin": "izin", "leave": "izin"}
"""Other words for a plugin whose entries have numbers."""
_NUMBERED = re.compile(r"(\w+)\s*(?:no(?:mor|mer)?\.?|#)?\s*(\d+)", re.IGNORECASE)


class EventMoment(NamedTuple):
    """A calendar entry, and the moment before or after it that was meant."""

    entry: BusyTime
    at: datetime


async def resolve_offset(ctx: Context, waktu: RelativeTime) -> EventMoment:
    """The entry a time counts from, and the moment. Raises `UserError` for no entry of this person's, or a past moment."""
    entry = await _find_event(ctx, (waktu.anchor or "").strip())
    if entry is None:
        raise UserError("ingatkan.belum_dikenal", param="waktu", acara=waktu.anchor or "", waktu=waktu)
    at = compute_moment(entry, waktu, ctx.zone)
    if at <= ctx.now:
        raise UserError("ingatkan.acara_lewat", param="waktu", acara=entry.title, mulai=entry.start, waktu=waktu)
    return EventMoment(entry, at)


def compute_moment(entry: BusyTime, jarak: RelativeTime, zone: ZoneInfo) -> datetime:
    """The moment before or after an entry's start; days count by the calendar."""
    at = add_duration(entry.start.astimezone(zone), jarak.delta, jarak.months)
    return datetime.combine(at.date(), jarak.at, zone) if jarak.at else at


async def _find_event(ctx: Context, anchor: str) -> BusyTime | None:
    """The entry by number if it concerns this person, else the next in their calendar whose title has all the words."""
    if numbered := _NUMBERED.fullmatch(anchor):
        word = numbered[1].lower()
        found = await ctx.calendar.get_entry(f"{_ALSO.get(word, word)}/{int(numbered[2])}")
        return found if found is not None and ctx.person.id in found.persons else None
    words = set(anchor.lower().split())
    for entry in await ctx.calendar.list_busy(ctx.person, ctx.now, ctx.now + AHEAD) if words else ():
        title = f"{entry.plugin} {ctx.translate(entry.title)}".lower()
        if entry.start > ctx.now and all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", title) for word in words):
            return entry
    return None


@plugin.job(policy="system", on_calendar_change=True)
async def ikuti(ctx: Context, key: str) -> None:
    """Move or cancel the reminders of a calendar entry that changed."""
    live = [Status.ACTIVE, Status.PAUSED, Status.RUNG, Status.DONE]
    found = await ctx.all(select(Pengingat).where(Pengingat.acara == key, col(Pengingat.status).in_(live)))
    entry = await ctx.calendar.get_entry(key) if found else None
    for pengingat in found:
        if entry is not None:
            await _move_with_event(ctx, pengingat, entry)
        elif pengingat.status in (Status.ACTIVE, Status.PAUSED) and pengingat.acara_mulai and pengingat.acara_mulai > ctx.now:
            pengingat.end(Status.REMOVED)
            await ctx.cancel(pengingat.key)
            said = phrase("ingatkan.acara_batal", nomor=pengingat.id, isi=pengingat.isi, acara=pengingat.distance.anchor or "")
            person = ctx.people.find_person(pengingat.untuk) if pengingat.untuk else None
            if person is None or await ctx.notify(person, said) is None:
                await ctx.send(pengingat.chat, said)
            ctx.audit("ingatkan.batal", f"ingatkan/{pengingat.id}", acara=pengingat.acara)


async def _move_with_event(ctx: Context, pengingat: Pengingat, entry: CalendarEntry) -> None:
    """Moves a reminder to its new time, now if that has passed; leaves it alone once the entry has begun."""
    if pengingat.acara_mulai == entry.start or entry.start <= ctx.now:
        return
    at = max(compute_moment(entry, pengingat.distance, ctx.zone), ctx.now)
    pengingat.follow_event(entry.start, at)
    if pengingat.status == Status.ACTIVE:
        await ctx.schedule(at, bunyikan, pengingat.tujuan, key=pengingat.key, chat=pengingat.chat)
    ctx.audit("ingatkan.ikut", f"ingatkan/{pengingat.id}", acara=entry.key, waktu=at)
