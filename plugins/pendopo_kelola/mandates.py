"""Posts and mandates: a Plh while the holder is away, a Plt for a vacant post, an ajudan beside an official."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from pendopo import (
    After,
    Button,
    Context,
    DateRange,
    Day,
    Decision,
    Mandate,
    Person,
    Phrase,
    Post,
    Prompt,
    Resource,
    RestOfText,
    UserError,
    phrase,
)

from pendopo_kelola.plugin import SYSTEM, check_keeper, forbid_self, get_mandate, keeps_unit, plugin

_MARK = re.compile(r"(?<!\w)(?:berdasarkan|dasar(?:nya)?|nomor|no)(?!\w)\.?\s*:?\s*", re.IGNORECASE)
"""What stands before the number of an order: "berdasarkan nomor …"."""
_KINDS = frozenset(
    (
        *(
            "surat",
            "perintah",
            "tugas",
            "keputusan",
            "sp",
            "sk",
            "st",
            "spt",
            "sprin",
            "sprint",
            "nota",
            "dinas",
            "dengan",
            "dgn",
        ),
        *("dengan", "dgn", "sesuai", "atas", "dan", "tmt", "mulai"),
    )
)
"""Words that may stand before that: the kind of order, and what joins it."""
_WORD = re.compile(r"[^\W\d_]+")
_LENT = ("untuk", "utk", "u/", "menggantikan", "gantikan", "sebagai", "selaku", "jabatan")
When = Annotated[Day | DateRange, Prompt("kelola.tanya.waktu")]
Basis = Annotated[RestOfText, Prompt("kelola.tanya.dasar")]
Holder = Annotated[Person, Prompt("kelola.tanya.orang")]
Where = Annotated[Post, Prompt("kelola.tanya.jabatan")]


@plugin.command("kelola", policy="admin", examples=["/kelola"])
async def kelola(ctx: Context) -> None:
    """Show the posts of my units: who holds them, and who acts in them."""
    posts = [post for post in ctx.people.posts.values() if keeps_unit(ctx, post.unit)]
    lines = [line for post in posts[:60] for line in _format_post(ctx, post)]
    await ctx.reply(phrase("kelola.judul"), *lines, phrase("kelola.kaki"))


def _format_post(ctx: Context, post: Post) -> list[Phrase]:
    holders = [person.name for person in ctx.people.holders_of(post.code, ctx.now)]
    head = phrase("kelola.jabatan" if holders else "kelola.kosong", jabatan=post, siapa=", ".join(holders))
    return [head, *(format_mandate(ctx, m) for m in ctx.people.mandates_of(post.code, ctx.now))]


async def _preview_mine(ctx: Context, orang: Person, waktu: Day | DateRange, dasar: str, jabatan: Post | None) -> list[Phrase]:
    mandate = _read_mine(ctx, orang, dasar, jabatan)
    return _format_preview(ctx, "plh", mandate, waktu)


@plugin.command("plh", confirm=_preview_mine, examples=["/plh Sekdis PU sampai 16 Agustus no SP/123"])
async def plh_saya(
    ctx: Context, orang: Holder, waktu: When, dasar: Basis, jabatan: Annotated[Post | None, After(*_LENT)] = None
) -> None:
    """Name my deputy (Plh) while I am away."""
    lent = _read_mine(ctx, orang, dasar, jabatan)
    await _lend_mandate(ctx, "plh", lent, waktu)
    superior = ctx.people.superior_of(ctx.person, ctx.now)
    if superior is not None and superior != lent.person and lent.post in ctx.people.posts_of(ctx.person, ctx.now):
        await ctx.notify(superior, "kelola.kabar_atasan", pemegang=ctx.person, siapa=lent.person.name, jabatan=lent.post)


class _Lent(NamedTuple):
    """What is lent to whom, and the number of the order it rests on."""

    post: Post
    person: Person
    basis: str


def _read_mine(ctx: Context, orang: Person, dasar: str, jabatan: Post | None) -> _Lent:
    """The post that is lent: one's own, or one that this person keeps. Raises `UserError` for any other."""
    own = ctx.people.posts_of(ctx.person, ctx.now)
    if orang == ctx.person and jabatan is None:  # "/plh Sekda Camat Lengkong …": the post goes first
        deputy, rest = ctx.people.person_opening(dasar, ctx.person)
        orang, dasar = (deputy, rest) if deputy is not None else (orang, dasar)
    post = jabatan or (own[0] if own else None)
    if post is None:
        raise UserError("kelola.tanpa_jabatan")
    if post not in own and not check_keeper(ctx, post).allowed:
        raise UserError("kelola.jabatan_lain", jabatan=post, milik=own[0] if own else ctx.person)
    if post not in own:
        forbid_self(ctx, orang)
    return _Lent(post, orang, _read_basis(dasar))


def _read_basis(dasar: str) -> str:
    """The number of the order. Raises `UserError` where there is none, or where there are words that were not understood."""
    marks = list(_MARK.finditer(dasar))
    before = dasar[: marks[0].start()] if marks else ""
    if strange := [word for word in _WORD.findall(before) if word.lower() not in _KINDS]:
        raise UserError("kelola.tidak_terbaca", param="dasar", tertulis=" ".join(strange)[:60])
    kind = " ".join(before.split()).strip(" ,.;:")
    number = _MARK.sub("", dasar[marks[0].end() :], count=1) if marks else dasar
    if not any(sign.isalnum() for sign in number):
        raise UserError("kelola.tanpa_dasar", param="dasar")
    basis = number.strip(" ,.;:")
    return (f"{kind} {basis}" if kind.isupper() else basis)[:200]


def _format_preview(ctx: Context, kind: str, lent: _Lent, waktu: Day | DateRange) -> list[Phrase]:
    """What a mandate will do, the post first."""
    _check_period(ctx, waktu)
    who = lent.person.called if lent.person.called == lent.person.name else f"{lent.person.called} ({lent.person.name})"
    return [
        phrase("kelola.periksa", jenis=kind.capitalize(), jabatan=lent.post, siapa=who),
        phrase("kelola.periksa_waktu", waktu=waktu),
        phrase("kelola.periksa_dasar", dasar=lent.basis),
    ]


def _preview(kind: str) -> Callable[..., Awaitable[list[Phrase]]]:
    async def preview(ctx: Context, jabatan: Post, orang: Person, waktu: Day | DateRange, dasar: str) -> list[Phrase]:
        forbid_self(ctx, orang)
        return _format_preview(ctx, kind, _Lent(jabatan, orang, _read_basis(dasar)), waktu)

    return preview


@plugin.command(
    "kelola plh",
    policy="admin_jabatan",
    confirm=_preview("plh"),
    examples=["/kelola plh Kadis PU Siti Aminah 13-16 Agustus no SP/123"],
)
async def plh(ctx: Context, jabatan: Where, orang: Holder, waktu: When, dasar: Basis) -> None:
    """Name the deputy (Plh) of a post's holder."""
    forbid_self(ctx, orang)
    await _lend_mandate(ctx, "plh", _Lent(jabatan, orang, _read_basis(dasar)), waktu)


@plugin.command(
    "kelola plt",
    policy="admin_jabatan",
    confirm=_preview("plt"),
    examples=["/kelola plt Kadishub Siti Aminah sampai 31 Desember no SK/9"],
)
async def plt(ctx: Context, jabatan: Where, orang: Holder, waktu: When, dasar: Basis) -> None:
    """Name the acting official (Plt) of a vacant post."""
    forbid_self(ctx, orang)
    await _lend_mandate(ctx, "plt", _Lent(jabatan, orang, _read_basis(dasar)), waktu)


@plugin.command(
    "kelola ajudan",
    policy="admin_jabatan",
    confirm=_preview("ajudan"),
    examples=["/kelola ajudan Sekda Dani Ramdan sampai 31 Des no SK/7"],
)
async def ajudan(ctx: Context, jabatan: Where, orang: Holder, waktu: When, dasar: Basis) -> None:
    """Name an ajudan, who acts for an official without deciding."""
    forbid_self(ctx, orang)
    await _lend_mandate(ctx, "ajudan", _Lent(jabatan, orang, _read_basis(dasar)), waktu)


@plugin.command("kelola cabut", policy="admin_mandat", confirm=True, examples=["/kelola cabut 5"])
async def cabut(ctx: Context, nomor: Annotated[int, Prompt("kelola.tanya.nomor")]) -> None:
    """End a mandate now."""
    taken = get_mandate(ctx, nomor)
    ctx.directory.end_mandate(taken)
    person, post = ctx.people.find_person(taken.person), ctx.people.posts.get(taken.post)
    if person is not None:
        await ctx.notify(person, "kelola.kabar_cabut", jenis=taken.kind.capitalize(), jabatan=post or "", oleh=ctx.person)
    await ctx.reply("kelola.dicabut", nomor=nomor)


async def _lend_mandate(ctx: Context, kind: str, lent: _Lent, waktu: Day | DateRange) -> None:
    """Lends a post at once where its holder or a system administrator does; else its holder is asked first."""
    since, until = _check_period(ctx, waktu)
    holders = ctx.people.holders_of(lent.post.code, ctx.now)
    if holders and ctx.person not in holders and not ctx.decide(SYSTEM, Resource("post")).allowed:
        ctx.directory.check_mandate(kind, lent.post, lent.person, max(ctx.now, since), until)
        await _ask_holders(ctx, kind, lent, waktu, holders)
        return
    shown = await _give_mandate(ctx, kind, lent, waktu, ctx.person)
    await ctx.reply("kelola.dimandatkan", siapa=lent.person.name, **shown)
    for holder in holders:
        if holder not in (ctx.person, lent.person):
            await ctx.notify(holder, "kelola.kabar_pemegang", oleh=ctx.person, siapa=lent.person.name, **shown)


async def _give_mandate(ctx: Context, kind: str, lent: _Lent, waktu: Day | DateRange, giver: Person) -> dict[str, Any]:
    since, until = _check_period(ctx, waktu)
    ctx.directory.give_mandate(kind, lent.post, lent.person, max(ctx.now, since), until, lent.basis)
    sampai = phrase("kelola.sampai", hari=last_day(ctx, int(until.timestamp() * 1000)))
    shown: dict[str, Any] = {"jenis": kind.capitalize(), "jabatan": lent.post, "sampai": sampai, "dasar": lent.basis}
    await ctx.notify(lent.person, "kelola.kabar_mandat", oleh=giver, **shown)
    return shown


async def _ask_holders(ctx: Context, kind: str, lent: _Lent, waktu: Day | DateRange, holders: list[Person]) -> None:
    """Nobody acts for the holder of a post by an administrator's word alone. Raises `UserError` when no holder is reached."""
    given = (kind, lent.post, lent.person, waktu, lent.basis, ctx.person)
    buttons = [Button("kelola.mandat_ya", setujui, *given), Button("kelola.mandat_tidak", tolak, *given)]
    card = _format_preview(ctx, kind, lent, waktu)
    asked = [
        holder
        for holder in holders
        if await ctx.notify(holder, phrase("kelola.mandat_tanya", oleh=ctx.person), *card, buttons=buttons)
    ]
    if not asked:
        raise UserError("kelola.pemegang_tak_terhubung", siapa=holders[0].name, jabatan=lent.post)
    await ctx.reply("kelola.mandat_menunggu", siapa=asked[0].name, jenis=kind.capitalize(), jabatan=lent.post)


@plugin.policy("pemegang")
async def pemegang(ctx: Context, jabatan: Post) -> Decision:
    """The holder of a post."""
    holds = ctx.person in ctx.people.holders_of(jabatan.code, ctx.now)
    return ctx.allow("owner") if holds else ctx.deny("pemegang", "gerbang.bukan_jabatan", jabatan=jabatan)


@plugin.action(policy="pemegang")
async def setujui(
    ctx: Context, jenis: str, jabatan: Post, orang: Person, waktu: Day | DateRange, dasar: str, oleh: Person
) -> None:
    """Let somebody act in my post, as an administrator proposed."""
    shown = await _give_mandate(ctx, jenis, _Lent(jabatan, orang, dasar), waktu, oleh)
    await ctx.update("kelola.dimandatkan", siapa=orang.name, **shown)
    await ctx.notify(oleh, "kelola.dimandatkan", siapa=orang.name, **shown)


@plugin.action(policy="pemegang")
async def tolak(
    ctx: Context, jenis: str, jabatan: Post, orang: Person, waktu: Day | DateRange, dasar: str, oleh: Person
) -> None:
    """Refuse that somebody acts in my post."""
    told = phrase("kelola.mandat_ditolak", jenis=jenis.capitalize(), jabatan=jabatan, siapa=orang.name, oleh=ctx.person)
    ctx.audit("kelola.mandat_ditolak", f"post/{jabatan.code}", dasar, person=orang.id, oleh=oleh.id)
    await ctx.update(told)
    await ctx.notify(oleh, told)


def _check_period(ctx: Context, waktu: Day | DateRange) -> tuple[datetime, datetime]:
    since, until = waktu.bounds(ctx.zone)
    if until <= ctx.now:
        raise UserError("waktu.sudah_lewat", param="waktu", waktu=waktu)
    return since, until


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
