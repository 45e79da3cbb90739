"""Recurring meetings: each turn is a meeting of its own, called when the one before begins."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from pendopo import Chat, Context, HolidayRule, Instant, Phrase, Prompt, Recurrence, UserError, phrase
from sqlmodel import col, select

from pendopo_rapat import parser, transitions
from pendopo_rapat.models.meetings import Rapat, RapatStatus
from pendopo_rapat.models.minutes import Seri, SeriStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.settings import RapatOptions


async def create_series(ctx: Context, made: Rapat, waktu: Recurrence, libur: HolidayRule, undang: str) -> Seri:
    """Saves a series and gives the draft its first turn. Raises `UserError` without a time of day or a turn."""
    if not waktu.timed:
        raise UserError("rapat.jam_berapa", param="waktu", waktu=waktu)
    seri = Seri(
        judul=made.judul,
        waktu=msgspec.json.encode(waktu).decode(),
        libur=libur,
        tempat=made.tempat,
        asal=made.asal,
        ruang=made.ruang,
        topik=made.topik,
        undang=undang,
        pembuat=made.pembuat,
        pimpinan=made.pimpinan,
        notulis=made.notulis,
        jabatan=made.jabatan,
        dibuat=ctx.now,
    )
    await ctx.save(seri)
    first = await _find_next_turn(ctx, seri, ctx.now)
    if first is None:
        raise UserError("rapat.tidak_pernah", param="waktu", waktu=waktu)
    _set_turn(ctx, made, seri, first)
    made.seri = seri.id or 0
    return seri


def _load_recurrence(seri: Seri) -> Recurrence:
    return msgspec.json.decode(seri.waktu, type=Recurrence)


async def _find_next_turn(ctx: Context, seri: Seri, after: datetime) -> datetime | None:
    calendar = await ctx.work_calendar.ensure_loaded()
    off: HolidayRule = seri.libur  # type: ignore[assignment]  # a column is plain text
    return next(iter(calendar.iter_occurrences(_load_recurrence(seri), after, off)), None)


def _set_turn(ctx: Context, made: Rapat, seri: Seri, at: datetime) -> None:
    """Gives a meeting the time of one turn."""
    every = _load_recurrence(seri)
    made.set_time(Instant(at.astimezone(ctx.zone)), ctx.now, every.lasts or timedelta(hours=ctx.options(RapatOptions).lama_jam))
    seri.berikut = at.astimezone(UTC)


def format_series(seri: Seri) -> Phrase:
    """The line of a draft that recurs."""
    return phrase("rapat.berulang", waktu=_load_recurrence(seri), libur=phrase(f"rapat.libur.{seri.libur}"))


async def start_series(ctx: Context, made: Rapat) -> None:
    """Activates the series once its first turn is called."""
    seri = await ctx.get(Seri, made.seri) if made.seri else None
    if seri is None or seri.status == SeriStatus.ACTIVE:
        return
    seri.status = SeriStatus.ACTIVE
    ctx.audit("rapat.rutin", f"seri/{seri.id}", libur=seri.libur)
    await ctx.schedule(made.mulai, giliran, seri.id, key=f"rapat:seri:{seri.id}", chat=made.chat)


@plugin.job(policy="system")
async def giliran(ctx: Context, seri_id: int) -> None:
    """Call the next turn."""
    seri = await ctx.get(Seri, seri_id)
    if seri.status != SeriStatus.ACTIVE or seri.berikut is None:
        return
    at = await _find_next_turn(ctx, seri, max(seri.berikut, ctx.now))
    people = parser.resolve_remaining(ctx, seri.undang or "grup", msgspec.json.decode(seri.asal, type=Chat))
    if at is None or not people or ctx.people.find_person(seri.pembuat) is None:
        seri.status = SeriStatus.STOPPED
        ctx.audit("rapat.rutin_henti", f"seri/{seri_id}")
        return
    made = _make_next_meeting(ctx, seri, at)
    await ctx.save(made)
    places = await transitions.add_participants(ctx, made, people)
    Rapat.states.move(ctx, made, RapatStatus.CALLED, "rapat.undangkan", seri=seri_id)
    await transitions.call_meeting(ctx, made, places)
    await ctx.schedule(made.mulai, giliran, seri_id, key=f"rapat:seri:{seri_id}", chat=made.chat)


def _make_next_meeting(ctx: Context, seri: Seri, at: datetime) -> Rapat:
    same = {
        name: getattr(seri, name) for name in ("judul", "asal", "ruang", "topik", "pembuat", "pimpinan", "notulis", "jabatan")
    }
    leads = ctx.people.find_person(seri.pimpinan)
    made = Rapat(**same, tempat=seri.tempat, mulai=at, selesai=at, seri=seri.id or 0, dibuat=ctx.now)
    made.unit = ctx.people.unit_of(leads, ctx.now) if leads else ""
    _set_turn(ctx, made, seri, at)
    return made


@plugin.command("rapat rutin", examples=["/rapat rutin"])
async def rutin(ctx: Context) -> None:
    """Show my recurring meetings."""
    query = select(Seri).where(Seri.pembuat == ctx.person.id, Seri.status == SeriStatus.ACTIVE).order_by(col(Seri.id)).limit(20)
    lines = [
        phrase("rapat.rutin_baris", nomor=s.id, judul=s.judul, waktu=_load_recurrence(s), berikut=s.berikut)
        for s in await ctx.all(query)
    ]
    if lines:
        await ctx.reply(phrase("rapat.rutin_judul"), *lines, phrase("rapat.rutin_kaki"))
    else:
        await ctx.reply("rapat.rutin_kosong")


@plugin.command("rapat henti", policy="pemilik_seri", examples=["/rapat henti 3"])
async def henti(ctx: Context, seri_id: Annotated[int, Prompt("rapat.tanya.seri")]) -> None:
    """End a recurring meeting; a turn already called takes place."""
    seri = await ctx.get(Seri, seri_id)
    if seri.status != SeriStatus.ACTIVE:
        raise UserError("rapat.rutin_sudah_henti", nomor=seri_id)
    seri.status = SeriStatus.STOPPED
    await ctx.cancel(f"rapat:seri:{seri_id}")
    ctx.audit("rapat.rutin_henti", f"seri/{seri_id}")
    await ctx.reply("rapat.rutin_dihentikan", nomor=seri_id, judul=seri.judul)
