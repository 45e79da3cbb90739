"""State changes of a report, each with a line in the audit log and a step in its history; and its jobs."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from pendopo import Button, Context, Person, Photo, Phrase, Prompt, RestOfText, phrase
from sqlmodel import col, select

from pendopo_laporan import cards
from pendopo_laporan.cards import list_photos
from pendopo_laporan.models import OPEN, STAGES, Foto, Jejak, Laporan, Status
from pendopo_laporan.plugin import plugin
from pendopo_laporan.policies import resolve_persons
from pendopo_laporan.settings import URGENT, LaporanOptions, get_kind

Number = Annotated[int, Prompt("laporan.tanya.nomor")]
SILENCE_DAYS = 10
"""Working days after which a finished report counts as accepted (as in SP4N-LAPOR)."""


@plugin.handle
async def koordinasi(ctx: Context, laporan_id: Number, pihak: Annotated[RestOfText, Prompt("laporan.tanya.pihak")]) -> None:
    """Say with whom it is being coordinated."""


@plugin.handle
async def disposisi(
    ctx: Context, laporan_id: Number, orang: Annotated[Person, Prompt("laporan.tanya.orang")], arahan: RestOfText = ""
) -> None:
    """Pass a report to a person, with an instruction."""


@plugin.handle
async def proses(ctx: Context, laporan_id: Number, rencana: RestOfText = "") -> None:
    """Say that it is being worked on, and how."""


@plugin.handle
async def tutup(ctx: Context, laporan_id: Number, catatan: RestOfText = "") -> None:
    """Close a report."""


@plugin.handle
async def nilai(ctx: Context, laporan_id: Number, bintang: Annotated[int, Prompt("laporan.tanya.bintang")]) -> None:
    """Rate how it was handled."""


@plugin.handle
async def buka(ctx: Context, laporan_id: Number, alasan: Annotated[RestOfText, Prompt("laporan.tanya.alasan")]) -> None:
    """Reopen a report and say why."""


@plugin.handle
async def tenggat(ctx: Context, laporan_id: int, putaran: int, tahap: str) -> None:
    """Remind the holder of a late stage."""


@plugin.handle
async def anggap_puas(ctx: Context, laporan_id: int, putaran: int) -> None:
    """Accept a finished report for a silent reporter."""


async def change_state(
    ctx: Context, laporan: Laporan, to: str, action: str, note: str = "", dengan: str = "", pemegang: int = 0, **detail: Any
) -> None:
    """Changes the state, with audit line and history. Raises `UserError` when the move is not allowed."""
    again = to == Status.REOPENED
    before = laporan.reopen(ctx.now, dengan, pemegang) if again else laporan.enter_state(to, ctx.now, dengan, pemegang)
    Laporan.states.audit(ctx, laporan, before, action, note, dengan=laporan.dengan, **detail)
    await record_step(ctx, laporan, note)


async def record_step(ctx: Context, laporan: Laporan, note: str = "") -> None:
    """Records the current state as a step of the history."""
    by = ctx.sender.id if ctx.sender else 0
    step = Jejak(laporan=laporan.id or 0, status=laporan.status, dengan=laporan.dengan, oleh=by, pada=ctx.now)
    step.kapasitas, step.catatan = ctx.acting_as if "." in ctx.acting_as else "", note[:1000]
    await ctx.save(step)


async def route_report(ctx: Context, laporan: Laporan, reporter: Person, files: Sequence[Foto]) -> None:
    """Sends a new report to its handler, or only notes it when its kind needs no action."""
    await ctx.work_calendar.ensure_loaded()
    if not get_kind(ctx, laporan).tindak and laporan.tingkat != URGENT:
        laporan.status = Status.NOTED
    else:
        first = next(iter(resolve_persons(ctx, get_kind(ctx, laporan).kepada, reporter)), None)
        laporan.dengan, laporan.pemegang = (first.called, first.id) if first else ("", 0)
        if laporan.tingkat != URGENT or laporan.pemegang not in [who.id for who in list_duty(ctx)]:
            await tell_holder(ctx, laporan, files)  # whom the alert reaches hears once
        await plan_jobs(ctx, laporan)
    await record_step(ctx, laporan)


async def tell_holder(ctx: Context, laporan: Laporan, files: Sequence[Foto]) -> None:
    """Tells the holder."""
    holder = ctx.people.find_person(laporan.pemegang)
    if holder is not None:
        await show_to_holder(ctx, laporan, holder, files)


def list_duty(ctx: Context) -> list[Person]:
    """Those on duty, whom an urgent report of this person alerts."""
    return resolve_persons(ctx, ctx.options(LaporanOptions).siaga, ctx.person)


async def show_to_holder(
    ctx: Context, laporan: Laporan, holder: Person, files: Sequence[Foto], said: Phrase | None = None
) -> None:
    """Sends the card and its buttons to the holder."""
    shown = cards.format_card(ctx, laporan, files)
    await ctx.notify(
        holder,
        said or phrase("laporan.untuk_anda"),
        *shown,
        buttons=make_buttons(laporan, holder),
        urgent=laporan.tingkat == URGENT,
    )


def make_typed_buttons(ctx: Context, laporan: Laporan) -> list[Button]:
    """What the holder may type in answer to the line in a group, where no buttons are seen."""
    holder = ctx.people.find_person(laporan.pemegang)
    return make_buttons(laporan, holder, shown=False) if holder is not None and laporan.status in OPEN else []


def make_buttons(laporan: Laporan, holder: Person, shown: bool = True) -> list[Button]:
    """The buttons of the holder; with `shown` False they can only be typed, in answer to the message."""
    targets: list[tuple[str, Callable[..., Awaitable[None]]]] = [
        ("proses", proses),
        ("koordinasi", koordinasi),
        ("disposisi", disposisi),
        ("tutup", tutup),
    ]
    left = targets[1:] if laporan.status == Status.WORKED else targets
    return [
        Button(f"laporan.tombol.{name}", target, laporan.id, allowed=holder, reusable=True, shown=shown)
        for name, target in left
    ]


async def plan_jobs(ctx: Context, laporan: Laporan) -> None:
    """Schedules the deadlines of the stages."""
    await ctx.work_calendar.ensure_loaded()
    for stage in STAGES:
        at = cards.get_deadline(ctx, laporan, stage)
        await ctx.schedule(at, tenggat, laporan.id, laporan.putaran, stage, key=f"laporan:{laporan.id}:{stage}")


async def cancel_jobs(ctx: Context, laporan: Laporan) -> None:
    """Cancels all jobs but the alert."""
    await ctx.cancel(*(f"laporan:{laporan.id}:{name}" for name in (*STAGES, "puas")))


async def finish_report(ctx: Context, laporan: Laporan, note: str) -> None:
    """Closes the report, stops its deadlines and asks the reporter to rate or reopen it."""
    await change_state(ctx, laporan, Status.DONE, "laporan.tutup", note, laporan.dengan, laporan.pemegang)
    laporan.selesai = ctx.now
    await cancel_jobs(ctx, laporan)
    await ctx.work_calendar.ensure_loaded()
    at = ctx.business_hours(LaporanOptions).add_hours(ctx.now, SILENCE_DAYS * cards.hours_a_day(ctx.options(LaporanOptions)))
    await ctx.schedule(at, anggap_puas, laporan.id, laporan.putaran, key=f"laporan:{laporan.id}:puas")
    await show_everywhere(ctx, laporan)
    what = note or phrase("laporan.tanpa_catatan")
    await tell_givers(
        ctx, laporan, phrase("laporan.kabar_selesai_pemberi", nomor=laporan.id, siapa=laporan.dengan, catatan=what)
    )
    reporter = ctx.people.find_person(laporan.pelapor)
    if reporter is not None and (ctx.sender is None or reporter.id != ctx.sender.id):  # nobody rates their own work
        asked = [
            Button("laporan.tombol.puas", nilai, laporan.id, 5, allowed=reporter),
            Button("laporan.tombol.belum", buka, laporan.id, allowed=reporter),
        ]
        told = phrase("laporan.kabar_selesai", nomor=laporan.id, catatan=what)
        await ctx.notify(reporter, told, buttons=asked)


async def tell_givers(ctx: Context, laporan: Laporan, said: Phrase) -> None:
    """Tells those who passed the report on, but nobody who does this or is told of it anyway."""
    passed = select(Jejak).where(Jejak.laporan == laporan.id, col(Jejak.status).in_([Status.PASSED, Status.COORDINATED]))
    known = {laporan.pelapor, laporan.pemegang, ctx.sender.id if ctx.sender else 0}
    for id_ in dict.fromkeys(step.oleh for step in await ctx.all(passed.order_by(col(Jejak.id)))):
        if id_ not in known and (who := ctx.people.find_person(id_)) is not None:
            await ctx.notify(who, said)


async def show_everywhere(ctx: Context, laporan: Laporan) -> None:
    """Updates the answer and the lines in groups, where messages can be edited."""
    await ctx.work_calendar.ensure_loaded()
    shown = cards.format_line(ctx, laporan, cards.format_count(await list_photos(ctx, laporan.id or 0)))
    if laporan.pesan:
        await ctx.edit(laporan.pesan, shown)
    await edit_groups(ctx, laporan, shown)


async def edit_groups(ctx: Context, laporan: Laporan, said: Phrase, resend: bool = False) -> None:
    """Edits the lines in groups."""
    urgent, typed = laporan.tingkat == URGENT, make_typed_buttons(ctx, laporan)
    for key, blob in list_group_messages(laporan):
        photo = Photo(blob) if blob else None
        await ctx.edit(key, said, photo=photo, buttons=typed, resend=resend, urgent=urgent)


def list_group_messages(laporan: Laporan) -> list[tuple[str, str]]:
    """Keys of the lines in groups, with the blobs of their pictures."""
    return [(key, blob) for key, blob in json.loads(laporan.grup or "[]")]


def record_group_message(laporan: Laporan, key: str, blob: str = "") -> None:
    """Records a line in a group."""
    laporan.grup = json.dumps([*list_group_messages(laporan), (key, blob)])


async def tell_reporter(ctx: Context, laporan: Laporan, said: Phrase) -> None:
    """Tells the reporter, unless they did it themselves."""
    reporter = ctx.people.find_person(laporan.pelapor)
    if reporter is not None and (ctx.sender is None or reporter.id != ctx.sender.id):
        await ctx.notify(reporter, said, urgent=laporan.tingkat == URGENT)
