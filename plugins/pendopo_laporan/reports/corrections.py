"""Correcting a report's text, kind, level, district or place; each change is in the audit log."""

import re
from typing import Annotated

from pendopo import Context, Location, Message, Prompt, UserError, phrase

from pendopo_laporan import alarm, cards, transitions
from pendopo_laporan.cards import list_photos
from pendopo_laporan.models import GONE, Laporan, Status
from pendopo_laporan.parser import LONGEST
from pendopo_laporan.places import match_district
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import resolve_persons
from pendopo_laporan.settings import LEVELS, URGENT, LaporanOptions, get_kind

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
    laporan_id: Annotated[int, Prompt("laporan.tanya.nomor")],
    apa: Annotated[Location | str, Prompt("laporan.tanya.apa")],
) -> None:
    """Correct isi, jenis, wilayah, tingkat or lokasi of a report."""
    laporan = await ctx.get(Laporan, laporan_id)
    if laporan.status in GONE:
        raise UserError("laporan.sudah_tidak_ada", nomor=laporan_id)
    shared = apa if isinstance(apa, Location) else ctx.event.location if isinstance(ctx.event, Message) else None
    if shared is not None:
        before, field = str(laporan.place or ""), "lokasi"
        laporan.set_place((shared.latitude, shared.longitude), "pin", shared.name)
    else:
        field, before = await _change_field(ctx, laporan, str(apa))
    ctx.audit("laporan.ubah", f"laporan/{laporan_id}", bagian=field, sebelum=before, sesudah=_get_value(laporan, field))
    await ctx.work_calendar.ensure_loaded()
    await ctx.reply("laporan.diubah", *cards.format_card(ctx, laporan, await list_photos(ctx, laporan_id)), nomor=laporan_id)
    await transitions.show_everywhere(ctx, laporan)
    if laporan.pemegang not in (0, ctx.person.id) and (holder := ctx.people.find_person(laporan.pemegang)):
        await ctx.notify(
            holder, phrase("laporan.kabar_ubah", nomor=laporan_id, oleh=ctx.person), *cards.format_card(ctx, laporan)
        )


async def _change_field(ctx: Context, laporan: Laporan, said: str) -> tuple[str, str]:
    """Changes the field a text names; returns its name and previous value. Raises `UserError` for unusable text."""
    found = _FIELD.match(said)
    value = said[found.end() :].strip() if found else ""
    if found is None or not value:
        raise UserError("laporan.ubah_apa", param="apa")
    field = {"kelurahan": "wilayah", "kecamatan": "wilayah", "lokasi": "tempat"}.get(found[1].lower(), found[1].lower())
    before = _get_value(laporan, field)
    if field == "wilayah":
        _change_district(laporan, f"{found[1]} {value}" if found[1].lower() != "wilayah" else value)
    elif field == "jenis":
        await _change_kind(ctx, laporan, value)
    elif field == "tingkat":
        await _change_level(ctx, laporan, value.lower())
    elif field == "tempat":
        laporan.tempat = value[:200]
    else:
        laporan.isi = value[:1].upper() + value[1:LONGEST]
    return field, before


def _get_value(laporan: Laporan, field: str) -> str:
    return str(laporan.place or "") if field == "lokasi" else str(getattr(laporan, field))


def _change_district(laporan: Laporan, name: str) -> None:
    found = match_district(name)
    if not found:
        raise UserError("laporan.wilayah_tidak_ada", param="apa", tertulis=name[:40])
    laporan.kecamatan, laporan.kelurahan = found.kecamatan, found.kelurahan


async def _change_kind(ctx: Context, laporan: Laporan, name: str) -> None:
    """Changes the kind; a report only noted goes to its handler when the new kind needs action."""
    options = ctx.options(LaporanOptions)
    known = options.detect_kind(name)
    if known not in name.lower() and name.lower() not in options.jenis and not options.find_kind(known).kata:
        raise UserError("laporan.jenis_tidak_ada", param="apa", pilihan=", ".join(options.jenis))
    laporan.jenis = known
    reporter = ctx.people.find_person(laporan.pelapor)
    if laporan.status == Status.NOTED and get_kind(ctx, laporan).tindak and reporter is not None:
        first = next(iter(resolve_persons(ctx, get_kind(ctx, laporan).kepada, reporter)), None)
        called, id_ = (first.called, first.id) if first else ("", 0)
        await transitions.change_state(ctx, laporan, Status.WAITING, "laporan.ditindak", dengan=called, pemegang=id_)
        laporan.mulai = ctx.now
        await transitions.plan_jobs(ctx, laporan)
        await transitions.tell_holder(ctx, laporan, await list_photos(ctx, laporan.id or 0))


async def _change_level(ctx: Context, laporan: Laporan, level: str) -> None:
    """Changes the level; alerts those on duty when it becomes urgent."""
    if level not in LEVELS:
        raise UserError("laporan.tingkat_tidak_ada", param="apa", pilihan=", ".join(LEVELS))
    raised = level == URGENT and laporan.tingkat != URGENT
    laporan.tingkat = level
    if raised:
        await alarm.raise_alarm(ctx, laporan, await list_photos(ctx, laporan.id or 0))
