"""How a meeting is shown: one card, the same everywhere, and the poll for its time."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot import Button, Context, Said, say

from .choices import MAYBE, NO, YES, Jawaban, Opsi, best
from .choices import counted as count_answers
from .models import PRESENT, REPRESENTED, Peserta, Rapat, Tally, tally
from .plugin import members, plugin
from .records import Butir
from .rules import Aturan

NAMES = 40
"""So many names stand on a card; of more only the number."""


@plugin.handle
async def hadir_tombol(ctx: Context, rapat_id: int) -> None:
    """Say that I am there."""


@plugin.handle
async def urungkan(ctx: Context, jenis: str, nomor: int) -> None:
    """Take back what I put there within the last minute."""


def leader(ctx: Context, rapat: Rapat) -> str:
    """Who leads a meeting, as it is written."""
    return ctx.people.called(rapat.pimpinan)


def card(ctx: Context, rapat: Rapat) -> list[Said]:
    """What, when, where, and who leads."""
    when = [say("rapat.waktu", waktu=rapat.time)] if rapat.waktu else []
    here = rapat.ruang and not rapat.tempat
    where = say("rapat.di_sini") if here else say("rapat.tempat", tempat=rapat.tempat or "–")
    return [
        say("rapat.kepala", nomor=rapat.id, judul=rapat.judul),
        *when,
        where,
        say("rapat.pimpinan", siapa=leader(ctx, rapat)),
    ]


def present(rapat: Rapat) -> Button:
    """The button that says that one is there."""
    return Button("rapat.tombol.hadir", hadir_tombol, rapat.id, keep=True)


def undo_button(ctx: Context, kind: str, number: int | None) -> Button:
    """The button that takes back what was just put into a group; only who put it there has one."""
    return Button("rapat.tombol.urungkan", urungkan, kind, number, only=ctx.person)


def who(ctx: Context, places: Sequence[Peserta]) -> Said:
    """How many are invited, and the first of them by name."""
    some = ", ".join(ctx.people.called(p.orang) for p in places[:6])
    more = len(places) - 6
    if more > 0:
        return say("rapat.diundang_lagi", jumlah=len(places), siapa=some, lagi=more)
    return say("rapat.diundang", jumlah=len(places), siapa=some)


async def clashes(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> list[Said]:
    """Who is away or meets elsewhere at that time."""
    found: dict[str, list[str]] = {}
    for place in places:
        person = ctx.people.person(place.orang)
        if person is None:
            continue
        for busy in await ctx.calendar.list_busy(person, rapat.mulai, rapat.selesai):
            if busy.key != f"rapat/{rapat.id}":
                found.setdefault(busy.kind, []).append(person.called)
    return [
        say(f"rapat.bentrok_{kind}", siapa=", ".join(dict.fromkeys(people)))
        for kind, people in found.items()
        if kind in ("away", "meeting")
    ]


def counted(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> Tally:
    """How many are there of how many."""
    return tally(places, rapat.kuorum, ctx.options(Aturan).kuorum_persen)


def quorum(count: Tally) -> Said:
    """The live quorum."""
    key = "rapat.kuorum_tercapai" if count.enough else "rapat.kuorum_belum"
    return say(key, hadir=count.hadir, diundang=count.diundang, perlu=count.perlu)


def attendance(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> list[Said]:
    """Who is there, and who came for whom."""
    there = [ctx.people.called(p.orang) for p in places if p.hadir == PRESENT and p.diundang]
    sent = [f"{ctx.people.called(p.wakil)} ({ctx.people.called(p.orang)})" for p in places if p.hadir == REPRESENTED]
    guests = [ctx.people.called(p.orang) for p in places if p.hadir and not p.diundang]
    late = [f"{ctx.people.called(p.orang)} {p.telat}’" for p in places if p.telat and p.hadir]
    rows = (("hadir", there), ("mewakili", sent), ("tamu", guests), ("telat", late))
    return [say(f"rapat.daftar_{key}", siapa=", ".join(names[:NAMES])) for key, names in rows if names]


async def opened(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> list[Said]:
    """The card of an open meeting: its quorum, its people, and the item it is at."""
    item = await ctx.first(select(Butir).where(Butir.id == rapat.butir)) if rapat.butir else None
    now = [say("rapat.butir_kini", urut=item.urut, isi=item.isi)] if item else []
    recorded = [say("rapat.dicatat")] if rapat.dicatat and rapat.ruang else []
    return [
        *card(ctx, rapat)[:1],
        say("rapat.dibuka", pukul=clock(ctx, rapat.dibuka), pimpinan=leader(ctx, rapat)),
        quorum(counted(ctx, rapat, places)),
        *attendance(ctx, rapat, places),
        *now,
        *recorded,
        say("rapat.cara_hadir"),
    ]


def clock(ctx: Context, at: object) -> str:
    """The time of day of an instant, as it is written."""
    return at.astimezone(ctx.zone).strftime("%H.%M") if hasattr(at, "astimezone") else "–"


async def agenda(ctx: Context, rapat: Rapat) -> Sequence[Butir]:
    """The items of a meeting, in their order."""
    return await ctx.all(select(Butir).where(Butir.rapat == rapat.id).order_by(col(Butir.urut)))


async def poll_options(ctx: Context, made: Rapat) -> list[Opsi]:
    """The times there are to choose, in their order."""
    return list(await ctx.all(select(Opsi).where(Opsi.rapat == made.id).order_by(col(Opsi.urut))))


async def poll_given(ctx: Context, made: Rapat) -> Sequence[Jawaban]:
    """All answers to all times."""
    return await ctx.all(select(Jawaban).where(Jawaban.rapat == made.id).order_by(col(Jawaban.id)))


async def poll_missing(ctx: Context, made: Rapat, chosen: Sequence[Opsi]) -> list[tuple[Peserta, list[Opsi]]]:
    """Who has not answered everything, and what."""
    answered = {(answer.orang, answer.opsi) for answer in await poll_given(ctx, made)}
    places = [p for p in await members(ctx, made) if p.diundang]
    open_ = [(p, [o for o in chosen if (p.orang, o.id) not in answered]) for p in places]
    return [(place, left) for place, left in open_ if left]


async def poll_shown(ctx: Context, made: Rapat) -> list[Said]:
    """The poll as everybody sees it: each time with its numbers, the best one marked, and who is missing."""
    chosen, answers = await poll_options(ctx, made), await poll_given(ctx, made)
    ranked = best(chosen, answers)
    lines = []
    for opsi in chosen:
        count = count_answers(answers, opsi.id or 0)
        key = "rapat.polling_terbaik" if answers and opsi is ranked[0] else "rapat.polling_baris"
        numbers = {"ya": len(count[YES]), "bila": len(count[MAYBE]), "tidak": len(count[NO])}
        lines.append(say(key, urut=opsi.urut, waktu=opsi.time, **numbers))
        away = [ctx.people.called(a.orang) for a in answers if a.opsi == opsi.id and a.otomatis]
        lines += [say("rapat.polling_izin", siapa=", ".join(away))] if away else []
    left = [ctx.people.called(place.orang) for place, _ in await poll_missing(ctx, made, chosen)]
    waiting = say("rapat.polling_belum", jumlah=len(left), siapa=", ".join(left[:30])) if left else say("rapat.polling_lengkap")
    return [*card(ctx, made)[:1], *lines, waiting, say("rapat.polling_batas", waktu=made.batas)]


__all__ = [
    "agenda",
    "attendance",
    "card",
    "clashes",
    "clock",
    "counted",
    "leader",
    "opened",
    "poll_given",
    "poll_missing",
    "poll_options",
    "poll_shown",
    "present",
    "quorum",
    "undo_button",
    "who",
]
