"""Follow-ups are reminded of until they are done: before the deadline, then every day, and once a week to who is above."""

from typing import Annotated

from pendopo import (
    ApproximateTime,
    Button,
    Context,
    DateRange,
    Day,
    Document,
    Instant,
    Photo,
    Phrase,
    Prompt,
    RestOfText,
    TimeRange,
    phrase,
)

from pendopo_rapat.models.followups import OPEN, TindakLanjut, get_next_reminder, tells_superior
from pendopo_rapat.plugin import plugin
from pendopo_rapat.settings import RapatOptions

Number = Annotated[int, Prompt("rapat.tanya.tl")]
Reason = Annotated[RestOfText, Prompt("rapat.tanya.alasan")]
Time = Day | Instant | ApproximateTime | TimeRange | DateRange


@plugin.handle
async def tl_proses(ctx: Context, tl_id: Number) -> None:
    """Say that I am at it."""


@plugin.handle
async def tl_selesai(
    ctx: Context,
    tl_id: Number,
    catatan: RestOfText = "",
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Say that it is done."""


@plugin.handle
async def tl_mundur(
    ctx: Context, tl_id: Number, tenggat: Annotated[Time, Prompt("rapat.tanya.tenggat")], alasan: Reason
) -> None:
    """Move the deadline."""


def _make_job_key(tindak: TindakLanjut) -> str:
    return f"rapat:tl:{tindak.id}"


async def plan_reminder(ctx: Context, tindak: TindakLanjut) -> None:
    """Plan the next reminder; planned anew, it takes the place of the one before."""
    at = get_next_reminder(tindak.tenggat, ctx.now, ctx.options(RapatOptions).jam_ingat, ctx.zone)
    await ctx.schedule(at, ingat_tl, tindak.id, key=_make_job_key(tindak))


async def cancel_reminder(ctx: Context, tindak: TindakLanjut) -> None:
    """Remind of it no more."""
    await ctx.cancel(_make_job_key(tindak))


def make_buttons(tindak: TindakLanjut) -> list[Button]:
    """What whose it is can say of it."""
    return [
        Button("rapat.tombol.tl_selesai", tl_selesai, tindak.id, reusable=True),
        Button("rapat.tombol.tl_proses", tl_proses, tindak.id, reusable=True),
        Button("rapat.tombol.tl_mundur", tl_mundur, tindak.id, reusable=True),
    ]


@plugin.job(policy="system")
async def ingat_tl(ctx: Context, tl_id: int) -> None:
    """Remind whose it is; the day after the deadline, and every week from then on, who is above is told too."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    if tindak.status not in OPEN:
        return
    days = tindak.days_left(ctx.today, ctx.zone)
    said = phrase("rapat.tl_ingat", nomor=tl_id, apa=tindak.apa, tenggat=tindak.tenggat, lagi=_format_days_left(days))
    who = ctx.people.find_person(tindak.siapa)
    sent = await ctx.notify(who, said, buttons=make_buttons(tindak)) if who else None
    ctx.audit("rapat.tl_ingat", f"tl/{tl_id}", hari=days, sampai=sent is not None)
    if who is None or tells_superior(days):
        above = ctx.people.superior_of(who, ctx.now) if who else ctx.people.find_person(tindak.oleh)
        if above is not None:
            late = phrase("rapat.tl_lewat_atasan", siapa=ctx.people.get_name(tindak.siapa), hari=-days, mundur=tindak.mundur)
            await ctx.notify(above, said, late)
            ctx.audit("rapat.tl_lapor", f"tl/{tl_id}", atasan=above.id, hari=days)
    await plan_reminder(ctx, tindak)


def _format_days_left(days: int) -> Phrase:
    if days > 0:
        return phrase("rapat.tl_hari_lagi", hari=days)
    return phrase("rapat.tl_hari_ini") if not days else phrase("rapat.tl_hari_lewat", hari=-days)
