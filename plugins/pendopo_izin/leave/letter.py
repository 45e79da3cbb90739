"""The letter that grants leave, in the form of Peraturan BKN 24/2017: a draft for whoever numbers and signs it."""

from collections.abc import Callable
from functools import partial

from pendopo import Context, Day, Person
from pendopo.paper import Paper
from sqlmodel import col, select

from pendopo_izin.leave.balance import count_days, format_days, list_years
from pendopo_izin.models import CHANGED, YES, Izin, Putusan
from pendopo_izin.settings import ANNUAL, IzinOptions, LengthUnit, get_kind

HEAD_OF_REGION = "walikota"
"""The role of the officer who appoints: what others grant, they grant in this one's name."""
WITHOUT_NUMBER = frozenset({HEAD_OF_REGION, "sekda"})
"""Roles whose acting holders sign without rank and NIP (Permendagri 1/2023 art. 44)."""


async def make_leave_letter(ctx: Context, izin: Izin) -> Callable[[], bytes]:
    """Collects what the letter says; the function that is returned draws it, in a thread."""
    await ctx.work_calendar.ensure_loaded()
    words = partial(ctx.translate, locale="id")
    asker, unit = ctx.people.get_person(izin.pemohon), ctx.people.units.get(izin.unit)
    kind = words("izin.surat.cuti_tahunan") if izin.jenis == ANNUAL else izin.jenis
    first, last = izin.get_days(ctx.zone)
    length = words(f"izin.surat.lama_{get_kind(ctx, izin).satuan or LengthUnit.CALENDAR}", lama=count_days(ctx, izin))
    facts = [*describe_staff(ctx, asker), (words("izin.surat.unit"), unit.name if unit else "–")]
    span = words("izin.surat.terhitung", lama=length, mulai=Day(first), sampai=Day(last))
    left = await list_years(ctx, izin.pemohon, izin.jenis) if izin.jenis == ANNUAL else []
    notes = [words("izin.surat.sisa", tahun=str(each.year), sisa=format_days(max(0, each.left))) for each in left]
    signer = await _list_signer_lines(ctx, izin)
    options = ctx.options(IzinOptions)
    if options.dasar_delegasi:
        notes.append(words("izin.surat.dasar", dasar=options.dasar_delegasi))

    def make() -> bytes:
        paper = Paper(
            words("izin.surat.judul_cuti", jenis=kind.upper()), [unit.name] if unit else [], ctx.now.astimezone(ctx.zone)
        )
        paper.add_paragraph(words("izin.surat.nomor", nomor=izin.id))
        paper.add_paragraph(words("izin.surat.diberikan", jenis=kind))
        paper.add_facts(facts)
        paper.add_paragraph(span)
        paper.add_paragraph(words("izin.surat.ketentuan"))
        for note in notes:
            paper.add_paragraph(note)
        paper.add_signatures([signer])
        if options.tembusan:
            paper.add_paragraph(words("izin.surat.tembusan", tembusan="; ".join(options.tembusan)))
        paper.add_note(words("izin.surat.catatan", nomor=izin.id))
        return paper.to_bytes()

    return make


def describe_staff(ctx: Context, who: Person) -> list[tuple[str, str]]:
    """Name, NIP, rank and post, as far as they are known, in the words of a letter."""
    work = ctx.people.get_employment(who)
    words = partial(ctx.translate, locale="id")
    known = [
        (words("izin.surat.nama"), who.name),
        ("NIP", work.nip),
        (words("izin.surat.pangkat"), work.rank),
        (words("izin.surat.jabatan"), who.title),
    ]
    return [(name, value) for name, value in known if value]


async def _list_signer_lines(ctx: Context, izin: Izin) -> list[str]:
    """The post, "a.n." before what others grant for the head of the region; name, rank and NIP where the rules have them."""
    granted = (Putusan.izin == izin.id, Putusan.ronde == izin.ronde, col(Putusan.hasil).in_([YES, CHANGED]))
    last = await ctx.first(select(Putusan).where(*granted).order_by(col(Putusan.id).desc()).limit(1))
    who = ctx.people.find_person(last.oleh) if last else None
    if last is None or who is None:
        return ["……………"]
    capacity = last.kapasitas or who.title
    _, lent, title = capacity.rpartition(". ")
    roles = next((post.roles for post in ctx.people.posts.values() if post.title == title), frozenset[str]())
    head = [] if HEAD_OF_REGION in roles else [f"a.n. {ctx.options(IzinOptions).atas_nama}"]
    work = ctx.people.get_employment(who)
    bare = HEAD_OF_REGION in roles or (lent and roles & WITHOUT_NUMBER)
    known = [] if bare else [work.rank, work.nip and f"NIP {work.nip}"]
    return [*head, f"{capacity},", "\n".join([who.name, *filter(None, known)])]
