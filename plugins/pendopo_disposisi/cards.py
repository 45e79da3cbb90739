"""Cards, lines and buttons of a disposisi, for its receiver, for its giver and for lists."""

from collections.abc import Sequence
from typing import Annotated

from pendopo import Answer, Button, Context, Document, Person, Photo, Phrase, Prompt, RestOfText, phrase
from sqlmodel import col, select

from pendopo_disposisi.models import WAITING, Disposisi, Status
from pendopo_disposisi.plugin import plugin
from pendopo_disposisi.policies import ANSWER

Number = Annotated[int, Prompt("disposisi.tanya.nomor")]


@plugin.handle
async def terima(ctx: Context, nomor: Number) -> None:
    """Confirm that I have received a disposisi."""


@plugin.handle
async def jawab(
    ctx: Context,
    nomor: Number,
    isi: Annotated[Answer, Prompt("disposisi.tanya.jawaban")],
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Answer a disposisi."""


@plugin.handle
async def teruskan(ctx: Context, nomor: int, perintah: Annotated[RestOfText, Prompt("disposisi.tanya.perintah")]) -> None:
    """Hand further down what was handed to me."""


@plugin.handle
async def tarik(ctx: Context, nomor: Number) -> None:
    """Take back a disposisi."""


def format_card(ctx: Context, disposisi: Disposisi) -> list[Phrase]:
    """The full card: giver, item, instruction and deadline."""
    head = phrase(
        "disposisi.kepala", nomor=disposisi.id, dari=format_giver(ctx, disposisi), kepada=ctx.people.get_name(disposisi.kepada)
    )
    return [
        head,
        disposisi.title,
        *disposisi.lines,
        phrase("disposisi.isi", isi=disposisi.isi),
        *format_deadline(ctx, disposisi),
    ]


def format_deadline(ctx: Context, disposisi: Disposisi) -> list[Phrase]:
    """The line with the deadline and its colour; empty without a deadline."""
    if disposisi.tenggat is None:
        return []
    return [phrase("disposisi.tenggat", warna=disposisi.get_colour(ctx.now), waktu=disposisi.tenggat)]


def format_giver(ctx: Context, disposisi: Disposisi) -> str:
    """The giver by post, with the name when the post is held by mandate ("Plh. …")."""
    who = ctx.people.find_person(disposisi.dari)
    lent = "." in disposisi.kapasitas.split(" ")[0]
    return f"{disposisi.kapasitas} ({who.name})" if lent and who else disposisi.kapasitas or (who.called if who else "–")


def format_line(ctx: Context, disposisi: Disposisi, indent: int = 0) -> Phrase:
    """One line of a list, or of a tree when indented."""
    return phrase(
        "disposisi.baris",
        lekuk="    " * indent + ("└ " if indent else ""),
        warna=disposisi.get_colour(ctx.now),
        nomor=disposisi.id,
        dari=format_giver(ctx, disposisi),
        kepada=ctx.people.get_name(disposisi.kepada),
        apa=disposisi.isi[:60],
        keadaan=format_state(disposisi),
    )


def format_state(disposisi: Disposisi) -> Phrase:
    """The state and since when; with the deadline while it waits."""
    since = {Status.SENT: disposisi.dibuat, Status.RECEIVED: disposisi.diterima, Status.ANSWERED: disposisi.dijawab}.get(
        Status(disposisi.status), disposisi.ditutup
    )
    status = phrase(f"disposisi.status.{disposisi.status}")
    if disposisi.tenggat is not None and disposisi.status in WAITING:
        return phrase("disposisi.keadaan_tenggat", status=status, sejak=since, tenggat=disposisi.tenggat)
    return phrase("disposisi.keadaan", status=status, sejak=since)


def make_buttons(disposisi: Disposisi, who: Sequence[Person], shown: bool = True) -> list[Button]:
    """The buttons of the receiver; with `shown` False they can only be typed, in answer to the message."""
    only = list(who)
    receipt = Button("disposisi.tombol.terima", terima, disposisi.id, allowed=only, shown=shown)
    return [
        *([receipt] if disposisi.status == Status.SENT else []),
        Button("disposisi.tombol.jawab", jawab, disposisi.id, allowed=only, reusable=True, shown=shown),
        Button("disposisi.tombol.teruskan", teruskan, disposisi.id, allowed=only, reusable=True, shown=shown),
    ]


async def tell_receiver(ctx: Context, disposisi: Disposisi, *first: Phrase) -> None:
    """Sends the card and then the files to the receiver privately, else the card to the chat it was given in."""
    who = list_receivers(ctx, disposisi)
    shown = [*first, *format_card(ctx, disposisi)]
    sent = await ctx.notify(who[0], *shown, buttons=make_buttons(disposisi, who)) if who else None
    if sent is None:
        sent = await ctx.send(disposisi.chat, *shown, buttons=make_buttons(disposisi, who))
    else:
        await send_files(ctx, who[0], disposisi.files, disposisi)
    disposisi.pesan = sent.key


def list_receivers(ctx: Context, disposisi: Disposisi) -> list[Person]:
    """Those who may answer: all who act in the addressed post, then the addressed person."""
    acting = ctx.people.acting_in(disposisi.jabatan, ctx.now, ANSWER) if disposisi.jabatan else []
    given = ctx.people.find_person(disposisi.kepada)
    return list(dict.fromkeys([*acting, *([given] if given else [])]))


async def send_files(ctx: Context, who: Person, files: Sequence[Photo | Document], disposisi: Disposisi) -> None:
    """Sends files to one person."""
    for file in files:
        await ctx.notify(who, phrase("disposisi.berkas", nomor=disposisi.id), file=file)


async def tell_giver(ctx: Context, disposisi: Disposisi, said: Phrase, buttons_: Sequence[Button] = ()) -> None:
    """Tells the giver privately, else in the chat it was given in."""
    who = ctx.people.find_person(disposisi.dari)
    if who is None or await ctx.notify(who, said, disposisi.title, buttons=buttons_) is None:
        await ctx.send(disposisi.chat, said, disposisi.title, buttons=buttons_)


async def refresh_card(ctx: Context, disposisi: Disposisi) -> None:
    """Updates the giver's message, which lists all disposisi that were given together."""
    beside = await ctx.all(select(Disposisi).where(Disposisi.kabar == disposisi.kabar).order_by(col(Disposisi.id)))
    given = [disposisi if each.id == disposisi.id else each for each in beside]
    await ctx.edit(disposisi.kabar, *format_given(ctx, given), buttons=make_recall_buttons(ctx, given))


def format_given(ctx: Context, given: Sequence[Disposisi]) -> list[Phrase]:
    """The giver's view of one or several disposisi of the same item."""
    return [phrase("disposisi.diberikan"), given[0].title, *(format_line(ctx, each) for each in given)]


def make_recall_buttons(ctx: Context, given: Sequence[Disposisi]) -> list[Button]:
    """The giver's buttons to recall what still waits; receivers who read along in a group answer by quoting the message."""
    who = ctx.people.find_person(given[0].dari)
    waiting = [each for each in given if each.status in WAITING]
    if who is None or not waiting:
        return []
    typed = [button for each in waiting for button in make_buttons(each, list_receivers(ctx, each), shown=False)]
    if len(given) == 1:
        return [Button("disposisi.tombol.tarik", tarik, waiting[0].id, allowed=who), *typed]
    recall = [
        Button(phrase("disposisi.tombol.tarik_satu", nomor=each.id), tarik, each.id, allowed=who, reusable=True)
        for each in waiting
    ]
    return [*recall, *typed]
