"""Cards of a meeting, and of the poll for its time."""

from collections.abc import Sequence

from pendopo import Button, Context, Day, Phrase, phrase
from sqlmodel import col, select

from pendopo_rapat.models.meetings import (
    MAYBE,
    NO,
    PRESENT,
    REPRESENTED,
    YES,
    Jawaban,
    Opsi,
    Peserta,
    Rapat,
    Tally,
    rank_options,
    tally_attendance,
)
from pendopo_rapat.models.meetings import group_answers as count_answers
from pendopo_rapat.models.minutes import Butir
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import list_participants
from pendopo_rapat.settings import RapatOptions

NAMES = 40
"""Most names on a card."""


@plugin.handle
async def hadir_tombol(ctx: Context, rapat_id: int) -> None:
    """Say that I am there."""


@plugin.handle
async def urungkan(ctx: Context, jenis: str, nomor: int) -> None:
    """Undo what I put there within the last minute."""


def format_leader(ctx: Context, rapat: Rapat) -> str:
    """The leader's name."""
    return ctx.people.get_name(rapat.pimpinan)


def format_card(ctx: Context, rapat: Rapat) -> list[Phrase]:
    """The card: what, when, where, and who leads."""
    when = [phrase("rapat.waktu", waktu=rapat.time)] if rapat.waktu else []
    here = rapat.ruang and not rapat.tempat
    where = phrase("rapat.di_sini") if here else phrase("rapat.tempat", tempat=rapat.tempat or "–")
    return [
        phrase("rapat.kepala", nomor=rapat.id, judul=rapat.judul),
        *when,
        where,
        phrase("rapat.pimpinan", siapa=format_leader(ctx, rapat)),
    ]


def format_holiday(ctx: Context, rapat: Rapat) -> list[Phrase]:
    """The name of the holiday that a meeting is on, if any; the calendar must be loaded."""
    day = rapat.mulai.astimezone(ctx.zone).date()
    name = ctx.work_calendar.get_holiday(day)
    return [phrase("rapat.hari_libur", hari=Day(day), nama=name)] if name else []


def make_present_button(rapat: Rapat) -> Button:
    """The button by which a participant checks in."""
    return Button("rapat.tombol.hadir", hadir_tombol, rapat.id, reusable=True)


def undo_button(ctx: Context, kind: str, number: int | None) -> Button:
    """The button that undoes an entry in a group, for its author."""
    return Button("rapat.tombol.urungkan", urungkan, kind, number, allowed=ctx.person)


def format_invited(ctx: Context, places: Sequence[Peserta]) -> Phrase:
    """How many are invited, with the first names."""
    some = ", ".join(ctx.people.get_name(p.orang) for p in places[:6])
    more = len(places) - 6
    if more > 0:
        return phrase("rapat.diundang_lagi", jumlah=len(places), siapa=some, lagi=more)
    return phrase("rapat.diundang", jumlah=len(places), siapa=some)


async def format_clashes(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> list[Phrase]:
    """Who is away or in another meeting at that time."""
    found: dict[str, list[str]] = {}
    for place in places:
        person = ctx.people.find_person(place.orang)
        if person is None:
            continue
        for busy in await ctx.calendar.list_busy(person, rapat.mulai, rapat.selesai):
            if busy.key != f"rapat/{rapat.id}":
                found.setdefault(busy.kind, []).append(person.called)
    return [
        phrase(f"rapat.bentrok_{kind}", siapa=", ".join(dict.fromkeys(people)))
        for kind, people in found.items()
        if kind in ("away", "meeting")
    ]


def get_tally(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> Tally:
    """The attendance as numbers."""
    return tally_attendance(places, rapat.kuorum, ctx.options(RapatOptions).kuorum_persen)


def format_quorum(count: Tally) -> Phrase:
    """The quorum and whether it is reached."""
    key = "rapat.kuorum_tercapai" if count.enough else "rapat.kuorum_belum"
    return phrase(key, hadir=count.hadir, diundang=count.diundang, perlu=count.perlu)


def format_attendance(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> list[Phrase]:
    """Who attends: participants, proxies, guests, and latecomers."""
    there = [ctx.people.get_name(p.orang) for p in places if p.hadir == PRESENT and p.diundang]
    sent = [f"{ctx.people.get_name(p.wakil)} ({ctx.people.get_name(p.orang)})" for p in places if p.hadir == REPRESENTED]
    guests = [ctx.people.get_name(p.orang) for p in places if p.hadir and not p.diundang]
    late = [f"{ctx.people.get_name(p.orang)} {p.telat}’" for p in places if p.telat and p.hadir]
    remarks = [f"{ctx.people.get_name(p.orang)} {p.keterangan}" for p in places if p.keterangan and p.hadir]
    rows = (("hadir", there), ("mewakili", sent), ("tamu", guests), ("telat", late), ("keterangan", remarks))
    return [phrase(f"rapat.daftar_{key}", siapa=", ".join(names[:NAMES])) for key, names in rows if names]


async def format_open_card(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> list[Phrase]:
    """The card of an open meeting: quorum, attendance, and the current item."""
    item = await ctx.first(select(Butir).where(Butir.id == rapat.butir)) if rapat.butir else None
    now = [phrase("rapat.butir_kini", urut=item.urut, isi=item.isi)] if item else []
    recorded = [phrase("rapat.dicatat")] if rapat.dicatat and rapat.ruang else []
    return [
        *format_card(ctx, rapat)[:1],
        phrase("rapat.dibuka", pukul=format_clock(ctx, rapat.dibuka), pimpinan=format_leader(ctx, rapat)),
        format_quorum(get_tally(ctx, rapat, places)),
        *format_attendance(ctx, rapat, places),
        *now,
        *recorded,
        phrase("rapat.cara_hadir"),
    ]


def format_clock(ctx: Context, at: object) -> str:
    """The time of day as `HH.MM`, local time; "–" for none."""
    return at.astimezone(ctx.zone).strftime("%H.%M") if hasattr(at, "astimezone") else "–"


async def list_agenda(ctx: Context, rapat: Rapat) -> Sequence[Butir]:
    """The items of a meeting, in their order."""
    return await ctx.all(select(Butir).where(Butir.rapat == rapat.id).order_by(col(Butir.urut)))


async def poll_options(ctx: Context, made: Rapat) -> list[Opsi]:
    """The options of a poll, in their order."""
    return list(await ctx.all(select(Opsi).where(Opsi.rapat == made.id).order_by(col(Opsi.urut))))


async def poll_given(ctx: Context, made: Rapat) -> Sequence[Jawaban]:
    """All answers to all options."""
    return await ctx.all(select(Jawaban).where(Jawaban.rapat == made.id).order_by(col(Jawaban.id)))


async def poll_missing(ctx: Context, made: Rapat, chosen: Sequence[Opsi]) -> list[tuple[Peserta, list[Opsi]]]:
    """The participants who have not answered everything, with the options left."""
    answered = {(answer.orang, answer.opsi) for answer in await poll_given(ctx, made)}
    places = [p for p in await list_participants(ctx, made) if p.diundang]
    open_ = [(p, [o for o in chosen if (p.orang, o.id) not in answered]) for p in places]
    return [(place, left) for place, left in open_ if left]


async def poll_shown(ctx: Context, made: Rapat) -> list[Phrase]:
    """The public card of a poll: each option with its counts, the best one marked, and who is missing."""
    chosen, answers = await poll_options(ctx, made), await poll_given(ctx, made)
    ranked = rank_options(chosen, answers)
    lines = []
    for opsi in chosen:
        count = count_answers(answers, opsi.id or 0)
        key = "rapat.polling_terbaik" if answers and opsi is ranked[0] else "rapat.polling_baris"
        numbers = {"ya": len(count[YES]), "bila": len(count[MAYBE]), "tidak": len(count[NO])}
        lines.append(phrase(key, urut=opsi.urut, waktu=opsi.time, **numbers))
        away = [ctx.people.get_name(a.orang) for a in answers if a.opsi == opsi.id and a.otomatis]
        lines += [phrase("rapat.polling_izin", siapa=", ".join(away))] if away else []
    left = [ctx.people.get_name(place.orang) for place, _ in await poll_missing(ctx, made, chosen)]
    waiting = (
        phrase("rapat.polling_belum", jumlah=len(left), siapa=", ".join(left[:30])) if left else phrase("rapat.polling_lengkap")
    )
    return [*format_card(ctx, made)[:1], *lines, waiting, phrase("rapat.polling_batas", waktu=made.batas)]
