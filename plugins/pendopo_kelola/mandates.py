"""Posts and mandates: a Plh while the holder is away, a Plt for a vacant post, an ajudan beside an official."""

import re
from datetime import datetime
from typing import Annotated, Any

from pendopo import Context, DateRange, Day, Mandate, Person, Phrase, Post, Prompt, RestOfText, UserError, phrase

from pendopo_kelola.plugin import check_keeper, forbid_self, get_mandate, plugin

_NUMBER = re.compile(r"^\W*(no(mor)?\b\.?|berdasarkan|dasar)?\s*:?\s*(no(mor)?\b\.?)?\s*", re.IGNORECASE)
"""Words before the number of a decree: "berdasarkan nomor …"."""
When = Annotated[Day | DateRange, Prompt("kelola.tanya.waktu")]
Basis = Annotated[RestOfText, Prompt("kelola.tanya.dasar")]
Holder = Annotated[Person, Prompt("kelola.tanya.orang")]
Where = Annotated[Post, Prompt("kelola.tanya.jabatan")]


@plugin.command("kelola", policy="admin", examples=["/kelola"])
async def kelola(ctx: Context) -> None:
    """Show the posts of my units: who holds them, and who acts in them."""
    posts = [post for post in ctx.people.posts.values() if check_keeper(ctx, post.unit).allowed]
    lines = [line for post in posts[:60] for line in _format_post(ctx, post)]
    await ctx.reply(phrase("kelola.judul"), *lines, phrase("kelola.kaki"))


def _format_post(ctx: Context, post: Post) -> list[Phrase]:
    holders = [person.name for person in ctx.people.holders_of(post.code, ctx.now)]
    head = phrase("kelola.jabatan" if holders else "kelola.kosong", jabatan=post, siapa=", ".join(holders))
    return [head, *(format_mandate(ctx, m) for m in ctx.people.mandates_of(post.code, ctx.now))]


@plugin.command("plh", confirm=True, examples=["/plh Sekdis PU sampai 16 Agustus no SP/123"])
async def plh_saya(ctx: Context, orang: Holder, waktu: When, dasar: Basis) -> None:
    """Name my deputy (Plh) while I am away."""
    posts = ctx.people.posts_of(ctx.person, ctx.now)
    if not posts:
        raise UserError("kelola.tanpa_jabatan")
    await _lend_mandate(ctx, "plh", posts[0], orang, waktu, dasar)
    superior = ctx.people.superior_of(ctx.person, ctx.now)
    if superior is not None and superior != orang:
        await ctx.notify(superior, "kelola.kabar_atasan", pemegang=ctx.person, siapa=orang.name, jabatan=posts[0])


@plugin.command(
    "kelola plh", policy="admin_jabatan", confirm=True, examples=["/kelola plh Kadis PU Siti Aminah 13-16 Agustus no SP/123"]
)
async def plh(ctx: Context, jabatan: Where, orang: Holder, waktu: When, dasar: Basis) -> None:
    """Name the deputy (Plh) of a post's holder."""
    forbid_self(ctx, orang)
    await _lend_mandate(ctx, "plh", jabatan, orang, waktu, dasar)


@plugin.command(
    "kelola plt", policy="admin_jabatan", confirm=True, examples=["/kelola plt Kadishub Siti Aminah sampai 31 Desember no SK/9"]
)
async def plt(ctx: Context, jabatan: Where, orang: Holder, waktu: When, dasar: Basis) -> None:
    """Name the acting official (Plt) of a vacant post."""
    forbid_self(ctx, orang)
    await _lend_mandate(ctx, "plt", jabatan, orang, waktu, dasar)


@plugin.command(
    "kelola ajudan", policy="admin_jabatan", confirm=True, examples=["/kelola ajudan Sekda Dani Ramdan sampai 31 Des no SK/7"]
)
async def ajudan(ctx: Context, jabatan: Where, orang: Holder, waktu: When, dasar: Basis) -> None:
    """Name an ajudan, who acts for an official without deciding."""
    forbid_self(ctx, orang)
    await _lend_mandate(ctx, "ajudan", jabatan, orang, waktu, dasar)


@plugin.command("kelola cabut", policy="admin_mandat", confirm=True, examples=["/kelola cabut 5"])
async def cabut(ctx: Context, nomor: Annotated[int, Prompt("kelola.tanya.nomor")]) -> None:
    """End a mandate now."""
    taken = get_mandate(ctx, nomor)
    ctx.directory.end_mandate(taken)
    person, post = ctx.people.find_person(taken.person), ctx.people.posts.get(taken.post)
    if person is not None:
        await ctx.notify(person, "kelola.kabar_cabut", jenis=taken.kind.capitalize(), jabatan=post or "", oleh=ctx.person)
    await ctx.reply("kelola.dicabut", nomor=nomor)


async def _lend_mandate(ctx: Context, kind: str, post: Post, person: Person, waktu: Day | DateRange, dasar: str) -> None:
    since, until = waktu.bounds(ctx.zone)
    if until <= ctx.now:
        raise UserError("waktu.sudah_lewat", param="waktu", waktu=waktu)
    basis = _NUMBER.sub("", dasar).strip(" ,.;:")
    if not basis:
        raise UserError("kelola.tanpa_dasar", param="dasar")
    ctx.directory.give_mandate(kind, post, person, max(ctx.now, since), until, basis[:200])
    sampai = phrase("kelola.sampai", hari=last_day(ctx, int(until.timestamp() * 1000)))
    shown: dict[str, Any] = {"jenis": kind.capitalize(), "jabatan": post, "sampai": sampai, "dasar": basis[:200]}
    await ctx.notify(person, "kelola.kabar_mandat", oleh=ctx.person, **shown)
    await ctx.reply("kelola.dimandatkan", siapa=person.name, **shown)


def format_mandate(ctx: Context, m: Mandate) -> Phrase:
    """One mandate in a sentence."""
    person = ctx.people.find_person(m.person)
    until = phrase("kelola.sampai", hari=last_day(ctx, m.until)) if m.until else phrase("kelola.seterusnya")
    return phrase(
        "kelola.mandat", nomor=m.id, jenis=m.kind.capitalize(), siapa=person.name if person else "", sampai=until, dasar=m.basis
    )


def last_day(ctx: Context, until_ms: int) -> datetime:
    """The last day of a period, from its exclusive end (Unix time, milliseconds)."""
    return datetime.fromtimestamp((until_ms - 1) / 1000, ctx.zone)
