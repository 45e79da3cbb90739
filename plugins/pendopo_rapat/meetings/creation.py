"""Creating a meeting: from the message to a draft that shows everything, and on to the invitations."""

import re
from datetime import timedelta
from typing import Annotated

from pendopo import (
    ApproximateTime,
    Button,
    Context,
    Day,
    Instant,
    Prompt,
    Recurrence,
    RestOfText,
    TimeRange,
    Typed,
    UserError,
    parse_row_number,
    phrase,
)

from pendopo_rapat import cards, lists, parser, transitions
from pendopo_rapat.meetings import recurrence
from pendopo_rapat.models.meetings import Rapat, RapatStatus
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import list_participants
from pendopo_rapat.settings import RapatOptions

EXAMPLES = [
    "/rapat Penanganan sampah besok jam 10 di Balai Kota undang Kadis PU, Camat Coblong",
    "/rapat Evaluasi banjir Jumat jam 9-11 di sini undang @grup",
    "/rapat Apel setiap Senin jam 8 di halaman undang semua",
]
Time = Instant | TimeRange | ApproximateTime | Day | Recurrence


@plugin.command("rapat", drafts=True, examples=EXAMPLES)
async def rapat(ctx: Context, waktu: Annotated[Time | None, Prompt("rapat.tanya.waktu")] = None, teks: RestOfText = "") -> None:
    """Call a meeting, or show mine."""
    number = parse_row_number(teks)
    if waktu is None and number is not None:
        await ctx.prompt_for(lists.lihat, rapat_id=number)
        return
    if waktu is None and not teks.strip("# "):
        if notice := await _read_notice(ctx):
            await ctx.prompt_for(lengkapi, **notice)
        else:
            await lists.show_mine(ctx)
        return
    said = parser.parse_meeting(teks)
    known: dict[str, object] = {"waktu": waktu} if waktu else {}
    if said.judul:
        known["judul"] = said.judul
    # In a forum's own group it is the forum.
    if said.undang or not (ctx.chat.private or ctx.people.forum_of(ctx.chat.key) is None):
        known["undang"] = said.undang
    await ctx.prompt_for(lengkapi, teks=teks, **known)


@plugin.action()
async def lengkapi(
    ctx: Context,
    teks: str,
    waktu: Annotated[Time, Prompt("rapat.tanya.waktu")],
    judul: Annotated[RestOfText, Prompt("rapat.tanya.judul")],
    undang: Annotated[RestOfText, Prompt("rapat.tanya.undang")],
) -> None:
    """Complete a meeting that was begun without a time, a title or participants."""
    await _create_draft(ctx, waktu, parser.parse_meeting(teks)._replace(judul=judul, undang=undang), teks)


_OWN_CARD = re.compile(r"\W*\w+ #\d")
"""How the bot's own cards begin: they are no notices of meetings to come."""


async def _read_notice(ctx: Context) -> dict[str, object]:
    """The time (asked for where it is in doubt), title and place of the notice that the command answers; {} for none."""
    text = await ctx.quoted_text()
    reading = await ctx.parse_time(text) if text and not _OWN_CARD.match(text) else None
    if reading is None:
        return {}
    title = reading.fields.get("acara") or reading.remove_from(text).split("\n")[0]
    place = reading.fields.get("tempat", "")
    known: dict[str, object] = {"teks": f"di {place}" if place else "", "waktu": Typed(text)}
    return known | ({"judul": title} if title else {})


async def _create_draft(ctx: Context, waktu: Time, said: parser.MeetingText, teks: str) -> None:
    """Shows the draft and who cannot come, before anybody is invited."""
    off, title = parser.parse_off_days(said.judul)
    people = parser.resolve_invitees(ctx, said.undang or "grup", ctx.chat, "undang")
    made = make_draft(ctx, said._replace(judul=title), teks)
    usual = timedelta(hours=ctx.options(RapatOptions).lama_jam)
    turns = []
    if isinstance(waktu, Recurrence):
        turns = [recurrence.format_series(await recurrence.create_series(ctx, made, waktu, off, said.undang))]
    else:
        made.set_time(waktu, ctx.now, usual)
    await ctx.save(made)
    places = await transitions.add_participants(ctx, made, people)
    ctx.audit("rapat.draf", f"rapat/{made.id}", jumlah=len(people))
    await ctx.work_calendar.ensure_loaded()
    shown = [
        *cards.format_card(ctx, made),
        *([] if turns else cards.format_holiday(ctx, made)),
        cards.format_invited(ctx, places),
        *turns,
        *await cards.format_clashes(ctx, made, places),
    ]
    buttons = [
        Button("rapat.tombol.undang", kirim, made.id, allowed=ctx.person),
        Button("rapat.tombol.buang", buang, made.id, allowed=ctx.person),
    ]
    sent = await ctx.reply(*shown, phrase("rapat.draf"), buttons=buttons)
    made.pesan = sent.key


def make_draft(ctx: Context, said: parser.MeetingText, teks: str) -> Rapat:
    """A draft from the parsed text, with leader and post. Raises `UserError` without a title or for names not clear.

    `teks` is the argument of that name, in which they stand.
    """
    if not said.judul.strip():
        raise UserError("rapat.tanpa_judul")
    if said.sini and ctx.chat.private:
        raise UserError("rapat.sini_di_grup")
    made = Rapat.draft(ctx.person, said.judul, ctx.chat, ctx.now)
    leads = parser.resolve_person(ctx, said.pimpinan, "teks", teks) or ctx.person
    posts = ctx.people.posts_of(leads, ctx.now)
    made.pimpinan, made.jabatan = leads.id, posts[0].code if posts else ""
    made.unit = ctx.people.unit_of(leads, ctx.now)
    made.notulis = (parser.resolve_person(ctx, said.notulis, "teks", teks) or ctx.person).id
    made.tempat, made.kuorum = said.tempat[:200], said.kuorum
    if said.sini:
        made.ruang, made.topik = ctx.chat.key, ctx.chat.topic
    return made


@plugin.action(policy="pengurus")
async def kirim(ctx: Context, rapat_id: int) -> None:
    """Send the invitations of a draft."""
    made = await ctx.get(Rapat, rapat_id)
    if made.mulai <= ctx.now:
        raise UserError("rapat.waktu_lewat", waktu=made.time)
    Rapat.states.move(ctx, made, RapatStatus.CALLED, "rapat.undangkan")
    places = await list_participants(ctx, made)
    await transitions.call_meeting(ctx, made, places)
    await recurrence.start_series(ctx, made)
    reached = sum(1 for p in places if p.pesan)
    told = phrase("rapat.undangan_terkirim", jumlah=reached)
    missed = [p for p in places if not p.pesan]
    unreached = (
        [phrase("rapat.tak_terjangkau", siapa=", ".join(ctx.people.get_name(p.orang) for p in missed))] if missed else []
    )
    await ctx.edit(made.pesan, *cards.format_card(ctx, made), told, *unreached, resend=True)


@plugin.action(policy="pengurus")
async def buang(ctx: Context, rapat_id: int) -> None:
    """Discard a draft."""
    made = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(made, RapatStatus.DRAFT)
    Rapat.states.move(ctx, made, RapatStatus.CANCELLED, "rapat.buang")
    await ctx.edit(made.pesan, *cards.format_card(ctx, made), phrase("rapat.dibuang"), resend=True)
