"""Dashboard pages of follow-ups: the board by state, one in full; and the overview of meetings."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pendopo import Context, phrase
from pendopo.pages import (
    Badge,
    Board,
    Card,
    Cell,
    Column,
    DataTable,
    Figure,
    KeyValues,
    Link,
    News,
    Overview,
    Page,
    Part,
    TextList,
    Tone,
    Waiting,
    cut_words,
)
from sqlmodel import col, select

from pendopo_rapat import queries
from pendopo_rapat.followups import reminders
from pendopo_rapat.models.followups import OPEN as RUNNING
from pendopo_rapat.models.followups import Mundur, TindakLanjut, TindakStatus
from pendopo_rapat.models.meetings import Peserta, Rapat, RapatStatus
from pendopo_rapat.plugin import plugin

SHOWN = 20
"""Most cards of a column."""
BACK = timedelta(days=30)
"""Finished follow-ups stay on the board this long."""


@plugin.page("/tindak-lanjut", title="rapat.hal.tl_judul")
async def papan_tl(ctx: Context) -> Page:
    """The board of follow-ups, late ones first."""
    may = queries.filter_followups(ctx)
    running = select(TindakLanjut).where(col(TindakLanjut.status).in_(sorted(RUNNING)), may)
    query = running.order_by(col(TindakLanjut.tenggat)).limit(ctx.view.limit if ctx.view.export else 200)
    found = await ctx.all(query)
    late = [t for t in found if t.tenggat < ctx.now]
    on_time = [t for t in found if t.tenggat >= ctx.now]
    done = select(TindakLanjut).where(TindakLanjut.status == TindakStatus.DONE, col(TindakLanjut.selesai) > ctx.now - BACK, may)
    over = await ctx.all(done.order_by(col(TindakLanjut.selesai).desc()).limit(SHOWN // 2))
    columns = [
        Column(phrase("rapat.hal.tl_lewat"), _make_cards(ctx, late), "bad", len(late)),
        *(_make_column(ctx, on_time, state) for state in (TindakStatus.TODO, TindakStatus.DOING, TindakStatus.STUCK)),
        Column(phrase("rapat.hal.tl_selesai"), _make_cards(ctx, over), "good"),
    ]
    head = [phrase(f"rapat.hal.{key}") for key in ("nomor", "apa", "siapa", "tenggat", "keadaan", "mundur")]
    table = DataTable(head, [_make_row(ctx, t) for t in found], title=phrase("rapat.hal.tl_daftar"), name="tindak-lanjut")
    return Page(phrase("rapat.hal.tl_judul"), [Board(columns), table], lead=phrase("rapat.hal.tl_isi"))


def _make_column(ctx: Context, found: Sequence[TindakLanjut], state: str) -> Column:
    of = [t for t in found if t.status == state]
    return Column(
        phrase(f"rapat.tl_status.{state}"), _make_cards(ctx, of), "warn" if state == TindakStatus.STUCK else "", len(of)
    )


def _make_cards(ctx: Context, found: Sequence[TindakLanjut]) -> list[Card]:
    return [_make_card(ctx, t) for t in found[:SHOWN]]


def _make_card(ctx: Context, tindak: TindakLanjut) -> Card:
    own = tindak.siapa == ctx.person.id and tindak.status in RUNNING
    lines = [phrase("rapat.hal.tl_siapa", siapa=ctx.people.get_name(tindak.siapa), tenggat=tindak.tenggat)]
    if tindak.catatan:
        lines.append(phrase("rapat.tl_catatan", isi=cut_words(tindak.catatan, 200)))
    buttons = reminders.make_buttons(tindak) if own else []
    return Card(cut_words(tindak.apa, 160), lines, _make_badge(ctx, tindak), f"/tindak-lanjut/{tindak.id}", buttons)


def _make_badge(ctx: Context, tindak: TindakLanjut) -> Badge:
    """The state; red when its time has run out."""
    late = tindak.status in RUNNING and tindak.tenggat < ctx.now
    tones: dict[str, Tone] = {TindakStatus.DONE: "good", TindakStatus.STUCK: "warn"}
    return Badge(phrase(f"rapat.tl_status.{tindak.status}"), "bad" if late else tones.get(tindak.status, ""))


def _make_row(ctx: Context, tindak: TindakLanjut) -> list[Cell]:
    state = _make_badge(ctx, tindak)
    who, until = ctx.people.get_name(tindak.siapa), tindak.tenggat.astimezone(ctx.zone)
    return [Link(f"#{tindak.id}", f"/tindak-lanjut/{tindak.id}"), cut_words(tindak.apa, 300), who, until, state, tindak.mundur]


@plugin.page("/tindak-lanjut/{tl_id}", policy="melihat_tl", menu="")
async def satu_tl(ctx: Context, tl_id: int) -> Page:
    """One follow-up in full, with the moves of its deadline."""
    tindak = await ctx.get(TindakLanjut, tl_id)
    moved = await ctx.all(select(Mundur).where(Mundur.tindak == tl_id).order_by(col(Mundur.id)).limit(50))
    card = _make_card(ctx, tindak)
    facts = KeyValues(
        [
            (phrase("rapat.hal.siapa"), ctx.people.get_name(tindak.siapa)),
            (phrase("rapat.hal.tenggat"), tindak.tenggat),
            (phrase("rapat.hal.keadaan"), _make_badge(ctx, tindak)),
            (phrase("rapat.hal.diberi"), ctx.people.get_name(tindak.oleh)),
            (phrase("rapat.hal.dari_rapat"), Link(f"#{tindak.rapat}", f"/rapat/{tindak.rapat}")),
        ]
    )
    lines = [phrase("rapat.hal.dimundurkan", dari=m.dari, ke=m.ke, alasan=m.alasan) for m in moved]
    parts: list[Part] = [facts, Board([Column(phrase("rapat.hal.tindak_lanjut"), [card])])]
    if lines:
        parts.append(TextList(lines, title=phrase("rapat.hal.mundur")))
    return Page(cut_words(tindak.apa, 200), parts, back_link=Link(phrase("rapat.hal.tl_judul"), "/tindak-lanjut"))


@plugin.overview()
async def ikhtisar(ctx: Context, sejak: datetime) -> Overview:
    """My follow-ups and unanswered invitations, meetings that closed, and those of the next day."""
    me = ctx.person.id
    own = select(TindakLanjut).where(TindakLanjut.siapa == me, col(TindakLanjut.status).in_(sorted(RUNNING)))
    tasks = await ctx.all(own.order_by(col(TindakLanjut.tenggat)).limit(SHOWN))
    waits = [
        Waiting(
            f"tl/{t.id}", phrase("rapat.tunggu_tl", nomor=t.id, apa=cut_words(t.apa, 100)), t.tenggat, f"/tindak-lanjut/{t.id}"
        )
        for t in tasks
    ]
    unanswered = select(Peserta.rapat).where(Peserta.orang == me, Peserta.jawaban == "", Peserta.diundang, Peserta.wakil == 0)
    soon = (Rapat.status == RapatStatus.CALLED, col(Rapat.mulai) > ctx.now, col(Rapat.id).in_(unanswered))
    asked = await ctx.all(select(Rapat).where(*soon).order_by(col(Rapat.mulai)).limit(SHOWN))
    waits += [
        Waiting(
            f"rapat/{r.id}", phrase("rapat.tunggu_jawab", nomor=r.id, judul=cut_words(r.judul, 100)), r.mulai, f"/rapat/{r.id}"
        )
        for r in asked
    ]
    closed = (col(Rapat.status).in_([RapatStatus.CLOSED, RapatStatus.APPROVED]), col(Rapat.mulai) > sejak - timedelta(days=1))
    ended = (*closed, col(Rapat.ditutup) > sejak, queries.filter_meetings(ctx))
    news = [
        News(phrase("rapat.kabar_ditutup", nomor=r.id, judul=cut_words(r.judul, 100)), r.ditutup, f"/rapat/{r.id}")
        for r in await ctx.all(select(Rapat).where(*ended).order_by(col(Rapat.id).desc()).limit(10))
        if r.ditutup
    ]
    day = (
        col(Rapat.status).in_([RapatStatus.CALLED, RapatStatus.OPEN]),
        col(Rapat.mulai) < ctx.now + timedelta(days=1),
        col(Rapat.selesai) > ctx.now,
    )
    near = await ctx.all(select(Rapat).where(*day, queries.filter_meetings(ctx)).limit(100))
    return Overview(waits, news, [Figure(phrase("rapat.hal.sehari"), len(near), path="/rapat")])
