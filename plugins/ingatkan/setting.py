"""Setting a reminder, and changing its time."""

from typing import Annotated

import msgspec

from bot import Ask, Button, Context, Every, Instant, Message, OffDays, Offset, Person, Rest, Said, UserError, When, say

from .cards import card
from .going import Gone, going
from .keeping import hapus, tolak
from .models import Pengingat
from .nagging import spare
from .plugin import plugin
from .ringing import bunyikan
from .times import off_by_itself, off_days, take
from .whom import Whom, again, whom

QUOTED = 500
WORDS = ("ingatkan", "ingetin", "remind")
EXAMPLES = [
    "/ingatkan saya 2 jam lagi cek pompa",
    "/ingatkan @Kadis PU besok jam 9 kirim data",
    "/ingatkan grup setiap Senin jam 8 apel, lewati hari libur",
]


@plugin.command(WORDS[0], aliases=WORDS[1:], examples=EXAMPLES)
async def pasang(ctx: Context, waktu: Annotated[When, Ask("ingatkan.tanya.waktu")], isi: Rest = "") -> None:
    """Remind me, somebody or the group of something, once or again and again."""
    off, text = off_days(isi)
    target = whom(ctx, text)
    gone = await _usable(ctx, waktu)  # a time that cannot be used is asked for before anything else
    quoted = await _quoted(ctx, target) if not target.isi else ""
    quoted = quoted or (ctx.translate(gone.entry.title) if gone else "")
    if not (target.isi or quoted):
        await ctx.prompt_for(lengkapi, untuk=target.name, waktu=waktu, libur=off or "")
        return
    await _set(ctx, Whom(target.person, target.isi or quoted), waktu, off, _quoting(ctx))


@plugin.action()
async def lengkapi(
    ctx: Context,
    untuk: str,
    waktu: Annotated[When, Ask("ingatkan.tanya.waktu")],
    libur: str,
    isi: Annotated[Rest, Ask("ingatkan.tanya.isi")],
) -> None:
    """The rest of a reminder that was begun without saying of what."""
    off: OffDays | None = libur or None  # type: ignore[assignment]  # only ever put away by `pasang`
    await _set(ctx, again(ctx, untuk, isi), waktu, off, "")


@plugin.action(policy="pemasang")
async def ubah(ctx: Context, nomor: int, waktu: Annotated[When, Ask("ingatkan.tanya.waktu")]) -> None:
    """Give a reminder another time."""
    pengingat = await ctx.get(Pengingat, nomor)
    await _time(ctx, pengingat, waktu, None)
    person = ctx.people.person(pengingat.untuk) if pengingat.untuk else None
    if person is not None and person.id != ctx.person.id:
        await ctx.notify(person, *_told(ctx, pengingat, "ingatkan.diubah"), buttons=_decline(pengingat, person))
    await ctx.update(*card(ctx, pengingat), buttons=_change(ctx, pengingat))
    ctx.audit("ingatkan.ubah", f"ingatkan/{nomor}")


async def _set(ctx: Context, target: Whom, waktu: When, off: OffDays | None, quoting: str) -> None:
    pengingat = Pengingat.new(ctx.person, target.person, ctx.chat, target.isi, ctx.now, quoting)
    await ctx.save(pengingat)
    clock = await _time(ctx, pengingat, waktu, off)
    lines = card(ctx, pengingat, clock)
    if target.person is not None and target.person.id != ctx.person.id:
        lines += await _tell(ctx, pengingat, target.person)
    if target.person is not None:
        lines += await _reach(ctx, pengingat, target.person)
    await ctx.reply(*lines, buttons=_change(ctx, pengingat))
    ctx.audit("ingatkan.pasang", f"ingatkan/{pengingat.id}", untuk=pengingat.untuk, tujuan=pengingat.tujuan)


async def _time(ctx: Context, pengingat: Pengingat, waktu: When, off: OffDays | None) -> bool:
    """Give a reminder its time and plan it; True when the time of day had to be assumed."""
    gone = await _usable(ctx, waktu)
    if gone is not None and isinstance(waktu, Offset):
        named = msgspec.structs.replace(waktu, anchor=ctx.translate(gone.entry.title))
        pengingat.goes_with(gone.entry.key, gone.entry.start, named)
    else:
        pengingat.goes_with("", None, None)
    value, clock = take(Instant(gone.at) if gone else waktu, ctx.now, ctx.zone)
    off = (off or off_by_itself(value)) if isinstance(value, Every) else "keep"
    calendar = await ctx.work_calendar.loaded() if off != "keep" else ctx.work_calendar
    at = pengingat.at(value, off, calendar, ctx.now)
    await spare(ctx, pengingat)
    await ctx.schedule(at, bunyikan, pengingat.tujuan, key=pengingat.key, chat=pengingat.chat)
    return clock


async def _usable(ctx: Context, waktu: When) -> Gone | None:
    """What a time goes with, if with anything. Raises `UserError` on one that cannot be used."""
    if isinstance(waktu, Offset):
        return await going(ctx, waktu)
    take(waktu, ctx.now, ctx.zone)
    return None


async def _reach(ctx: Context, pengingat: Pengingat, person: Person) -> list[Said]:
    """What should be known while it is set: at its time the messenger may let nothing through, or only a short form."""
    way = await ctx.check_reachability(person, pengingat.berikut or ctx.now)
    return [say(f"ingatkan.jangkauan_{way}", siapa=person)] if way in ("template", "waits") else []


async def _tell(ctx: Context, pengingat: Pengingat, person: Person) -> list[Said]:
    """Tell whom it is for, who may decline; returns what the one who set it should know."""
    told = await ctx.notify(person, *_told(ctx, pengingat, "ingatkan.dipasangkan"), buttons=_decline(pengingat, person))
    if told is not None:
        return [say("ingatkan.sudah_diberi_tahu", siapa=person)]
    if ctx.chat.private:
        raise UserError("ingatkan.tak_terjangkau", siapa=person)
    return [say("ingatkan.lewat_grup", siapa=person)]


def _told(ctx: Context, pengingat: Pengingat, key: str) -> list[Said]:
    first = say(key, nomor=pengingat.id, oleh=ctx.person)
    return [first, *card(ctx, pengingat)[1:]]


def _decline(pengingat: Pengingat, person: Person) -> list[Button]:
    return [Button("ingatkan.tombol.tolak", tolak, pengingat.id, only=person)]


def _change(ctx: Context, pengingat: Pengingat) -> list[Button]:
    return [
        Button("ingatkan.tombol.ubah", ubah, pengingat.id, only=ctx.person),
        Button("ingatkan.tombol.batalkan", hapus, pengingat.id, only=ctx.person),
    ]


async def _quoted(ctx: Context, target: Whom) -> str:
    """The words of the message that the command answers; what cannot be read can still be quoted where it stands."""
    quoting = _quoting(ctx)
    if not quoting:
        return ""
    words = (await ctx.quoted_text()).strip()
    if words:
        return words[:QUOTED]
    here = target.person is None or (ctx.chat.private and target.person.id == ctx.person.id)
    return "↩" if here else ""


def _quoting(ctx: Context) -> str:
    """The message that the command answers. An answer to a question of ours quotes that question, which is not meant."""
    event = ctx.event
    if isinstance(event, Message) and event.reply_to and any(word in event.text.lower() for word in WORDS):
        return event.reply_to
    return ""


__all__ = ["plugin"]
