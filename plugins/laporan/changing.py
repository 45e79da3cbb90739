"""Correcting a report: its words, kind, level, district or place; who changed what stands in the log."""

import re
from typing import Annotated

from bot import Ask, Context, Location, Message, UserError, say

from . import alarm, cards, way
from .models import GONE, NOTED, WAITING, Laporan
from .places import like
from .plugin import kind, persons, photos, plugin
from .reading import LONGEST
from .rules import LEVELS, URGENT, Aturan

_FIELD = re.compile(r"\s*(isi|jenis|wilayah|kelurahan|kecamatan|tingkat|lokasi|tempat)\b[\s:]*", re.IGNORECASE)


@plugin.command(
    "laporan ubah",
    policy="pengubah",
    examples=[
        "/laporan ubah 311 wilayah Coblong",
        "/laporan ubah 311 tingkat darurat",
        "/laporan ubah 311 isi air sudah surut",
    ],
)
async def ubah(
    ctx: Context,
    laporan_id: Annotated[int, Ask("laporan.tanya.nomor")],
    apa: Annotated[Location | str, Ask("laporan.tanya.apa")],
) -> None:
    """Correct a report: isi, jenis, wilayah, tingkat or lokasi, and what it is."""
    laporan = await ctx.get(Laporan, laporan_id)
    if laporan.status in GONE:
        raise UserError("laporan.sudah_tidak_ada", nomor=laporan_id)
    shared = apa if isinstance(apa, Location) else ctx.event.location if isinstance(ctx.event, Message) else None
    if shared is not None:
        before, field = str(laporan.place or ""), "lokasi"
        laporan.put_at((shared.latitude, shared.longitude), "pin", shared.name)
    else:
        field, before = await _change(ctx, laporan, str(apa))
    ctx.audit("laporan.ubah", f"laporan/{laporan_id}", bagian=field, sebelum=before, sesudah=_value(laporan, field))
    await ctx.work_calendar.loaded()
    await ctx.reply("laporan.diubah", *cards.card(ctx, laporan, await photos(ctx, laporan_id)), nomor=laporan_id)
    await way.show_everywhere(ctx, laporan)
    if laporan.pemegang not in (0, ctx.person.id) and (holder := ctx.people.person(laporan.pemegang)):
        await ctx.notify(holder, say("laporan.kabar_ubah", nomor=laporan_id, oleh=ctx.person), *cards.card(ctx, laporan))


async def _change(ctx: Context, laporan: Laporan, said: str) -> tuple[str, str]:
    """Change one field as it was said; its name, and what it was."""
    found = _FIELD.match(said)
    value = said[found.end() :].strip() if found else ""
    if found is None or not value:
        raise UserError("laporan.ubah_apa", about="apa")
    field = {"kelurahan": "wilayah", "kecamatan": "wilayah", "lokasi": "tempat"}.get(found[1].lower(), found[1].lower())
    before = _value(laporan, field)
    if field == "wilayah":
        _district(laporan, f"{found[1]} {value}" if found[1].lower() != "wilayah" else value)
    elif field == "jenis":
        await _kind(ctx, laporan, value)
    elif field == "tingkat":
        await _level(ctx, laporan, value.lower())
    elif field == "tempat":
        laporan.tempat = value[:200]
    else:
        laporan.isi = value[:1].upper() + value[1:LONGEST]
    return field, before


def _value(laporan: Laporan, field: str) -> str:
    return str(laporan.place or "") if field == "lokasi" else str(getattr(laporan, field))


def _district(laporan: Laporan, name: str) -> None:
    found = like(name)
    if not found:
        raise UserError("laporan.wilayah_tidak_ada", about="apa", tertulis=name[:40])
    laporan.kecamatan, laporan.kelurahan = found.kecamatan, found.kelurahan


async def _kind(ctx: Context, laporan: Laporan, name: str) -> None:
    """Another kind; where something is to be done of it now, it goes to who handles that."""
    aturan = ctx.options(Aturan)
    known = aturan.kind(name)
    if known not in name.lower() and name.lower() not in aturan.jenis and not aturan.of(known).kata:
        raise UserError("laporan.jenis_tidak_ada", about="apa", pilihan=", ".join(aturan.jenis))
    laporan.jenis = known
    reporter = ctx.people.person(laporan.pelapor)
    if laporan.status == NOTED and kind(ctx, laporan).tindak and reporter is not None:
        first = next(iter(persons(ctx, kind(ctx, laporan).kepada, reporter)), None)
        called, id_ = (first.called, first.id) if first else ("", 0)
        await way.move(ctx, laporan, WAITING, "laporan.ditindak", dengan=called, pemegang=id_)
        laporan.mulai = ctx.now
        await way.watch(ctx, laporan)
        await way.tell_holder(ctx, laporan, await photos(ctx, laporan.id or 0))


async def _level(ctx: Context, laporan: Laporan, level: str) -> None:
    """Another level; what is urgent now is told to who is on duty."""
    if level not in LEVELS:
        raise UserError("laporan.tingkat_tidak_ada", about="apa", pilihan=", ".join(LEVELS))
    raised = level == URGENT and laporan.tingkat != URGENT
    laporan.tingkat = level
    if raised:
        await alarm.raise_(ctx, laporan, await photos(ctx, laporan.id or 0))
