"""Handling a report: coordinate, pass on, work on, close with proof, rate, reopen."""

from typing import Annotated

from pendopo import Attachment, Context, Message, Person, Prompt, RestOfText, UserError, phrase
from sqlmodel import select

from pendopo_laporan import cards, transitions
from pendopo_laporan.cards import list_photos as files_of
from pendopo_laporan.models import AFTER, OPEN, PATIENCE, Foto, Harap, Laporan, Status
from pendopo_laporan.photos import files as photos
from pendopo_laporan.plugin import plugin
from pendopo_laporan.settings import get_kind
from pendopo_laporan.transitions import Number


@plugin.command("laporan koordinasi", policy="penangan", examples=["/laporan koordinasi 311 PLN, kabel putus"])
async def koordinasi(ctx: Context, laporan_id: Number, pihak: Annotated[RestOfText, Prompt("laporan.tanya.pihak")]) -> None:
    """Say with whom it is being coordinated."""
    laporan = await ctx.get(Laporan, laporan_id)
    who, note = _parse_party(ctx, pihak)
    called = who.called if who else note
    await transitions.change_state(
        ctx, laporan, Status.COORDINATED, "laporan.koordinasi", note if who else "", called, who.id if who else ctx.person.id
    )
    if who is not None and who.id != ctx.person.id:
        await transitions.show_to_holder(
            ctx, laporan, who, await files_of(ctx, laporan_id), phrase("laporan.dikoordinasikan", oleh=ctx.person)
        )
    await _announce_state(ctx, laporan, note if who else "")


def _parse_party(ctx: Context, said: str) -> tuple[Person | None, str]:
    """A person of the directory and the rest of the text, or None and the whole text."""
    who, rest = ctx.people.named_in(said, ctx.sender)
    return (who, rest.strip(" ,.:;-")) if who is not None else (None, said.strip())


@plugin.command("laporan disposisi", policy="penangan", examples=["/laporan disposisi 311 Lurah Dago pasang karung pasir"])
async def disposisi(
    ctx: Context, laporan_id: Number, orang: Annotated[Person, Prompt("laporan.tanya.orang")], arahan: RestOfText = ""
) -> None:
    """Pass a report to a person, with an instruction."""
    laporan = await ctx.get(Laporan, laporan_id)
    await transitions.change_state(ctx, laporan, Status.PASSED, "laporan.disposisi", arahan, orang.called, orang.id)
    said = phrase("laporan.didisposisikan", oleh=ctx.person, arahan=arahan or phrase("laporan.tanpa_catatan"))
    if orang.id != ctx.person.id:
        await transitions.show_to_holder(ctx, laporan, orang, await files_of(ctx, laporan_id), said)
    await _announce_state(ctx, laporan, arahan)


@plugin.command("laporan proses", policy="penangan", examples=["/laporan proses 311 pompa menuju lokasi"])
async def proses(ctx: Context, laporan_id: Number, rencana: RestOfText = "") -> None:
    """Say that it is being worked on, and how."""
    laporan = await ctx.get(Laporan, laporan_id)
    await transitions.change_state(ctx, laporan, Status.WORKED, "laporan.proses", rencana, ctx.person.called, ctx.person.id)
    await _announce_state(ctx, laporan, rencana)


async def _announce_state(ctx: Context, laporan: Laporan, note: str) -> None:
    """Tells the new state here and to the reporter, and updates where it is shown."""
    await ctx.work_calendar.ensure_loaded()
    where = cards.format_state(ctx, laporan)
    remark = [phrase("laporan.catatan", isi=note)] if note else []
    await ctx.reply(phrase("laporan.sekarang", nomor=laporan.id, keadaan=where), *remark)
    await transitions.tell_reporter(ctx, laporan, phrase("laporan.kabar", nomor=laporan.id, keadaan=where, catatan=note))
    await transitions.show_everywhere(ctx, laporan)


@plugin.command(
    "laporan tutup", aliases=["laporan selesai"], policy="penutup", examples=["/laporan tutup 311 air sudah surut (+ foto)"]
)
async def tutup(ctx: Context, laporan_id: Number, catatan: RestOfText = "") -> None:
    """Close a report, with a photo as proof."""
    laporan = await ctx.get(Laporan, laporan_id)
    Laporan.states.require(laporan, *OPEN)
    files = _get_attachments(ctx)
    if files:
        await photos.add_files(ctx, laporan, files, AFTER, ctx.event.key)
        await close_with_proof(ctx, laporan, catatan)
    elif not get_kind(ctx, laporan).bukti or await _has_proof(ctx, laporan) or _has_reason(catatan):
        await close_with_proof(ctx, laporan, catatan)
    else:
        await ctx.save(
            Harap(siapa=ctx.person.id, laporan=laporan_id, kapan=AFTER, catatan=catatan[:1000], sampai=ctx.now + PATIENCE)
        )
        await ctx.reply("laporan.minta_bukti", nomor=laporan_id)


def _has_reason(note: str) -> bool:
    """Whether a note says "tanpa foto" and gives a reason of at least five characters."""
    return "tanpa foto" in note.lower() and len(note.lower().replace("tanpa foto", "").strip(" .,-")) >= 5


async def _has_proof(ctx: Context, laporan: Laporan) -> bool:
    """Whether photos from after the work came in this round."""
    here = (Foto.laporan == laporan.id, Foto.kapan == AFTER, Foto.diterima >= laporan.mulai)
    return await ctx.first(select(Foto).where(*here)) is not None


async def close_with_proof(ctx: Context, laporan: Laporan, note: str) -> None:
    """Closes the report and confirms it."""
    await transitions.finish_report(ctx, laporan, note)
    await ctx.reply("laporan.ditutup", nomor=laporan.id)


@plugin.command("laporan nilai", policy="pelapor", examples=["/laporan nilai 311 4"])
async def nilai(ctx: Context, laporan_id: Number, bintang: Annotated[int, Prompt("laporan.tanya.bintang")]) -> None:
    """Rate how it was handled, from 1 to 5."""
    laporan = await ctx.get(Laporan, laporan_id)
    if laporan.pemegang == ctx.person.id:
        raise UserError("laporan.nilai_sendiri", nomor=laporan_id)
    if not 1 <= bintang <= 5:
        raise UserError("laporan.bintang_salah", param="bintang")
    await transitions.change_state(
        ctx, laporan, Status.RATED, "laporan.nilai", dengan=laporan.dengan, pemegang=laporan.pemegang, nilai=bintang
    )
    laporan.nilai = bintang
    await ctx.cancel(f"laporan:{laporan_id}:puas")
    await ctx.update("laporan.dinilai", nomor=laporan_id, bintang="★" * bintang + "☆" * (5 - bintang))
    await transitions.show_everywhere(ctx, laporan)


@plugin.command("laporan buka", policy="pelapor", examples=["/laporan buka 311 karena air naik lagi"])
async def buka(ctx: Context, laporan_id: Number, alasan: Annotated[RestOfText, Prompt("laporan.tanya.alasan")]) -> None:
    """Reopen a report and say why; its deadlines begin again."""
    laporan = await ctx.get(Laporan, laporan_id)
    Laporan.states.require(laporan, Status.DONE, Status.RATED)
    holder = ctx.people.find_person(laporan.pemegang) or ctx.people.superior_of(ctx.person, ctx.now)
    reason = alasan.removeprefix("karena ").strip()
    await transitions.change_state(
        ctx, laporan, Status.REOPENED, "laporan.buka", reason, holder.called if holder else "", holder.id if holder else 0
    )
    await ctx.cancel(f"laporan:{laporan_id}:puas")
    await transitions.plan_jobs(ctx, laporan)
    if holder is not None:
        said = phrase("laporan.dibuka_lagi", pelapor=ctx.person, alasan=reason)
        await transitions.show_to_holder(ctx, laporan, holder, await files_of(ctx, laporan_id), said)
    said = phrase("laporan.kabar_dibuka_pemberi", nomor=laporan_id, pelapor=ctx.person, alasan=reason)
    await transitions.tell_givers(ctx, laporan, said)
    await ctx.reply("laporan.dibuka", nomor=laporan_id, dengan=laporan.dengan or "–")
    await transitions.show_everywhere(ctx, laporan)


def _get_attachments(ctx: Context) -> list[Attachment]:
    return list(ctx.event.attachments) if isinstance(ctx.event, Message) else []
