"""Polls for the time of a meeting: each option is answered yes, if need be, or no; the leader fixes one."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pendopo import ApproximateTime, Button, Context, Instant, Phrase, Prompt, RestOfText, TimeRange, UserError, When, phrase
from sqlmodel import select

from pendopo_rapat import cards, parser, transitions
from pendopo_rapat.meetings import creation
from pendopo_rapat.models.meetings import MAYBE, NO, YES, Jawaban, Opsi, Peserta, Rapat, RapatStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import find_participant, list_participants
from pendopo_rapat.settings import RapatOptions

EXAMPLE = (
    "/rapat polling Evaluasi banjir Kamis jam 9; Jumat jam 13; Senin jam 8 sampai besok jam 12 undang Kadis PU, Camat Coblong"
)
MOST = 10
"""Most options of a poll."""
_UNTIL = re.compile(r"(?<!\w)(?:sampai|hingga|s\.?d\.?|paling lambat|batas)\s+", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(?:jam|pukul|pkl)\.?\s*)?\d{1,2}(?:[.:]\d{2})?\s*(?:wib)?\s*|selesai\s*", re.IGNORECASE)
Number = Annotated[int, Prompt("rapat.tanya.nomor")]


@plugin.command("rapat polling", aliases=["rapat jajak"], examples=[EXAMPLE])
async def polling(ctx: Context, teks: Annotated[RestOfText, Prompt("rapat.tanya.polling")]) -> None:
    """Ask for a time that suits everybody."""
    words, until = await _parse_until(ctx, teks)
    title, times = await _parse_times(ctx, words)
    said = parser.parse_meeting(title)
    people = parser.resolve_invitees(ctx, said.undang or "grup", ctx.chat, "teks", teks)
    made = creation.make_draft(ctx, said, teks)
    options = ctx.options(RapatOptions)
    usual = timedelta(hours=options.lama_jam)
    number = (await ctx.save(made)).id or 0
    chosen = [await ctx.save(Opsi.new(number, n, waktu, ctx.now, usual)) for n, waktu in enumerate(times, 1)]
    # As given, else halfway to the first option, and never after it.
    first = min(opsi.mulai for opsi in chosen)
    if until is not None and until <= ctx.now:
        raise UserError("rapat.waktu_lewat", param="teks", waktu=until)
    made.batas = min(until or ctx.now + (first - ctx.now) / 2, first).astimezone(UTC)
    made.mulai, made.selesai = min(o.mulai for o in chosen), max(o.selesai for o in chosen)
    places = await transitions.add_participants(ctx, made, people)
    ctx.audit("rapat.draf", f"rapat/{made.id}", jumlah=len(places), pilihan=len(chosen))
    choices = [
        Button("rapat.tombol.tanyakan", tanyakan, made.id, allowed=ctx.person),
        Button("rapat.tombol.buang", creation.buang, made.id, allowed=ctx.person),
    ]
    lines = [phrase("rapat.pilihan", urut=o.urut, waktu=o.time) for o in chosen]
    until_line = phrase("rapat.polling_batas", waktu=made.batas)
    sent = await ctx.reply(
        *cards.format_card(ctx, made), *lines, until_line, cards.format_invited(ctx, places), buttons=choices
    )
    made.pesan = sent.key


async def _parse_until(ctx: Context, teks: str) -> tuple[str, datetime | None]:
    """The deadline after the last "sampai …", if it is before the last option; and the text without it."""
    clause = re.search(r"\s(?:undang|dipimpin|notulis)\s", teks, re.IGNORECASE)
    head, tail = (teks[: clause.start()], teks[clause.start() :]) if clause else (teks, "")
    found_all = list(_UNTIL.finditer(head))
    if not found_all or ";" not in head[: found_all[-1].start()]:
        return teks, None
    last = found_all[-1]
    if _CLOCK.fullmatch(head[last.end() :]):
        return teks, None  # "jam 9 sampai jam 11" is how long it lasts
    before, found = head[: last.start()], await ctx.parse_time(head[last.end() :])
    slot = await ctx.parse_time(before.rsplit(";", 1)[1])
    if found is None or slot is None:
        return teks, None
    until, begin = parser.resolve_deadline(ctx, found.value), parser.resolve_deadline(ctx, slot.value)
    if until is None or begin is None or until >= begin:
        return teks, None
    return f"{before} {found.remove_from(head[last.end() :])}{tail}", until


async def _parse_times(ctx: Context, words: str) -> tuple[str, list[When]]:
    """The options between semicolons, and the rest. Raises `UserError` unless there are 2 to `MOST`, all with a time."""
    times: list[When] = []
    rests: list[str] = []
    for part in filter(None, (p.strip() for p in words.split(";"))):
        found = await ctx.parse_time(part)
        if found is None or not isinstance(found.value, (Instant, TimeRange, ApproximateTime)):
            raise UserError("rapat.polling_waktu", param="teks", tertulis=part[:80])
        if found.unread or "several" in found.assumed:  # the draft reads everything else back in full
            raise UserError("rapat.polling_ragu", param="teks", tertulis=part[:80])
        times.append(found.value)
        rests.append(found.remove_from(part))
    if not 2 <= len(times) <= MOST:
        raise UserError("rapat.polling_jumlah", param="teks", paling_banyak=MOST)
    return " ".join(filter(None, rests)), times


@plugin.action(policy="pengurus")
async def tanyakan(ctx: Context, rapat_id: int) -> None:
    """Send the poll; those away at an option get "tidak" filled in."""
    made = await ctx.get(Rapat, rapat_id)
    Rapat.states.move(ctx, made, RapatStatus.POLL, "rapat.polling")
    chosen, places = await cards.poll_options(ctx, made), await list_participants(ctx, made)
    for place in places:
        who = ctx.people.find_person(place.orang)
        for opsi in chosen if who is not None else ():
            if any(busy.kind == "away" for busy in await ctx.calendar.list_busy(who, opsi.mulai, opsi.selesai)):  # type: ignore[arg-type]
                given = Jawaban(rapat=made.id or 0, opsi=opsi.id or 0, orang=place.orang, jawab=NO, otomatis=True, pada=ctx.now)
                await ctx.save(given)
                ctx.audit("rapat.pilih", f"rapat/{made.id}", opsi=opsi.urut, jawab=NO, orang=place.orang, otomatis=True)
    for place in places:
        place.pesan = await ask_participant(ctx, made, place, chosen)
    if made.batas is not None:
        await _plan_jobs(ctx, made, made.batas)
    await ctx.edit(made.pesan, *await cards.poll_shown(ctx, made), resend=True)
    await transitions.plan_refresh(ctx, made, segarkan_polling)


async def _plan_jobs(ctx: Context, made: Rapat, until: datetime) -> None:
    """Schedules the reminder (a quarter of the time left, at most 24 hours), the end and the lapse."""
    early = until - min((until - ctx.now) / 4, timedelta(hours=24))
    await ctx.schedule(early, ingat_polling, made.id, key=f"rapat:{made.id}:ingat", chat=made.chat)
    await ctx.schedule(until, batas_polling, made.id, key=f"rapat:{made.id}:batas", chat=made.chat)
    await ctx.schedule(
        made.selesai + transitions.GRACE, transitions.lewat, made.id, made.urut, key=f"rapat:{made.id}:lewat", chat=made.chat
    )


@plugin.action(policy="peserta")
async def pilih(ctx: Context, rapat_id: int, opsi_id: int, jawab: Literal["ya", "bila", "tidak"]) -> None:
    """Say whether one time suits me."""
    made, opsi = await ctx.get(Rapat, rapat_id), await ctx.get(Opsi, opsi_id)
    Rapat.states.require(made, RapatStatus.POLL)
    await record_answer(ctx, made, opsi, jawab)
    await ctx.update(
        *(await _format_option(ctx, made, opsi, ctx.person.id)),
        phrase("rapat.pilihan_anda", jawab=phrase(f"rapat.pilih.{jawab}")),
        buttons=make_poll_buttons(opsi),
    )
    await transitions.plan_refresh(ctx, made, segarkan_polling)


@plugin.command("rapat pilih", policy="peserta", examples=["/rapat pilih 12 ya bila tidak"])
async def pilih_semua(ctx: Context, rapat_id: Number, jawaban: Annotated[RestOfText, Prompt("rapat.tanya.jawaban")]) -> None:
    """Answer all options at once, in their order: ya, bila (if need be), tidak."""
    made = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(made, RapatStatus.POLL)
    chosen = await cards.poll_options(ctx, made)
    words = [_parse_answer(word) for word in re.findall(r"\w+", jawaban.lower()) if word not in ("perlu", "kalau")]
    if len(words) != len(chosen) or None in words:
        raise UserError("rapat.pilih_semua", param="jawaban", jumlah=len(chosen))
    for opsi, word in zip(chosen, words, strict=True):
        await record_answer(ctx, made, opsi, word or NO)
    lines = [phrase("rapat.pilihan", urut=o.urut, waktu=o.time) for o in chosen]
    given = [phrase(f"rapat.pilih.{word}") for word in words]
    both = [phrase("rapat.berdua", kiri=left, kanan=right) for left, right in zip(lines, given, strict=True)]
    await ctx.reply(phrase("rapat.pilihan_dicatat", nomor=rapat_id), *both)
    await transitions.plan_refresh(ctx, made, segarkan_polling)


def _parse_answer(word: str) -> str | None:
    meant = {
        YES: ("ya", "y", "bisa", "yes", "oke", "ok"),
        MAYBE: ("bila", "mungkin", "maybe"),
        NO: ("tidak", "tdk", "t", "no", "gak"),
    }
    return next((answer for answer, words in meant.items() if word in words), None)


@plugin.command("rapat tetapkan", policy="pimpinan", examples=["/rapat tetapkan 12 2"])
async def tetapkan(ctx: Context, rapat_id: Number, urut: Annotated[int, Prompt("rapat.tanya.pilihan")]) -> None:
    """Fix the time of a meeting to one of the options, and invite everybody."""
    made = await ctx.get(Rapat, rapat_id)
    opsi = next((o for o in await cards.poll_options(ctx, made) if o.urut == urut), None)
    if opsi is None:
        raise UserError("rapat.tanpa_pilihan", param="urut", urut=urut)
    await fix_time(ctx, made, opsi)


@plugin.command(
    "rapat pilihan", policy="pengurus", examples=["/rapat pilihan 12 2 Jumat jam 10", "/rapat pilihan 12 Sabtu jam 9"]
)
async def pilihan(
    ctx: Context,
    rapat_id: Number,
    waktu: Annotated[Instant | TimeRange | ApproximateTime, Prompt("rapat.tanya.waktu")],
    urut: int = 0,
) -> None:
    """Change the time of an option, keeping its answers, or add one (no number)."""
    made = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(made, RapatStatus.POLL)
    chosen = await cards.poll_options(ctx, made)
    usual = timedelta(hours=ctx.options(RapatOptions).lama_jam)
    opsi = next((o for o in chosen if o.urut == urut), None)
    if opsi is None and (urut or len(chosen) >= MOST):
        raise (
            UserError("rapat.tanpa_pilihan", param="urut", urut=urut)
            if urut
            else UserError("rapat.polling_jumlah", paling_banyak=MOST)
        )
    if opsi is None:
        opsi = await ctx.save(Opsi.new(rapat_id, max(o.urut for o in chosen) + 1, waktu, ctx.now, usual))
    else:
        opsi.set_time(waktu, ctx.now, usual)
    ctx.audit("rapat.pilihan", f"rapat/{rapat_id}", urut=opsi.urut, mulai=opsi.mulai)
    for place in await list_participants(ctx, made):
        await ask_participant(ctx, made, place, [opsi], "rapat.polling_berubah")
    await ctx.reply("rapat.pilihan_diubah", urut=opsi.urut, waktu=opsi.time)
    await transitions.plan_refresh(ctx, made, segarkan_polling)


@plugin.job(policy="system")
async def ingat_polling(ctx: Context, rapat_id: int) -> None:
    """Remind those who have not answered."""
    made = await ctx.get(Rapat, rapat_id)
    if made.status != RapatStatus.POLL:
        return
    chosen = await cards.poll_options(ctx, made)
    for place, open_ in await cards.poll_missing(ctx, made, chosen):
        await ask_participant(ctx, made, place, open_, "rapat.polling_ingat")
        ctx.audit("rapat.ingatkan", f"rapat/{rapat_id}", orang=place.orang)


@plugin.job(policy="system")
async def batas_polling(ctx: Context, rapat_id: int) -> None:
    """End the poll and show the result to the leader."""
    made = await ctx.get(Rapat, rapat_id)
    if made.status == RapatStatus.POLL:
        await _show_leader(ctx, made)


async def _show_leader(ctx: Context, made: Rapat) -> None:
    leader = ctx.people.find_person(made.pimpinan)
    lines = await cards.poll_shown(ctx, made)
    chosen = await cards.poll_options(ctx, made)
    fix = [Button(f"rapat.tombol.tetapkan_{o.urut}", tetapkan, made.id, o.urut, allowed=leader) for o in chosen]
    if leader is None or await ctx.notify(leader, phrase("rapat.polling_selesai"), *lines, buttons=fix) is None:
        await ctx.send(made.chat, phrase("rapat.polling_selesai"), *lines, buttons=fix)


@plugin.job(policy="system")
async def segarkan_polling(ctx: Context, rapat_id: int) -> None:
    """Update the card with the answers; tell the leader once all have answered."""
    made = await ctx.get(Rapat, rapat_id)
    if made.status != RapatStatus.POLL:
        return
    await ctx.edit(made.pesan, *await cards.poll_shown(ctx, made))
    if not await cards.poll_missing(ctx, made, await cards.poll_options(ctx, made)) and not made.tercapai:
        made.tercapai = True
        await _show_leader(ctx, made)


def make_poll_buttons(opsi: Opsi) -> list[Button]:
    """The buttons of one option; the answer can be changed."""
    return [
        Button(f"rapat.tombol.pilih_{answer}", pilih, opsi.rapat, opsi.id, answer, reusable=True) for answer in (YES, MAYBE, NO)
    ]


async def ask_participant(
    ctx: Context, made: Rapat, place: Peserta, chosen: Sequence[Opsi], key: str = "rapat.polling_tanya"
) -> str:
    """Asks one person, one message per option; returns the key of the first, "" when they cannot be reached."""
    who = ctx.people.find_person(place.orang)
    if who is None:
        return ""
    until = phrase("rapat.polling_batas", waktu=made.batas)
    all_at_once = phrase("rapat.polling_sekaligus", nomor=made.id)
    first = await ctx.notify(
        who, phrase(key, nomor=made.id, judul=made.judul, oleh=cards.format_leader(ctx, made)), until, all_at_once
    )
    if first is None:
        return ""
    for opsi in chosen:
        await ctx.notify(who, *await _format_option(ctx, made, opsi, place.orang), buttons=make_poll_buttons(opsi))
    return first.key


async def _format_option(ctx: Context, made: Rapat, opsi: Opsi, orang: int) -> list[Phrase]:
    """One option for one person, with conflicts in their calendar."""
    who = ctx.people.find_person(orang)
    lines = [phrase("rapat.pilihan_dari", nomor=made.id, urut=opsi.urut, waktu=opsi.time)]
    busy = await ctx.calendar.list_busy(who, opsi.mulai, opsi.selesai) if who else []
    lines += [phrase("rapat.pilihan_bentrok", acara=b.title, waktu=b.start) for b in busy if b.key != f"rapat/{made.id}"]
    return lines


async def record_answer(ctx: Context, made: Rapat, opsi: Opsi, jawab: str) -> None:
    """Records an answer; the last one counts. Raises `UserError` for the uninvited."""
    place = await find_participant(ctx, made)
    if place is None or not place.diundang or opsi.rapat != made.id:
        raise UserError("rapat.bukan_peserta", nomor=made.id)
    own = await ctx.first(select(Jawaban).where(Jawaban.opsi == opsi.id, Jawaban.orang == place.orang))
    if own is None:
        fresh = Jawaban(rapat=made.id or 0, opsi=opsi.id or 0, orang=place.orang, jawab=jawab, pada=ctx.now)
        await ctx.save(fresh)
    elif own.jawab == jawab and not own.otomatis:
        return
    else:
        own.jawab, own.otomatis, own.pada = jawab, False, ctx.now
    ctx.audit("rapat.pilih", f"rapat/{made.id}", opsi=opsi.urut, jawab=jawab, orang=place.orang)


async def fix_time(ctx: Context, made: Rapat, opsi: Opsi) -> None:
    """Fixes the time and invites everybody. Raises `UserError` when already fixed, or past."""
    if opsi.mulai <= ctx.now:
        raise UserError("rapat.waktu_lewat", waktu=opsi.time)
    Rapat.states.require(made, RapatStatus.POLL)
    made.waktu, made.mulai, made.selesai, made.tercapai = opsi.waktu, opsi.mulai, opsi.selesai, False
    Rapat.states.move(ctx, made, RapatStatus.CALLED, "rapat.tetapkan", pilihan=opsi.urut)
    await transitions.cancel_jobs(ctx, made, "ingat", "batas", "kartu")
    await transitions.call_meeting(ctx, made, [p for p in await list_participants(ctx, made) if p.diundang])
    fixed = phrase("rapat.ditetapkan", urut=opsi.urut, oleh=ctx.person, pada=ctx.now)
    await ctx.edit(made.pesan, *cards.format_card(ctx, made), fixed, resend=True)
    if ctx.chat.key != made.chat.key:
        await ctx.reply(*cards.format_card(ctx, made), fixed)
