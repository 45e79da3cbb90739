"""Decisions on izin: approval, also for another time, refusal or putting off with a reason, or a question."""

import json
from typing import Annotated, Any

import msgspec
from pendopo import Answer, Button, Context, Inquiry, Note, Person, Phrase, Prompt, RestOfText, UserError, phrase
from sqlmodel import col, select

from pendopo_izin import cards, documents, transitions
from pendopo_izin.leave.hours import get_closing_day
from pendopo_izin.leave.rules import check_izin
from pendopo_izin.models import CHANGED, DEFERRED, NO, OPEN, SKIPPED, YES, Izin, Putusan, Status, Tanya
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import find_my_decision, list_open_decisions
from pendopo_izin.settings import IzinOptions, get_kind
from pendopo_izin.transitions import Number


@plugin.action(policy="pemutus")
async def setujui(ctx: Context, izin_id: Number, catatan: Note = "") -> None:
    """Approve an izin that waits for me; a note is read back first, and told to the applicant."""
    izin = await ctx.get(Izin, izin_id)
    putusan = await _require_decision(ctx, izin)
    putusan.settle(YES, ctx.person, ctx.acting_as, ctx.now, catatan)
    if await _advise(ctx, izin, putusan):
        return
    noted = [phrase("izin.catatan", catatan=putusan.alasan)] if catatan else []
    others = [other for other in await list_open_decisions(ctx, izin) if other is not putusan]
    if others and transitions.load_steps(izin)[izin.langkah]["semua"]:
        ctx.audit("izin.setujui_sebagian", f"izin/{izin.id}", **_describe_note(catatan))
        waiting = ", ".join(ctx.people.get_person(other.diminta).called for other in others)
        outcome = phrase("izin.setuju_sebagian", oleh=format_decider(ctx), pada=ctx.now, atasan=waiting)
        await ctx.edit(putusan.pesan, *cards.format_card(ctx, izin), outcome, *noted, resend=True)
        asked = [ctx.people.get_person(other.diminta) for other in others]
        typed = transitions.make_decision_buttons(izin, asked, shown=False)
        await ctx.edit(izin.pesan, *cards.format_card(ctx, izin), outcome, *noted, resend=True, buttons=typed)
        return
    for other in others:
        other.settle(SKIPPED, ctx.person, ctx.acting_as, ctx.now)
    await transitions.cancel_jobs(ctx, izin)
    outcome = phrase("izin.disetujui", oleh=format_decider(ctx), pada=ctx.now)
    if await transitions.advance_step(ctx, izin):
        ctx.audit("izin.setujui_langkah", f"izin/{izin.id}", langkah=putusan.langkah, **_describe_note(catatan))
        await ctx.edit(putusan.pesan, *cards.format_card(ctx, izin), outcome, *noted, resend=True)
        return
    await _approve_izin(ctx, izin, [outcome, *await list_notes(ctx, izin)], format_decider(ctx), putusan.pesan, catatan=catatan)


@plugin.action(policy="pemutus")
async def setujui_dengan(ctx: Context, izin_id: int, catatan: Annotated[RestOfText, Prompt("izin.tanya.catatan")]) -> None:
    """Approve an izin that waits for me with a note, which is asked for."""
    await setujui(ctx, izin_id, catatan)


def make_page_buttons(ctx: Context, izin: Izin) -> list[Button]:
    """The buttons of a decision on a page, where an approval with a note has one of its own; the usual answer is the first."""
    approve, *others = transitions.make_decision_buttons(izin, [ctx.person])
    return [approve, Button("izin.hal.setujui_dengan", setujui_dengan, izin.id, allowed=[ctx.person]), *others]


@plugin.command("tolak", policy="pemutus", examples=["/tolak 27 karena ada rapat anggaran"])
async def tolak(ctx: Context, izin_id: Number, alasan: Annotated[RestOfText, Prompt("izin.tanya.alasan")]) -> None:
    """Refuse an izin that waits for me, and say why."""
    izin = await ctx.get(Izin, izin_id)
    putusan = await _require_decision(ctx, izin)
    reason = _trim_reason(alasan)
    putusan.settle(NO, ctx.person, ctx.acting_as, ctx.now, reason)
    if await _advise(ctx, izin, putusan):
        return
    Izin.states.move(ctx, izin, Status.REFUSED, "izin.tolak", reason)
    izin.alasan, izin.diputus = reason[:1000], ctx.now
    await transitions.cancel_jobs(ctx, izin)
    refused = phrase("izin.ditolak", oleh=format_decider(ctx), pada=ctx.now, alasan=reason)
    await transitions.close_cards(ctx, izin, refused, also=putusan.pesan)
    await tell_applicant(ctx, izin, phrase("izin.kabar_tolak", **describe_izin(izin), oleh=format_decider(ctx), alasan=reason))


@plugin.command("izin perubahan", policy="pemutus", examples=["/izin perubahan 27 24-26 Agustus karena ada rapat anggaran"])
async def perubahan(
    ctx: Context,
    izin_id: Number,
    waktu: transitions.OtherTime,
    alasan: Annotated[RestOfText, Prompt("izin.tanya.alasan_putusan")],
) -> None:
    """Approve leave for another time, and say why."""
    izin, putusan = await _answer_officially(ctx, izin_id, CHANGED, alasan)
    putusan.usul = json.dumps(msgspec.to_builtins(waktu))
    if await _advise(ctx, izin, putusan):
        return
    before = izin.time
    closes = ctx.options(IzinOptions).get_day_hours(get_closing_day(waktu, ctx.today)).closes
    izin.set_time(waktu, ctx.now, ctx.zone, closes=closes)
    check_izin(ctx, izin)
    changed = phrase(
        "izin.disetujui_lain", oleh=format_decider(ctx), pada=ctx.now, waktu=izin.time, semula=before, alasan=putusan.alasan
    )
    await _skip_others(ctx, izin)
    await _approve_izin(ctx, izin, [changed], format_decider(ctx), putusan.pesan, alasan=putusan.alasan)


@plugin.command("izin tangguhkan", policy="pemutus", examples=["/izin tangguhkan 27 karena ada rapat anggaran"])
async def tangguhkan(ctx: Context, izin_id: Number, alasan: Annotated[RestOfText, Prompt("izin.tanya.alasan_putusan")]) -> None:
    """Put leave off, and say why."""
    izin, putusan = await _answer_officially(ctx, izin_id, DEFERRED, alasan)
    if await _advise(ctx, izin, putusan):
        return
    await _skip_others(ctx, izin)
    Izin.states.move(ctx, izin, Status.DEFERRED, "izin.tangguhkan", putusan.alasan)
    izin.alasan, izin.diputus = putusan.alasan, ctx.now
    told = {"oleh": format_decider(ctx), "alasan": putusan.alasan}
    await transitions.close_cards(ctx, izin, phrase("izin.ditangguhkan", pada=ctx.now, **told), also=putusan.pesan)
    await tell_applicant(ctx, izin, phrase("izin.kabar_tangguh", **describe_izin(izin), **told))


async def _answer_officially(ctx: Context, izin_id: int, result: str, reason: str) -> tuple[Izin, Putusan]:
    """Records an answer that only the leave form has. Raises `UserError` for an izin of another kind."""
    izin = await ctx.get(Izin, izin_id)
    putusan = await _require_decision(ctx, izin)
    if not transitions.is_official(izin):
        raise UserError("izin.bukan_cuti", nomor=izin_id)
    putusan.settle(result, ctx.person, ctx.acting_as, ctx.now, _trim_reason(reason))
    return izin, putusan


async def _advise(ctx: Context, izin: Izin, putusan: Putusan) -> bool:
    """Keeps an answer as advice and asks the next one; False where this step decides."""
    if not transitions.is_advice(izin):
        return False
    await _skip_others(ctx, izin)
    if not await transitions.advance_step(ctx, izin):
        return False
    ctx.audit("izin.pertimbangan", f"izin/{izin.id}", hasil=putusan.hasil, **_describe_note(putusan.alasan))
    await ctx.edit(putusan.pesan, *cards.format_card(ctx, izin), transitions.format_advice(ctx, putusan), resend=True)
    return True


async def _skip_others(ctx: Context, izin: Izin) -> None:
    """Closes the other decisions of a step that one has decided, and its jobs."""
    for other in await list_open_decisions(ctx, izin):
        if not other.hasil:
            other.settle(SKIPPED, ctx.person, ctx.acting_as, ctx.now)
    await transitions.cancel_jobs(ctx, izin)


def _trim_reason(reason: str) -> str:
    return reason.strip().removeprefix("karena ").strip()[:1000]


@plugin.action(policy="pemutus")
async def tanya(ctx: Context, izin_id: int, pertanyaan: Annotated[Inquiry, Prompt("izin.tanya.pertanyaan")]) -> None:
    """Ask a question before deciding."""
    izin = await ctx.get(Izin, izin_id)
    putusan = await _require_decision(ctx, izin)
    if izin.status != Status.QUERIED:
        Izin.states.move(ctx, izin, Status.QUERIED, "izin.tanya")
    asked = await ctx.save(Tanya(izin=izin_id, dari=ctx.person.id, isi=pertanyaan[:1000], pada=ctx.now))
    asker = ctx.people.get_person(izin.pemohon)
    answer = [Button("izin.tombol.jawab", jawab, izin_id, asked.id, allowed=asker)]
    await ctx.notify(
        asker, phrase("izin.ditanya", **describe_izin(izin), oleh=format_decider(ctx), isi=asked.isi), buttons=answer
    )
    who = transitions.list_current_deciders(ctx, izin)
    shown = (*cards.format_card(ctx, izin), phrase("izin.status_ditanya", oleh=format_decider(ctx)))
    await ctx.edit(izin.pesan, *shown, buttons=transitions.make_decision_buttons(izin, who, shown=False))
    await ctx.edit(putusan.pesan, *shown, buttons=transitions.make_decision_buttons(izin, who))
    await ctx.reply("izin.tanya_terkirim", siapa=asker)


@plugin.action(policy="pemohon")
async def jawab(ctx: Context, izin_id: int, nomor: int, isi: Annotated[Answer, Prompt("izin.tanya.jawaban")]) -> None:
    """Answer a question; the decider is asked again, with the answer."""
    izin = await ctx.get(Izin, izin_id)
    asked = await ctx.get(Tanya, nomor)
    if asked.jawaban:
        raise UserError("izin.sudah_dijawab", nomor=izin_id)
    Izin.states.move(ctx, izin, Status.ASKED, "izin.jawab")
    asked.jawaban = isi[:1000]
    waiting = ctx.people.get_name(asked.dari)
    for putusan in await list_open_decisions(ctx, izin):
        capacities = transitions.list_capacities(ctx, izin, putusan.aturan)
        waiting = next((each.capacity for each in capacities if each.person.id == asked.dari), waiting)
        who = transitions.list_deciders(ctx, izin, putusan.aturan) or [ctx.people.get_person(putusan.diminta)]
        answered = phrase("izin.dijawab", pemohon=ctx.person, tanya=asked.isi, jawaban=asked.jawaban)
        sent = await ctx.notify(
            who[0], answered, *cards.format_card(ctx, izin), buttons=transitions.make_decision_buttons(izin, who)
        )
        putusan.pesan = sent.key if sent else putusan.pesan
    typed = transitions.make_decision_buttons(izin, transitions.list_current_deciders(ctx, izin), shown=False)
    await ctx.edit(izin.pesan, *cards.format_card(ctx, izin), phrase("izin.menunggu", atasan=waiting), buttons=typed)
    await ctx.reply("izin.jawaban_terkirim", nomor=izin_id)


async def submit_izin(ctx: Context, izin: Izin) -> None:
    """Starts a round of approval; an izin short enough for its kind only needs notice."""
    check_izin(ctx, izin)
    izin.begin_round(ctx.now)
    transitions.fix_steps(ctx, izin)
    Izin.states.move(ctx, izin, Status.ASKED, "izin.ajukan", ronde=izin.ronde)
    await _tell_represented(ctx, izin)
    if izin.hari <= get_kind(ctx, izin).otomatis_hari:
        await _note_izin(ctx, izin)
    else:
        transitions.check_steps(ctx, izin)
        await transitions.ask_deciders(ctx, izin)


async def list_notes(ctx: Context, izin: Izin) -> list[Phrase]:
    """The notes of those who approved in this round, with their names where several decided."""
    approved = select(Putusan).where(Putusan.izin == izin.id, Putusan.ronde == izin.ronde, Putusan.hasil != NO)
    found = [p for p in await ctx.all(approved.order_by(col(Putusan.id))) if p.hasil == YES and p.alasan]
    if len(found) == 1:
        return [phrase("izin.catatan", catatan=found[0].alasan)]
    return [phrase("izin.catatan_oleh", oleh=p.kapasitas or ctx.people.get_name(p.oleh), catatan=p.alasan) for p in found]


def _describe_note(catatan: str) -> dict[str, str]:
    return {"catatan": catatan} if catatan else {}


async def _tell_represented(ctx: Context, izin: Izin) -> None:
    """Tells an official at once what their ajudan asked for in their name; they may take it back."""
    if ctx.person.id == izin.pemohon:
        return
    asker = ctx.people.get_person(izin.pemohon)
    told = phrase("izin.diajukan_atas_nama", oleh=ctx.person.name, nomor=izin.id)
    await ctx.notify(asker, told, *cards.format_card(ctx, izin))


async def _note_izin(ctx: Context, izin: Izin) -> None:
    """Notes what the rule `otomatis_hari` says needs notice only, and tells the superior: nobody approves it."""
    above = ctx.people.superior_of(ctx.people.get_person(izin.pemohon), ctx.now)
    if above is None:
        raise UserError("izin.tanpa_atasan", siapa=ctx.people.get_name(izin.pemohon))
    await ctx.notify(above, phrase("izin.tahu", pemohon=ctx.people.get_person(izin.pemohon)), *cards.format_card(ctx, izin))
    rule = f"otomatis:{get_kind(ctx, izin).otomatis_hari}"
    Izin.states.move(ctx, izin, Status.NOTED, "izin.beritahu", aturan=rule)
    await _begin_absence(ctx, izin, [phrase("izin.otomatis", atasan=above)], "")


async def _require_decision(ctx: Context, izin: Izin) -> Putusan:
    """The open decision of this person. Raises `UserError` when it is already made."""
    Izin.states.require(izin, *OPEN)
    putusan, answer = await find_my_decision(ctx, izin)
    if putusan is None:
        raise UserError("izin.sudah_diputus", nomor=izin.id) if answer.reason is None else _make_error(answer.reason)
    return putusan


def _make_error(reason: Phrase) -> UserError:
    return UserError(reason.key, **reason.args)


async def _approve_izin(ctx: Context, izin: Izin, outcome: list[Phrase], oleh: str, own: str, **trail: str) -> None:
    """Approves an izin and tells its applicant by whom and how."""
    Izin.states.move(ctx, izin, Status.APPROVED, "izin.setujui", **{name: value for name, value in trail.items() if value})
    told = [phrase("izin.kabar_setuju", **describe_izin(izin), oleh=oleh), *outcome[1:]]
    await _begin_absence(ctx, izin, outcome, own)
    if outcome[0].key == "izin.disetujui_lain":
        told = [phrase("izin.kabar_lain", nomor=izin.id, keperluan=izin.keperluan, **outcome[0].args)]
    await tell_applicant(ctx, izin, *told, buttons=documents.make_buttons(ctx, izin))


async def _begin_absence(ctx: Context, izin: Izin, outcome: list[Phrase], own: str) -> None:
    """Shows that an absence stands, plans it, and tells the deputy."""
    izin.diputus = ctx.now
    await transitions.close_cards(ctx, izin, *outcome, also=own)
    await transitions.plan_absence(ctx, izin)
    if izin.wakil:
        asker = ctx.people.get_person(izin.pemohon)
        await ctx.notify(ctx.people.get_person(izin.wakil), phrase("izin.anda_wakil", **describe_izin(izin), pemohon=asker))


async def tell_applicant(ctx: Context, izin: Izin, *said: Phrase, buttons: list[Button] | None = None) -> None:
    """Tells the applicant, and the person who entered it for them."""
    for id_ in dict.fromkeys((izin.pemohon, izin.pembuat)):
        who: Person | None = ctx.people.find_person(id_)
        if who is not None:
            await ctx.notify(who, *said, buttons=buttons or [])


def describe_izin(izin: Izin) -> dict[str, Any]:
    """The catalogue arguments that describe an izin."""
    return {"nomor": izin.id, "keperluan": izin.keperluan, "waktu": izin.time}


def format_decider(ctx: Context) -> str:
    """The decider by post, with the name when the post is held by mandate ("Plh. …")."""
    lent = ctx.acting_as and "." in ctx.acting_as.split()[0]
    return f"{ctx.acting_as} ({ctx.person.name})" if lent else ctx.person.called


async def list_trail(ctx: Context, izin: Izin) -> list[Phrase]:
    """The decisions so far, then questions and answers."""
    name = ctx.people.get_name
    decided = await ctx.all(select(Putusan).where(Putusan.izin == izin.id).order_by(col(Putusan.id)))
    asked = await ctx.all(select(Tanya).where(Tanya.izin == izin.id).order_by(col(Tanya.id)))
    made = [
        phrase("izin.jejak", hasil=phrase(f"izin.hasil.{p.hasil}"), oleh=p.kapasitas or name(p.oleh), pada=p.pada)
        for p in decided
        if p.hasil and p.pada
    ]
    made += await list_notes(ctx, izin)
    return made + [phrase("izin.tanya_jawab", oleh=name(t.dari), tanya=t.isi, jawaban=t.jawaban or "…") for t in asked]
