"""The digest: what waits, what was decided, how things stand; one screen, never anybody's raw words, and none when empty."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pendopo import Context, Day, JobDue, Person, Phrase, phrase
from pendopo.pages import News, Overview, Waiting
from sqlmodel import select

from pendopo_terlewat.models import Pilihan
from pendopo_terlewat.plugin import plugin

ONE_SCREEN = 1500
SHOWN = 6
EVERY = timedelta(hours=1)
TOO_LATE = timedelta(hours=2)
"""A digest that comes so late, because the bot was down, would only be noise."""


@plugin.command("terlewat", aliases=["ringkasan"], examples=["/terlewat", "/terlewat kemarin"])
async def terlewat(ctx: Context, sejak: Day | None = None) -> None:
    """Say what I missed: since I looked last, or since a day."""
    choice = await get_choice(ctx, ctx.person)
    since = ctx.at(sejak.on) if sejak else choice.dilihat or ctx.now - timedelta(days=1)
    lines = await _compose_digest(ctx, ctx.person, since)
    choice.dilihat = ctx.now
    await ctx.save(choice)
    said = lines or [phrase("terlewat.kosong", sejak=since.astimezone(ctx.zone))]
    if ctx.chat.private:
        await ctx.reply(*said)
    elif await ctx.notify(ctx.person, *said) is not None:
        await ctx.reply("terlewat.dijawab_pribadi")


async def get_choice(ctx: Context, person: Person) -> Pilihan:
    """What somebody chose, else what is usual."""
    return await ctx.first(select(Pilihan).where(Pilihan.orang == person.id)) or Pilihan(orang=person.id)


@plugin.job(cron="0 * * * *", policy="system")
async def putaran(ctx: Context) -> None:
    """Plan the digests that fall due before the next turn, on working days; after the quiet hours of whoever wants quiet."""
    begin = (ctx.event.due if isinstance(ctx.event, JobDue) else ctx.now).astimezone(ctx.zone)
    await ctx.work_calendar.ensure_loaded()
    if not ctx.work_calendar.is_working_day(begin.date()) or ctx.now - begin > TOO_LATE:
        return
    choices = {choice.orang: choice for choice in await ctx.all(select(Pilihan))}
    plans = [
        (at, [person.id], f"terlewat:{person.id}:{at:%Y%m%d%H%M}")
        for person in ctx.people.persons.values()
        for at in _list_due(choices.get(person.id) or Pilihan(orang=person.id), begin)
    ]
    await ctx.schedule_many(ringkas, plans)


def _list_due(choice: Pilihan, begin: datetime) -> list[datetime]:
    """When somebody's digests fall due between two turns; in quiet hours they come when those end."""
    clocks = [choice.quiet_until(clock) or clock for clock in choice.list_clocks()]
    moments = (datetime.combine(begin.date(), clock, begin.tzinfo) for clock in dict.fromkeys(clocks))
    return [at for at in moments if begin <= at < begin + EVERY]


@plugin.job(policy="system")
async def ringkas(ctx: Context, orang: int) -> None:
    """Tell one person what they missed; nothing when that is nothing."""
    person = ctx.people.find_person(orang)
    if person is None:
        return
    choice = await get_choice(ctx, person)
    lines = await _compose_digest(ctx, person, choice.dilihat or ctx.now - timedelta(days=1))
    if lines and await ctx.notify(person, *lines) is not None:
        choice.dilihat = ctx.now
        await ctx.save(choice)


async def _compose_digest(ctx: Context, person: Person, since: datetime) -> list[Phrase]:
    """The digest, in as many lines as one screen takes; empty when nothing waits and nothing is new."""
    said = await ctx.dashboard.list_overviews(since, person)
    waits, news = _sort_waiting(ctx, said), _sort_news(said)
    if not waits and not news:
        return []
    lines = [phrase("terlewat.judul", hari=ctx.now.astimezone(ctx.zone))]
    lines += _format_part("terlewat.menunggu", [_format_waiting(ctx, one) for one in waits])
    lines += _format_part(
        "terlewat.baru", [phrase("terlewat.mendesak" if n.urgent else "terlewat.baris", apa=n.title) for n in news]
    )
    figures = [phrase("terlewat.angka", apa=f.label, jumlah=f.value) for one in said for f in one.figures]
    return _fit_screen(ctx, person, lines, [*figures, *_format_link(ctx)])


def _format_part(title: str, lines: list[Phrase]) -> list[Phrase]:
    """A part with its title; what is too much is only counted."""
    if not lines:
        return []
    more = [phrase("terlewat.lagi", jumlah=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return [phrase(title, jumlah=len(lines)), *lines[:SHOWN], *more]


def _sort_waiting(ctx: Context, said: Sequence[Overview]) -> list[Waiting]:
    late = datetime.max.replace(tzinfo=ctx.zone)
    return sorted((w for one in said for w in one.waits), key=lambda w: (not w.urgent, w.due or late))


def _sort_news(said: Sequence[Overview]) -> list[News]:
    return sorted((n for one in said for n in one.news), key=lambda n: (not n.urgent, -n.at.timestamp()))


def _format_waiting(ctx: Context, one: Waiting) -> Phrase:
    if one.due is None:
        return phrase("terlewat.baris", apa=one.title)
    due = one.due.astimezone(ctx.zone)
    return phrase("terlewat.lewat" if one.due < ctx.now else "terlewat.batas", apa=one.title, batas=f"{due:%d/%m %H.%M}")


def _format_link(ctx: Context) -> list[Phrase]:
    address = ctx.dashboard.build_page_url("/hari-ini")
    return [phrase("terlewat.selengkapnya", alamat=address)] if address else []


def _fit_screen(ctx: Context, person: Person, lines: list[Phrase], end: list[Phrase]) -> list[Phrase]:
    """As much of it as one screen takes, with its end."""
    room = ONE_SCREEN - sum(_measure_line(ctx, person, line) for line in end)
    kept: list[Phrase] = []
    for line in lines:
        room -= _measure_line(ctx, person, line)
        if room < 0:
            break
        kept.append(line)
    return [*kept, *end]


def _measure_line(ctx: Context, person: Person, line: Phrase) -> int:
    return len(ctx.translate(line, locale=person.locale)) + 1
