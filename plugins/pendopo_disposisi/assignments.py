"""Assigning: which item, to whom, what to do and until when, read from one line of text."""

from datetime import datetime
from typing import Annotated

import msgspec
from pendopo import (
    Button,
    Context,
    Document,
    Item,
    OneTime,
    Person,
    PersonList,
    PersonListReader,
    Photo,
    Prompt,
    RestOfText,
    Typed,
    UserError,
    phrase,
)
from sqlmodel import select

from pendopo_disposisi import cards, jobs, parser
from pendopo_disposisi.models import WAITING, Disposisi, Status, Surat
from pendopo_disposisi.parser import ItemRef, find_references, parse_reference
from pendopo_disposisi.plugin import plugin
from pendopo_disposisi.policies import ANSWER, check_receiver, find_authority, parse_persons

EXAMPLES = [
    "/disposisi izin 27 Kadis PU tindak lanjuti sebelum Jumat",
    "/disposisi 311 Kadis PU, Kadishub cek lokasi besok jam 10",
    "(balas foto surat) /disposisi Kadis PU hadiri dan laporkan",
]
MOST = 20
"""The most receivers of one disposisi."""


@plugin.command("disposisi", aliases=["dispo"], examples=EXAMPLES)
async def disposisi(
    ctx: Context,
    perintah: Annotated[RestOfText, Prompt("disposisi.tanya.perintah")],
    waktu: OneTime | None = None,
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Hand an item down the line: to whom, what to do, until when."""
    ref, text = parse_reference(perintah)
    batas = parser.resolve_deadline(ctx, waktu)
    found = await _find_items(ctx, ref, [*foto, *berkas])
    if len(found) == 1:
        await _ask_missing(ctx, found[0].key, text, batas, perintah)
        return
    choices = [Button(item.title, pilih, item.key, batas, text) for item in found]
    await ctx.reply("disposisi.yang_mana", nomor=ref.number, buttons=choices)


@plugin.action()
async def pilih(ctx: Context, butir: str, batas: str, perintah: str) -> None:
    """Choose which of several items with the same number is meant."""
    await _ask_missing(ctx, butir, perintah, batas, perintah)


@plugin.action(offers="disposisi.tombol.disposisi")
async def dari_kartu(ctx: Context, butir: str, perintah: Annotated[RestOfText, Prompt("disposisi.tanya.perintah")]) -> None:
    """Hand on the item that a card of another plugin shows."""
    await _assign_from_text(ctx, butir, perintah)


@plugin.action(policy="penerima")
async def teruskan(ctx: Context, nomor: int, perintah: Annotated[RestOfText, Prompt("disposisi.tanya.perintah")]) -> None:
    """Hand further down what was handed to me."""
    await _assign_from_text(ctx, f"disposisi/{nomor}", perintah)


async def _assign_from_text(ctx: Context, butir: str, perintah: str) -> None:
    """Reads receivers, instruction and deadline from a line that answers a button."""
    reading = await ctx.parse_time(perintah)
    text = reading.remove_from(perintah) if reading is not None and isinstance(reading.value, OneTime) else perintah
    await ctx.prompt_for(dengan_batas, butir=butir, perintah=text, asli=perintah, waktu=Typed(perintah))


@plugin.action()
async def dengan_batas(ctx: Context, butir: str, perintah: str, asli: str, waktu: OneTime | None = None) -> None:
    """Hand an item on once it is clear until when."""
    await _ask_missing(ctx, butir, perintah, parser.resolve_deadline(ctx, waktu), asli)


async def _find_items(ctx: Context, ref: ItemRef, files: list[Photo | Document]) -> list[Item]:
    """The items meant: by number, by the quoted card, else a new letter. Raises `UserError` for an unknown number."""
    if ref.number:
        found = list(await ctx.plugins.find_items(ref.number, ref.plugin))
        if not found:
            raise UserError("disposisi.tidak_ada", nomor=ref.number)
        return found
    quoted = await ctx.quoted_text()
    for each in find_references(quoted):
        if found := list(await ctx.plugins.find_items(each.number, each.plugin)):
            return found[:1]
    surat = Surat(dari=ctx.person.id, perihal=quoted[:1000], dibuat=ctx.now)
    surat.berkas = msgspec.json.encode([*files, *await ctx.files.list_quoted_attachments()]).decode()
    await ctx.save(surat)
    return [_make_item(surat)]


def _make_item(surat: Surat) -> Item:
    files = msgspec.json.decode(surat.berkas or "[]", type=list[Photo | Document])
    key = "disposisi.surat" if files else "disposisi.perihal" if surat.perihal else "disposisi.tugas"
    return Item(f"surat/{surat.id}", phrase(key, nomor=surat.id, perihal=surat.perihal[:200]), (), files)


async def _ask_missing(ctx: Context, butir: str, text: str, batas: str, perintah: str) -> None:
    """Goes on with what is known and prompts for the rest. `perintah` is the argument in which the text stands."""
    listed, isi = parse_receivers(ctx, text)
    if listed.unclear:
        at = max(perintah.find(text), 0)
        unclear = [name._replace(start=name.start + at, end=name.end + at) for name in listed.unclear]
        raise ctx.explain_unclear(unclear, "perintah", perintah)
    known = {"butir": butir, "batas": batas, **({"isi": isi} if isi else {})}
    if listed.persons:
        await ctx.prompt_for(beri, kepada=",".join(str(person.id) for person in listed.persons), **known)
    else:
        await ctx.prompt_for(kepada_siapa, **known)


def parse_receivers(ctx: Context, text: str) -> tuple[PersonList, str]:
    """The receivers a text begins with ("Kadis PU, Kadishub dan semua camat …"), else the one it names, and the rest of it.

    A post stands for the one acting in it now.
    """
    reader = PersonListReader(ctx.people, ctx.sender, list_acting=lambda post: ctx.people.acting_in(post.code, ctx.now, ANSWER))
    listed, rest = reader.read_opening(text)
    if listed.persons or listed.unclear:
        return PersonList(listed.persons[:MOST], listed.unclear), rest
    person, rest = ctx.people.named_in(text, ctx.sender)
    return PersonList([person] if person else []), rest


@plugin.action()
async def kepada_siapa(
    ctx: Context,
    butir: str,
    batas: str,
    orang: Annotated[Person, Prompt("disposisi.tanya.kepada")],
    isi: Annotated[RestOfText, Prompt("disposisi.tanya.isi")],
) -> None:
    """Say to whom, and what to do."""
    await ctx.prompt_for(beri, butir=butir, batas=batas, kepada=str(orang.id), isi=isi)


@plugin.action(policy="ke_bawah")
async def beri(
    ctx: Context, butir: str, batas: str, kepada: str, isi: Annotated[RestOfText, Prompt("disposisi.tanya.isi")]
) -> None:
    """Hand the item to all who were named."""
    source, parent = await _find_source(ctx, butir)
    tenggat = datetime.fromisoformat(batas) if batas else None
    given = []
    for person in parse_persons(ctx, kepada):
        each = (
            parent.make_child(ctx.person, person, isi, ctx.now)
            if parent
            else Disposisi.for_item(source, ctx.person, person, isi, ctx.now)
        )
        await _assign_disposisi(ctx, each, person, tenggat)
        given.append(each)
    sent = await ctx.reply(*cards.format_given(ctx, given), buttons=cards.make_recall_buttons(ctx, given))
    for each in given:
        each.kabar = sent.key
    if parent is not None and parent.status == Status.SENT:
        await confirm_receipt(ctx, parent)


async def _find_source(ctx: Context, butir: str) -> tuple[Item, Disposisi | None]:
    """The item, or the disposisi to hand further. Raises `UserError` unless this person may see or hand it on."""
    plugin_, _, number = butir.partition("/")
    if plugin_ == "surat":
        surat = await ctx.get(Surat, int(number))
        if surat.dari == ctx.person.id:
            return _make_item(surat), None
    elif plugin_ == "disposisi":
        parent = await ctx.get(Disposisi, int(number))
        if check_receiver(ctx, parent).allowed:
            Disposisi.states.require(parent, *WAITING)
            return Item(parent.butir, parent.title), parent
    elif found := await ctx.plugins.find_items(int(number), plugin_):
        return found[0], None
    raise UserError("disposisi.tidak_ada", nomor=int(number))


async def _assign_disposisi(ctx: Context, each: Disposisi, person: Person, tenggat: datetime | None) -> None:
    above = find_authority(ctx, person)
    each.kapasitas, each.jabatan = (above[0], above[1].code) if above else ("", "")
    each.tenggat, each.asal = tenggat, msgspec.json.encode(ctx.chat).decode()
    await ctx.save(each)
    await cards.tell_receiver(ctx, each, phrase("disposisi.baru"))
    await jobs.plan_jobs(ctx, each)
    await jobs.notify_item_plugin(ctx, each, done=False)
    ctx.audit("disposisi.beri", f"disposisi/{each.id}", butir=each.butir, induk=each.induk, kepada=each.kepada, tenggat=tenggat)


def change_state(ctx: Context, disposisi: Disposisi, to: str, action: str, reason: str = "") -> None:
    """Changes the state and writes it to the audit log. Raises `UserError` when the move is not allowed."""
    before = disposisi.enter_state(to, ctx.now)
    Disposisi.states.audit(ctx, disposisi, before, action, reason)


async def confirm_receipt(ctx: Context, disposisi: Disposisi) -> None:
    """Marks it as received; handing it further implies that too."""
    change_state(ctx, disposisi, Status.RECEIVED, "disposisi.terima")
    await ctx.cancel(f"disposisi:{disposisi.id}:terima")
    await cards.refresh_card(ctx, disposisi)


@plugin.item(policy="melihat")
async def butir(ctx: Context, nomor: int) -> Item | None:
    """Show a disposisi as an item; assigning it again extends the same tree."""
    found = await ctx.first(select(Disposisi).where(Disposisi.id == nomor))
    if found is None or not check_receiver(ctx, found).allowed:
        return None
    return Item(f"disposisi/{nomor}", phrase("disposisi.butir", nomor=nomor, judul=found.title))
