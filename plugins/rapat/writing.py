"""Minutes as words: what is known of a meeting put together, and the paper that is made of it. Always in Indonesian."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from sqlmodel import col, select

from bot import Context, Document, Photo
from bot.paper import Paper

from . import cards
from .agreed import AGREED, REJECTED, Keputusan, Usul
from .models import PRESENT, REPRESENTED, Peserta, Rapat
from .records import Bahan, Isi, Line, Notulen
from .rules import Aturan
from .tasks import DROPPED, TindakLanjut

LABELS = (
    "judul",
    "perihal",
    "hari",
    "dibuka",
    "ditutup",
    "tempat",
    "pimpinan",
    "notulis",
    "peserta",
    "hadir",
    "mewakili",
    "izin",
    "tanpa",
    "tamu",
    "agenda",
    "bahasan",
    "usul",
    "keputusan",
    "tindak",
    "foto",
    "tutup",
    "nama",
    "status",
    "pukul",
    "catatan",
    "apa",
    "siapa",
    "tenggat",
    "nomor",
)
PHOTOS = 12
"""So many pictures go on the paper."""


def _w(ctx: Context, key: str, **args: object) -> str:
    """A sentence of the official language."""
    return ctx.translate(key, locale="id", **args)


def full(ctx: Context, id_: int) -> str:
    """Somebody by name and post, as a paper names them."""
    person = ctx.people.person(id_)
    if person is None:
        return "–"
    return f"{person.name} ({person.title})" if person.title else person.name


async def compose(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> Isi:
    """What is known of a meeting, as its minutes say it."""
    there = [p for p in places if p.hadir == PRESENT and p.diundang]
    sent = [p for p in places if p.hadir == REPRESENTED]
    excused, missing = await _absent(ctx, rapat, [p for p in places if p.diundang and not p.hadir])
    count = cards.counted(ctx, rapat, places)
    said = await ctx.all(select(Bahan).where(Bahan.rapat == rapat.id).order_by(col(Bahan.id)))
    return Isi(
        kop=_head(ctx, rapat),
        nomor=rapat.id or 0,
        judul=rapat.judul,
        hari=_w(ctx, "rapat.paper.saat", waktu=rapat.time),
        dibuka=_clock(ctx, rapat.dibuka),
        ditutup=_clock(ctx, rapat.ditutup),
        tempat=rapat.tempat or _w(ctx, "rapat.paper.di_percakapan"),
        pimpinan=full(ctx, rapat.pimpinan),
        notulis=full(ctx, rapat.notulis),
        hadir=[Line(full(ctx, p.orang), waktu=_clock(ctx, p.pada), tanda=_late(ctx, p)) for p in there],
        mewakili=[Line(full(ctx, p.wakil), siapa=full(ctx, p.orang), waktu=_clock(ctx, p.pada)) for p in sent],
        izin=excused,
        tanpa=missing,
        tamu=[full(ctx, p.orang) for p in places if p.hadir and not p.diundang],
        kuorum=_w(ctx, "rapat.paper.kuorum", **count._asdict()),
        agenda=[f"{item.urut}. {item.isi}" for item in await cards.agenda(ctx, rapat)],
        pembahasan=[f"{ctx.people.called(b.orang)} ({_clock(ctx, b.pada)}): {b.isi}" for b in said if b.isi],
        usul=await _proposals(ctx, rapat),
        keputusan=await _decisions(ctx, rapat),
        tindak=await _tasks(ctx, rapat),
        dikecualikan=sum(1 for b in said if b.dikecualikan),
        foto=[file for b in said for file in b.files if isinstance(file, Photo)][:PHOTOS],
        penutup=_w(ctx, "rapat.paper.penutup", pukul=_clock(ctx, rapat.ditutup)),
    )


def _head(ctx: Context, rapat: Rapat) -> list[str]:
    unit = ctx.people.units.get(rapat.unit)
    return ctx.options(Aturan).kop or ([unit.name] if unit else [])


def _clock(ctx: Context, at: datetime | None) -> str:
    return cards.clock(ctx, at)


def _late(ctx: Context, place: Peserta) -> str:
    return _w(ctx, "rapat.paper.telat", menit=place.telat) if place.telat else ""


async def _absent(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> tuple[list[str], list[str]]:
    """Who was not there: with leave or a reason, and without."""
    excused, missing = [], []
    for place in places:
        who = ctx.people.person(place.orang)
        busy = await ctx.calendar.list_busy(who, rapat.mulai, rapat.selesai) if who else []
        if place.jawaban == "tidak":
            excused.append(f"{full(ctx, place.orang)}: {place.alasan}" if place.alasan else full(ctx, place.orang))
        elif any(b.kind == "away" for b in busy):
            excused.append(f"{full(ctx, place.orang)}: {_w(ctx, 'rapat.paper.sedang_izin')}")
        else:
            missing.append(full(ctx, place.orang))
    return excused, missing


async def _proposals(ctx: Context, rapat: Rapat) -> list[Line]:
    query = select(Usul).where(Usul.rapat == rapat.id, col(Usul.status).in_([AGREED, REJECTED])).order_by(col(Usul.id))
    found = await ctx.all(query)
    return [
        Line(u.isi, ctx.people.called(u.oleh), tanda=_w(ctx, f"rapat.usul_hasil.{u.status}", **msgspec.json.decode(u.hasil)))
        for u in found
    ]


async def _decisions(ctx: Context, rapat: Rapat) -> list[Line]:
    made = await ctx.all(select(Keputusan).where(Keputusan.rapat == rapat.id).order_by(col(Keputusan.urut)))
    later = {k.mengganti: k.id for k in made if k.mengganti}
    lines = []
    for k in made:
        marks = [_w(ctx, "rapat.paper.keputusan_nomor", nomor=k.id)]
        marks += [_w(ctx, "rapat.paper.mengganti", nomor=k.mengganti)] if k.mengganti else []
        marks += [_w(ctx, "rapat.paper.diganti", nomor=later[k.id or 0])] if k.id in later else []
        lines.append(Line(k.isi, k.kapasitas or ctx.people.called(k.oleh), _clock(ctx, k.pada), "; ".join(marks)))
    return lines


async def _tasks(ctx: Context, rapat: Rapat) -> list[Line]:
    query = select(TindakLanjut).where(TindakLanjut.rapat == rapat.id, TindakLanjut.status != DROPPED)
    found = await ctx.all(query.order_by(col(TindakLanjut.id)))
    return [Line(t.apa, full(ctx, t.siapa), f"{t.tenggat.astimezone(ctx.zone):%d/%m/%Y}", f"#{t.id}") for t in found]


def file(version: Notulen) -> Document:
    """The PDF of approved minutes, as it was made then."""
    return Document(version.berkas, f"notulen-rapat-{version.rapat}.pdf", mime=Paper.MIME)


class Sheets:
    """Puts minutes on paper. It holds only plain values, so that it can work beside the event loop."""

    def __init__(self, ctx: Context, version: Notulen, capacity: str, pictures: Sequence[Path]) -> None:
        self._isi, self._version, self._capacity, self._at = version.content, version, capacity, ctx.now.astimezone(ctx.zone)
        self._words = {key: _w(ctx, f"rapat.paper.{key}") for key in LABELS}
        self._note = _w(
            ctx, "rapat.paper.sidik", versi=version.versi, sidik=version.sidik, pada=version.disahkan, oleh=capacity
        )
        self._excluded = _w(ctx, "rapat.paper.dikecualikan", jumlah=self._isi.dikecualikan) if self._isi.dikecualikan else ""
        self._pictures = list(pictures)

    def pdf(self) -> bytes:
        """The finished paper."""
        isi, words = self._isi, self._words
        paper = Paper(words["judul"], isi.kop, self._at)
        rows = ("perihal", isi.judul), ("hari", isi.hari), ("dibuka", isi.dibuka), ("ditutup", isi.ditutup)
        more = ("tempat", isi.tempat), ("pimpinan", isi.pimpinan), ("notulis", isi.notulis)
        paper.facts([(words[key], value) for key, value in (*rows, *more)])
        self._people(paper)
        self._list(paper, "agenda", isi.agenda)
        self._list(paper, "bahasan", [*isi.pembahasan, *([self._excluded] if self._excluded else [])])
        self._table(paper, "usul", ("apa", "siapa", "catatan"), [[u.apa, u.siapa, u.tanda] for u in isi.usul], (50, 20, 30))
        self._table(paper, "keputusan", ("nomor", "keputusan"), [[k.tanda, k.apa] for k in isi.keputusan], (30, 70))
        tasks = [[t.tanda, t.apa, t.siapa, t.waktu] for t in isi.tindak]
        self._table(paper, "tindak", ("nomor", "apa", "siapa", "tenggat"), tasks, (10, 45, 30, 15))
        if self._pictures:
            paper.heading(words["foto"])
            paper.pictures(self._pictures)
        if isi.penutup:
            paper.heading(words["tutup"])
            paper.paragraph(isi.penutup)
        paper.signatures([[words["notulis"], isi.notulis], [self._capacity or words["pimpinan"], isi.pimpinan]])
        paper.note(self._note)
        return paper.data()

    def _people(self, paper: Paper) -> None:
        isi, words = self._isi, self._words
        paper.heading(words["peserta"])
        paper.paragraph(isi.kuorum)
        rows = [[line.apa, words["hadir"], line.waktu, line.tanda] for line in isi.hadir]
        rows += [[line.apa, f"{words['mewakili']} {line.siapa}", line.waktu, ""] for line in isi.mewakili]
        rows += [[line, words["izin"], "", ""] for line in isi.izin]
        rows += [[line, words["tanpa"], "", ""] for line in isi.tanpa]
        rows += [[line, words["tamu"], "", ""] for line in isi.tamu]
        if rows:
            paper.table([words[key] for key in ("nama", "status", "pukul", "catatan")], rows, widths=(45, 30, 10, 15))

    def _list(self, paper: Paper, key: str, lines: Sequence[str]) -> None:
        if lines:
            paper.heading(self._words[key])
            for line in lines:
                paper.paragraph(line)

    def _table(self, paper: Paper, key: str, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        if rows:
            paper.heading(self._words[key])
            paper.table([self._words[name_] for name_ in head], rows, widths=widths)


__all__ = ["Sheets", "compose", "file", "full"]
