"""Handing on: of what, to whom, what to do, and until when, in the words of one line."""

from datetime import datetime
from typing import Annotated

import msgspec
from sqlmodel import select

from bot import Ask, Button, Context, Document, Item, Once, Person, Photo, Rest, UserError, say

from . import cards, deadlines, timing
from .models import RECEIVED, SENT, WAITING, Disposisi, Surat
from .naming import Ref, named, reference
from .plugin import ANSWER, line, persons, plugin, receives

EXAMPLES = [
    "/disposisi izin 27 Kadis PU tindak lanjuti sebelum Jumat",
    "/disposisi 311 Kadis PU, Kadishub cek lokasi besok jam 10",
    "(balas foto surat) /disposisi Kadis PU hadiri dan laporkan",
]
MOST = 20
"""So many receivers at once, at the most."""


@plugin.command("disposisi", aliases=["dispo"], examples=EXAMPLES)
async def disposisi(
    ctx: Context,
    perintah: Annotated[Rest, Ask("disposisi.tanya.perintah")],
    waktu: Once | None = None,
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Hand an item down the line: to whom, what to do, until when."""
    ref, text = reference(perintah)
    batas = deadlines.of(ctx, waktu)
    found = await _items(ctx, ref, [*foto, *berkas])
    if len(found) == 1:
        await _go_on(ctx, found[0].key, text, batas)
        return
    choices = [Button(item.title, pilih, item.key, batas, text) for item in found]
    await ctx.reply("disposisi.yang_mana", nomor=ref.number, buttons=choices)


@plugin.action()
async def pilih(ctx: Context, butir: str, batas: str, perintah: str) -> None:
    """Which of several items of one number was meant."""
    await _go_on(ctx, butir, perintah, batas)


@plugin.action(offers="disposisi.tombol.disposisi")
async def dari_kartu(ctx: Context, butir: str, perintah: Annotated[Rest, Ask("disposisi.tanya.perintah")]) -> None:
    """Hand on the item that a card of another plugin shows."""
    await _said(ctx, butir, perintah)


@plugin.action(policy="penerima")
async def teruskan(ctx: Context, nomor: int, perintah: Annotated[Rest, Ask("disposisi.tanya.perintah")]) -> None:
    """Hand further down what was handed to me."""
    await _said(ctx, f"disposisi/{nomor}", perintah)


async def _said(ctx: Context, butir: str, perintah: str) -> None:
    """The same line, where only a part of it was asked for."""
    reading = await ctx.parse_time(perintah)
    if reading is None or not isinstance(reading.value, Once):
        await _go_on(ctx, butir, perintah, "")
        return
    await _go_on(ctx, butir, reading.rest(perintah), deadlines.of(ctx, reading.value))


async def _items(ctx: Context, ref: Ref, files: list[Photo | Document]) -> list[Item]:
    """What it is about: by number, by the message it answers, or a letter of its own. Raises `UserError` on a wrong number."""
    if ref.number:
        found = list(await ctx.plugins.find_items(ref.number, ref.plugin))
        if not found:
            raise UserError("disposisi.tidak_ada", nomor=ref.number)
        return found
    quoted = await ctx.quoted_text()
    for each in named(quoted):
        if found := list(await ctx.plugins.find_items(each.number, each.plugin)):
            return found[:1]
    return [await _letter(ctx, quoted, files)]


async def _letter(ctx: Context, quoted: str, files: list[Photo | Document]) -> Item:
    surat = Surat(dari=ctx.person.id, perihal=quoted[:1000], dibuat=ctx.now)
    surat.berkas = msgspec.json.encode([*files, *await ctx.files.list_quoted_attachments()]).decode()
    await ctx.save(surat)
    return _as_item(surat)


def _as_item(surat: Surat) -> Item:
    files = msgspec.json.decode(surat.berkas or "[]", type=list[Photo | Document])
    key = "disposisi.surat" if files else "disposisi.perihal" if surat.perihal else "disposisi.tugas"
    return Item(f"surat/{surat.id}", say(key, nomor=surat.id, perihal=surat.perihal[:200]), (), files)


async def _go_on(ctx: Context, butir: str, text: str, batas: str) -> None:
    """With everything that is known; what is not is asked for."""
    who, isi = receivers(ctx, text)
    known = {"butir": butir, "batas": batas, **({"isi": isi} if isi else {})}
    if who:
        await ctx.prompt_for(beri, kepada=",".join(str(person.id) for person in who), **known)
    else:
        await ctx.prompt_for(kepada_siapa, **known)


def receivers(ctx: Context, text: str) -> tuple[list[Person], str]:
    """Those the text begins with ("Kadis PU, Kadishub dan Camat Coblong …"), else the one it names; and what is left."""
    found: list[Person] = []
    rest = text
    while len(found) < MOST:
        person, left = _opening(ctx, rest)
        if person is None:
            break
        found.append(person)
        rest = left
        if (following := deadlines.after_comma(rest)) is None:
            return list(dict.fromkeys(found)), rest
        rest = following
    if not found:
        person, rest = ctx.people.named_in(text)
        found = [person] if person else []
    return list(dict.fromkeys(found)), rest


def _opening(ctx: Context, text: str) -> tuple[Person | None, str]:
    """A post is whoever acts in it now; a person is themselves."""
    post, left = ctx.people.post_opening(text)
    acting = ctx.people.acting(post.code, ctx.now, ANSWER) if post else []
    return (acting[0], left) if acting else ctx.people.opening(text)


@plugin.action()
async def kepada_siapa(
    ctx: Context,
    butir: str,
    batas: str,
    orang: Annotated[Person, Ask("disposisi.tanya.kepada")],
    isi: Annotated[Rest, Ask("disposisi.tanya.isi")],
) -> None:
    """To whom, and what to do: what was left unsaid."""
    await ctx.prompt_for(beri, butir=butir, batas=batas, kepada=str(orang.id), isi=isi)


@plugin.action(policy="ke_bawah")
async def beri(ctx: Context, butir: str, batas: str, kepada: str, isi: Annotated[Rest, Ask("disposisi.tanya.isi")]) -> None:
    """Hand it on to everybody named."""
    source, parent = await _source(ctx, butir)
    tenggat = datetime.fromisoformat(batas) if batas else None
    given = []
    for person in persons(ctx, kepada):
        each = (
            parent.further(ctx.person, person, isi, ctx.now)
            if parent
            else Disposisi.of(source, ctx.person, person, isi, ctx.now)
        )
        await _give(ctx, each, person, tenggat)
        given.append(each)
    sent = await ctx.reply(*cards.given_lines(ctx, given), buttons=cards.recall(ctx, given))
    for each in given:
        each.kabar = sent.key
    if parent is not None and parent.status == SENT:
        await take(ctx, parent)


async def _source(ctx: Context, butir: str) -> tuple[Item, Disposisi | None]:
    """The item, seen by who hands it on; or the disposisi that is handed further. Raises `UserError` when it is neither."""
    plugin_, _, number = butir.partition("/")
    if plugin_ == "surat":
        surat = await ctx.get(Surat, int(number))
        if surat.dari == ctx.person.id:
            return _as_item(surat), None
    elif plugin_ == "disposisi":
        parent = await ctx.get(Disposisi, int(number))
        if receives(ctx, parent).allowed:
            Disposisi.states.require(parent, *WAITING)
            return Item(parent.butir, parent.title), parent
    elif found := await ctx.plugins.find_items(int(number), plugin_):
        return found[0], None
    raise UserError("disposisi.tidak_ada", nomor=int(number))


async def _give(ctx: Context, each: Disposisi, person: Person, tenggat: datetime | None) -> None:
    above = line(ctx, person)
    each.kapasitas, each.jabatan = (above[0], above[1].code) if above else ("", "")
    each.tenggat, each.asal = tenggat, msgspec.json.encode(ctx.chat).decode()
    await ctx.save(each)
    await cards.tell_receiver(ctx, each, say("disposisi.baru"))
    await timing.watch(ctx, each)
    await timing.passed(ctx, each, done=False)
    ctx.audit("disposisi.beri", f"disposisi/{each.id}", butir=each.butir, induk=each.induk, kepada=each.kepada, tenggat=tenggat)


def move(ctx: Context, disposisi: Disposisi, to: str, action: str, reason: str = "") -> None:
    """Go into another state, with its line in the audit log. Raises `UserError` where that is no move."""
    before = disposisi.move(to, ctx.now)
    Disposisi.states.audit(ctx, disposisi, before, action, reason)


async def take(ctx: Context, disposisi: Disposisi) -> None:
    """Confirm the receipt; whoever answers or hands on has received it."""
    move(ctx, disposisi, RECEIVED, "disposisi.terima")
    await ctx.cancel(f"disposisi:{disposisi.id}:terima")
    await cards.refresh(ctx, disposisi)


@plugin.item(policy="melihat")
async def butir(ctx: Context, nomor: int) -> Item | None:
    """A disposisi as an item: handing it on again goes further down the same tree."""
    found = await ctx.first(select(Disposisi).where(Disposisi.id == nomor))
    if found is None or not receives(ctx, found).allowed:
        return None
    return Item(f"disposisi/{nomor}", say("disposisi.butir", nomor=nomor, judul=found.title))


__all__ = ["move", "take"]
