"""Pages of meetings on the dashboard: the calendar, one meeting with its minutes, and the follow-ups."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from bot import Context, Document, Said, say
from bot.pages import (
    Actions,
    Badge,
    Calendar,
    Card,
    Cards,
    Cell,
    Entry,
    Facts,
    Files,
    Lines,
    Link,
    Page,
    Part,
    Table,
    Tone,
    days_of,
    month,
    next_month,
)

from . import cards, seeing
from .agreed import Keputusan
from .models import APPROVED, CALLED, CANCELLED, CLOSED, OPEN, POLL, Peserta, Rapat
from .plugin import members, mine, plugin
from .records import Isi, Notulen
from .tasks import TindakLanjut

TONES: dict[str, Tone] = {OPEN: "bad", CALLED: "good", POLL: "warn", CANCELLED: "quiet", CLOSED: "quiet", APPROVED: "quiet"}
MOST = 300


def badge(rapat: Rapat) -> Badge:
    return Badge(say(f"rapat.status.{rapat.status}"), TONES.get(rapat.status, ""))


@plugin.page("/rapat", title="rapat.hal.judul")
async def kalender_bulan(ctx: Context, bulan: str = "") -> Page:
    """The meetings of a month, and those that are next."""
    first = month(bulan, ctx.today)
    last = first + timedelta(days=days_of(first) - 1)
    begin, end = ctx.at(first), ctx.at(next_month(first))
    states = [CALLED, OPEN, CLOSED, APPROVED, CANCELLED]
    within = (col(Rapat.mulai) >= begin, col(Rapat.mulai) < end, Rapat.waktu != "", seeing.meetings(ctx))
    found = await ctx.all(select(Rapat).where(col(Rapat.status).in_(states), *within).order_by(col(Rapat.mulai)).limit(MOST))
    entries = [Entry(r.judul, r.mulai, r.selesai, f"/rapat/{r.id}", TONES.get(r.status, "")) for r in found]
    months = (f"/rapat?bulan={next_month(first, by):%Y-%m}" for by in (-1, 1))
    parts: list[Part] = [await _next(ctx), Calendar(first, last, entries, before=next(months), after=next(months))]
    if polled := await _polled(ctx):
        parts.append(polled)
    return Page(say("rapat.hal.judul"), parts, lead=say("rapat.hal.isi"))


async def _next(ctx: Context) -> Cards:
    """What goes on, and what comes next."""
    live = (col(Rapat.status).in_([CALLED, OPEN]), col(Rapat.selesai) > ctx.now - timedelta(hours=3), seeing.meetings(ctx))
    found = await ctx.all(select(Rapat).where(*live).order_by(col(Rapat.mulai)).limit(6))
    return Cards([_card(ctx, r) for r in found], title=say("rapat.hal.berikut"), empty=say("rapat.hal.tidak_ada"))


async def _polled(ctx: Context) -> Cards | None:
    query = select(Rapat).where(Rapat.status == POLL, seeing.meetings(ctx))
    found = await ctx.all(query.order_by(col(Rapat.id).desc()).limit(6))
    return Cards([_card(ctx, r) for r in found], title=say("rapat.hal.polling")) if found else None


def _card(ctx: Context, rapat: Rapat) -> Card:
    when = say("rapat.pada", waktu=rapat.time) if rapat.waktu else say("rapat.belum_waktu")
    lines: list[Said | str] = [when, say("rapat.hal.dipimpin", siapa=cards.leader(ctx, rapat))]
    return Card(rapat.judul, [*lines, *([rapat.tempat] if rapat.tempat else [])], badge(rapat), f"/rapat/{rapat.id}")


@plugin.page("/rapat/{rapat_id}", policy="melihat", place="")
async def satu(ctx: Context, rapat_id: int) -> Page:
    """One meeting whole: when and where, who, what was decided, what follows, and its minutes."""
    rapat = await ctx.get(Rapat, rapat_id)
    places = await members(ctx, rapat)
    parts: list[Part] = [Facts(_facts(ctx, rapat))]
    own = await mine(ctx, rapat)
    if rapat.status == OPEN and own is not None and not own.hadir:
        parts.append(Actions([cards.present(rapat)]))
    if items := await cards.agenda(ctx, rapat):
        parts.append(Lines([f"{i.urut}. {i.isi}" for i in items], title=say("rapat.hal.agenda")))
    parts += [await _decided(ctx, rapat), await _tasks(ctx, rapat), *await _minutes(ctx, rapat), _who(ctx, places)]
    return Page(rapat.judul, parts, crumb=Link(say("rapat.hal.judul"), "/rapat"))


def _facts(ctx: Context, rapat: Rapat) -> list[tuple[Said | str, Cell]]:
    when = say("rapat.pada", waktu=rapat.time) if rapat.waktu else say("rapat.belum_waktu")
    rows: list[tuple[Said | str, Cell]] = [
        (say("rapat.hal.waktu"), when),
        (say("rapat.hal.tempat"), rapat.tempat or "–"),
        (say("rapat.hal.pimpinan"), cards.leader(ctx, rapat)),
        (say("rapat.hal.notulis"), ctx.people.called(rapat.notulis)),
        (say("rapat.hal.keadaan"), badge(rapat)),
    ]
    return [*rows, (say("rapat.hal.alasan"), rapat.alasan)] if rapat.alasan else rows


def _who(ctx: Context, places: Sequence[Peserta]) -> Table:
    """Who is invited, what they answered, and whether they came."""
    rows: list[list[Cell]] = [
        [
            ctx.people.called(p.orang),
            say(f"rapat.hal.jawab_{p.jawaban}") if p.jawaban else "–",
            ctx.people.called(p.wakil) if p.wakil else "",
            Badge(say(f"rapat.hal.{p.hadir}"), "good") if p.hadir else Badge(say("rapat.hal.belum_hadir"), "quiet"),
        ]
        for p in places[:MOST]
    ]
    head = [say(f"rapat.hal.{key}") for key in ("peserta", "jawaban", "diwakili", "kehadiran")]
    return Table(head, rows, title=say("rapat.hal.undangan", jumlah=len(places)), name="peserta")


async def _decided(ctx: Context, rapat: Rapat) -> Lines:
    found = await ctx.all(select(Keputusan).where(Keputusan.rapat == rapat.id).order_by(col(Keputusan.urut)).limit(100))
    gone = {k.mengganti for k in found if k.mengganti}
    lines = [say("rapat.hal.putusan", nomor=k.id, isi=k.isi) for k in found if k.id not in gone]
    return Lines(lines or [say("rapat.hal.tanpa_putusan")], title=say("rapat.hal.keputusan"))


async def _tasks(ctx: Context, rapat: Rapat) -> Table:
    query = select(TindakLanjut).where(TindakLanjut.rapat == rapat.id).order_by(col(TindakLanjut.tenggat)).limit(100)
    rows: list[list[Cell]] = [
        [t.apa, ctx.people.called(t.siapa), t.tenggat, Badge(say(f"rapat.tl_status.{t.status}"))] for t in await ctx.all(query)
    ]
    head = [say(f"rapat.hal.{key}") for key in ("apa", "siapa", "tenggat", "keadaan")]
    return Table(head, rows, title=say("rapat.hal.tindak_lanjut"), empty=say("rapat.hal.tanpa_tl"))


async def _minutes(ctx: Context, rapat: Rapat) -> list[Part]:
    """The version of the minutes that counts, in words, and as the paper that was approved."""
    query = select(Notulen).where(Notulen.rapat == rapat.id).order_by(col(Notulen.versi).desc()).limit(1)
    version = await ctx.first(query)
    if version is None:
        return []
    title = say("rapat.hal.notulen", versi=version.versi, status=say(f"rapat.hal.notulen_{version.status}"))
    parts: list[Part] = [Lines(_talk(version.content), title=title)]
    if version.berkas:
        parts.append(Files([Document(version.berkas, f"notulen-{rapat.id}.pdf", mime="application/pdf")]))
    return parts


def _talk(isi: Isi) -> list[Said | str]:
    head = say("rapat.notulen_hadir", hadir=len(isi.hadir) + len(isi.mewakili), tanpa=len(isi.tanpa), izin=len(isi.izin))
    return [head, *isi.pembahasan[:200], *([isi.penutup] if isi.penutup else [])]


__all__ = ["kalender_bulan", "satu"]
