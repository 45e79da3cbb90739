"""Asking: from what somebody says to a draft that shows everything, and on to who decides."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec

from bot import Ask, Button, Context, DaySpan, Document, Duration, Once, Person, Photo, Rest, UserError, say

from . import cards, changing, deciding, lists, way
from .models import WITHDRAWN, Izin
from .plugin import person, plugin
from .rules import Aturan

EXAMPLES = [
    "/izin menghadiri rakor Bappenas besok jam 9 di Jakarta",
    "/izin sakit hari ini",
    "/izin cuti 14 s.d. 16 Agustus",
]
_BY = re.compile(r"\bdiwakili(?:\s+oleh)?\s+", re.IGNORECASE)
_FOR = re.compile(r"^\s*untuk\s+(?=\S)", re.IGNORECASE)


@plugin.command("izin", aliases=["ijin"], examples=EXAMPLES)
async def ajukan(
    ctx: Context,
    waktu: Annotated[Once | None, Ask("izin.tanya.waktu")] = None,
    keperluan: Annotated[Rest, Ask("izin.tanya.keperluan")] = "",
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Ask permission to be away for a time and a purpose."""
    if waktu is None and keperluan.strip("# ").isdigit():
        await ctx.prompt_for(lists.lihat, izin_id=int(keperluan.strip("# ")))
        return
    if not (waktu and keperluan) and (invited := await _invitation(ctx)):
        waktu, keperluan = waktu or invited[0], keperluan or invited[1]
    if waktu and keperluan:
        await _draft(ctx, waktu, keperluan, [*foto, *berkas])
        return
    known: dict[str, object] = {"foto": foto, "berkas": berkas}
    await ctx.prompt_for(
        lengkapi, **known, **({"waktu": waktu} if waktu else {}), **({"keperluan": keperluan} if keperluan else {})
    )


@plugin.action()
async def lengkapi(
    ctx: Context,
    waktu: Annotated[Once, Ask("izin.tanya.waktu")],
    keperluan: Annotated[Rest, Ask("izin.tanya.keperluan")],
    foto: list[Photo] = [],  # noqa: B006  as above
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """The rest of what was begun without a time or a purpose."""
    await _draft(ctx, waktu, keperluan, [*foto, *berkas])


async def _invitation(ctx: Context) -> tuple[Once | None, str] | None:
    """The time and the purpose of an invitation that the command answers."""
    text = await ctx.quoted_text()
    reading = await ctx.parse_time(text) if text else None
    if reading is None or not isinstance(reading.value, Once):
        return None
    purpose = reading.fields.get("acara") or reading.rest(text).split("\n")[0]
    place = reading.fields.get("tempat", "")
    return reading.value, f"{purpose} di {place}" if place else purpose


async def _draft(ctx: Context, waktu: Once, keperluan: str, files: Sequence[Photo | Document]) -> None:
    asker, keperluan = _for_whom(ctx, keperluan)
    deputy, keperluan = _by_whom(ctx, keperluan)
    if ctx.people.superior_post(asker, ctx.now) is None:
        raise UserError("izin.tanpa_atasan")
    if isinstance(waktu, Duration) and waktu.delta.days > 0:  # "sakit 2 hari" begins today; it is read back before it is sent
        today = ctx.today
        waktu = DaySpan(today, today + waktu.delta - timedelta(days=1))
    izin = Izin.draft(asker, ctx.person, waktu, keperluan, ctx.now, ctx.zone)
    aturan = ctx.options(Aturan)
    izin.jenis, izin.luar_negeri = aturan.kind(izin.keperluan), aturan.abroad(izin.keperluan)
    izin.unit, izin.wakil = ctx.people.unit_of(asker, ctx.now), deputy.id if deputy else 0
    izin.lampiran = msgspec.json.encode(list(files)).decode()
    await ctx.save(izin)
    await show_draft(ctx, izin)
    ctx.audit("izin.draf", f"izin/{izin.id}", jenis=izin.jenis)


async def show_draft(ctx: Context, izin: Izin) -> None:
    """Read everything back, with what stands in the way, before anything is sent."""
    asker = person(ctx, izin.pemohon)
    above = ctx.people.superior(asker, ctx.now) or ""
    attached = [say("izin.jumlah_lampiran", jumlah=len(way.files(izin)))] if way.files(izin) else []
    lines = [*cards.card(ctx, izin), *attached, *await cards.warnings(ctx, izin, asker), say("izin.draf", atasan=above)]
    buttons = [
        Button("izin.tombol.kirim", kirim, izin.id, only=ctx.person),
        Button("izin.tombol.buang", buang, izin.id, only=ctx.person),
    ]
    if not izin.wakil and cards.deputies(ctx, asker):
        buttons.append(Button("izin.tombol.plh", changing.tunjuk, izin.id, only=ctx.person, keep=True))
    sent = await ctx.reply(*lines, buttons=buttons)
    izin.pesan = sent.key


def _for_whom(ctx: Context, keperluan: str) -> tuple[Person, str]:
    """Who asks: oneself, or the official whose ajudan one is ("untuk Kadis PU …")."""
    found = _FOR.match(keperluan)
    if found is None:
        return ctx.person, keperluan
    named, rest = ctx.people.named_in(keperluan[found.end() :])
    posts = {post.code for post in ctx.people.posts_of(named, ctx.now)} if named else set()
    serves = any(m.person == ctx.person.id for code in posts for m in ctx.people.mandates_of(code, ctx.now))
    return (named, rest) if named is not None and serves else (ctx.person, keperluan)


def _by_whom(ctx: Context, keperluan: str) -> tuple[Person | None, str]:
    """Who represents meanwhile ("… diwakili Sekdis")."""
    found = _BY.search(keperluan)
    if found is None:
        return None, keperluan
    named, rest = ctx.people.named_in(keperluan[found.end() :])
    return (named, f"{keperluan[: found.start()]} {rest}".strip()) if named is not None else (None, keperluan)


@plugin.action(policy="pemohon")
async def kirim(ctx: Context, izin_id: int) -> None:
    """Put a draft to who decides."""
    await deciding.submit(ctx, await ctx.get(Izin, izin_id))


@plugin.action(policy="pemohon")
async def buang(ctx: Context, izin_id: int) -> None:
    """Throw a draft away."""
    izin = await ctx.get(Izin, izin_id)
    Izin.states.move(ctx, izin, WITHDRAWN, "izin.buang")
    await ctx.edit(izin.pesan, *cards.card(ctx, izin), say("izin.dibuang"), resend=True)
