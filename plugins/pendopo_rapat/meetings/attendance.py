"""Opening and closing a meeting, attendance, and the live quorum."""

import re
from datetime import timedelta
from typing import Annotated

import msgspec
from pendopo import Button, Context, Person, Phrase, Prompt, RestOfText, UserError, phrase
from sqlmodel import col, select

from pendopo_rapat import cards, minutes, transitions
from pendopo_rapat.meetings import invitations
from pendopo_rapat.meetings.attendance_words import Attendance, AttendanceWords, mentions_presence, read_remark
from pendopo_rapat.models.meetings import NO, PRESENT, REPRESENTED, Peserta, Rapat, RapatStatus
from pendopo_rapat.models.minutes import Bahan
from pendopo_rapat.plugin import plugin
from pendopo_rapat.proposals import votes
from pendopo_rapat.queries import find_participant, list_participants, resolve_meeting
from pendopo_rapat.settings import RapatOptions

EARLY = timedelta(hours=3)
"""A meeting can be opened this long before its start."""
OVERTIME = timedelta(minutes=30)
"""This long after its end the leader is asked whether to close it."""
Number = Annotated[int, Prompt("rapat.tanya.nomor")]
_PROXY = re.compile(r"\s*(?P<how>diwakili(?:\s+oleh)?|mewakili|wakil)\s+(?P<who>.+)", re.IGNORECASE | re.DOTALL)


@plugin.command(
    "rapat mulai", aliases=["rapat buka"], policy="pengurus", examples=["/rapat mulai 12", "/rapat mulai 12 tanpa catatan"]
)
async def mulai(ctx: Context, rapat_id: Number, teks: RestOfText = "") -> None:
    """Open a meeting: attendance begins, and what is said in its chat is recorded for the minutes."""
    rapat = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(rapat, RapatStatus.CALLED)
    if ctx.now < rapat.mulai - EARLY:
        raise UserError("rapat.terlalu_awal", nomor=rapat_id, waktu=rapat.time)
    rapat.dicatat = bool(rapat.ruang) and ctx.options(RapatOptions).catat and "tanpa catatan" not in teks.lower()
    if not rapat.ruang:
        # One held elsewhere moves to the chat it is opened in, for attendance; nothing is recorded there.
        rapat.asal = msgspec.json.encode(ctx.chat).decode()
        if not ctx.chat.private:
            rapat.ruang, rapat.topik = ctx.chat.key, ctx.chat.topic
    if rapat.ruang and await _has_open_meeting(ctx, rapat):
        raise UserError("rapat.ruang_terpakai")
    Rapat.states.move(ctx, rapat, RapatStatus.OPEN, "rapat.buka")
    rapat.dibuka = ctx.now
    await transitions.cancel_jobs(ctx, rapat, "ingat", "ingat_h1", "ulang", "lewat")
    at = max(rapat.selesai, ctx.now) + OVERTIME
    await ctx.schedule(at, ingat_tutup, rapat_id, key=f"rapat:{rapat_id}:tutup", chat=rapat.chat)
    places = await list_participants(ctx, rapat)
    shown = await cards.format_open_card(ctx, rapat, places)
    if rapat.ruang and ctx.chat.key != rapat.ruang:
        sent = await ctx.send(rapat.chat, *shown, buttons=[cards.make_present_button(rapat)], urgent=True)
        await ctx.reply("rapat.dibuka_di_grup", nomor=rapat_id)
    else:
        sent = await ctx.reply(*shown, buttons=[cards.make_present_button(rapat)])
    rapat.pesan = sent.key
    for who in ctx.people.list_persons([p.wakil or p.orang for p in places if p.diundang]):
        if who.id != ctx.person.id:
            await ctx.notify(
                who, phrase("rapat.sudah_dibuka"), *cards.format_card(ctx, rapat), buttons=[cards.make_present_button(rapat)]
            )


async def _has_open_meeting(ctx: Context, rapat: Rapat) -> bool:
    """Whether a meeting is open already in the same chat and topic."""
    same = (Rapat.ruang == rapat.ruang, Rapat.topik == rapat.topik, Rapat.status == RapatStatus.OPEN)
    return await ctx.first(select(Rapat).where(*same)) is not None


@plugin.action()
async def hadir_tombol(ctx: Context, rapat_id: int) -> None:
    """Check in by a button."""
    rapat = await ctx.get(Rapat, rapat_id)
    await attend_meeting(ctx, rapat)
    if ctx.chat.private:
        await ctx.update(*cards.format_card(ctx, rapat), phrase("rapat.hadir_dicatat", pukul=cards.format_clock(ctx, ctx.now)))


@plugin.command("hadir", aliases=["rapat hadir"], examples=["/hadir", "/hadir diwakili Sekdis", "/hadir 12 mewakili Kadis PU"])
async def hadir(ctx: Context, teks: RestOfText = "") -> None:
    """Check in, name my proxy, or check in as a proxy."""
    rapat, words = await resolve_meeting(ctx, teks)
    found = _PROXY.fullmatch(words)
    if found is None:
        await attend_meeting(ctx, rapat, read_remark(words))
        await _reply_privately(ctx, phrase("rapat.hadir_dicatat", pukul=cards.format_clock(ctx, ctx.now)))
    else:
        await attend_by_proxy(ctx, rapat, found["how"].split()[0].lower(), found["who"])


async def _reply_privately(ctx: Context, said: Phrase) -> None:
    """Replies in a private chat only; in a group the card shows it."""
    if ctx.chat.private:
        await ctx.reply(said)


async def record_words(ctx: Context, rapat: Rapat, said: AttendanceWords) -> None:
    """Records what a message in the meeting's chat says of its writer; what is unclear is asked about privately."""
    if said.kind == Attendance.PRESENT:
        await attend_meeting(ctx, rapat, said.words)
    elif said.kind == Attendance.BY_PROXY:
        await attend_by_proxy(ctx, rapat, said.how, said.words)
    elif said.kind == Attendance.EXCUSED:
        await _excuse(ctx, rapat, said.words)
    elif not ((place := await find_participant(ctx, rapat)) and place.hadir):
        await ctx.notify(ctx.person, "rapat.hadir_belum_jelas", nomor=rapat.id, buttons=[cards.make_present_button(rapat)])


async def _excuse(ctx: Context, rapat: Rapat, reason: str) -> None:
    """Records that an invited person cannot come, and tells them so privately."""
    place = await find_participant(ctx, rapat)
    if place is None or not place.diundang or place.orang != ctx.person.id or place.hadir:
        return
    if place.jawaban != NO:
        ctx.audit("rapat.jawab", f"rapat/{rapat.id}", jawaban=NO, orang=place.orang)
    place.jawaban, place.alasan = NO, reason[:500]
    await ctx.notify(ctx.person, "rapat.berhalangan_dicatat", alasan=place.alasan, nomor=rapat.id)


async def _list_uncounted(ctx: Context, rapat: Rapat) -> list[tuple[Person, str]]:
    """Those who wrote something like "present" and are not recorded, each with their words."""
    counted = {p.orang for p in await list_participants(ctx, rapat) if p.hadir or p.jawaban == NO}
    wrote = await ctx.all(select(Bahan).where(Bahan.rapat == rapat.id, Bahan.isi != "").order_by(col(Bahan.id)))
    found: dict[int, tuple[Person, str]] = {}
    for said in wrote:
        person = ctx.people.find_person(said.orang)
        if person is not None and said.orang not in counted and mentions_presence(said.isi):
            found.setdefault(said.orang, (person, said.isi[:60]))
    return list(found.values())


async def attend_meeting(ctx: Context, rapat: Rapat, remark: str = "") -> None:
    """Checks this person in, for themselves or as a proxy, with what they say of it; an uninvited one is a guest."""
    Rapat.states.require(rapat, RapatStatus.OPEN)
    place = await find_participant(ctx, rapat) or await ctx.save(
        Peserta(rapat=rapat.id or 0, orang=ctx.person.id, diundang=False)
    )
    if remark and remark != place.keterangan:
        place.keterangan = remark
        await transitions.plan_refresh(ctx, rapat)
    how = PRESENT if place.orang == ctx.person.id else REPRESENTED
    await record_presence(ctx, rapat, place, how)


async def record_presence(ctx: Context, rapat: Rapat, place: Peserta, how: str) -> None:
    """Records how a place is taken; a repeat changes nothing."""
    grace = timedelta(minutes=ctx.options(RapatOptions).terlambat_menit)
    due = max(rapat.mulai, rapat.dibuka or rapat.mulai)
    if place.record_attendance(how, ctx.now, due, grace, ctx.chat.key):
        ctx.audit("rapat.hadir", f"rapat/{rapat.id}", orang=place.orang, cara=how, telat=place.telat)
        await transitions.plan_refresh(ctx, rapat)


async def attend_by_proxy(ctx: Context, rapat: Rapat, how: str, who: str) -> None:
    """Attends by proxy: "diwakili X" sends X, "mewakili X" comes for X, "wakil X" is what fits the invitations."""
    Rapat.states.require(rapat, RapatStatus.OPEN)
    other = resolve_proxy(ctx, who)
    places = {p.orang: p for p in await list_participants(ctx, rapat) if p.diundang}
    sends = how == "diwakili" or (how == "wakil" and ctx.person.id in places and other.id not in places)
    if sends:
        await _send_proxy(ctx, rapat, places.get(ctx.person.id), other)
        return
    if ctx.person.id in places:
        raise UserError("rapat.wakil_diri", siapa=other)
    place = places.get(other.id)
    if place is None:
        raise UserError("rapat.tidak_diundang", siapa=other, nomor=rapat.id)
    await _represent_person(ctx, rapat, place, other)


def resolve_proxy(ctx: Context, who: str) -> Person:
    """The person that a text about a proxy names first. Raises `UserError` where that is not clear."""
    other, _ = ctx.people.named_in(who, ctx.sender)
    if other is None:
        close = ", ".join(person.called for person in ctx.people.persons_like(who, speaker=ctx.sender))
        raise UserError("rapat.undang_mirip" if close else "rapat.undang_siapa", tertulis=who[:60], mirip=close)
    return other


async def _send_proxy(ctx: Context, rapat: Rapat, place: Peserta | None, other: Person) -> None:
    if place is None:
        raise UserError("rapat.bukan_peserta", nomor=rapat.id)
    await invitations.send_proxy(ctx, rapat, place, other)
    await ctx.reply("rapat.wakil_ditunggu", siapa=other)


async def _represent_person(ctx: Context, rapat: Rapat, place: Peserta, other: Person) -> None:
    """Checks in as a proxy. Raises `UserError` when another proxy was sent; an unsent one is reported."""
    if place.wakil and place.wakil != ctx.person.id:
        raise UserError("rapat.wakil_lain", siapa=ctx.people.get_name(place.wakil), untuk=other)
    if place.hadir == PRESENT:
        raise UserError("rapat.sudah_hadir_sendiri", siapa=other)
    if not place.wakil:
        for taken in await list_participants(ctx, rapat):
            if taken.wakil == ctx.person.id:
                raise UserError("rapat.wakil_sudah", siapa=ctx.person, untuk=ctx.people.get_name(taken.orang))
        place.wakil = ctx.person.id
        ctx.audit("rapat.wakilkan", f"rapat/{rapat.id}", orang=place.orang, wakil=ctx.person.id)
        await ctx.notify(other, "rapat.ada_yang_mewakili", siapa=ctx.person, nomor=rapat.id, judul=rapat.judul)
    await record_presence(ctx, rapat, place, REPRESENTED)
    await _reply_privately(ctx, phrase("rapat.mewakili_dicatat", untuk=other))


@plugin.job(policy="system")
async def segarkan(ctx: Context, rapat_id: int) -> None:
    """Update the card with the attendance; announce the quorum once."""
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status != RapatStatus.OPEN:
        return
    places = await list_participants(ctx, rapat)
    await ctx.edit(rapat.pesan, *await cards.format_open_card(ctx, rapat, places), buttons=[cards.make_present_button(rapat)])
    count = cards.get_tally(ctx, rapat, places)
    if count.enough and not rapat.tercapai:
        rapat.tercapai = True
        ctx.audit("rapat.kuorum", f"rapat/{rapat_id}", hadir=count.hadir, perlu=count.perlu)
        await ctx.send(
            rapat.chat, phrase("rapat.kepala", nomor=rapat.id, judul=rapat.judul), cards.format_quorum(count), urgent=True
        )


@plugin.command("rapat tutup", aliases=["rapat selesai"], policy="pengurus_kata", examples=["/rapat tutup", "/rapat tutup 12"])
async def tutup(ctx: Context, teks: RestOfText = "") -> None:
    """Close a meeting and draft its minutes."""
    rapat, _ = await resolve_meeting(ctx, teks)
    if uncounted := await _list_uncounted(ctx, rapat) if rapat.status == RapatStatus.OPEN else []:
        names = [phrase("rapat.tidak_terhitung", siapa=person, teks=words) for person, words in uncounted[:20]]
        buttons = [
            Button("rapat.tombol.hitung_hadir", tutup_semua, rapat.id, allowed=ctx.person),
            Button("rapat.tombol.tutup_saja", tutup_saja, rapat.id, allowed=ctx.person),
        ]
        await ctx.reply(phrase("rapat.menulis_hadir", jumlah=len(uncounted)), *names, buttons=buttons)
        return
    await _close_meeting(ctx, rapat)


@plugin.action(policy="pengurus")
async def tutup_semua(ctx: Context, rapat_id: int) -> None:
    """Count those who wrote something like "present", then close the meeting."""
    rapat = await ctx.get(Rapat, rapat_id)
    Rapat.states.require(rapat, RapatStatus.OPEN)
    places = {p.orang: p for p in await list_participants(ctx, rapat)}
    for person, _ in await _list_uncounted(ctx, rapat):
        place = places.get(person.id) or await ctx.save(Peserta(rapat=rapat_id, orang=person.id, diundang=False))
        await record_presence(ctx, rapat, place, PRESENT)
    await _close_meeting(ctx, rapat)


@plugin.action(policy="pengurus")
async def tutup_saja(ctx: Context, rapat_id: int) -> None:
    """Close the meeting without counting them."""
    await _close_meeting(ctx, await ctx.get(Rapat, rapat_id))


async def _close_meeting(ctx: Context, rapat: Rapat) -> None:
    if open_ := await transitions.list_running_proposals(ctx, rapat):
        raise UserError("rapat.usul_masih_berjalan", nomor=", ".join(f"#{usul.id}" for usul in open_))
    Rapat.states.move(ctx, rapat, RapatStatus.CLOSED, "rapat.tutup")
    rapat.ditutup = ctx.now
    await transitions.cancel_jobs(ctx, rapat)
    ctx.calendar.remove_entry(f"{rapat.id}")
    # What others did at this very moment is committed or refused before the minutes are drafted, so none of it is missing.
    await ctx.schedule(ctx.now, susun, rapat.id, key=f"rapat:{rapat.id}:susun", chat=rapat.chat)
    if ctx.chat.key != rapat.chat.key:
        await ctx.reply("rapat.menutup", nomor=rapat.id)


@plugin.job(policy="system")
async def susun(ctx: Context, rapat_id: int) -> None:
    """Draft the minutes of a meeting that was just closed, and announce the result."""
    rapat = await ctx.get(Rapat, rapat_id)
    if rapat.status != RapatStatus.CLOSED or await minutes.has_minutes(ctx, rapat_id):
        return
    for usul in await transitions.list_running_proposals(ctx, rapat):  # put at the very moment of closing
        await votes.withdraw_proposal(ctx, usul)
    places = await list_participants(ctx, rapat)
    version = await minutes.draft_minutes(ctx, rapat, places)
    isi = version.content
    done = phrase(
        "rapat.ditutup", pukul=cards.format_clock(ctx, rapat.ditutup), putusan=len(isi.keputusan), tindak=len(isi.tindak)
    )
    closed = [*cards.format_card(ctx, rapat)[:1], done, cards.format_quorum(cards.get_tally(ctx, rapat, places))]
    await ctx.edit(rapat.pesan, *closed, *cards.format_attendance(ctx, rapat, places))
    await ctx.send(rapat.chat, *closed, urgent=True)
    await minutes.offer_draft(ctx, rapat, version)


@plugin.job(policy="system")
async def ingat_tutup(ctx: Context, rapat_id: int) -> None:
    """Ask the leader about a meeting left open after its end."""
    rapat = await ctx.get(Rapat, rapat_id)
    leader = ctx.people.find_person(rapat.pimpinan)
    if rapat.status == RapatStatus.OPEN and leader is not None:
        button = [Button("rapat.tombol.tutup", tutup, str(rapat_id), allowed=leader)]
        await ctx.notify(leader, phrase("rapat.masih_terbuka"), *cards.format_card(ctx, rapat), buttons=button)
