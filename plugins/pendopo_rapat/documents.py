"""The content of minutes from all that is known of a meeting, and their PDF. Always in Indonesian."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from pendopo import Context, Document, Photo
from pendopo.paper import Paper
from sqlmodel import col, select

from pendopo_rapat import cards
from pendopo_rapat.models.followups import TindakLanjut, TindakStatus
from pendopo_rapat.models.meetings import PRESENT, REPRESENTED, Peserta, Rapat
from pendopo_rapat.models.minutes import Bahan, MinutesContent, MinutesLine, Notulen
from pendopo_rapat.models.proposals import Keputusan, Usul, UsulStatus
from pendopo_rapat.settings import RapatOptions

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
"""Labels of the paper: keys of the catalogue under `rapat.paper`."""
PHOTOS = 12
"""Most pictures in the PDF."""


def _translate(ctx: Context, key: str, **args: object) -> str:
    """A sentence in Indonesian, the official language."""
    return ctx.translate(key, locale="id", **args)


def format_person(ctx: Context, id_: int) -> str:
    """A person by name and post."""
    person = ctx.people.find_person(id_)
    if person is None:
        return "–"
    return f"{person.name} ({person.title})" if person.title else person.name


async def compose_minutes(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> MinutesContent:
    """The content of the minutes."""
    there = [p for p in places if p.hadir == PRESENT and p.diundang]
    sent = [p for p in places if p.hadir == REPRESENTED]
    excused, missing = await _split_absent(ctx, rapat, [p for p in places if p.diundang and not p.hadir])
    count = cards.get_tally(ctx, rapat, places)
    said = await ctx.all(select(Bahan).where(Bahan.rapat == rapat.id).order_by(col(Bahan.id)))
    return MinutesContent(
        kop=_get_letterhead(ctx, rapat),
        nomor=rapat.id or 0,
        judul=rapat.judul,
        hari=_translate(ctx, "rapat.paper.saat", waktu=rapat.time),
        dibuka=_format_clock(ctx, rapat.dibuka),
        ditutup=_format_clock(ctx, rapat.ditutup),
        tempat=rapat.tempat or _translate(ctx, "rapat.paper.di_percakapan"),
        pimpinan=format_person(ctx, rapat.pimpinan),
        notulis=format_person(ctx, rapat.notulis),
        hadir=[
            MinutesLine(format_person(ctx, p.orang), waktu=_format_clock(ctx, p.pada), tanda=_format_late(ctx, p))
            for p in there
        ],
        mewakili=[
            MinutesLine(
                format_person(ctx, p.wakil),
                siapa=format_person(ctx, p.orang),
                waktu=_format_clock(ctx, p.pada),
                tanda=_format_late(ctx, p),
            )
            for p in sent
        ],
        izin=excused,
        tanpa=missing,
        tamu=[format_person(ctx, p.orang) for p in places if p.hadir and not p.diundang],
        kuorum=_translate(ctx, "rapat.paper.kuorum", **count._asdict()),
        agenda=[f"{item.urut}. {item.isi}" for item in await cards.list_agenda(ctx, rapat)],
        pembahasan=[f"{ctx.people.get_name(b.orang)} ({_format_clock(ctx, b.pada)}): {b.isi}" for b in said if b.isi],
        usul=await _list_proposals(ctx, rapat),
        keputusan=await _list_decisions(ctx, rapat),
        tindak=await _list_followups(ctx, rapat),
        dikecualikan=sum(1 for b in said if b.dikecualikan),
        foto=[file for b in said for file in b.files if isinstance(file, Photo)][:PHOTOS],
        penutup=_translate(ctx, "rapat.paper.penutup", pukul=_format_clock(ctx, rapat.ditutup)),
    )


def _get_letterhead(ctx: Context, rapat: Rapat) -> list[str]:
    unit = ctx.people.units.get(rapat.unit)
    return ctx.options(RapatOptions).kop or ([unit.name] if unit else [])


def _format_clock(ctx: Context, at: datetime | None) -> str:
    return cards.format_clock(ctx, at)


def _format_late(ctx: Context, place: Peserta) -> str:
    """How late somebody came, and what they said of their presence."""
    late = [_translate(ctx, "rapat.paper.telat", menit=place.telat)] if place.telat else []
    said = [word for word in place.keterangan.split(", ") if word and not (late and word.startswith("terlambat"))]
    return ", ".join([*late, *said])


async def _split_absent(ctx: Context, rapat: Rapat, places: Sequence[Peserta]) -> tuple[list[str], list[str]]:
    """The absent: those with leave or a reason, and those without."""
    excused, missing = [], []
    for place in places:
        who = ctx.people.find_person(place.orang)
        busy = await ctx.calendar.list_busy(who, rapat.mulai, rapat.selesai) if who else []
        if place.jawaban == "tidak":
            excused.append(
                f"{format_person(ctx, place.orang)}: {place.alasan}" if place.alasan else format_person(ctx, place.orang)
            )
        elif any(b.kind == "away" for b in busy):
            excused.append(f"{format_person(ctx, place.orang)}: {_translate(ctx, 'rapat.paper.sedang_izin')}")
        else:
            missing.append(format_person(ctx, place.orang))
    return excused, missing


async def _list_proposals(ctx: Context, rapat: Rapat) -> list[MinutesLine]:
    query = (
        select(Usul)
        .where(Usul.rapat == rapat.id, col(Usul.status).in_([UsulStatus.AGREED, UsulStatus.REJECTED]))
        .order_by(col(Usul.id))
    )
    found = await ctx.all(query)
    return [
        MinutesLine(
            u.isi,
            ctx.people.get_name(u.oleh),
            tanda=_translate(ctx, f"rapat.usul_hasil.{u.status}", **msgspec.json.decode(u.hasil)),
        )
        for u in found
    ]


async def _list_decisions(ctx: Context, rapat: Rapat) -> list[MinutesLine]:
    made = await ctx.all(select(Keputusan).where(Keputusan.rapat == rapat.id).order_by(col(Keputusan.urut)))
    later = {k.mengganti: k.id for k in made if k.mengganti}
    lines = []
    for k in made:
        marks = [_translate(ctx, "rapat.paper.keputusan_nomor", nomor=k.id)]
        marks += [_translate(ctx, "rapat.paper.mengganti", nomor=k.mengganti)] if k.mengganti else []
        marks += [_translate(ctx, "rapat.paper.diganti", nomor=later[k.id or 0])] if k.id in later else []
        lines.append(
            MinutesLine(k.isi, k.kapasitas or ctx.people.get_name(k.oleh), _format_clock(ctx, k.pada), "; ".join(marks))
        )
    return lines


async def _list_followups(ctx: Context, rapat: Rapat) -> list[MinutesLine]:
    query = select(TindakLanjut).where(TindakLanjut.rapat == rapat.id, TindakLanjut.status != TindakStatus.DROPPED)
    found = await ctx.all(query.order_by(col(TindakLanjut.id)))
    return [
        MinutesLine(t.apa, format_person(ctx, t.siapa), f"{t.tenggat.astimezone(ctx.zone):%d/%m/%Y}", f"#{t.id}") for t in found
    ]


def name_pdf(rapat: Rapat) -> str:
    """The name of the PDF of a meeting's minutes."""
    return f"notulen-rapat-{rapat.id}.pdf"


def find_pdf(rapat: Rapat, version: Notulen) -> Document | None:
    """The PDF of approved minutes; None while it is being made."""
    blob = rapat.naskah or version.berkas
    return Document(blob, name_pdf(rapat), mime=Paper.MIME) if blob else None


class MinutesPaper:
    """Renders minutes as PDF. Holds only plain values, so that it can run in a thread."""

    def __init__(self, ctx: Context, version: Notulen, capacity: str, pictures: Sequence[Path]) -> None:
        self._isi, self._version, self._capacity, self._at = version.content, version, capacity, ctx.now.astimezone(ctx.zone)
        self._words = {key: _translate(ctx, f"rapat.paper.{key}") for key in LABELS}
        self._note = _translate(
            ctx, "rapat.paper.sidik", versi=version.versi, sidik=version.sidik, pada=version.disahkan, oleh=capacity
        )
        self._excluded = (
            _translate(ctx, "rapat.paper.dikecualikan", jumlah=self._isi.dikecualikan) if self._isi.dikecualikan else ""
        )
        self._pictures = list(pictures)

    def render_pdf(self) -> bytes:
        """The finished PDF."""
        isi, words = self._isi, self._words
        paper = Paper(words["judul"], isi.kop, self._at)
        rows = ("perihal", isi.judul), ("hari", isi.hari), ("dibuka", isi.dibuka), ("ditutup", isi.ditutup)
        more = ("tempat", isi.tempat), ("pimpinan", isi.pimpinan), ("notulis", isi.notulis)
        paper.add_facts([(words[key], value) for key, value in (*rows, *more)])
        self._write_people(paper)
        self._write_list(paper, "agenda", isi.agenda)
        self._write_list(paper, "bahasan", [*isi.pembahasan, *([self._excluded] if self._excluded else [])])
        self._write_table(
            paper, "usul", ("apa", "siapa", "catatan"), [[u.apa, u.siapa, u.tanda] for u in isi.usul], (50, 20, 30)
        )
        self._write_table(paper, "keputusan", ("nomor", "keputusan"), [[k.tanda, k.apa] for k in isi.keputusan], (30, 70))
        tasks = [[t.tanda, t.apa, t.siapa, t.waktu] for t in isi.tindak]
        self._write_table(paper, "tindak", ("nomor", "apa", "siapa", "tenggat"), tasks, (10, 45, 30, 15))
        if self._pictures:
            paper.add_heading(words["foto"])
            paper.add_pictures(self._pictures)
        if isi.penutup:
            paper.add_heading(words["tutup"])
            paper.add_paragraph(isi.penutup)
        paper.add_signatures([[words["notulis"], isi.notulis], [self._capacity or words["pimpinan"], isi.pimpinan]])
        paper.add_note(self._note)
        return paper.to_bytes()

    def _write_people(self, paper: Paper) -> None:
        isi, words = self._isi, self._words
        paper.add_heading(words["peserta"])
        paper.add_paragraph(isi.kuorum)
        rows = [[line.apa, words["hadir"], line.waktu, line.tanda] for line in isi.hadir]
        rows += [[line.apa, f"{words['mewakili']} {line.siapa}", line.waktu, line.tanda] for line in isi.mewakili]
        rows += [[line, words["izin"], "", ""] for line in isi.izin]
        rows += [[line, words["tanpa"], "", ""] for line in isi.tanpa]
        rows += [[line, words["tamu"], "", ""] for line in isi.tamu]
        if rows:
            paper.add_table([words[key] for key in ("nama", "status", "pukul", "catatan")], rows, widths=(45, 30, 10, 15))

    def _write_list(self, paper: Paper, key: str, lines: Sequence[str]) -> None:
        if lines:
            paper.add_heading(self._words[key])
            for line in lines:
                paper.add_paragraph(line)

    def _write_table(
        self, paper: Paper, key: str, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
    ) -> None:
        if rows:
            paper.add_heading(self._words[key])
            paper.add_table([self._words[name_] for name_ in head], rows, widths=widths)
