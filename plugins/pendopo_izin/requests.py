"""Requesting an izin: from the message to a draft that shows everything, and on to submission."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from pendopo import (
    Button,
    Context,
    DateRange,
    Day,
    Document,
    Duration,
    OneTime,
    Person,
    Photo,
    Phrase,
    Prompt,
    RestOfText,
    Typed,
    UnclearName,
    UserError,
    parse_row_number,
    phrase,
)

from pendopo_izin import cards, changes, decisions, lists, transitions
from pendopo_izin.leave import rules
from pendopo_izin.leave.hours import fit_hours, get_closing_day
from pendopo_izin.models import Izin, Status
from pendopo_izin.parser import Abroad, read_abroad, read_kind
from pendopo_izin.plugin import plugin
from pendopo_izin.settings import OTHER, IzinOptions, get_kind

EXAMPLES = ["/izin menghadiri rakor Bappenas besok jam 9 di Jakarta", "/izin sakit hari ini", "/izin cuti 14 s.d. 16 Agustus"]
ADMINISTRATORS = ("admin_opd", "admin_sistem")
"""Roles of those who are told of a step that nobody can decide."""
MOST_ADMINISTRATORS = 3
MOST_KINDS = 3
"""Other kinds offered on a draft."""
_BY = re.compile(
    r"\b(?:diwakili|diwakilkan|mewakilkan|wakilkan|wakilnya)\b(?:\s*:)?(?:\s+(?:oleh|ke|kepada|kpd|sama|pada))?\s+",
    re.IGNORECASE,
)
"""What names a deputy: "diwakili Sekdis", "diwakilkan ke Sekdis"; "mewakili" names who is represented."""
_FOR = re.compile(r"^\s*untuk\s+(?=\S)", re.IGNORECASE)


@plugin.command("izin", aliases=["ijin"], drafts=True, examples=EXAMPLES)
async def ajukan(
    ctx: Context,
    waktu: Annotated[OneTime | None, Prompt("izin.tanya.waktu")] = None,
    keperluan: Annotated[RestOfText, Prompt("izin.tanya.keperluan")] = "",
    foto: list[Photo] = [],  # noqa: B006  never changed: what came with the message
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Ask permission to be away for a time and a purpose."""
    if waktu is None and (number := parse_row_number(keperluan)) is not None:
        await ctx.prompt_for(lists.lihat, izin_id=number)
        return
    kinds = ctx.options(IzinOptions).jenis
    if waktu is None and (kind := kinds.get(read_kind(keperluan, kinds).kind)) and kind.otomatis_hari:
        waktu = Day(ctx.today)  # read back before it is sent
    if waktu and keperluan:
        await _create_draft(ctx, waktu, keperluan, [*foto, *berkas])
        return
    invited = await _read_invitation(ctx)
    known = {"waktu": waktu or invited.get("waktu"), "keperluan": keperluan or invited.get("keperluan")}
    await ctx.prompt_for(lengkapi, foto=foto, berkas=berkas, **{name: value for name, value in known.items() if value})


@plugin.action()
async def lengkapi(
    ctx: Context,
    waktu: Annotated[OneTime, Prompt("izin.tanya.waktu")],
    keperluan: Annotated[RestOfText, Prompt("izin.tanya.keperluan")],
    foto: list[Photo] = [],  # noqa: B006  as above
    berkas: list[Document] = [],  # noqa: B006  as above
) -> None:
    """Complete a request that was begun without a time or a purpose."""
    await _create_draft(ctx, waktu, keperluan, [*foto, *berkas])


async def _read_invitation(ctx: Context) -> dict[str, object]:
    """The time, which is asked for where it is in doubt, and the purpose of the quoted invitation."""
    text = await ctx.quoted_text()
    reading = await ctx.parse_time(text) if text else None
    if reading is None:
        return {"waktu": Typed(text)} if text else {}
    purpose = reading.fields.get("acara") or reading.remove_from(text).split("\n")[0]
    place = reading.fields.get("tempat", "")
    return {"waktu": Typed(text), "keperluan": f"{purpose} di {place}" if place else purpose}


async def _create_draft(ctx: Context, waktu: OneTime, keperluan: str, files: Sequence[Photo | Document]) -> None:
    asker, keperluan = _parse_applicant(ctx, keperluan)
    deputy, keperluan, unclear = _parse_deputy(ctx, keperluan)
    if ctx.people.superior_post(asker, ctx.now) is None:
        raise UserError("izin.tanpa_atasan", siapa=asker.called)
    if isinstance(waktu, Duration) and waktu.delta.days > 0:  # "sakit 2 hari" begins today; it is read back before it is sent
        today = ctx.today
        waktu = DateRange(today, today + waktu.delta - timedelta(days=1))
    options = ctx.options(IzinOptions)
    jenis = read_kind(keperluan, options.jenis).kind or OTHER
    if options.find_kind(jenis).jam:
        waktu = fit_hours(waktu, keperluan, ctx.business_hours(IzinOptions))
    back = timedelta(days=options.find_kind(jenis).mundur_hari)
    closes = options.get_day_hours(get_closing_day(waktu, ctx.today)).closes
    izin = Izin.draft(asker, ctx.person, waktu, keperluan, ctx.now, ctx.zone, closes=closes, back=back)
    izin.jenis = jenis
    izin.luar_negeri = _read_abroad(ctx, izin) != Abroad.NO
    izin.unit, izin.wakil = ctx.people.unit_of(asker, ctx.now), deputy.id if deputy else 0
    izin.lampiran = msgspec.json.encode(list(files)).decode()
    await ctx.save(izin)
    await show_draft(ctx, izin, unclear)
    ctx.audit("izin.draf", f"izin/{izin.id}", jenis=izin.jenis)


async def show_draft(ctx: Context, izin: Izin, unclear: UnclearName | None = None) -> None:
    """Shows the draft and its warnings, before it is submitted; a deputy who is not clear is chosen by a button."""
    asker = ctx.people.get_person(izin.pemohon)
    above = next((decider.capacity for decider in transitions.list_capacities(ctx, izin, "superior")), "")
    attached = (
        [phrase("izin.jumlah_lampiran", jumlah=len(transitions.load_files(izin)))] if transitions.load_files(izin) else []
    )
    faults = list(rules.list_faults(ctx, izin))
    notice = 0 < izin.hari <= get_kind(ctx, izin).otomatis_hari
    lines = [
        *cards.format_card(ctx, izin),
        *_describe_kind(ctx, izin),
        *attached,
        *await cards.list_warnings(ctx, izin, asker),
        *([phrase("izin.wakil_belum_jelas", tertulis=unclear.said[:60], nomor=izin.id)] if unclear else []),
        *(faults or [phrase("izin.draf_tahu" if notice else "izin.draf", atasan=above)]),
    ]
    buttons = [
        *([] if faults else [Button("izin.tombol.kirim", kirim, izin.id, allowed=ctx.person)]),
        Button("izin.tombol.buang", buang, izin.id, allowed=ctx.person),
        Button("izin.tombol.ubah", ubah_draf, izin.id, allowed=ctx.person, reusable=True),
    ]
    for who in unclear.choices if unclear else ():
        label = phrase("izin.tombol.diwakili", siapa=who)
        buttons.append(Button(label, changes.wakilkan, izin.id, who, allowed=ctx.person, reusable=True))
    if not (izin.wakil or unclear) and cards.list_deputies(ctx, asker):
        buttons.append(Button("izin.tombol.plh", changes.tunjuk, izin.id, allowed=ctx.person, reusable=True))
    buttons += _make_kind_buttons(ctx, izin)
    if ctx.pressed_key and ctx.pressed_key == izin.pesan:
        await ctx.edit(izin.pesan, *lines, buttons=buttons, resend=True)
        return
    izin.pesan = (await ctx.reply(*lines, buttons=buttons)).key


def _read_abroad(ctx: Context, izin: Izin) -> Abroad:
    options = ctx.options(IzinOptions)
    return read_abroad(izin.keperluan, options.luar_negeri, options.luar_negeri_mungkin)


def _describe_kind(ctx: Context, izin: Izin) -> list[Phrase]:
    """Which kind was understood, and what follows from it."""
    kind = get_kind(ctx, izin)
    follows = [
        *([phrase("izin.jenis_catat")] if 0 < izin.hari <= kind.otomatis_hari else []),
        *([phrase("izin.jenis_rahasia")] if kind.rahasia else []),
    ]
    named = [phrase("izin.jenis_dibaca", jenis=izin.jenis), *follows] if izin.jenis != OTHER else []
    return [*named, *([phrase("izin.ke_luar_negeri")] if izin.luar_negeri else [])]


def _make_kind_buttons(ctx: Context, izin: Izin) -> list[Button]:
    """The other kinds that may be meant, the ordinary one among them; and the way back from abroad where that is a guess."""
    read = read_kind(izin.keperluan, ctx.options(IzinOptions).jenis)
    others = [name for name in dict.fromkeys([read.kind, *read.guesses, OTHER]) if name and name != izin.jenis]
    offered = others[:MOST_KINDS] if read.kind or read.guesses else []
    buttons = [
        Button(phrase("izin.tombol.jenis", jenis=name), pilih_jenis, izin.id, name, allowed=ctx.person, reusable=True)
        for name in offered
    ]
    if izin.luar_negeri and _read_abroad(ctx, izin) == Abroad.MAYBE:
        buttons.append(Button("izin.tombol.dalam_negeri", di_dalam_negeri, izin.id, allowed=ctx.person, reusable=True))
    return buttons


@plugin.action(policy="pemohon")
async def pilih_jenis(ctx: Context, izin_id: int, jenis: str) -> None:
    """Choose the kind of a draft."""
    izin = await ctx.get(Izin, izin_id)
    Izin.states.require(izin, Status.DRAFT)
    izin.jenis = jenis if jenis in ctx.options(IzinOptions).jenis else OTHER
    ctx.audit("izin.jenis", f"izin/{izin_id}", jenis=izin.jenis)
    await show_draft(ctx, izin)


@plugin.action(policy="pemohon")
async def di_dalam_negeri(ctx: Context, izin_id: int) -> None:
    """Say that a draft does not lead abroad."""
    izin = await ctx.get(Izin, izin_id)
    Izin.states.require(izin, Status.DRAFT)
    izin.luar_negeri = False
    ctx.audit("izin.jenis", f"izin/{izin_id}", luar_negeri=False)
    await show_draft(ctx, izin)


def _parse_applicant(ctx: Context, keperluan: str) -> tuple[Person, str]:
    """The applicant: this person, or the official they serve as ajudan ("untuk Kadis PU …"); and the rest of the text."""
    found = _FOR.match(keperluan)
    if found is None:
        return ctx.person, keperluan
    named, rest = ctx.people.person_opening(keperluan[found.end() :], ctx.sender)
    posts = {post.code for post in ctx.people.posts_of(named, ctx.now)} if named else set()
    serves = any(m.person == ctx.person.id for code in posts for m in ctx.people.mandates_of(code, ctx.now))
    return (named, rest) if named is not None and serves else (ctx.person, keperluan)


def _parse_deputy(ctx: Context, keperluan: str) -> tuple[Person | None, str, UnclearName | None]:
    """The deputy that a text names ("… diwakili Sekdis"), and the rest of the text; a name that is not clear stays in it."""
    found = _BY.search(keperluan)
    if found is None:
        return None, keperluan, None
    said = keperluan[found.end() :]
    named, rest = ctx.people.person_opening(said, ctx.sender)
    if named is not None:
        return named, f"{keperluan[: found.start()].rstrip(' ,')} {rest}".strip(), None
    near = ctx.people.suggest_persons(said, ctx.sender)
    end = near.end if near is not None else len(said)
    return None, keperluan, UnclearName(found.end(), found.end() + end, said[:end], near.values if near else ())


@plugin.action(policy="pemohon")
async def kirim(ctx: Context, izin_id: int) -> None:
    """Submit a draft; where nobody can decide a step of it, that is told, to administrators too, and it stays a draft."""
    izin = await ctx.get(Izin, izin_id)
    Izin.states.require(izin, Status.DRAFT)
    transitions.fix_steps(ctx, izin)
    notice = izin.hari <= get_kind(ctx, izin).otomatis_hari
    gaps = [] if notice else transitions.list_gaps(ctx, izin)
    if not gaps:
        await decisions.submit_izin(ctx, izin)
        return
    names = ", ".join(gaps)
    await show_draft(ctx, izin)
    await ctx.reply("izin.langkah_kosong", nomor=izin.id, siapa=names)
    told = dict.fromkeys(who for role in ADMINISTRATORS for who in ctx.people.with_role(role, ctx.now))
    for who in list(told)[:MOST_ADMINISTRATORS]:
        if who.id != ctx.person.id:
            await ctx.notify(
                who, "izin.kabar_langkah_kosong", nomor=izin.id, pemohon=ctx.people.get_name(izin.pemohon), siapa=names
            )


@plugin.action(policy="pemohon")
async def ubah_draf(
    ctx: Context, izin_id: int, apa: Annotated[Literal["waktu", "keperluan"], Prompt("izin.tanya.apa_diubah")]
) -> None:
    """Change a draft before it is sent."""
    await ctx.prompt_for(ubah_waktu if apa == "waktu" else ubah_keperluan, izin_id=izin_id)


@plugin.action(policy="pemohon")
async def ubah_waktu(ctx: Context, izin_id: int, waktu: Annotated[OneTime, Prompt("izin.tanya.waktu")]) -> None:
    """Change the time of a draft."""
    izin = await ctx.get(Izin, izin_id)
    Izin.states.require(izin, Status.DRAFT)
    options, kind = ctx.options(IzinOptions), get_kind(ctx, izin)
    if kind.jam:
        waktu = fit_hours(waktu, izin.keperluan, ctx.business_hours(IzinOptions))
    closes = options.get_day_hours(get_closing_day(waktu, ctx.today)).closes
    izin.set_time(waktu, ctx.now, ctx.zone, closes=closes, back=timedelta(days=kind.mundur_hari))
    await _replace_draft(ctx, izin)


@plugin.action(policy="pemohon")
async def ubah_keperluan(ctx: Context, izin_id: int, keperluan: Annotated[RestOfText, Prompt("izin.tanya.keperluan")]) -> None:
    """Change the purpose of a draft; its kind is read anew."""
    izin = await ctx.get(Izin, izin_id)
    Izin.states.require(izin, Status.DRAFT)
    izin.set_purpose(keperluan)
    izin.jenis = read_kind(keperluan, ctx.options(IzinOptions).jenis).kind or OTHER
    izin.luar_negeri = _read_abroad(ctx, izin) != Abroad.NO
    await _replace_draft(ctx, izin)


async def _replace_draft(ctx: Context, izin: Izin) -> None:
    """Shows a changed draft; the earlier one says so."""
    ctx.audit("izin.ubah", f"izin/{izin.id}", mulai=izin.mulai, selesai=izin.selesai)
    await ctx.edit(izin.pesan, *cards.format_card(ctx, izin), phrase("izin.draf_diubah"))
    izin.pesan = ""
    await show_draft(ctx, izin)


@plugin.action(policy="pemohon")
async def buang(ctx: Context, izin_id: int) -> None:
    """Discard a draft."""
    izin = await ctx.get(Izin, izin_id)
    Izin.states.move(ctx, izin, Status.WITHDRAWN, "izin.buang")
    await ctx.edit(izin.pesan, *cards.format_card(ctx, izin), phrase("izin.dibuang"), resend=True)
