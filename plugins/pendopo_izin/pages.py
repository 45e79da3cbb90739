"""Dashboard pages of izin: the board, absences, one in full, and the recap of a month."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pendopo import CITY_OVERSIGHT, Context, Day, Phrase, Resource, parse_row_number, phrase
from pendopo.pages import (
    Actions,
    Badge,
    Bar,
    Board,
    Card,
    Cell,
    Chart,
    Column,
    DataTable,
    Field,
    Figure,
    Filters,
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
    next_month,
    parse_month,
)
from sqlalchemy import ColumnElement, false, true
from sqlmodel import col, or_, select

from pendopo_izin import cards, decisions, transitions
from pendopo_izin.documents import make_buttons as papers
from pendopo_izin.models import AWAY, OPEN, Izin, Putusan, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import SEEING, find_my_decision, list_open_decisions, list_waiting
from pendopo_izin.settings import get_kind

SHOWN, WARNED = 20, 6
"""Most cards of a column, and most cards of the overview that say what collides."""
BACK = timedelta(days=14)
"""Ended izin stay on the board this long."""
TONES: dict[str, Tone] = {
    Status.APPROVED: "good",
    Status.RUNNING: "good",
    Status.NOTED: "good",
    Status.DONE: "quiet",
    Status.REFUSED: "bad",
    Status.EXPIRED: "bad",
    Status.DEFERRED: "bad",
    Status.RECALLED: "quiet",
}
STATES = (
    *sorted(OPEN),
    *sorted(AWAY),
    Status.DONE,
    Status.REFUSED,
    Status.DEFERRED,
    Status.EXPIRED,
    Status.WITHDRAWN,
    Status.CANCELLED,
    Status.RECALLED,
)


def filter_visible(ctx: Context) -> ColumnElement[bool]:
    """The SQL condition for what this person may see: their own izin, those put to them, and their units'."""
    if ctx.decide(CITY_OVERSIGHT, Resource("izin")).allowed:
        return true()
    me = ctx.person.id
    units = [code for code in ctx.people.units if ctx.decide(SEEING, Resource("izin", unit=code)).allowed]
    asked = select(Putusan.izin).where(Putusan.diminta == me)
    in_units = col(Izin.unit).in_(units) if units else false()
    return or_(Izin.pemohon == me, Izin.pembuat == me, Izin.wakil == me, in_units, col(Izin.id).in_(asked))


def format_purpose(ctx: Context, izin: Izin, most: int = 160) -> Phrase | str:
    """The purpose; that of a confidential kind only for the applicant."""
    hidden = get_kind(ctx, izin).rahasia and ctx.person.id not in (izin.pemohon, izin.pembuat)
    return phrase("izin.berhalangan") if hidden else cut_words(izin.keperluan, most)


def make_badge(izin: Izin) -> Badge:
    """The state as a badge."""
    return Badge(phrase(f"izin.status.{izin.status}"), TONES.get(izin.status, "warn"))


def make_card(ctx: Context, izin: Izin, mine: Iterable[int | None] = ()) -> Card:
    """One izin on the board, with decision buttons when its id is in `mine`."""
    act = decisions.make_page_buttons(ctx, izin) if izin.id in mine else []
    lines = [format_purpose(ctx, izin), *_format_when(ctx, izin)]
    return Card(
        phrase("izin.kartu", nomor=izin.id, siapa=ctx.people.get_name(izin.pemohon)),
        lines,
        make_badge(izin),
        f"/izin/{izin.id}",
        act,
    )


def _format_when(ctx: Context, izin: Izin) -> list[Phrase]:
    """When it is, and who stands in."""
    deputy = ctx.people.find_person(izin.wakil)
    when = phrase("izin.pada", waktu=izin.time)
    return [when, phrase("izin.hal.diwakili", siapa=deputy)] if deputy else [when]


@plugin.page("/izin", title="izin.hal.papan")
async def papan(ctx: Context) -> Page:
    """The board: what waits, what is approved, who is away now, what has ended."""
    visible, own = filter_visible(ctx), await list_waiting(ctx)
    ids = {izin.id for izin in own}
    live = await ctx.all(_select_states(visible, sorted(OPEN)).order_by(col(Izin.mulai)).limit(SHOWN))
    others = [izin for izin in live if izin.id not in ids]
    granted = _select_states(visible, sorted(AWAY)).where(Izin.selesai > ctx.now)
    coming = await ctx.all(granted.order_by(col(Izin.mulai)).limit(SHOWN))
    ended = _select_states(visible, [Status.REFUSED, Status.DEFERRED, Status.EXPIRED, Status.DONE, Status.RECALLED]).where(
        Izin.selesai > ctx.now - BACK
    )
    over = await ctx.all(ended.order_by(col(Izin.selesai).desc()).limit(SHOWN // 2))
    columns = [
        Column(phrase("izin.hal.menunggu_anda"), [make_card(ctx, izin, ids) for izin in own[:SHOWN]], "bad", len(own)),
        Column(phrase("izin.hal.menunggu"), [make_card(ctx, izin) for izin in others], "warn"),
        Column(phrase("izin.hal.akan"), [make_card(ctx, izin) for izin in coming], "good"),
        Column(phrase("izin.hal.lalu"), [make_card(ctx, izin) for izin in over]),
    ]
    return Page(
        phrase("izin.hal.papan"),
        [Board(columns), await _make_away_table(ctx), TextList([Link(phrase("izin.hal.ke_rekap"), "/izin/rekap")])],
        lead=phrase("izin.hal.papan_isi"),
    )


def _select_states(visible: ColumnElement[bool], states: Sequence[str]):  # type: ignore[no-untyped-def]  # SQLModel's own type has no name
    return select(Izin).where(col(Izin.status).in_(states), visible)


async def _make_away_table(ctx: Context) -> DataTable:
    """Who is away today, which everybody may see, without confidential reasons."""
    rows: list[list[Cell]] = [
        [
            ctx.people.get_name(i.pemohon),
            format_purpose(ctx, i),
            phrase("izin.pada", waktu=i.time),
            ctx.people.get_name(i.wakil) if i.wakil else "",
        ]
        for i in await cards.list_away(ctx, Day(ctx.today))
    ]
    head = [phrase(f"izin.kolom.{name}") for name in ("nama", "keperluan", "waktu", "wakil")]
    return DataTable(head, rows, title=phrase("izin.hal.pergi", jumlah=len(rows)), empty=phrase("izin.hal.tidak_ada_pergi"))


@plugin.page("/izin/{izin_id}", policy="melihat", menu="")
async def satu(ctx: Context, izin_id: int) -> Page:
    """One izin in full: the request, the decisions, and what can be done with it now."""
    izin = await ctx.get(Izin, izin_id)
    rows: list[tuple[Phrase | str, Cell]] = [
        (phrase("izin.kolom.nama"), ctx.people.get_name(izin.pemohon)),
        (phrase("izin.kolom.keperluan"), format_purpose(ctx, izin, 4000)),
        (phrase("izin.kolom.waktu"), phrase("izin.pada", waktu=izin.time)),
        (phrase("izin.kolom.status"), make_badge(izin)),
        (phrase("izin.kolom.wakil"), ctx.people.get_name(izin.wakil) if izin.wakil else "–"),
    ]
    if waiting := await list_open_decisions(ctx, izin):
        rows.append((phrase("izin.hal.pemutus"), ", ".join(ctx.people.get_name(each.diminta) for each in waiting)))
    parts: list[Part] = [KeyValues(rows)]
    putusan, _ = await find_my_decision(ctx, izin)
    if putusan is not None:
        parts += [
            TextList(await _list_warnings(ctx, izin), title=phrase("izin.hal.perhatikan")),
            Actions(decisions.make_page_buttons(ctx, izin)),
        ]
    if izin.status in (*AWAY, Status.DONE) and ctx.person.id == izin.pemohon:
        parts.append(Actions(papers(ctx, izin)))
    parts.append(TextList(await decisions.list_trail(ctx, izin), title=phrase("izin.hal.jejak")))
    return Page(
        phrase("izin.kartu", nomor=izin_id, siapa=ctx.people.get_name(izin.pemohon)),
        parts,
        back_link=Link(phrase("izin.hal.papan"), "/izin"),
    )


async def _list_warnings(ctx: Context, izin: Izin) -> list[Phrase]:
    """What whoever decides should know; nothing about somebody who is erased."""
    asker = ctx.people.find_person(izin.pemohon)
    return await cards.list_warnings(ctx, izin, asker) if asker else []


@plugin.page("/izin/rekap", policy="perekap", menu="")
async def rekap_bulan(ctx: Context, bulan: str = "", status: str = "") -> Page:
    """The visible izin of a month, counted by unit: the same rows on the page and in the files."""
    first = parse_month(bulan, ctx.today)
    begin, end = ctx.at(first), ctx.at(next_month(first))
    within = [col(Izin.mulai) < end, col(Izin.selesai) > begin, col(Izin.status) != Status.DRAFT, filter_visible(ctx)]
    if status in STATES:
        within.append(col(Izin.status) == status)
    if (after := parse_row_number(ctx.view.after)) is not None:
        within.append(col(Izin.id) < after)
    query = select(Izin).where(*within).order_by(col(Izin.id).desc()).limit(ctx.view.limit + 1)
    found = await ctx.all(query)
    shown, more = found[: ctx.view.limit], len(found) > ctx.view.limit
    head = [
        phrase(f"izin.kolom.{n}") for n in ("nomor", "unit", "nama", "jenis", "keperluan", "mulai", "selesai", "hari", "status")
    ]
    table = DataTable(head, [_make_row(ctx, izin) for izin in shown], name="izin", next=str(shown[-1].id) if more else "")
    states = [("", phrase("izin.hal.semua")), *((state, phrase(f"izin.status.{state}")) for state in STATES)]
    fields = [
        Field("bulan", phrase("izin.hal.bulan"), f"{first:%Y-%m}", kind="month"),
        Field("status", phrase("izin.kolom.status"), status, states),
    ]
    parts: list[Part] = [Filters(fields), Chart(_count_by_unit(ctx, shown), title=phrase("izin.hal.per_unit")), table]
    return Page(phrase("izin.hal.rekap"), parts, back_link=Link(phrase("izin.hal.papan"), "/izin"))


def _make_row(ctx: Context, izin: Izin) -> list[Cell]:
    unit = ctx.people.units.get(izin.unit)
    number = Link(f"#{izin.id}", f"/izin/{izin.id}")
    named: list[Cell] = [
        number,
        unit.name if unit else "–",
        ctx.people.get_name(izin.pemohon),
        izin.jenis,
        format_purpose(ctx, izin),
    ]
    return [*named, *izin.get_bounds(ctx.zone), izin.hari, make_badge(izin)]


def _count_by_unit(ctx: Context, found: Sequence[Izin]) -> list[Bar]:
    counted: dict[str, int] = {}
    for izin in found:
        counted[izin.unit] = counted.get(izin.unit, 0) + 1
    names = {code: unit.name for code, unit in ctx.people.units.items()}
    return [Bar(names.get(code, "–"), count) for code, count in sorted(counted.items(), key=lambda each: -each[1])[:15]]


@plugin.overview()
async def ikhtisar(ctx: Context, sejak: datetime) -> Overview:
    """What waits for my decision, what was decided on mine, and how many are away."""
    own = await list_waiting(ctx)
    waits = [
        Waiting(
            f"izin/{izin.id}",
            phrase(
                "izin.tunggu_putusan",
                nomor=izin.id,
                siapa=ctx.people.get_name(izin.pemohon),
                keperluan=format_purpose(ctx, izin),
            ),
            transitions.get_deadline(ctx, izin),
            f"/izin/{izin.id}",
            buttons=decisions.make_page_buttons(ctx, izin),
            lines=[*_format_when(ctx, izin), *(await _list_warnings(ctx, izin) if number < WARNED else [])],
        )
        for number, izin in enumerate(own[:SHOWN])
    ]
    decided = select(Izin).where(Izin.pemohon == ctx.person.id, col(Izin.diputus) > sejak)
    news = [
        News(phrase("izin.kabar_putusan", nomor=i.id, status=phrase(f"izin.status.{i.status}")), i.diputus, f"/izin/{i.id}")
        for i in await ctx.all(decided.order_by(col(Izin.diputus).desc()).limit(10))
        if i.diputus
    ]
    away = await cards.list_away(ctx, Day(ctx.today), 200)
    figures = [Figure(phrase("izin.hal.pergi_kini"), len(away), path="/izin")]
    return Overview(waits, news, figures)
