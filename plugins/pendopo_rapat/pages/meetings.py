"""Dashboard pages of meetings: the calendar, and one meeting with its minutes."""

from collections.abc import Sequence
from datetime import timedelta

from pendopo import Context, Phrase, phrase
from pendopo.pages import (
    Actions,
    Badge,
    CalendarItem,
    Card,
    Cards,
    Cell,
    DataTable,
    Files,
    KeyValues,
    Link,
    MonthCalendar,
    Page,
    Part,
    TextList,
    Tone,
    next_month,
    parse_month,
)
from sqlmodel import col, select

from pendopo_rapat import cards, queries
from pendopo_rapat.documents import find_pdf
from pendopo_rapat.models.followups import TindakLanjut
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.models.minutes import MinutesContent, Notulen
from pendopo_rapat.models.proposals import Keputusan
from pendopo_rapat.plugin import plugin
from pendopo_rapat.queries import find_participant, list_participants

TONES: dict[str, Tone] = {
    RapatStatus.OPEN: "bad",
    RapatStatus.CALLED: "good",
    RapatStatus.POLL: "warn",
    RapatStatus.CANCELLED: "quiet",
    RapatStatus.CLOSED: "quiet",
    RapatStatus.APPROVED: "quiet",
}
MOST = 300
"""Most meetings of a month, and most rows of participants."""


def make_badge(rapat: Rapat) -> Badge:
    """The state as a badge."""
    return Badge(phrase(f"rapat.status.{rapat.status}"), TONES.get(rapat.status, ""))


@plugin.page("/rapat", title="rapat.hal.judul")
async def kalender_bulan(ctx: Context, bulan: str = "") -> Page:
    """The meetings of a month, and the next ones."""
    first = parse_month(bulan, ctx.today)
    last = next_month(first) - timedelta(days=1)
    begin, end = ctx.at(first), ctx.at(next_month(first))
    states = [RapatStatus.CALLED, RapatStatus.OPEN, RapatStatus.CLOSED, RapatStatus.APPROVED, RapatStatus.CANCELLED]
    within = (col(Rapat.mulai) >= begin, col(Rapat.mulai) < end, Rapat.waktu != "", queries.filter_meetings(ctx))
    found = await ctx.all(select(Rapat).where(col(Rapat.status).in_(states), *within).order_by(col(Rapat.mulai)).limit(MOST))
    entries = [CalendarItem(r.judul, r.mulai, r.selesai, f"/rapat/{r.id}", TONES.get(r.status, "")) for r in found]
    months = (f"/rapat?bulan={next_month(first, by):%Y-%m}" for by in (-1, 1))
    parts: list[Part] = [
        await _make_next_cards(ctx),
        MonthCalendar(first, last, entries, before=next(months), after=next(months)),
    ]
    if polled := await _make_poll_cards(ctx):
        parts.append(polled)
    return Page(phrase("rapat.hal.judul"), parts, lead=phrase("rapat.hal.isi"))


async def _make_next_cards(ctx: Context) -> Cards:
    """The open meetings, and the next ones."""
    live = (
        col(Rapat.status).in_([RapatStatus.CALLED, RapatStatus.OPEN]),
        col(Rapat.selesai) > ctx.now - timedelta(hours=3),
        queries.filter_meetings(ctx),
    )
    found = await ctx.all(select(Rapat).where(*live).order_by(col(Rapat.mulai)).limit(6))
    return Cards([_make_card(ctx, r) for r in found], title=phrase("rapat.hal.berikut"), empty=phrase("rapat.hal.tidak_ada"))


async def _make_poll_cards(ctx: Context) -> Cards | None:
    query = select(Rapat).where(Rapat.status == RapatStatus.POLL, queries.filter_meetings(ctx))
    found = await ctx.all(query.order_by(col(Rapat.id).desc()).limit(6))
    return Cards([_make_card(ctx, r) for r in found], title=phrase("rapat.hal.polling")) if found else None


def _make_card(ctx: Context, rapat: Rapat) -> Card:
    when = phrase("rapat.pada", waktu=rapat.time) if rapat.waktu else phrase("rapat.belum_waktu")
    lines: list[Phrase | str] = [when, phrase("rapat.hal.dipimpin", siapa=cards.format_leader(ctx, rapat))]
    return Card(rapat.judul, [*lines, *([rapat.tempat] if rapat.tempat else [])], make_badge(rapat), f"/rapat/{rapat.id}")


@plugin.page("/rapat/{rapat_id}", policy="melihat", menu="")
async def satu(ctx: Context, rapat_id: int) -> Page:
    """One meeting in full: facts, agenda, decisions, follow-ups, minutes and participants."""
    rapat = await ctx.get(Rapat, rapat_id)
    places = await list_participants(ctx, rapat)
    parts: list[Part] = [KeyValues(_make_facts(ctx, rapat))]
    own = await find_participant(ctx, rapat)
    if rapat.status == RapatStatus.OPEN and own is not None and not own.hadir:
        parts.append(Actions([cards.make_present_button(rapat)]))
    if items := await cards.list_agenda(ctx, rapat):
        parts.append(TextList([f"{i.urut}. {i.isi}" for i in items], title=phrase("rapat.hal.agenda")))
    parts += [
        await _make_decisions(ctx, rapat),
        await _make_followups(ctx, rapat),
        *await _make_minutes(ctx, rapat),
        _make_people_table(ctx, places),
    ]
    return Page(rapat.judul, parts, back_link=Link(phrase("rapat.hal.judul"), "/rapat"))


def _make_facts(ctx: Context, rapat: Rapat) -> list[tuple[Phrase | str, Cell]]:
    when = phrase("rapat.pada", waktu=rapat.time) if rapat.waktu else phrase("rapat.belum_waktu")
    rows: list[tuple[Phrase | str, Cell]] = [
        (phrase("rapat.hal.waktu"), when),
        (phrase("rapat.hal.tempat"), rapat.tempat or "–"),
        (phrase("rapat.hal.pimpinan"), cards.format_leader(ctx, rapat)),
        (phrase("rapat.hal.notulis"), ctx.people.get_name(rapat.notulis)),
        (phrase("rapat.hal.keadaan"), make_badge(rapat)),
    ]
    return [*rows, (phrase("rapat.hal.alasan"), rapat.alasan)] if rapat.alasan else rows


def _make_people_table(ctx: Context, places: Sequence[Peserta]) -> DataTable:
    """The participants, their answers, and whether they came."""
    rows: list[list[Cell]] = [
        [
            ctx.people.get_name(p.orang),
            phrase(f"rapat.hal.jawab_{p.jawaban}") if p.jawaban else "–",
            ctx.people.get_name(p.wakil) if p.wakil else "",
            Badge(phrase(f"rapat.hal.{p.hadir}"), "good") if p.hadir else Badge(phrase("rapat.hal.belum_hadir"), "quiet"),
        ]
        for p in places[:MOST]
    ]
    head = [phrase(f"rapat.hal.{key}") for key in ("peserta", "jawaban", "diwakili", "kehadiran")]
    return DataTable(head, rows, title=phrase("rapat.hal.undangan", jumlah=len(places)), name="peserta")


async def _make_decisions(ctx: Context, rapat: Rapat) -> TextList:
    found = await ctx.all(select(Keputusan).where(Keputusan.rapat == rapat.id).order_by(col(Keputusan.urut)).limit(100))
    gone = {k.mengganti for k in found if k.mengganti}
    lines = [phrase("rapat.hal.putusan", nomor=k.id, isi=k.isi) for k in found if k.id not in gone]
    return TextList(lines or [phrase("rapat.hal.tanpa_putusan")], title=phrase("rapat.hal.keputusan"))


async def _make_followups(ctx: Context, rapat: Rapat) -> DataTable:
    query = select(TindakLanjut).where(TindakLanjut.rapat == rapat.id).order_by(col(TindakLanjut.tenggat)).limit(100)
    rows: list[list[Cell]] = [
        [t.apa, ctx.people.get_name(t.siapa), t.tenggat, Badge(phrase(f"rapat.tl_status.{t.status}"))]
        for t in await ctx.all(query)
    ]
    head = [phrase(f"rapat.hal.{key}") for key in ("apa", "siapa", "tenggat", "keadaan")]
    return DataTable(head, rows, title=phrase("rapat.hal.tindak_lanjut"), empty=phrase("rapat.hal.tanpa_tl"))


async def _make_minutes(ctx: Context, rapat: Rapat) -> list[Part]:
    """The newest version of the minutes, with the PDF once approved."""
    query = select(Notulen).where(Notulen.rapat == rapat.id).order_by(col(Notulen.versi).desc()).limit(1)
    version = await ctx.first(query)
    if version is None:
        return []
    title = phrase("rapat.hal.notulen", versi=version.versi, status=phrase(f"rapat.hal.notulen_{version.status}"))
    parts: list[Part] = [TextList(_format_minutes(version.content), title=title)]
    if paper := find_pdf(rapat, version):
        parts.append(Files([paper]))
    elif version.disahkan is not None:
        parts.append(TextList([phrase("rapat.naskah_dibuat")]))
    return parts


def _format_minutes(isi: MinutesContent) -> list[Phrase | str]:
    head = phrase("rapat.notulen_hadir", hadir=len(isi.hadir) + len(isi.mewakili), tanpa=len(isi.tanpa), izin=len(isi.izin))
    return [head, *isi.pembahasan[:200], *([isi.penutup] if isi.penutup else [])]
