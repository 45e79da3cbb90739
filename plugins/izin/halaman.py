"""Pages of izin on the dashboard: the board, who is away, one of them whole, and the recap of a month."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col, or_, select

from bot import ALL_SEEING, Context, Day, Said, Thing, say
from bot.pages import (
    Actions,
    Badge,
    Bar,
    Board,
    Card,
    Cell,
    Chart,
    Column,
    Facts,
    Field,
    Figure,
    Filters,
    Lines,
    Link,
    News,
    Overview,
    Page,
    Part,
    Table,
    Tone,
    Waiting,
    month,
    next_month,
)

from . import cards, deciding, way
from .models import APPROVED, AWAY, CANCELLED, DONE, DRAFT, EXPIRED, OPEN, REFUSED, RUNNING, WITHDRAWN, Izin, Putusan
from .papers import buttons as papers
from .plugin import SEEING, kind, mine, plugin, waiting

SHOWN = 20
BACK = timedelta(days=14)
TONES: dict[str, Tone] = {APPROVED: "good", RUNNING: "good", DONE: "quiet", REFUSED: "bad", EXPIRED: "bad"}
STATES = (*sorted(OPEN), APPROVED, RUNNING, DONE, REFUSED, EXPIRED, WITHDRAWN, CANCELLED)


def seen(ctx: Context) -> ColumnElement[bool]:
    """Those that this person sees, as the database is to find them: their own, what was put to them, and their units'."""
    if ctx.decide(ALL_SEEING, Thing("izin")).allowed:
        return true()
    me = ctx.person.id
    units = [code for code in ctx.people.units if ctx.decide(SEEING, Thing("izin", unit=code)).allowed]
    asked = select(Putusan.izin).where(Putusan.diminta == me)
    in_units = col(Izin.unit).in_(units) if units else false()
    return or_(Izin.pemohon == me, Izin.pembuat == me, Izin.wakil == me, in_units, col(Izin.id).in_(asked))


def purpose(ctx: Context, izin: Izin) -> Said | str:
    """What it is for; an illness is nobody's business but of whom it concerns."""
    hidden = kind(ctx, izin).rahasia and ctx.person.id not in (izin.pemohon, izin.pembuat)
    return say("izin.berhalangan") if hidden else izin.keperluan[:160]


def badge(izin: Izin) -> Badge:
    return Badge(say(f"izin.status.{izin.status}"), TONES.get(izin.status, "warn"))


def card(ctx: Context, izin: Izin, mine: Iterable[int | None] = ()) -> Card:
    """One izin on the board, with the decision on it where that is this person's."""
    act = way.decisions(izin, [ctx.person]) if izin.id in mine else []
    lines = [purpose(ctx, izin), say("izin.pada", waktu=izin.time)]
    return Card(
        say("izin.kartu", nomor=izin.id, siapa=ctx.people.called(izin.pemohon)), lines, badge(izin), f"/izin/{izin.id}", act
    )


@plugin.page("/izin", title="izin.hal.papan")
async def papan(ctx: Context) -> Page:
    """The board: what waits, what is granted, who is away now, what became of the rest."""
    visible, own = seen(ctx), await waiting(ctx)
    ids = {izin.id for izin in own}
    live = await ctx.all(_of(visible, sorted(OPEN)).order_by(col(Izin.mulai)).limit(SHOWN))
    others = [izin for izin in live if izin.id not in ids]
    granted = _of(visible, [APPROVED, RUNNING]).where(Izin.selesai > ctx.now)
    coming = await ctx.all(granted.order_by(col(Izin.mulai)).limit(SHOWN))
    ended = _of(visible, [REFUSED, EXPIRED, DONE]).where(Izin.selesai > ctx.now - BACK)
    over = await ctx.all(ended.order_by(col(Izin.selesai).desc()).limit(SHOWN // 2))
    columns = [
        Column(say("izin.hal.menunggu_anda"), [card(ctx, izin, ids) for izin in own[:SHOWN]], "bad", len(own)),
        Column(say("izin.hal.menunggu"), [card(ctx, izin) for izin in others], "warn"),
        Column(say("izin.hal.akan"), [card(ctx, izin) for izin in coming], "good"),
        Column(say("izin.hal.lalu"), [card(ctx, izin) for izin in over]),
    ]
    return Page(say("izin.hal.papan"), [await _away(ctx), Board(columns), _ways()], lead=say("izin.hal.papan_isi"))


def _of(visible: ColumnElement[bool], states: Sequence[str]):  # type: ignore[no-untyped-def]  # SQLModel's own type has no name
    return select(Izin).where(col(Izin.status).in_(states), visible)


def _ways() -> Lines:
    return Lines([Link(say("izin.hal.ke_rekap"), "/izin/rekap")])


async def _away(ctx: Context) -> Table:
    """Who is away today: everybody may know that, and nobody why somebody is ill."""
    begin, end = Day(ctx.today).bounds(ctx.zone)
    on = (col(Izin.status).in_(sorted(AWAY)), Izin.mulai < end, Izin.selesai > begin)
    found = await ctx.all(select(Izin).where(*on).order_by(col(Izin.mulai)).limit(100))
    rows: list[list[Cell]] = [
        [
            ctx.people.called(i.pemohon),
            purpose(ctx, i),
            say("izin.pada", waktu=i.time),
            ctx.people.called(i.wakil) if i.wakil else "",
        ]
        for i in found
    ]
    head = [say(f"izin.kolom.{name}") for name in ("nama", "keperluan", "waktu", "wakil")]
    return Table(head, rows, title=say("izin.hal.pergi", jumlah=len(rows)), empty=say("izin.hal.tidak_ada_pergi"))


@plugin.page("/izin/{izin_id}", policy="melihat", place="")
async def satu(ctx: Context, izin_id: int) -> Page:
    """One izin whole: what is asked, who decided what, and what can be done with it now."""
    izin = await ctx.get(Izin, izin_id)
    decided = await ctx.all(select(Putusan).where(Putusan.izin == izin_id).order_by(col(Putusan.id)))
    rows: list[tuple[Said | str, Cell]] = [
        (say("izin.kolom.nama"), ctx.people.called(izin.pemohon)),
        (say("izin.kolom.keperluan"), purpose(ctx, izin)),
        (say("izin.kolom.waktu"), say("izin.pada", waktu=izin.time)),
        (say("izin.kolom.status"), badge(izin)),
        (say("izin.kolom.wakil"), ctx.people.called(izin.wakil) if izin.wakil else "–"),
    ]
    trail = [
        say("izin.jejak", hasil=say(f"izin.hasil.{p.hasil}"), oleh=p.kapasitas or ctx.people.called(p.oleh), pada=p.pada)
        for p in decided
        if p.hasil and p.pada
    ]
    parts: list[Part] = [Facts(rows)]
    putusan, _ = await mine(ctx, izin)
    asker = ctx.people.person(izin.pemohon)
    if putusan is not None and asker is not None:
        parts += [
            Lines(await cards.warnings(ctx, izin, asker), title=say("izin.hal.perhatikan")),
            Actions(way.decisions(izin, [ctx.person])),
        ]
    if izin.status in (*AWAY, DONE) and ctx.person.id == izin.pemohon:
        parts.append(Actions(papers(ctx, izin)))
    parts.append(Lines([*trail, *await deciding.questions(ctx, izin)], title=say("izin.hal.jejak")))
    return Page(
        say("izin.kartu", nomor=izin_id, siapa=ctx.people.called(izin.pemohon)),
        parts,
        crumb=Link(say("izin.hal.papan"), "/izin"),
    )


@plugin.page("/izin/rekap", policy="perekap", place="")
async def rekap_bulan(ctx: Context, bulan: str = "", status: str = "") -> Page:
    """The izin of a month that this person may see, counted by unit: the same rows on the page and in the files."""
    first = month(bulan, ctx.today)
    begin, end = ctx.at(first), ctx.at(next_month(first))
    within = [col(Izin.mulai) < end, col(Izin.selesai) > begin, col(Izin.status) != DRAFT, seen(ctx)]
    if status in STATES:
        within.append(col(Izin.status) == status)
    if ctx.view.after.isdecimal():
        within.append(col(Izin.id) < int(ctx.view.after))
    query = select(Izin).where(*within).order_by(col(Izin.id).desc()).limit(ctx.view.limit + 1)
    found = await ctx.all(query)
    shown, more = found[: ctx.view.limit], len(found) > ctx.view.limit
    head = [
        say(f"izin.kolom.{n}") for n in ("nomor", "unit", "nama", "jenis", "keperluan", "mulai", "selesai", "hari", "status")
    ]
    table = Table(head, [_row(ctx, izin) for izin in shown], name="izin", next=str(shown[-1].id) if more else "")
    states = [("", say("izin.hal.semua")), *((state, say(f"izin.status.{state}")) for state in STATES)]
    fields = [
        Field("bulan", say("izin.hal.bulan"), f"{first:%Y-%m}", kind="month"),
        Field("status", say("izin.kolom.status"), status, states),
    ]
    parts: list[Part] = [Filters(fields), Chart(_by_unit(ctx, shown), title=say("izin.hal.per_unit")), table]
    return Page(say("izin.hal.rekap"), parts, crumb=Link(say("izin.hal.papan"), "/izin"))


def _row(ctx: Context, izin: Izin) -> list[Cell]:
    unit = ctx.people.units.get(izin.unit)
    number = Link(f"#{izin.id}", f"/izin/{izin.id}")
    start, end = izin.mulai.astimezone(ctx.zone), izin.selesai.astimezone(ctx.zone)
    named: list[Cell] = [number, unit.name if unit else "–", ctx.people.called(izin.pemohon), izin.jenis, purpose(ctx, izin)]
    return [*named, start, end, izin.hari, badge(izin)]


def _by_unit(ctx: Context, found: Sequence[Izin]) -> list[Bar]:
    counted: dict[str, int] = {}
    for izin in found:
        counted[izin.unit] = counted.get(izin.unit, 0) + 1
    names = {code: unit.name for code, unit in ctx.people.units.items()}
    return [Bar(names.get(code, "–"), count) for code, count in sorted(counted.items(), key=lambda each: -each[1])[:15]]


@plugin.overview()
async def ikhtisar(ctx: Context, sejak: datetime) -> Overview:
    """What waits for my decision, what was decided about mine, and how many are away."""
    own = await waiting(ctx)
    waits = [
        Waiting(
            f"izin/{izin.id}",
            say("izin.tunggu_putusan", nomor=izin.id, siapa=ctx.people.called(izin.pemohon), keperluan=purpose(ctx, izin)),
            way.deadline(ctx, izin),
            f"/izin/{izin.id}",
            buttons=way.decisions(izin, [ctx.person]),
        )
        for izin in own[:SHOWN]
    ]
    decided = select(Izin).where(Izin.pemohon == ctx.person.id, col(Izin.diputus) > sejak)
    news = [
        News(say("izin.kabar_putusan", nomor=i.id, status=say(f"izin.status.{i.status}")), i.diputus, f"/izin/{i.id}")
        for i in await ctx.all(decided.order_by(col(Izin.diputus).desc()).limit(10))
        if i.diputus
    ]
    begin, end = Day(ctx.today).bounds(ctx.zone)
    on = (col(Izin.status).in_(sorted(AWAY)), Izin.mulai < end, Izin.selesai > begin)
    away = await ctx.all(select(Izin).where(*on).limit(200))
    figures = [Figure(say("izin.hal.pergi_kini"), len(away), path="/izin")]
    return Overview(waits, news, figures)


__all__ = ["ikhtisar", "papan", "rekap_bulan", "satu"]
