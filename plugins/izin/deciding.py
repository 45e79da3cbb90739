"""Deciding: yes, no with a reason, or a question back."""

from typing import Annotated, Any

from sqlmodel import col, select

from bot import Ask, Button, Context, Person, Rest, Said, UserError, say

from . import cards, papers, way
from .models import APPROVED, ASKED, NO, OPEN, QUERIED, REFUSED, SKIPPED, YES, Izin, Putusan, Tanya
from .plugin import kind, mine, person, plugin, wanted
from .way import Number


@plugin.command("setuju", aliases=["acc"], policy="pemutus", examples=["/setuju 27"])
async def setujui(ctx: Context, izin_id: Number) -> None:
    """Approve an izin that waits for me."""
    izin = await ctx.get(Izin, izin_id)
    putusan = await _mine(ctx, izin)
    putusan.settle(YES, ctx.person, ctx.acting_as, ctx.now)
    others = [other for other in await wanted(ctx, izin) if other is not putusan]
    if others and way.steps(izin)[izin.langkah]["semua"]:
        ctx.audit("izin.setujui_sebagian", f"izin/{izin.id}")
        waiting = ", ".join(person(ctx, other.diminta).called for other in others)
        outcome = say("izin.setuju_sebagian", oleh=by(ctx), pada=ctx.now, atasan=waiting)
        await ctx.edit(putusan.pesan, *cards.card(ctx, izin), outcome, resend=True)
        await ctx.edit(izin.pesan, *cards.card(ctx, izin), outcome, resend=True)
        return
    for other in others:
        other.settle(SKIPPED, ctx.person, ctx.acting_as, ctx.now)
    await way.unwatch(ctx, izin)
    if await way.go_on(ctx, izin):
        ctx.audit("izin.setujui_langkah", f"izin/{izin.id}", langkah=putusan.langkah)
        outcome = say("izin.disetujui", oleh=by(ctx), pada=ctx.now)
        await ctx.edit(putusan.pesan, *cards.card(ctx, izin), outcome, resend=True)
        return
    await _approve(ctx, izin, say("izin.disetujui", oleh=by(ctx), pada=ctx.now), by(ctx), putusan.pesan)


@plugin.command("tolak", policy="pemutus", examples=["/tolak 27 karena ada rapat anggaran"])
async def tolak(ctx: Context, izin_id: Number, alasan: Annotated[Rest, Ask("izin.tanya.alasan")]) -> None:
    """Refuse an izin that waits for me, and say why."""
    izin = await ctx.get(Izin, izin_id)
    putusan = await _mine(ctx, izin)
    reason = alasan.removeprefix("karena ").strip()
    putusan.settle(NO, ctx.person, ctx.acting_as, ctx.now, reason)
    Izin.states.move(ctx, izin, REFUSED, "izin.tolak", reason)
    izin.alasan, izin.diputus = reason[:1000], ctx.now
    await way.unwatch(ctx, izin)
    await way.close_cards(ctx, izin, say("izin.ditolak", oleh=by(ctx), pada=ctx.now, alasan=reason), putusan.pesan)
    await tell(ctx, izin, say("izin.kabar_tolak", **about(izin), oleh=by(ctx), alasan=reason))


@plugin.action(policy="pemutus")
async def tanya(ctx: Context, izin_id: int, pertanyaan: Annotated[Rest, Ask("izin.tanya.pertanyaan")]) -> None:
    """Ask back before deciding."""
    izin = await ctx.get(Izin, izin_id)
    await _mine(ctx, izin)
    if izin.status != QUERIED:
        Izin.states.move(ctx, izin, QUERIED, "izin.tanya")
    asked = await ctx.save(Tanya(izin=izin_id, dari=ctx.person.id, isi=pertanyaan[:1000], pada=ctx.now))
    asker = person(ctx, izin.pemohon)
    answer = [Button("izin.tombol.jawab", jawab, izin_id, asked.id, only=asker)]
    await ctx.notify(asker, say("izin.ditanya", **about(izin), oleh=by(ctx), isi=asked.isi), buttons=answer)
    await ctx.edit(izin.pesan, *cards.card(ctx, izin), say("izin.status_ditanya", oleh=by(ctx)))
    await ctx.reply("izin.tanya_terkirim", siapa=asker)


@plugin.action(policy="pemohon")
async def jawab(ctx: Context, izin_id: int, nomor: int, isi: Annotated[Rest, Ask("izin.tanya.jawaban")]) -> None:
    """Answer a question back: the decision is asked for again, with the answer."""
    izin = await ctx.get(Izin, izin_id)
    asked = await ctx.get(Tanya, nomor)
    if asked.jawaban:
        raise UserError("izin.sudah_dijawab", nomor=izin_id)
    Izin.states.move(ctx, izin, ASKED, "izin.jawab")
    asked.jawaban = isi[:1000]
    for putusan in await wanted(ctx, izin):
        who = way.deciders(ctx, izin, putusan.aturan) or [person(ctx, putusan.diminta)]
        answered = say("izin.dijawab", pemohon=ctx.person, tanya=asked.isi, jawaban=asked.jawaban)
        sent = await ctx.notify(who[0], answered, *cards.card(ctx, izin), buttons=way.decisions(izin, who))
        putusan.pesan = sent.key if sent else putusan.pesan
    await ctx.edit(izin.pesan, *cards.card(ctx, izin), say("izin.menunggu", atasan=ctx.people.person(asked.dari) or ""))
    await ctx.reply("izin.jawaban_terkirim", nomor=izin_id)


async def submit(ctx: Context, izin: Izin) -> None:
    """From draft, or from a change that began it anew, to the first step; short ones need only be told."""
    izin.begin_round(ctx.now)
    way.plan(ctx, izin)
    Izin.states.move(ctx, izin, ASKED, "izin.ajukan", ronde=izin.ronde)
    if izin.hari <= kind(ctx, izin).otomatis_hari:
        await _approve_by_rule(ctx, izin)
    else:
        await way.ask(ctx, izin)


async def _approve_by_rule(ctx: Context, izin: Izin) -> None:
    """What the rules let pass without a decision; whoever would decide is told."""
    above = ctx.people.superior(person(ctx, izin.pemohon), ctx.now)
    if above is None:
        raise UserError("izin.tanpa_atasan")
    await ctx.notify(above, say("izin.tahu", pemohon=person(ctx, izin.pemohon)), *cards.card(ctx, izin))
    await _approve(ctx, izin, say("izin.otomatis", atasan=above), "", "", rule=f"otomatis:{kind(ctx, izin).otomatis_hari}")


async def _mine(ctx: Context, izin: Izin) -> Putusan:
    """The decision that this person makes. Raises `UserError` when it is made already."""
    Izin.states.require(izin, *OPEN)
    putusan, answer = await mine(ctx, izin)
    if putusan is None:
        raise UserError("izin.sudah_diputus", nomor=izin.id) if answer.reason is None else _because(answer.reason)
    return putusan


def _because(reason: Said) -> UserError:
    return UserError(reason.key, **reason.args)


async def _approve(ctx: Context, izin: Izin, outcome: Said, oleh: str, own: str, rule: str = "") -> None:
    Izin.states.move(ctx, izin, APPROVED, "izin.setujui", **({"aturan": rule} if rule else {}))
    izin.diputus = ctx.now
    await way.close_cards(ctx, izin, outcome, own)
    asker = person(ctx, izin.pemohon)
    await way.follow(ctx, izin)
    if oleh:
        await tell(ctx, izin, say("izin.kabar_setuju", **about(izin), oleh=oleh), buttons=papers.buttons(ctx, izin))
    if izin.wakil:
        await ctx.notify(person(ctx, izin.wakil), say("izin.anda_wakil", **about(izin), pemohon=asker))


async def tell(ctx: Context, izin: Izin, said: Said, buttons: list[Button] | None = None) -> None:
    """Tell whoever asked, and whoever entered it for them."""
    for id_ in dict.fromkeys((izin.pemohon, izin.pembuat)):
        who: Person | None = ctx.people.person(id_)
        if who is not None:
            await ctx.notify(who, said, buttons=buttons or [])


def about(izin: Izin) -> dict[str, Any]:
    """What a notice says of an izin."""
    return {"nomor": izin.id, "keperluan": izin.keperluan, "waktu": izin.time}


def by(ctx: Context) -> str:
    """Who decides, as it is written: by the post, and with the name where it is lent."""
    lent = ctx.acting_as and "." in ctx.acting_as.split()[0]
    return f"{ctx.acting_as} ({ctx.person.name})" if lent else ctx.person.called


async def questions(ctx: Context, izin: Izin) -> list[Said]:
    """What was asked back, and answered."""
    asked = await ctx.all(select(Tanya).where(Tanya.izin == izin.id).order_by(col(Tanya.id)))
    return [
        say("izin.tanya_jawab", oleh=ctx.people.person(t.dari) or "–", tanya=t.isi, jawaban=t.jawaban or "…") for t in asked
    ]


__all__ = ["about", "by", "questions", "submit", "tell"]
