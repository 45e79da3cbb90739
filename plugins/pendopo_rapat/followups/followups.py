"""Follow-ups: assigning them to a person with a deadline, and listing them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

from pendopo import Context, Person, Phrase, Prompt, RestOfText, Typed, UserError, When, parse_row_number, phrase
from sqlmodel import col, select

from pendopo_rapat import cards, parser, queries
from pendopo_rapat.followups import reminders
from pendopo_rapat.followups.reminders import Number, Time
from pendopo_rapat.models.followups import OPEN as RUNNING
from pendopo_rapat.models.followups import TindakLanjut
from pendopo_rapat.models.meetings import Rapat, RapatStatus
from pendopo_rapat.models.proposals import Keputusan
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import resolve_meeting

SHOWN = 20
"""Most lines of a list."""
_SOURCE = re.compile(r"[\s,(]*(?:dari\s+)?keputusan\s+#?(\d{1,9})\)?", re.IGNORECASE)
EXAMPLES = ["/tl Pasang dua pompa @Kadis PU Jumat", "/tl 45"]


@plugin.command("tl", aliases=["tindaklanjut"], examples=EXAMPLES)
async def tl(ctx: Context, teks: RestOfText = "") -> None:
    """Assign a follow-up with a deadline, or show one, or mine."""
    if (number := parse_row_number(teks)) is not None:
        await ctx.prompt_for(tl_lihat, tl_id=number)
        return
    if not teks.strip("# "):
        await _reply_list(ctx, await _list_mine(ctx), "saya")
        return
    assignee = parser.split_assignee(ctx, teks)
    offered = {"siapa": [(person.called, person) for person in assignee.choices]}
    known: dict[str, object] = {}
    if assignee.person is not None:
        known["siapa"] = assignee.person
    await ctx.prompt_for(beri, offered, teks=teks, tenggat=Typed(assignee.words), **known)


@plugin.action(policy="pengurus_kata")
async def beri(
    ctx: Context,
    teks: str,
    siapa: Annotated[Person, Prompt("rapat.tanya.siapa")],
    tenggat: Annotated[Time, Prompt("rapat.tanya.tenggat")],
) -> None:
    """Assign a follow-up."""
    rapat, words = await resolve_meeting(ctx, teks)
    Rapat.states.require(rapat, RapatStatus.OPEN)
    what, source = await _parse_task(ctx, rapat, words)
    due = resolve_deadline(ctx, tenggat)
    if due <= ctx.now:
        raise UserError("rapat.waktu_lewat", param="tenggat", waktu=tenggat)
    tindak = TindakLanjut(
        rapat=rapat.id or 0, keputusan=source, apa=what, siapa=siapa.id, oleh=ctx.person.id, tenggat=due, dibuat=ctx.now
    )
    await ctx.save(tindak)
    ctx.audit("rapat.tl", f"tl/{tindak.id}", rapat=rapat.id, siapa=siapa.id, tenggat=due, keputusan=source)
    undo = cards.undo_button(ctx, "tl", tindak.id)
    sent = await ctx.reply(*format_followup(ctx, tindak), buttons=[undo])
    tindak.pesan = sent.key
    if siapa.id != ctx.person.id:
        await ctx.notify(
            siapa,
            phrase("rapat.tl_untuk_anda", oleh=ctx.person),
            *format_followup(ctx, tindak),
            buttons=reminders.make_buttons(tindak),
        )
    await reminders.plan_reminder(ctx, tindak)


async def _parse_task(ctx: Context, rapat: Rapat, words: str) -> tuple[str, int]:
    """The task, and the decision it comes from: the named one, else the meeting's last, 0 for none."""
    words = parser.split_assignee(ctx, words).words
    found = await ctx.parse_time(words)
    words = found.remove_from(words) if found is not None and isinstance(found.value, Time) else words
    source = _SOURCE.search(words)
    made = select(Keputusan).where(Keputusan.rapat == rapat.id)
    if source is not None:
        named = await ctx.first(made.where(Keputusan.id == int(source[1])))
        if named is None:
            raise UserError("rapat.putusan_rapat_lain", nomor=source[1])
        words = f"{words[: source.start()]} {words[source.end() :]}"
    else:
        named = await ctx.first(made.order_by(col(Keputusan.urut).desc()).limit(1))
    what = re.sub(r"\s{2,}", " ", words).strip(" ,;:.")
    if not what:
        raise UserError("rapat.tl_tanpa_isi")
    return what[:1].upper() + what[1:1000], named.id or 0 if named else 0


def resolve_deadline(ctx: Context, waktu: When) -> datetime:
    """The deadline in UTC. Raises `UserError` for a time that is none."""
    found = parser.resolve_deadline(ctx, waktu)
    if found is None:
        raise UserError("rapat.tenggat_apa", param="tenggat")
    return found.astimezone(UTC)


def format_followup(ctx: Context, tindak: TindakLanjut) -> list[Phrase]:
    """The card: task, person, deadline, state, and how often the deadline was moved."""
    head = phrase("rapat.tl_kepala", nomor=tindak.id, apa=tindak.apa)
    who = phrase("rapat.tl_siapa", siapa=ctx.people.get_name(tindak.siapa), tenggat=tindak.tenggat)
    state = phrase("rapat.tl_keadaan", status=phrase(f"rapat.tl_status.{tindak.status}"))
    moved = [phrase("rapat.tl_mundur_kali", jumlah=tindak.mundur)] if tindak.mundur else []
    noted = [phrase("rapat.tl_catatan", isi=tindak.catatan)] if tindak.catatan else []
    return [head, who, state, *moved, *noted]


@plugin.command("tl lihat", policy="melihat_tl", examples=["/tl 45"])
async def tl_lihat(ctx: Context, tl_id: Number) -> None:
    """Show a follow-up."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    source = [phrase("rapat.tl_dari", rapat=tindak.rapat, putusan=tindak.keputusan)] if tindak.keputusan else []
    own = tindak.siapa == ctx.person.id and tindak.status in RUNNING
    buttons = reminders.make_buttons(tindak) if own else []
    await ctx.reply(*format_followup(ctx, tindak), *source, buttons=buttons)
    for file in tindak.proof:
        await ctx.reply(phrase("rapat.tl_bukti", nomor=tl_id), file=file)


async def _list_mine(ctx: Context) -> Sequence[TindakLanjut]:
    own = select(TindakLanjut).where(TindakLanjut.siapa == ctx.person.id, col(TindakLanjut.status).in_(RUNNING))
    return await ctx.all(own.order_by(col(TindakLanjut.tenggat)).limit(SHOWN))


@plugin.command("tl saya", examples=["/tl saya"])
async def tl_saya(ctx: Context) -> None:
    """Show my follow-ups."""
    await _reply_list(ctx, await _list_mine(ctx), "saya")


@plugin.command("tl semua", examples=["/tl semua", "/tl semua lewat"])
async def tl_semua(ctx: Context, pilih: Literal["terbuka", "lewat"] = "terbuka") -> None:
    """Show all open follow-ups I may see, or the late ones."""
    query = select(TindakLanjut).where(col(TindakLanjut.status).in_(RUNNING), queries.filter_followups(ctx))
    if pilih == "lewat":
        query = query.where(TindakLanjut.tenggat < ctx.now)
    await _reply_list(ctx, await ctx.all(query.order_by(col(TindakLanjut.tenggat)).limit(SHOWN)), pilih)


async def _reply_list(ctx: Context, found: Sequence[TindakLanjut], title: str) -> None:
    if not found:
        await ctx.reply(f"rapat.tl_kosong_{title}")
        return
    await ctx.reply(phrase(f"rapat.tl_judul_{title}"), *(format_followup_line(ctx, tindak) for tindak in found))


def format_followup_line(ctx: Context, tindak: TindakLanjut) -> Phrase:
    """One line of a list; late ones are marked."""
    days = tindak.days_left(ctx.today, ctx.zone)
    mark = "🔴" if tindak.tenggat < ctx.now else "🟡" if days <= 1 else "⚪"
    due = tindak.tenggat.astimezone(ctx.zone).date().strftime("%d/%m/%Y")
    status = phrase(f"rapat.tl_status.{tindak.status}")
    return phrase(
        "rapat.tl_baris",
        tanda=mark,
        nomor=tindak.id,
        apa=tindak.apa[:120],
        siapa=ctx.people.get_name(tindak.siapa),
        tenggat=due,
        status=status,
    )
