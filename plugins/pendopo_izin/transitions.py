"""The approval steps of an izin: who is asked, and the jobs that run while it waits."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from pendopo import (
    Button,
    Context,
    DateRange,
    Day,
    Document,
    Inquiry,
    Note,
    Person,
    Photo,
    Phrase,
    Prompt,
    RestOfText,
    TimeRange,
    UserError,
    phrase,
)
from sqlmodel import col, select

from pendopo_izin import cards
from pendopo_izin.models import SKIPPED, YES, Izin, Putusan, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import make_resource
from pendopo_izin.settings import IzinOptions, get_kind

DECIDE = "izin.setujui"
"""The action that a mandate must cover."""
SOON = timedelta(minutes=15)
"""A reminder or escalation sooner than this after asking is left out."""
LATE = timedelta(days=3)
"""How long an izin for days that are over, such as an illness, waits for a decision."""
SNOOZE = timedelta(hours=1)
"""How much later *nanti* reminds again."""
Number = Annotated[int, Prompt("izin.tanya.nomor")]
OtherTime = Annotated[Day | DateRange | TimeRange, Prompt("izin.tanya.waktu_lain")]


@plugin.handle
async def setujui(ctx: Context, izin_id: Number, catatan: Note = "") -> None:
    """Approve an izin that waits for me."""


@plugin.handle
async def tolak(ctx: Context, izin_id: Number, alasan: Annotated[RestOfText, Prompt("izin.tanya.alasan")]) -> None:
    """Refuse an izin that waits for me, and say why."""


@plugin.handle
async def tanya(ctx: Context, izin_id: int, pertanyaan: Annotated[Inquiry, Prompt("izin.tanya.pertanyaan")]) -> None:
    """Ask a question before deciding."""


@plugin.handle
async def perubahan(
    ctx: Context, izin_id: Number, waktu: OtherTime, alasan: Annotated[RestOfText, Prompt("izin.tanya.alasan_putusan")]
) -> None:
    """Approve an izin for another time, and say why."""


@plugin.handle
async def tangguhkan(ctx: Context, izin_id: Number, alasan: Annotated[RestOfText, Prompt("izin.tanya.alasan_putusan")]) -> None:
    """Put an izin off, and say why."""


@plugin.handle
async def ingat(ctx: Context, izin_id: int, ronde: int, langkah: int) -> None:
    """Remind those who have not decided."""


@plugin.handle
async def eskalasi(ctx: Context, izin_id: int, ronde: int, langkah: int) -> None:
    """Ask the next superior as well."""


@plugin.handle
async def kedaluwarsa(ctx: Context, izin_id: int, ronde: int) -> None:
    """Let an izin expire that was not decided in time."""


@plugin.handle
async def mulai(ctx: Context, izin_id: int, ronde: int) -> None:
    """Note that the absence has begun."""


@plugin.handle
async def usai(ctx: Context, izin_id: int, ronde: int) -> None:
    """End the absence."""


def fix_steps(ctx: Context, izin: Izin) -> None:
    """Stores the approval steps, as configured now."""
    asker = ctx.people.get_person(izin.pemohon)
    roles = ctx.people.roles_of(asker, ctx.now)
    steps = [step for step in get_kind(ctx, izin).rute if step.applies_to(roles, izin.hari, izin.luar_negeri)]
    official = get_kind(ctx, izin).resmi
    izin.rute = json.dumps([{"oleh": step.oleh, "semua": step.semua, "resmi": official} for step in steps])


def load_steps(izin: Izin) -> list[dict[str, Any]]:
    """The stored approval steps."""
    read: list[dict[str, Any]] = json.loads(izin.rute)
    return read


def is_official(izin: Izin) -> bool:
    """Whether the current step is answered as the leave form has it."""
    return bool(load_steps(izin)[izin.langkah].get("resmi"))


def is_advice(izin: Izin) -> bool:
    """Whether the current step only advises on leave, since another one decides."""
    return is_official(izin) and izin.langkah + 1 < len(load_steps(izin))


def list_gaps(ctx: Context, izin: Izin) -> list[str]:
    """What people call those who would decide the steps that nobody can decide now; the steps must be fixed."""
    gaps = []
    for step in load_steps(izin):
        rules = _expand_rules(ctx, izin, step)
        empty = [rule for rule in rules if not list_capacities(ctx, izin, rule)]
        if len(empty) == len(rules) or (empty and step["semua"]):
            gaps.append(" / ".join(_name_rule(ctx, izin, rule) for rule in empty))
    return gaps


def _name_rule(ctx: Context, izin: Izin, rule: str) -> str:
    """What people call those whom a rule names: titles of posts, else the name in the settings."""
    name, _, value = rule.partition(":")
    if name == "superior":
        return ctx.translate("izin.atasan_dari", siapa=ctx.people.get_person(izin.pemohon).called)
    wanted, posts = value.split(","), ctx.people.posts.values()
    titles = [post.title for post in posts if (post.code in wanted if name == "post" else post.roles.intersection(wanted))]
    return " / ".join(titles) or value


def check_steps(ctx: Context, izin: Izin) -> None:
    """Raises `UserError` where nobody can decide a step."""
    if gaps := list_gaps(ctx, izin):
        raise UserError("izin.langkah_kosong", nomor=izin.id, siapa=", ".join(gaps))


async def advance_step(ctx: Context, izin: Izin) -> bool:
    """Moves to the next step none of whose deciders has decided yet; False when there is none."""
    passed = select(Putusan).where(Putusan.izin == izin.id, Putusan.ronde == izin.ronde, Putusan.hasil == YES)
    decided = {putusan.oleh for putusan in await ctx.all(passed)} | {ctx.person.id}
    for number in range(izin.langkah + 1, len(load_steps(izin))):
        izin.langkah = number
        asked = [who for rule in load_steps(izin)[number]["oleh"] for who in list_deciders(ctx, izin, rule)]
        if not decided.intersection(who.id for who in asked):
            await ask_deciders(ctx, izin)
            return True
    return False


async def ask_deciders(ctx: Context, izin: Izin) -> None:
    """Asks all deciders of the current step. Raises `UserError` when a rule names nobody."""
    step = load_steps(izin)[izin.langkah]
    shown = [
        *cards.format_card(ctx, izin),
        *await list_advice(ctx, izin),
        *await cards.list_warnings(ctx, izin, ctx.people.get_person(izin.pemohon)),
        format_deadline(ctx, izin),
    ]
    reached = False
    first: list[str] = []
    for rule in _expand_rules(ctx, izin, step):
        deciders = list_capacities(ctx, izin, rule)
        if not deciders and not step["semua"]:
            continue  # one of the others decides
        if not deciders:
            raise UserError("izin.langkah_berikut_kosong", nomor=izin.id, siapa=_name_rule(ctx, izin, rule))
        reached = await _ask_by_rule(ctx, izin, rule, list_deciders(ctx, izin, rule), shown) or reached
        first.append(deciders[0].capacity)
    if not first:
        rules = " / ".join(_name_rule(ctx, izin, rule) for rule in step["oleh"])
        raise UserError("izin.langkah_berikut_kosong", nomor=izin.id, siapa=rules)
    await _show_waiting(ctx, izin, first, reached)
    await _plan_jobs(ctx, izin)


async def list_advice(ctx: Context, izin: Izin) -> list[Phrase]:
    """The advice of the steps before, on leave."""
    before = (Putusan.izin == izin.id, Putusan.ronde == izin.ronde, Putusan.langkah < izin.langkah)
    made = await ctx.all(select(Putusan).where(*before).order_by(col(Putusan.id))) if is_official(izin) else []
    return [format_advice(ctx, putusan) for putusan in made if putusan.hasil not in ("", SKIPPED)]


def format_advice(ctx: Context, putusan: Putusan) -> Phrase:
    """The advice of one step: what, by whom, the other time and the reason where there are such."""
    what = phrase(f"izin.hasil_resmi.{putusan.hasil}")
    time_ = phrase("izin.menjadi", waktu=json.loads(putusan.usul)) if putusan.usul else ""
    why = phrase("izin.dengan_alasan", alasan=putusan.alasan) if putusan.alasan else ""
    by = putusan.kapasitas or ctx.people.get_name(putusan.oleh)
    return phrase("izin.pertimbangan", oleh=by, hasil=what, waktu=time_, alasan=why)


async def ask_next_decider(ctx: Context, izin: Izin, rule: str) -> Person | None:
    """Asks the next decider when the first does not answer; None when there is none."""
    who = list_deciders(ctx, izin, rule)
    shown = [*cards.format_card(ctx, izin), format_deadline(ctx, izin)]
    return who[0] if who and await _ask_by_rule(ctx, izin, rule, who, [phrase("izin.eskalasi"), *shown]) else None


async def _ask_by_rule(ctx: Context, izin: Izin, rule: str, who: Sequence[Person], shown: Sequence[Phrase]) -> bool:
    asked = phrase("izin.untuk_diputus", pemohon=ctx.people.get_person(izin.pemohon))
    handed_on = [] if get_kind(ctx, izin).rahasia else ctx.plugins.list_item_buttons(f"izin/{izin.id}", list(who))
    sent = await ctx.notify(who[0], asked, *shown, buttons=[*make_decision_buttons(izin, who), *handed_on])
    putusan = Putusan(izin=izin.id or 0, ronde=izin.ronde, langkah=izin.langkah, aturan=rule, diminta=who[0].id)
    putusan.pesan = sent.key if sent else ""
    await ctx.save(putusan)
    if sent is not None:
        await _send_files(ctx, izin, who[0])
    return sent is not None


async def list_waiting_for(ctx: Context, who: Person) -> list[Izin]:
    """The izin for which this person is the one to ask, the soonest first."""
    live = (
        select(Izin).where(col(Izin.status) == Status.ASKED, Izin.selesai > ctx.now - LATE).order_by(col(Izin.mulai)).limit(200)
    )
    found = {izin.id or 0: izin for izin in await ctx.all(live)}
    asked = await ctx.all(select(Putusan).where(col(Putusan.izin).in_(found), Putusan.hasil == "")) if found else []
    own = {
        p.izin
        for p in asked
        if (p.ronde, p.langkah) == (found[p.izin].ronde, found[p.izin].langkah)
        and list_deciders(ctx, found[p.izin], p.aturan)[:1] == [who]
    }
    return [izin for number, izin in found.items() if number in own]


def make_decision_buttons(izin: Izin, who: Sequence[Person], shown: bool = True) -> list[Button]:
    """The buttons of a decision; with `shown` False it can only be typed, in answer to the message."""
    only = list(who)
    return [
        Button("izin.tombol.setujui", setujui, izin.id, allowed=only, shown=shown),
        Button("izin.tombol.tolak", tolak, izin.id, allowed=only, shown=shown),
        Button("izin.tombol.tanya", tanya, izin.id, allowed=only, shown=shown),
        *(make_official_buttons(izin, only, shown) if is_official(izin) else []),
    ]


def make_official_buttons(izin: Izin, only: list[Person], shown: bool) -> list[Button]:
    """The other two answers of the leave form."""
    return [
        Button("izin.tombol.perubahan", perubahan, izin.id, allowed=only, shown=shown),
        Button("izin.tombol.tangguhkan", tangguhkan, izin.id, allowed=only, shown=shown),
    ]


def list_current_deciders(ctx: Context, izin: Izin) -> list[Person]:
    """Those who may decide on the current step."""
    rules = load_steps(izin)[izin.langkah]["oleh"]
    return list(dict.fromkeys(who for rule in rules for who in list_deciders(ctx, izin, rule)))


class Decider(NamedTuple):
    """A person who may decide, and in what capacity: "Sekda", or "Plh. Sekda"."""

    person: Person
    capacity: str


def list_deciders(ctx: Context, izin: Izin, rule: str) -> list[Person]:
    """The deciders by a rule, the one to ask first."""
    return list(dict.fromkeys(decider.person for decider in list_capacities(ctx, izin, rule)))


def list_capacities(ctx: Context, izin: Izin, rule: str) -> list[Decider]:
    """The deciders by a rule with their capacities; never the applicant, who entered it, or a Plh from below the applicant."""
    asker, routine = ctx.people.get_person(izin.pemohon), make_resource(ctx, izin).routine
    if rule == "superior":
        post = ctx.people.superior_post(asker, ctx.now, DECIDE, routine)
        codes = [post.code] if post else []
    else:
        name, _, value = rule.partition(":")
        wanted = value.split(",")
        codes = wanted if name == "post" else [p.code for p in ctx.people.posts.values() if p.roles.intersection(wanted)]
    acting = [(who, code) for code in codes for who in ctx.people.acting_in(code, ctx.now, DECIDE, routine)]
    return [
        Decider(who, ctx.people.describe_acting(who, code, ctx.now))
        for who, code in acting
        if who.id not in (izin.pemohon, izin.pembuat) and not ctx.people.is_barred(who, code, asker, ctx.now)
    ]


def _expand_rules(ctx: Context, izin: Izin, step: dict[str, Any]) -> list[str]:
    """The rules of which each needs a decision: those of the step, or with `semua` one per post."""
    if not step["semua"]:
        return list(step["oleh"])
    found: list[str] = []
    for rule in step["oleh"]:
        roles = rule.removeprefix("role:").split(",") if rule.startswith("role:") else []
        held = [
            p.code for p in ctx.people.posts.values() if p.roles.intersection(roles) and ctx.people.holders_of(p.code, ctx.now)
        ]
        found += [f"post:{code}" for code in held] if roles else [rule]
    return found


async def _show_waiting(ctx: Context, izin: Izin, first: Sequence[str], reached: bool) -> None:
    """Shows in the applicant's chat who decides, who may type it there; with buttons if no decider was reached privately."""
    waiting = ", ".join(first)
    after = [rule for step in load_steps(izin)[izin.langkah + 1 :] for rule in step["oleh"]]
    then = next((who[0].capacity for rule in after if (who := list_capacities(ctx, izin, rule))), "")
    said = phrase("izin.menunggu_lalu", atasan=waiting, berikut=then) if then else phrase("izin.menunggu", atasan=waiting)
    buttons = make_decision_buttons(izin, list_current_deciders(ctx, izin), shown=not reached)
    await ctx.edit(izin.pesan, *cards.format_card(ctx, izin), said, format_deadline(ctx, izin), buttons=buttons, resend=True)


async def _plan_jobs(ctx: Context, izin: Izin) -> None:
    """Schedules the reminder, the escalation and the expiry."""
    await ctx.work_calendar.ensure_loaded()
    options, until = ctx.options(IzinOptions), get_deadline(ctx, izin)
    for name, job, hours in (("ingat", ingat, options.pengingat_jam), ("eskalasi", eskalasi, options.eskalasi_jam)):
        at = ctx.business_hours(IzinOptions).add_hours(ctx.now, hours)
        if at >= until and name == "ingat":
            at = ctx.now + (until - ctx.now) / 2  # urgent: it cannot wait for office hours
        if ctx.now + SOON <= at < until:
            await ctx.schedule(at, job, izin.id, izin.ronde, izin.langkah, key=f"izin:{izin.id}:{name}")
    await ctx.schedule(until, kedaluwarsa, izin.id, izin.ronde, key=f"izin:{izin.id}:batas")


async def cancel_jobs(ctx: Context, izin: Izin) -> None:
    """Cancels reminder, escalation and expiry."""
    await ctx.cancel(*(f"izin:{izin.id}:{name}" for name in ("ingat", "eskalasi", "batas")))


def get_deadline(ctx: Context, izin: Izin) -> datetime:
    """The last moment to decide: its start, or its end once it has begun; `LATE` after it was sent where it is over.

    What was sent at night counts from the morning: nobody is asked before.
    """
    asked = ctx.end_quiet_hours(izin.diajukan or ctx.now)
    if izin.selesai <= asked:
        return asked + LATE
    return izin.mulai if izin.mulai > max(asked, ctx.now) else izin.selesai


def format_deadline(ctx: Context, izin: Izin) -> Phrase:
    """The line with the last moment to decide; midnight is the end of the day before."""
    until = get_deadline(ctx, izin).astimezone(ctx.zone)
    whole = until.time() == time(0)
    return phrase("izin.batas", waktu=Day(until.date() - timedelta(days=1)) if whole else until)


async def _send_files(ctx: Context, izin: Izin, who: Person) -> None:
    for file in load_files(izin):
        await ctx.notify(who, phrase("izin.lampiran", nomor=izin.id), file=file)


def load_files(izin: Izin) -> list[Photo | Document]:
    """The attachments, shown only to the deciders."""
    return msgspec.json.decode(izin.lampiran or "[]", type=list[Photo | Document])


async def close_cards(ctx: Context, izin: Izin, *outcome: Phrase, also: str = "") -> None:
    """Shows the outcome on all cards; `also` is a card to send again where messages cannot be edited."""
    shown = (*cards.format_card(ctx, izin), *outcome)
    await ctx.edit(izin.pesan, *shown, resend=True)
    sent = select(Putusan).where(Putusan.izin == izin.id, Putusan.ronde == izin.ronde, Putusan.pesan != "")
    for putusan in await ctx.all(sent.order_by(col(Putusan.id))):
        await ctx.edit(putusan.pesan, *shown, resend=putusan.pesan == also or putusan.hasil == "")


async def plan_absence(ctx: Context, izin: Izin) -> None:
    """Puts the absence into the calendar and schedules its start and end."""
    title = "izin.agenda_rahasia" if get_kind(ctx, izin).rahasia else "izin.agenda"
    said = phrase(title, nomor=izin.id, keperluan=izin.keperluan)
    ctx.calendar.put_entry(f"{izin.id}", "away", [ctx.people.get_person(izin.pemohon)], izin.mulai, izin.selesai, said)
    await ctx.schedule(max(izin.mulai, ctx.now), mulai, izin.id, izin.ronde, key=f"izin:{izin.id}:mulai")
    await ctx.schedule(izin.selesai, usai, izin.id, izin.ronde, key=f"izin:{izin.id}:selesai")


async def cancel_absence(ctx: Context, izin: Izin) -> None:
    """Cancels the jobs of an absence's start and end."""
    await ctx.cancel(f"izin:{izin.id}:mulai", f"izin:{izin.id}:selesai")
