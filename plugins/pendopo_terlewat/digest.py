"""The digest: what waits, what is new, and figures, on one screen; none is sent when it would be empty."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pendopo import ApproximateTime, Context, DateRange, Day, Instant, JobDue, Person, Phrase, UserError, phrase, start_of
from pendopo.pages import News, Overview, Waiting
from sqlmodel import select

from pendopo_terlewat.models import Pilihan
from pendopo_terlewat.plugin import plugin

ONE_SCREEN = 1500
"""Characters of a digest, translated."""
SHOWN = 6
"""Most lines of a section."""
EVERY = timedelta(hours=1)
"""The interval of the job `putaran`."""
TOO_LATE = timedelta(hours=2)
"""Digests this late, after an outage, are not sent."""


Since = Day | DateRange | Instant | ApproximateTime


@plugin.command("terlewat", aliases=["ringkasan"], examples=["/terlewat", "/terlewat kemarin"])
async def terlewat(ctx: Context, sejak: Since | None = None) -> None:
    """Show what I missed since I last looked, or since a day."""
    choice = await get_choice(ctx, ctx.person)
    since = _resolve_start(ctx, sejak) or choice.dilihat or ctx.now - timedelta(days=1)
    if since > ctx.now:
        raise UserError("terlewat.belum_tiba", sejak=sejak)
    lines = await _compose_digest(ctx, ctx.person, since)
    choice.dilihat = ctx.now
    await ctx.save(choice)
    local = since.astimezone(ctx.zone)
    whole = isinstance(sejak, Day | DateRange)
    said = lines or [phrase("terlewat.kosong", sejak=Day(local.date()) if whole else local)]
    if ctx.chat.private:
        await ctx.reply(*said)
    elif await ctx.notify(ctx.person, *said) is not None:
        await ctx.reply("terlewat.dijawab_pribadi")


def _resolve_start(ctx: Context, sejak: Since | None) -> datetime | None:
    start = start_of(sejak) if sejak else None
    return ctx.at(start) if start is not None and not isinstance(start, datetime) else start


async def get_choice(ctx: Context, person: Person) -> Pilihan:
    """A person's preferences, or the defaults."""
    return await ctx.first(select(Pilihan).where(Pilihan.orang == person.id)) or Pilihan(orang=person.id)


@plugin.job(cron="0 * * * *", policy="system")
async def putaran(ctx: Context) -> None:
    """Schedule the digests of the coming hour, on working days, after each person's quiet hours."""
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
    """The times of a person's digests in the hour from `begin`; quiet hours move them to their end."""
    clocks = [choice.quiet_until(clock) or clock for clock in choice.list_clocks()]
    moments = (datetime.combine(begin.date(), clock, begin.tzinfo) for clock in dict.fromkeys(clocks))
    return [at for at in moments if begin <= at < begin + EVERY]


@plugin.job(policy="system")
async def ringkas(ctx: Context, orang: int) -> None:
    """Send one person's digest, unless it is empty."""
    person = ctx.people.find_person(orang)
    if person is None:
        return
    choice = await get_choice(ctx, person)
    lines = await _compose_digest(ctx, person, choice.dilihat or ctx.now - timedelta(days=1))
    if lines and await ctx.notify(person, *lines) is not None:
        choice.dilihat = ctx.now
        await ctx.save(choice)


async def _compose_digest(ctx: Context, person: Person, since: datetime) -> list[Phrase]:
    """The digest, cut to one screen; empty when nothing waits and nothing is new."""
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
    address = ctx.dashboard.build_page_url("/hari-ini")
    return _fit_screen(ctx, person, lines, [*figures, *([phrase("terlewat.selengkapnya", alamat=address)] if address else [])])


def _format_part(title: str, lines: list[Phrase]) -> list[Phrase]:
    """A section with its title; lines beyond `SHOWN` are only counted."""
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


def _fit_screen(ctx: Context, person: Person, lines: list[Phrase], end: list[Phrase]) -> list[Phrase]:
    """As many lines as fit on one screen together with `end`."""
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
