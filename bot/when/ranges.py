"""What spans more than one moment: ranges, lengths from a start, lists, distances from something else."""

from datetime import UTC, date, datetime

from . import days
from .clocks import dial, moment
from .days import Choice
from .draft import Draft, Side
from .here import Here, Pick
from .lists import date_list, offset, weekday_list
from .repeat import repeated
from .resolve import side_part, side_value
from .said import ClockSaid, Length, WeekdaySaid
from .sides import day_of
from .values import Around, Day, DaySpan, Duration, Instant, InThePast, NoSuchDate, Reason, Span, When


def value_of(draft: Draft, here: Here, anchor: str | None) -> Pick | None:
    """Resolve a whole expression; `anchor` is what an offset is counted from, where that is no time."""
    if draft.every:
        return repeated(draft, here)
    if draft.offset or draft.hminus:
        return offset(draft, here, anchor)
    if draft.weekdays:
        return weekday_list(draft, here)
    if draft.dates:
        return date_list(draft, here)
    if len(draft.sides) > 1 and not draft.sides[-1].empty:
        return _between(draft, here)
    return _one_side(draft, draft.sides[0], here)


def _one_side(draft: Draft, side: Side, here: Here) -> Pick | None:
    if side.clock and side.until:
        return _hours(draft, side, side.clock, side.until, here)
    pick = _not_today(side_value(side, here), side)
    length = draft.duration
    if pick is None:
        return Pick(Duration(length.delta, length.months)) if length and side.empty else None
    if side.limit:
        pick = pick._replace(assumed=(*pick.assumed, "approximate"))
    if length is None:
        return _opened(pick, here) if draft.open else _spread(pick, side)
    lasting = _lasting(pick, length, here)
    if draft.loose:  # "besok jam 9 terlambat 30 menit" need not last so long
        return pick._replace(assumed=(*pick.assumed, "order"), others=(lasting.value, *pick.others))
    return lasting


def _not_today(pick: Pick | None, side: Side) -> Pick | None:
    """A weekday by itself that is today's means the next one: of today people say "hari ini"."""
    bare = "weekday" in side.days and "date" not in side.days
    if bare and pick and pick.assumed == ("today",) and isinstance(pick.value, Day):
        return Pick(pick.others[0], ("today",), (pick.value,))
    return pick


def _spread(pick: Pick, side: Side) -> Pick:
    """Offer the whole span beside the day that "3 hari ke depan" was taken for."""
    if "onward" in side.days and isinstance(pick.value, Day):
        length: Length = side.days["onward"].data
        first = days.add_months(pick.value.on, -length.months) - length.delta
        return pick._replace(others=(DaySpan(first, pick.value.on),))
    return pick


def _opened(pick: Pick, here: Here) -> Pick:
    match pick.value:
        case Instant(at):
            return Pick(Span(at), pick.assumed, tuple(Span(other.at) for other in pick.others if isinstance(other, Instant)))
        case Around(start=start):
            return pick._replace(value=Span(start))
        case Day(on):
            return Pick(Span(moment(on, 0, here.zone)), (*pick.assumed, "unsaid"))
    return pick


def _lasting(pick: Pick, length: Length, here: Here) -> Pick:
    """Give a start its length: "3 hari mulai Senin depan", "besok jam 9 selama 2 jam"."""
    return Pick(
        _last(pick.value, length, here),
        (*pick.assumed, *_doubts(pick.value, length)),
        tuple(_last(other, length, here) for other in pick.others),
    )


def _doubts(value: When, length: Length) -> tuple[Reason, ...]:
    if length.working:
        return ("holidays",)
    return () if length.whole or isinstance(value, Instant) else ("unsaid",)


def _last(value: When, length: Length, here: Here) -> When:
    match value:
        case Instant(at):
            if length.whole or length.months:
                return DaySpan(at.date(), _last_day(at.date(), length, here))
            return Span(at, (at.astimezone(UTC) + length.delta).astimezone(at.tzinfo))
        case Day(on) | DaySpan(start=on) if length.whole or length.months:
            return DaySpan(on, _last_day(on, length, here))
    return value


def _last_day(start: date, length: Length, here: Here) -> date:
    if length.working:
        return days.working_day(length.delta.days, start - days.DAY, here.holidays).start
    return days.add_months(start, length.months) + length.delta - days.DAY


# --- ranges ---------------------------------------------------------------------------------------------------------


def _hours(draft: Draft, side: Side, first: ClockSaid, last: ClockSaid, here: Here) -> Pick | None:
    """Resolve "besok jam 9-11"; the part said at the end counts for both where that makes sense."""
    start, end, reasons = _span_minutes(side, first, last)
    zone = last.zone or first.zone or side.zone

    def over(day: date) -> bool:
        return moment(day, start, here.zone, zone) <= here.now

    chosen = day_of(side, here, over)
    if chosen is None:
        chosen = days.one(here.today) if not over(here.today) else days.one(here.today + days.DAY, ("passed",))
        if side.later == -1 or (side.part and side.part.tense in (-1, 0)):
            chosen = days.one(here.today)
    if chosen.start != chosen.end:
        chosen = days.one(chosen.start, (*chosen.assumed, "week"))
    value = _span(draft, chosen.start, start, end, here, zone)
    close = moment(chosen.start, end, here.zone, zone)
    if {"day", "date"} & side.days.keys() and chosen.start == here.today and close <= here.now and side.later != -1:
        raise InThePast(value, others=(_span(draft, chosen.start + days.DAY, start, end, here, zone),))
    others = tuple(_span(draft, day, start, end, here, zone) for day in chosen.others)
    loose: tuple[Reason, ...] = ("approximate",) if draft.between else ()
    return Pick(value, (*chosen.assumed, *reasons, *loose), others)


def _span(draft: Draft, day: date, start: int, end: int, here: Here, zone: int | None) -> Span | Around:
    first, last = moment(day, start, here.zone, zone), moment(day, end, here.zone, zone)
    return Around(first, last) if draft.between else Span(first, last)


def _span_minutes(side: Side, first: ClockSaid, last: ClockSaid) -> tuple[int, int, tuple[Reason, ...]]:
    part = side.part.part if side.part else None
    own = first.part or (None if first.exact else part)
    start = dial(first, own or (None if first.exact else _borrowed(first, last)))
    end = dial(last, last.part or (None if last.exact else part))
    minutes, reasons = end.minutes, start.assumed
    if not last.part and not last.exact:
        minutes = _after(start.minutes, last, part)
    elif minutes <= start.minutes:
        minutes += 1440
    return start.minutes, minutes, reasons


def _borrowed(first: ClockSaid, last: ClockSaid) -> str | None:
    """The part of the second clock, where the first one comes before it then: "jam 1 sampai 3 sore", not "9 sampai 3 sore"."""
    if last.part is None:
        return None
    try:
        start, end = dial(first, last.part).minutes, dial(last).minutes
    except NoSuchDate:
        return None
    if start < end and end - start <= 720:
        return last.part
    return "am" if last.part == "pm" else "pagi" if dial(first).minutes >= end else None


def _after(start: int, last: ClockSaid, part: str | None) -> int:
    """The first time the second clock comes round after the start: "jam 10-2" ends at 14."""
    turn = last.hour * 60 + last.minute - last.said * 60
    return next(m for half in range(6) if (m := (last.said % 12 + 12 * half) * 60 + turn) > start)


def _between(draft: Draft, here: Here) -> Pick | None:
    """Resolve a range of two sides."""
    first, last = draft.sides[0], draft.sides[-1]
    _share(first, last)
    start = side_value(first, here) if not first.empty else None
    if start is None:
        return side_value(last, here)
    begin = _begin(start.value)
    if last.clock and not last.dated and isinstance(start.value, Instant):
        minutes = _after(_minute_of(start.value.at), last.clock, None)
        end = dial(last.clock, side_part(last, last.clock)).minutes if last.clock.part or last.clock.exact else minutes
        end += 1440 if end <= _minute_of(start.value.at) else 0
        return Pick(Span(start.value.at, moment(begin, end, here.zone)), start.assumed)
    if not first.clock and not last.clock and not last.timed:
        return _day_range(start, last, begin, here)
    return _mixed(draft, start, begin, last, here)


def _share(first: Side, last: Side) -> None:
    """What is said at the end counts for the start too: "Senin-Rabu minggu depan", "28 Agustus - 2 September 2026"."""
    if last.rels and not first.rels and first.days.keys() & {"weekday", "date"}:
        first.rels = dict(last.rels)
    if "date" in first.days and "date" in last.days:
        one, two = first.days["date"], last.days["date"]
        if one.data.month is None and two.data.month is not None:
            one = one._replace(data=one.data._replace(month=two.data.month))
        if one.data.year is None and two.data.year is not None:
            year = two.data.year - ((one.data.month or 0) > (two.data.month or 13))
            one = one._replace(data=one.data._replace(year=year))
        first.days["date"] = one
    if "weekday" in last.days and "weekday" in first.days and first.days["weekday"].data.which is None:
        said: WeekdaySaid = last.days["weekday"].data
        if said.which is not None:
            first.days["weekday"] = first.days["weekday"]._replace(data=first.days["weekday"].data._replace(which=said.which))


def _begin(value: When) -> date:
    match value:
        case Day(on) | DaySpan(start=on):
            return on
        case Instant(at) | Around(start=at):
            return at.date()
    raise NoSuchDate("")


def _minute_of(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _end_day(last: Side, begin: date, here: Here) -> Choice:
    """Resolve the end as the next one after the start, not after today."""
    if "weekday" in last.days and not last.rels:
        last.days["weekday"] = last.days["weekday"]._replace(data=WeekdaySaid(last.days["weekday"].data.day))
    ref = begin if "day" not in last.days and not last.rels and not last.shift else here.today
    chosen = day_of(last, here, lambda day: False, ref)
    if chosen is None or chosen.end < begin:
        raise NoSuchDate("")
    return chosen


def _day_range(start: Pick, last: Side, begin: date, here: Here) -> Pick:
    chosen = _end_day(last, begin, here)
    reasons = tuple(reason for reason in (*start.assumed, *chosen.assumed) if reason != "year")
    if isinstance(start.value, Instant):
        end = moment(chosen.end, 1440, here.zone)
        return Pick(Span(start.value.at, end), (*reasons, "unsaid"))
    return Pick(DaySpan(begin, chosen.end), reasons + (("year",) if "year" in start.assumed else ()))


def _mixed(draft: Draft, start: Pick, begin: date, last: Side, here: Here) -> Pick:
    """Resolve a range whose ends are not both whole days."""
    if not last.dated:
        end = side_value(last, here)
        until = _moment_in(end, begin) if end else None
        opening = start.value.at if isinstance(start.value, Instant) else max(here.now, moment(begin, 0, here.zone))
        return Pick(Span(opening, until), (*start.assumed, "unsaid"))
    chosen = _end_day(last, begin, here)
    clock = last.clock
    if isinstance(start.value, Instant):
        if clock is None:
            return Pick(Span(start.value.at, moment(chosen.end, 1440, here.zone)), (*start.assumed, "unsaid"))
        end_minutes = dial(clock, side_part(last, clock))
        finish = moment(chosen.start, end_minutes.minutes, here.zone, clock.zone or last.zone)
        return Pick(Span(start.value.at, finish), (*start.assumed, *chosen.assumed, *end_minutes.assumed))
    whole = DaySpan(begin, chosen.end)
    if clock is None:
        return Pick(whole, (*start.assumed, "part_of_day"))
    return _days_with_hours(draft, whole, last, clock, here)


def _days_with_hours(draft: Draft, whole: DaySpan, last: Side, clock: ClockSaid, here: Here) -> Pick:
    """Resolve "14-16 Agustus pukul 08.00": it opens then; unless the end is said, it lasts through the last day."""
    start = moment(whole.start, dial(clock, side_part(last, clock)).minutes, here.zone, clock.zone or last.zone)
    if last.until:
        first, final, _ = _span_minutes(last, clock, last.until)
        span = Span(moment(whole.start, first, here.zone, clock.zone), moment(whole.end, final, here.zone, clock.zone))
        return Pick(span, ("unsaid",), (whole,))
    end = None if draft.open else moment(whole.end, 1440, here.zone)
    return Pick(Span(start, end), ("unsaid",), (whole,))


def _moment_in(pick: Pick, day: date) -> datetime | None:
    match pick.value:
        case Instant(at) | Around(end=at):
            return at
    return None
