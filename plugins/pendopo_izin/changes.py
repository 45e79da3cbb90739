"""Changing an izin: withdrawing it, another time, a deputy."""

from datetime import timedelta
from typing import Annotated

import msgspec
from pendopo import (
    ApproximateTime,
    Context,
    DateRange,
    Day,
    Document,
    Instant,
    Person,
    Photo,
    Prompt,
    RestOfText,
    TimeRange,
    UserError,
    phrase,
)
from sqlmodel import select

from pendopo_izin import cards, decisions, transitions
from pendopo_izin.leave.hours import get_closing_day
from pendopo_izin.leave.rules import check_izin
from pendopo_izin.models import AWAY, OPEN, Izin, Putusan, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.settings import IzinOptions, get_kind
from pendopo_izin.transitions import Number

Deputy = Annotated[Person, Prompt("izin.tanya.wakil")]


@plugin.command("izin batal", policy="pemohon", examples=["/izin batal 27", "/izin batal 27 karena rakor ditunda"])
async def batal(ctx: Context, izin_id: Number, alasan: RestOfText = "") -> None:
    """Withdraw an izin before the decision, or cancel it after."""
    izin = await ctx.get(Izin, izin_id)
    reason = alasan.removeprefix("karena ").strip()
    if izin.status in AWAY:
        await _cancel_izin(ctx, izin, reason)
    else:
        if izin.status not in (Status.DRAFT, *OPEN):
            raise UserError("izin.tidak_bisa_ditarik", nomor=izin.id, status=phrase(f"izin.status.{izin.status}"))
        Izin.states.move(ctx, izin, Status.WITHDRAWN, "izin.tarik", reason)
        await transitions.cancel_jobs(ctx, izin)
        await transitions.close_cards(ctx, izin, phrase("izin.ditarik"))
    await ctx.reply("izin.batal_jadi", nomor=izin.id)


async def _cancel_izin(ctx: Context, izin: Izin, reason: str) -> None:
    izin.kembali = ctx.now if izin.mulai < ctx.now else None
    Izin.states.move(ctx, izin, Status.CANCELLED, "izin.batal", reason)
    await transitions.cancel_absence(ctx, izin)
    ctx.calendar.remove_entry(f"{izin.id}")
    outcome = phrase(
        "izin.dibatalkan", oleh=ctx.person, pada=ctx.now, alasan=phrase("izin.karena", alasan=reason) if reason else ""
    )
    await transitions.close_cards(ctx, izin, outcome)
    for who in await _list_concerned(ctx, izin):
        await ctx.notify(
            who,
            phrase("izin.kabar_batal", **decisions.describe_izin(izin), pemohon=ctx.people.get_person(izin.pemohon)),
            outcome,
        )


@plugin.command("izin panggil", policy="pemanggil", examples=["/izin panggil 27 karena tanggap darurat banjir"])
async def panggil(ctx: Context, izin_id: Number, alasan: Annotated[RestOfText, Prompt("izin.tanya.alasan_panggil")]) -> None:
    """Call somebody back from leave; the days that were not taken stay theirs."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status not in AWAY:
        raise UserError("izin.tidak_sedang_cuti", nomor=izin.id, status=phrase(f"izin.status.{izin.status}"))
    if not get_kind(ctx, izin).panggil:
        raise UserError("izin.tidak_dapat_dipanggil", nomor=izin.id)
    reason = alasan.strip().removeprefix("karena ").strip()
    izin.kembali = max(ctx.now, izin.mulai)
    Izin.states.move(ctx, izin, Status.RECALLED, "izin.panggil", reason)
    await transitions.cancel_absence(ctx, izin)
    ctx.calendar.remove_entry(f"{izin.id}")
    told = {"oleh": decisions.format_decider(ctx), "alasan": reason}
    outcome = phrase("izin.dipanggil", pada=ctx.now, **told)
    await transitions.close_cards(ctx, izin, outcome)
    await decisions.tell_applicant(ctx, izin, phrase("izin.kabar_panggil", **decisions.describe_izin(izin), **told))
    for who in await _list_concerned(ctx, izin):
        asker = ctx.people.get_person(izin.pemohon)
        await ctx.notify(who, phrase("izin.kabar_dipanggil", **decisions.describe_izin(izin), pemohon=asker), outcome)
    await ctx.reply("izin.panggil_terkirim", nomor=izin.id, siapa=ctx.people.get_person(izin.pemohon))


async def _list_concerned(ctx: Context, izin: Izin) -> list[Person]:
    """Those who decided in this round, and the deputy."""
    decided = select(Putusan).where(Putusan.izin == izin.id, Putusan.ronde == izin.ronde, Putusan.oleh != 0)
    ids = dict.fromkeys([*(putusan.oleh for putusan in await ctx.all(decided)), izin.wakil])
    return [who for id_ in ids if id_ != ctx.person.id and (who := ctx.people.find_person(id_)) is not None]


@plugin.command("izin ubah", policy="pemohon", examples=["/izin ubah 27 waktu besok jam 10"])
async def ubah(
    ctx: Context,
    izin_id: Number,
    waktu: Annotated[Instant | Day | TimeRange | DateRange | ApproximateTime, Prompt("izin.tanya.waktu")],
    sisa: RestOfText = "",
) -> None:
    """Change the time of an izin; a longer one is decided again."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status not in (Status.DRAFT, *OPEN, *AWAY) or (izin.mulai <= ctx.now < izin.selesai and izin.status in AWAY):
        raise UserError("izin.tidak_bisa_diubah", nomor=izin.id, status=phrase(f"izin.status.{izin.status}"))
    closes = ctx.options(IzinOptions).get_day_hours(get_closing_day(waktu, ctx.today)).closes
    grown = izin.set_time(waktu, ctx.now, ctx.zone, closes=closes)
    check_izin(ctx, izin)
    await transitions.cancel_jobs(ctx, izin)
    await transitions.cancel_absence(ctx, izin)
    ctx.audit("izin.ubah", f"izin/{izin.id}", mulai=izin.mulai, selesai=izin.selesai, diulang=grown)
    if izin.status == Status.DRAFT:
        await ctx.edit(izin.pesan, *cards.format_card(ctx, izin), phrase("izin.dibuang"))
        await ctx.reply("izin.diubah_draf", nomor=izin.id)
        await decisions.submit_izin(ctx, izin)
    elif izin.status in OPEN or grown:
        await _restart_approval(ctx, izin)
    else:
        await _keep_approval(ctx, izin)


async def _restart_approval(ctx: Context, izin: Izin) -> None:
    """Starts the approval again, since it was given for another time."""
    await transitions.close_cards(ctx, izin, phrase("izin.diubah_ulang"))
    if izin.status in AWAY:
        ctx.calendar.remove_entry(f"{izin.id}")
    if izin.status == Status.ASKED:
        izin.begin_round(ctx.now)
        transitions.fix_steps(ctx, izin)
        ctx.audit("izin.ajukan", f"izin/{izin.id}", ronde=izin.ronde)
        await transitions.ask_deciders(ctx, izin)
    else:
        await decisions.submit_izin(ctx, izin)
    await ctx.reply("izin.diubah", **decisions.describe_izin(izin), lanjut=phrase("izin.diputus_ulang"))


async def _keep_approval(ctx: Context, izin: Izin) -> None:
    """Keeps an approval that covers the new time, and tells those who gave it."""
    await transitions.plan_absence(ctx, izin)
    asker = ctx.people.get_person(izin.pemohon)
    await transitions.close_cards(ctx, izin, phrase("izin.tetap_berlaku"))
    for who in await _list_concerned(ctx, izin):
        await ctx.notify(who, phrase("izin.kabar_ubah", **decisions.describe_izin(izin), pemohon=asker))
    await ctx.reply("izin.diubah", **decisions.describe_izin(izin), lanjut=phrase("izin.tetap_berlaku"))


@plugin.command("izin wakilkan", policy="pemohon", examples=["/izin wakilkan 27 Sekdis"])
async def wakilkan(ctx: Context, izin_id: Number, orang: Deputy) -> None:
    """Name who represents me meanwhile."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status not in (Status.DRAFT, *OPEN, *AWAY):
        raise UserError("izin.tidak_bisa_diubah", nomor=izin.id, status=phrase(f"izin.status.{izin.status}"))
    if orang.id == izin.pemohon:
        raise UserError("izin.wakil_sendiri", param="orang")
    izin.wakil = orang.id
    ctx.audit("izin.wakilkan", f"izin/{izin.id}", wakil=orang.id)
    if izin.status in AWAY:
        await ctx.notify(
            orang, phrase("izin.anda_wakil", **decisions.describe_izin(izin), pemohon=ctx.people.get_person(izin.pemohon))
        )
    await ctx.reply("izin.wakil_dicatat", nomor=izin.id, siapa=orang)


@plugin.command("izin lampirkan", policy="pemohon", examples=["/izin lampirkan 27"])
async def lampirkan(
    ctx: Context, izin_id: Number, berkas: Annotated[list[Photo | Document], Prompt("izin.tanya.berkas")]
) -> None:
    """Add papers to an izin, such as a doctor's letter; those who decide get them."""
    izin = await ctx.get(Izin, izin_id)
    if izin.status not in (Status.DRAFT, *OPEN, *AWAY, Status.DONE):
        raise UserError("izin.tidak_bisa_diubah", nomor=izin.id, status=phrase(f"izin.status.{izin.status}"))
    izin.lampiran = msgspec.json.encode([*transitions.load_files(izin), *berkas]).decode()
    ctx.audit("izin.lampirkan", f"izin/{izin.id}", jumlah=len(berkas))
    asked = select(Putusan).where(Putusan.izin == izin.id, Putusan.ronde == izin.ronde)
    ids = {putusan.diminta for putusan in await ctx.all(asked)} if izin.status != Status.DRAFT else set()
    above = ctx.people.superior_of(ctx.people.get_person(izin.pemohon), ctx.now)
    told = ctx.people.list_persons(ids) or ([above] if above and izin.status != Status.DRAFT else [])
    for who in told:
        for file in berkas:
            await ctx.notify(who, phrase("izin.lampiran", nomor=izin.id), file=file)
    await ctx.reply("izin.lampiran_dicatat", nomor=izin.id, jumlah=len(berkas))


@plugin.action(policy="pemohon")
async def tunjuk(ctx: Context, izin_id: int, orang: Deputy, dasar: Annotated[RestOfText, Prompt("izin.tanya.dasar")]) -> None:
    """Name a Plh for the time of an izin."""
    izin = await ctx.get(Izin, izin_id)
    asker = ctx.people.get_person(izin.pemohon)
    posts = ctx.people.posts_of(asker, ctx.now)
    if asker.id != ctx.person.id or not posts:
        raise UserError("izin.plh_hanya_pemegang")
    first, last = izin.get_days(ctx.zone)
    since, until = max(izin.mulai, ctx.now), izin.selesai
    if last == first and until - since < timedelta(days=1):
        until = max(until, since + timedelta(minutes=1))
    ctx.directory.give_mandate("plh", posts[0], orang, since, until, dasar[:200])
    izin.wakil = orang.id
    await ctx.notify(orang, phrase("izin.anda_plh", jabatan=posts[0], **decisions.describe_izin(izin)))
    await ctx.reply("izin.plh_dicatat", siapa=orang.name, jabatan=posts[0], waktu=izin.time)
