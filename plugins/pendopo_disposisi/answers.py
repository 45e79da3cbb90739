"""Receipts and answers of disposisi, their acceptance or return, and recalling what was handed on."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from pendopo import Answer, Button, Context, Document, OneTime, Photo, Prompt, RestOfText, UserError, phrase
from sqlmodel import select

from pendopo_disposisi import cards, jobs, parser
from pendopo_disposisi.assignments import change_state, confirm_receipt
from pendopo_disposisi.cards import Number
from pendopo_disposisi.models import OPEN, WAITING, Disposisi, Status
from pendopo_disposisi.plugin import plugin


@plugin.command("disposisi terima", policy="penerima", examples=["/disposisi terima 12"])
async def terima(ctx: Context, nomor: Number) -> None:
    """Confirm that I have received a disposisi."""
    disposisi = await ctx.get(Disposisi, nomor)
    Disposisi.states.require(disposisi, Status.SENT)
    await confirm_receipt(ctx, disposisi)
    shown = [*cards.format_card(ctx, disposisi), phrase("disposisi.sudah_diterima", pada=ctx.now)]
    buttons = cards.make_buttons(disposisi, cards.list_receivers(ctx, disposisi))
    if ctx.pressed_key == disposisi.kabar:  # typed under the giver's message, which stays the giver's
        await ctx.edit(disposisi.pesan, *shown, buttons=buttons)
    else:
        await ctx.update(*shown, buttons=buttons)


@plugin.command("disposisi jawab", policy="penerima", examples=["/disposisi jawab 12 pompa sudah menyala (+ foto)"])
async def jawab(
    ctx: Context,
    nomor: Number,
    isi: Annotated[Answer, Prompt("disposisi.tanya.jawaban")],
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Answer a disposisi: what was done, with photos as proof."""
    disposisi = await ctx.get(Disposisi, nomor)
    await _record_answer(ctx, disposisi, isi, [*foto, *berkas])
    await ctx.reply("disposisi.jawaban_terkirim", nomor=nomor, dari=cards.format_giver(ctx, disposisi))


async def _record_answer(ctx: Context, disposisi: Disposisi, isi: str, files: Sequence[Photo | Document]) -> None:
    """Records the answer and sends it to the giver, who accepts it, returns it, or passes it further up."""
    change_state(ctx, disposisi, Status.ANSWERED, "disposisi.jawab")
    disposisi.jawaban, disposisi.lampiran = isi[:2000], msgspec.json.encode(list(files)).decode()
    await jobs.cancel_jobs(ctx, disposisi)
    await jobs.notify_item_plugin(ctx, disposisi, done=True)
    told = phrase(
        "disposisi.kabar_jawab", nomor=disposisi.id, kepada=ctx.people.get_name(disposisi.kepada), isi=disposisi.jawaban
    )
    await cards.tell_giver(ctx, disposisi, told, await _make_verdict_buttons(ctx, disposisi))
    if (giver := ctx.people.find_person(disposisi.dari)) is not None:
        await cards.send_files(ctx, giver, files, disposisi)
    await cards.refresh_card(ctx, disposisi)


async def _make_verdict_buttons(ctx: Context, disposisi: Disposisi) -> list[Button]:
    giver = ctx.people.find_person(disposisi.dari)
    if giver is None:
        return []
    above = await _find_parent(ctx, disposisi)
    up = [Button("disposisi.tombol.naikkan", naikkan, disposisi.id, allowed=giver)] if above else []
    return [
        *up,
        Button("disposisi.tombol.selesai", selesai, disposisi.id, allowed=giver),
        Button("disposisi.tombol.kembalikan", kembalikan, disposisi.id, allowed=giver),
    ]


async def _find_parent(ctx: Context, disposisi: Disposisi) -> Disposisi | None:
    """The disposisi this one came from while that still waits for an answer, else None."""
    if not disposisi.induk:
        return None
    parent = await ctx.get(Disposisi, disposisi.induk)
    return parent if parent.status in WAITING else None


@plugin.action(policy="pemberi")
async def naikkan(ctx: Context, nomor: int) -> None:
    """Accept an answer and pass it on as mine to the one above me."""
    disposisi = await ctx.get(Disposisi, nomor)
    parent = await _find_parent(ctx, disposisi)
    if parent is None:
        raise UserError("disposisi.atasan_tidak_menunggu", nomor=nomor)
    await _close_disposisi(ctx, disposisi)
    below = ctx.people.find_person(disposisi.kepada)
    said = f"{below.called}: {disposisi.jawaban}" if below else disposisi.jawaban
    await _record_answer(ctx, parent, said, disposisi.proof)
    await ctx.update("disposisi.dinaikkan", nomor=nomor, induk=parent.id, dari=cards.format_giver(ctx, parent))


@plugin.command("disposisi selesai", policy="pemberi", examples=["/disposisi selesai 12"])
async def selesai(ctx: Context, nomor: Number) -> None:
    """Accept an answer: the disposisi is done."""
    disposisi = await ctx.get(Disposisi, nomor)
    await _close_disposisi(ctx, disposisi)
    await ctx.update("disposisi.ditutup", nomor=nomor, kepada=ctx.people.get_name(disposisi.kepada))


async def _close_disposisi(ctx: Context, disposisi: Disposisi) -> None:
    change_state(ctx, disposisi, Status.CLOSED, "disposisi.selesai")
    await _notify_receiver(ctx, disposisi, "disposisi.kabar_selesai")
    await cards.refresh_card(ctx, disposisi)


@plugin.command("disposisi kembalikan", policy="pemberi", examples=["/disposisi kembalikan 12 fotonya belum ada"])
async def kembalikan(ctx: Context, nomor: Number, alasan: Annotated[RestOfText, Prompt("disposisi.tanya.alasan")]) -> None:
    """Return an answer and say what is missing."""
    disposisi = await ctx.get(Disposisi, nomor)
    reason = alasan.removeprefix("karena ").strip()[:1000]
    change_state(ctx, disposisi, Status.RECEIVED, "disposisi.kembalikan", reason)
    disposisi.kembali += 1
    await jobs.plan_jobs(ctx, disposisi)
    await jobs.notify_item_plugin(ctx, disposisi, done=False)
    await cards.tell_receiver(
        ctx, disposisi, phrase("disposisi.dikembalikan", oleh=cards.format_giver(ctx, disposisi), alasan=reason)
    )
    await cards.refresh_card(ctx, disposisi)
    await ctx.update("disposisi.kembali_terkirim", nomor=nomor, kepada=ctx.people.get_name(disposisi.kepada))


@plugin.command("disposisi tarik", policy="pemberi", examples=["/disposisi tarik 12"])
async def tarik(ctx: Context, nomor: Number) -> None:
    """Take back a disposisi, with everything it was handed on to."""
    disposisi = await ctx.get(Disposisi, nomor)
    below = [disposisi]
    for each in below:  # grows while it is walked
        children = await ctx.all(select(Disposisi).where(Disposisi.induk == each.id))
        below += [child for child in children if child.status in OPEN]
    for each in below:
        change_state(ctx, each, Status.RECALLED, "disposisi.tarik", "" if each is disposisi else f"disposisi/{nomor}")
        await jobs.cancel_jobs(ctx, each)
        await _notify_receiver(ctx, each, "disposisi.kabar_tarik")
        await cards.refresh_card(ctx, each)
    await ctx.reply("disposisi.ditarik", nomor=nomor, kepada=ctx.people.get_name(disposisi.kepada))


@plugin.command("disposisi tenggat", policy="pemberi", examples=["/disposisi tenggat 12 Senin depan"])
async def tenggat(ctx: Context, nomor: Number, waktu: Annotated[OneTime, Prompt("disposisi.tanya.tenggat")]) -> None:
    """Give a disposisi another deadline."""
    disposisi = await ctx.get(Disposisi, nomor)
    Disposisi.states.require(disposisi, *WAITING)
    before = disposisi.tenggat
    disposisi.tenggat = msgspec.convert(parser.resolve_deadline(ctx, waktu), type=type(ctx.now))
    await jobs.plan_jobs(ctx, disposisi)
    await cards.tell_receiver(ctx, disposisi, phrase("disposisi.tenggat_baru"))
    await cards.refresh_card(ctx, disposisi)
    await ctx.reply("disposisi.tenggat_diubah", nomor=nomor, waktu=disposisi.tenggat)
    ctx.audit("disposisi.tenggat", f"disposisi/{nomor}", sebelum=before, sesudah=disposisi.tenggat)


async def _notify_receiver(ctx: Context, disposisi: Disposisi, key: str) -> None:
    said = phrase(key, nomor=disposisi.id, dari=cards.format_giver(ctx, disposisi))
    who = cards.list_receivers(ctx, disposisi)
    if not who or await ctx.notify(who[0], said, disposisi.title) is None:
        await ctx.send(disposisi.chat, said, disposisi.title)
