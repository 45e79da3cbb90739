"""Resolves whole expressions: single times, ranges, lengths from a start; lists and recurrences are passed on."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from pendopo.when.dates import DAY, add_months, make_moment, real_date
from pendopo.when.grammar.expression import Endpoint, Expression
from pendopo.when.grammar.nodes import ClockNode, Length, WeekdayNode
from pendopo.when.prayer_times import prayer_times
from pendopo.when.resolve import day_resolution
from pendopo.when.resolve.clock_resolution import DAY_PART_HOURS, resolve_clock
from pendopo.when.resolve.clock_spans import find_next_turn, span_minutes
from pendopo.when.resolve.day_resolution import DayChoice
from pendopo.when.resolve.endpoints import resolve_day
from pendopo.when.resolve.lists import resolve_date_list, resolve_offset, resolve_weekday_list
from pendopo.when.resolve.moments import get_part, resolve_endpoint, resolve_window
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.resolve.repetition import resolve_recurrence
from pendopo.when.values import (
    ApproximateTime,
    DateRange,
    Day,
    Duration,
    Instant,
    InThePastError,
    NoSuchDateError,
    Reason,
    TimeRange,
    WeekdayMismatchError,
    When,
    start_of,
)


def resolve_value(draft: Expression, here: Reference, anchor: str | None) -> Pick | None:
    """Resolve an expression; `anchor` names what an offset is counted from where that is no time."""
    while len(draft.sides) > 1 and draft.sides[-1].empty:
        draft.sides.pop()  # "14-16 Agustus sampai …": nothing follows
    if draft.every:
        return resolve_recurrence(draft, here)
    if draft.offset or draft.hminus:
        return resolve_offset(draft, here, anchor)
    _find_unused(draft)
    if draft.dates:
        return resolve_date_list(draft, here)
    if len(draft.sides) > 1 and not draft.sides[-1].empty:
        return _check_ends(draft, _resolve_range(draft, here), here)
    if draft.weekdays and not draft.dated_otherwise:
        return resolve_weekday_list(draft, here)
    return _resolve_single(draft, draft.sides[0], here)


def _find_unused(draft: Expression) -> None:
    """Note what only a recurrence could hold, and two days beside one date."""
    if draft.excluded:
        draft.unused.add("except")
    if draft.weekdays and draft.dated_otherwise and not draft.dates and len(draft.sides) == 1:
        draft.unused.add("weekdays")


def _check_ends(draft: Expression, pick: Pick | None, here: Reference) -> Pick | None:
    """Check a range against its length, and against weekdays said before it. Raises `WeekdayMismatchError`."""
    if pick is None:
        return None
    if draft.duration and _extend_value(Day(_get_begin_day(pick.value)), draft.duration, here) != pick.value:
        draft.unused.add("duration")
    if draft.weekdays and isinstance(pick.value, DateRange | TimeRange):
        ends = (_get_begin_day(pick.value), _get_end_day(pick.value))
        for index, day in zip((draft.weekdays[0], draft.weekdays[-1]), ends, strict=True):
            if day.weekday() != index:
                raise WeekdayMismatchError(index, day.weekday(), day, others=(pick.value,))
    return pick


def _get_begin_day(value: When) -> date:
    start = start_of(value)
    return start.date() if isinstance(start, datetime) else start or date.min


def _get_end_day(value: DateRange | TimeRange) -> date:
    if isinstance(value, DateRange):
        return value.end
    return ((value.end or value.start) - timedelta(microseconds=1)).date()


def _resolve_single(draft: Expression, side: Endpoint, here: Reference) -> Pick | None:
    if side.clock and side.until:
        if draft.ends:  # "sampai siang jam 13-15"
            draft.unused |= {"part", "prayer", "slot"}
        return _resolve_hours(draft, side, side.clock, side.until, here)
    pick = _not_today(resolve_endpoint(side, here), side)
    length = draft.duration
    if pick is None:
        return Pick(Duration(length.delta, length.months)) if length and side.empty else None
    if side.limit and not (length and length.half):
        pick = pick._replace(assumed=(*pick.assumed, "approximate"))
    if length is None:
        return _make_open(pick, here) if draft.open else _offer_span(pick, side)
    return _last_from(draft, pick, length, side, here)


def _last_from(draft: Expression, pick: Pick, length: Length, side: Endpoint, here: Reference) -> Pick:
    """Resolve a beginning with a length: "18 Agustus selama 4 hari", "besok setengah hari"."""
    if draft.ends and not (length.half and side.part and not side.clock):
        draft.unused.add("duration")  # "sampai 28 Agustus 4 hari" ends then, and begins before
        return pick
    if length.half:
        return _apply_half(draft, pick, side, here)
    lasting = _apply_length(pick, length, here)
    if isinstance(pick.value, Instant) and isinstance(lasting.value, DateRange):  # "besok jam 9 selama 3 hari"
        whole = TimeRange(pick.value.at, make_moment(lasting.value.end, 1440, here.zone))
        value, other = (pick.value, whole) if draft.loose else (whole, lasting.value)
        return Pick(value, (*pick.assumed, "order"), (other, *pick.others))
    if lasting.value == pick.value:
        if not length.whole:
            draft.unused.add("duration")  # "cuti 2 jam besok": from when?
        return pick
    if draft.loose:  # "besok jam 9 terlambat 30 menit" need not last so long
        return pick._replace(assumed=(*pick.assumed, "order"), others=(lasting.value, *pick.others))
    return lasting


def _apply_half(draft: Expression, pick: Pick, side: Endpoint, here: Reference) -> Pick:
    """Resolve half a working day: the half that an hour or a part of the day tells, else both are offered."""
    match pick.value:
        case Instant(at):
            others = tuple(_half_from(o.at, side, here) for o in pick.others if isinstance(o, Instant))
            return Pick(_half_from(at, side, here), pick.assumed, others)
        case ApproximateTime(start) if side.part and side.part.part in ("pagi", "siang", "sore"):
            late = side.part.part != "pagi" and not (draft.ends and side.part.part == "siang")
            return Pick(_half_of(start.date(), late, here), (*pick.assumed, "half"))
        case Day(on):
            days = [on, *(other.on for other in pick.others if isinstance(other, Day))]
            halves = [_half_of(day, late, here) for day in days for late in (False, True)]
            left = [half for half in halves if half.end and half.end > half.start] or halves
            return Pick(left[0], (*pick.assumed, "half"), tuple(left[1:]))
    draft.unused.add("duration")
    return pick


def _half_of(day: date, late: bool, here: Reference) -> TimeRange:
    """Half of a working day; of today, what is left of it (which may be nothing)."""
    opens, noon, closes = here.get_office(day)
    first, last = (noon, closes) if late else (opens, noon)
    start = make_moment(day, first, here.zone)
    now = here.now.replace(second=0, microsecond=0)
    return TimeRange(max(start, now) if day == here.today else start, make_moment(day, last, here.zone))


def _half_from(at: datetime, side: Endpoint, here: Reference) -> TimeRange:
    """Half a day around an hour: until it ("sebelum jam 12"), else from it to noon or to the end of office hours."""
    minute = _minute_of(at)
    opens, noon, closes = here.get_office(at.date())
    if side.limit < 0 and minute > opens:
        return TimeRange(make_moment(at.date(), opens, here.zone), at)
    close = noon if minute <= _LATEST_MORNING else closes if minute < closes else minute + 240
    return TimeRange(at, make_moment(at.date(), close, here.zone))


_LATEST_MORNING = 540
"""Half a day that begins at nine or before ends at noon, a later one with the office hours."""


def _not_today(pick: Pick | None, side: Endpoint) -> Pick | None:
    """Read a bare weekday that is today's as the next one: for today people say "hari ini"."""
    bare = "weekday" in side.days and "date" not in side.days
    if bare and pick and pick.assumed == ("today",) and isinstance(pick.value, Day):
        return Pick(pick.others[0], ("today",), (pick.value,))
    return pick


def _offer_span(pick: Pick, side: Endpoint) -> Pick:
    """Offer the whole range beside the day that "3 hari ke depan" was read as."""
    if "onward" in side.days and isinstance(pick.value, Day):
        length: Length = side.days["onward"].data
        first = add_months(pick.value.on, -length.months) - length.delta
        return pick._replace(others=(DateRange(first, pick.value.on),))
    return pick


def _make_open(pick: Pick, here: Reference) -> Pick:
    match pick.value:
        case Instant(at):
            return Pick(
                TimeRange(at), pick.assumed, tuple(TimeRange(other.at) for other in pick.others if isinstance(other, Instant))
            )
        case ApproximateTime(start=start):
            return pick._replace(value=TimeRange(start))
    return pick


def _apply_length(pick: Pick, length: Length, here: Reference) -> Pick:
    """Apply a length to a start: "3 hari mulai Senin depan", "besok jam 9 selama 2 jam"."""
    return Pick(
        _extend_value(pick.value, length, here),
        (*pick.assumed, *_find_doubts(pick.value, length)),
        tuple(_extend_value(other, length, here) for other in pick.others),
    )


def _find_doubts(value: When, length: Length) -> tuple[Reason, ...]:
    if length.working:
        return ("holidays",)
    return () if length.whole or isinstance(value, Instant) else ("unsaid",)


def _extend_value(value: When, length: Length, here: Reference) -> When:
    match value:
        case Instant(at):
            if length.whole or length.months:
                return DateRange(at.date(), _find_last_day(at.date(), length, here))
            return TimeRange(at, (at.astimezone(UTC) + length.delta).astimezone(at.tzinfo))
        case Day(on) | DateRange(start=on) if length.whole or length.months:
            last = _find_last_day(on, length, here)
            return DateRange(on, last) if last > on else Day(on)
    return value


def _find_last_day(start: date, length: Length, here: Reference) -> date:
    if length.working:
        return day_resolution.working_day(length.delta.days, start - DAY, here.holidays).start
    return add_months(start, length.months) + length.delta - DAY


# --- ranges ---------------------------------------------------------------------------------------------------------


def _resolve_hours(draft: Expression, side: Endpoint, first: ClockNode, last: ClockNode, here: Reference) -> Pick | None:
    """Resolve "besok jam 9-11"; a part of the day at the end applies to both clocks where that makes sense."""
    start, end, reasons = span_minutes(side, first, last)
    zone = last.zone or first.zone or side.zone

    def over(day: date) -> bool:
        return make_moment(day, start, here.zone, zone) <= here.now

    chosen = resolve_day(side, here, over)
    if chosen is None:
        chosen = (
            day_resolution.choose_day(here.today)
            if not over(here.today)
            else day_resolution.choose_day(here.today + DAY, ("passed",))
        )
        if side.later == -1 or (side.part and side.part.tense in (-1, 0)):
            chosen = day_resolution.choose_day(here.today)
    if chosen.start != chosen.end:
        chosen = day_resolution.choose_day(chosen.start, (*chosen.assumed, "week"))
    value = _make_span(draft, chosen.start, start, end, here, zone)
    close = make_moment(chosen.start, end, here.zone, zone)
    if {"day", "date"} & side.days.keys() and chosen.start == here.today and close <= here.now and side.later != -1:
        raise InThePastError(value, others=(_make_span(draft, chosen.start + DAY, start, end, here, zone),))
    others = tuple(_make_span(draft, day, start, end, here, zone) for day in chosen.others)
    loose: tuple[Reason, ...] = ("approximate",) if draft.between else ()
    return Pick(value, (*chosen.assumed, *reasons, *loose), others)


def _make_span(
    draft: Expression, day: date, start: int, end: int, here: Reference, zone: int | None
) -> TimeRange | ApproximateTime:
    first, last = make_moment(day, start, here.zone, zone), make_moment(day, end, here.zone, zone)
    return ApproximateTime(first, last) if draft.between else TimeRange(first, last)


def _resolve_range(draft: Expression, here: Reference) -> Pick | None:
    """Resolve a range of two sides."""
    first, last = draft.sides[0], draft.sides[-1]
    if len(draft.sides) > _ENDS:
        draft.unused |= {atom.kind for atom in draft.atoms}
    _share_details(first, last, _is_hour_first(draft))
    start = _resolve_start(first, last, here)
    if last.until and not (isinstance(start and start.value, Day | DateRange) and last.dated):
        draft.unused |= {"hours", "between"}
    if start is None:
        return resolve_endpoint(last, here)
    if first.until:  # "jam 13-15 sampai 28 Agustus"
        draft.unused |= {"hours", "between"}
    if last.timed and not last.dated:
        return _until_hour(draft, start, last, here)
    return _choose_running(draft, start, last, here)


def _choose_running(draft: Expression, start: Pick, last: Endpoint, here: Reference) -> Pick:
    """The range from a start: from an earlier one where that is not over yet, else both are offered."""
    pick = _from_start(draft, start, last, here)
    if "order" in pick.assumed:
        return pick
    earlier: list[When] = []
    for other in start.others:
        try:
            value = _from_start(draft, Pick(other), last, here).value
        except NoSuchDateError:
            continue
        if _is_running(value, here):
            return Pick(value, tuple(reason for reason in pick.assumed if reason not in ("year", "passed")), pick.others)
        earlier.append(value)
    return pick._replace(others=(*pick.others, *earlier))


def _from_start(draft: Expression, start: Pick, last: Endpoint, here: Reference) -> Pick:
    begin = _get_begin(start.value)
    if not draft.sides[0].timed and not last.timed:
        return _day_range(draft, start, begin, here)
    return _resolve_mixed(draft, start, begin, last, here)


def _is_running(value: When, here: Reference) -> bool:
    match value:
        case DateRange(start, end):
            return start < here.today <= end
        case TimeRange(start, end):
            return start <= here.now and (end is None or here.now < end)
    return False


_ENDS = 2


def _is_hour_first(draft: Expression) -> bool:
    """Whether the end begins with its hour: "pagi sampai siang besok", not "jam 9 sampai besok siang"."""
    return any(lead.kind == "range" and atom.kind in ("part", "prayer", "slot") for lead, atom in pairwise(draft.atoms))


def _share_details(first: Endpoint, last: Endpoint, hour_first: bool) -> None:
    """Apply what is said at the end to the start too: "Senin-Rabu minggu depan", "28 Agustus - 2 September 2026"."""
    if last.rels and not first.rels and first.days.keys() & {"weekday", "date"}:
        first.rels = dict(last.rels)
    if hour_first and first.timed and last.dated and not first.dated and not last.clock:
        first.days, first.rels, first.shift = last.days, last.rels, last.shift
        last.days, last.rels, last.shift = {}, {}, None
    if "date" in last.days and "date" in first.days:
        one, two = first.days["date"], last.days["date"]
        if one.data.month is None and two.data.month is not None:
            one = one._replace(data=one.data._replace(month=two.data.month))
        if one.data.year is None and two.data.year is not None:
            year = two.data.year - ((one.data.month or 0) > (two.data.month or 13))
            one = one._replace(data=one.data._replace(year=year))
        first.days["date"] = one
    if "weekday" in last.days and "weekday" in first.days and first.days["weekday"].data.which is None:
        said: WeekdayNode = last.days["weekday"].data
        if said.which is not None:
            first.days["weekday"] = first.days["weekday"]._replace(data=first.days["weekday"].data._replace(which=said.which))


def _resolve_start(first: Endpoint, last: Endpoint, here: Reference) -> Pick | None:
    if first.empty:
        return None
    if last.timed and not last.dated and not first.clock and (first.part or first.slot) and not first.dated:
        return resolve_window(first, here)  # "pagi sampai siang" is no greeting
    return resolve_endpoint(first, here)


def _get_begin(value: When) -> date:
    match value:
        case Day(on) | DateRange(start=on):
            return on
        case Instant(at) | ApproximateTime(start=at):
            return at.date()
    raise NoSuchDateError("")


# --- until an hour of the same day


def _until_hour(draft: Expression, start: Pick, last: Endpoint, here: Reference) -> Pick:
    """Resolve "besok pagi sampai siang", "besok jam 9 sampai jam 11", "besok sampai jam 12"."""
    first = draft.sides[0]
    if isinstance(start.value, DateRange):  # "minggu depan sampai jam 12"
        draft.unused |= {"clock", "part", "prayer", "slot"}
        return start
    spans = [_span_until(each, first, last, here) for each in (start.value, *start.others)]
    reasons: list[Reason] = [*start.assumed]
    if not first.timed:
        reasons.append("unsaid")
    if not last.clock:
        reasons.append("part_of_day")
    elif not last.clock.part and not last.clock.exact and not first.timed:
        reasons += resolve_clock(last.clock, get_part(last, last.clock)).assumed
    return Pick(spans[0], tuple(dict.fromkeys(reasons)), tuple(spans[1:]))


def _span_until(value: When, first: Endpoint, last: Endpoint, here: Reference) -> When:
    day = _get_begin(value)
    begin = _find_opening(value, first, day, here)
    minutes = _minute_of(begin)
    end = _find_closing(last, day, minutes, here)
    if end <= minutes:
        end += 1440
    if end - minutes > _LONGEST_UNTIL:
        raise NoSuchDateError("")
    return TimeRange(begin, make_moment(day, end, here.zone, last.clock.zone or last.zone if last.clock else None))


_LONGEST_UNTIL = 960
"""Minutes: "malam sampai pagi" goes past midnight, "siang sampai pagi" is a slip."""


def _find_opening(value: When, first: Endpoint, day: date, here: Reference) -> datetime:
    match value:
        case Instant(at):
            return at
        case ApproximateTime(start) if first.prayer:
            return start
        case ApproximateTime():
            hours = DAY_PART_HOURS[first.slot or (first.part.part if first.part else "malam")]
            return make_moment(day, hours.start, here.zone)
        case _:
            opens = make_moment(day, here.get_office(day)[0], here.zone)
            now = here.now.replace(second=0, microsecond=0)
            return max(opens, now) if day == here.today else opens


def _find_closing(last: Endpoint, day: date, start: int, here: Reference) -> int:
    """The minutes after midnight at which "sampai jam 11", "sampai siang", "sampai magrib" ends."""
    if last.clock:
        if last.clock.part or last.part or last.clock.exact:
            return resolve_clock(last.clock, get_part(last, last.clock)).minutes
        return find_next_turn(start, last.clock, None)
    if last.prayer:
        return prayer_times(day, here.place)[last.prayer.name]
    name = last.slot or (last.part.part if last.part else "")
    opens = here.get_office(day)[0]
    return opens if name == "pagi" and start >= opens else DAY_PART_HOURS[name].start


def _minute_of(at: datetime) -> int:
    return at.hour * 60 + at.minute


# --- until another day


def _resolve_end_day(last: Endpoint, begin: date, here: Reference) -> DayChoice:
    """Resolve the end of a range from its start, not from today. Raises `NoSuchDateError`."""
    if "weekday" in last.days and not last.rels:
        last.days["weekday"] = last.days["weekday"]._replace(data=WeekdayNode(last.days["weekday"].data.day))
    ref = begin if "day" not in last.days and not last.rels and not last.shift else here.today
    chosen = resolve_day(last, here, lambda day: False, ref)
    if chosen is None or chosen.end < begin:
        raise NoSuchDateError("")
    return chosen


def _day_range(draft: Expression, start: Pick, begin: date, here: Reference) -> Pick:
    """Resolve a range of whole days."""
    chosen = _resolve_end_day(draft.sides[-1], begin, here)
    span = DateRange(begin, chosen.end)
    reasons = tuple(dict.fromkeys((*start.assumed, *(reason for reason in chosen.assumed if reason != "year"))))
    turned = _turn_ends(draft, span, here)
    return Pick(turned, (*reasons, "order"), (span,)) if turned else Pick(span, reasons)


_LONGEST_WRAP = 20
"""Days of a range over the end of a month that is written with one month: "28 s.d. 2 September"."""


def _turn_ends(draft: Expression, span: DateRange, here: Reference) -> DateRange | None:
    """The days between, where the ends of "22 s.d. 20 Agustus" stand the wrong way round; None where they do not."""
    first, last = (side.days.get("date") for side in (draft.sides[0], draft.sides[-1]))
    if first is None or last is None or last.data.month is None or last.data.year is not None:
        return None
    begin = day_resolution.resolve_date(last.data, {}, here.today, lambda day: False).start
    length = (span.end - span.start).days
    if first.data.text and first.data.text == last.data.text:  # written with one month
        end = real_date(begin.year, begin.month, first.data.day) if first.data.day > last.data.day else None
        return DateRange(begin, end) if end and length > _LONGEST_WRAP else None
    return DateRange(begin, span.start) if begin < span.start and length > _HALF_YEAR else None


_HALF_YEAR = 183


def _resolve_mixed(draft: Expression, start: Pick, begin: date, last: Endpoint, here: Reference) -> Pick:
    """Resolve a range over days of which one side, or both, have an hour."""
    chosen = _resolve_end_day(last, begin, here)
    whole = DateRange(begin, chosen.end)
    if isinstance(start.value, Day | DateRange):
        if last.clock:
            return _days_with_hours(draft, whole, last, last.clock, here)
        # "Senin sampai Rabu siang" may also be all of these days.
        opening = make_moment(begin, here.get_office(begin)[0], here.zone)
        return Pick(TimeRange(opening, _close_day(last, chosen, here)), (*start.assumed, "part_of_day"), (whole,))
    opening = _find_opening(start.value, draft.sides[0], begin, here)
    reasons: tuple[Reason, ...] = ("unsaid",)
    if last.clock:
        reasons = resolve_clock(last.clock, get_part(last, last.clock)).assumed
    value = TimeRange(opening, _close_day(last, chosen, here))
    return Pick(value, (*start.assumed, *chosen.assumed, *reasons))


def _close_day(last: Endpoint, chosen: DayChoice, here: Reference) -> datetime:
    """The end of a side that names a day: its hour, else midnight."""
    if not last.timed:
        return make_moment(chosen.end, 1440, here.zone)
    if last.clock and not last.clock.part:
        reading = resolve_clock(last.clock, get_part(last, last.clock))
        return make_moment(chosen.start, reading.minutes, here.zone, last.clock.zone or last.zone)
    return make_moment(chosen.end, _find_closing(last, chosen.end, 0, here), here.zone)


def _days_with_hours(draft: Expression, whole: DateRange, last: Endpoint, clock: ClockNode, here: Reference) -> Pick:
    """Resolve "14-16 Agustus pukul 08.00": it begins then and, unless an end is given, lasts through the last day."""
    start = make_moment(whole.start, resolve_clock(clock, get_part(last, clock)).minutes, here.zone, clock.zone or last.zone)
    if last.until:
        first, final, _ = span_minutes(last, clock, last.until)
        span = TimeRange(
            make_moment(whole.start, first, here.zone, clock.zone), make_moment(whole.end, final, here.zone, clock.zone)
        )
        return Pick(span, ("unsaid",), (whole,))
    end = None if draft.open else make_moment(whole.end, 1440, here.zone)
    return Pick(TimeRange(start, end), ("unsaid",), (whole,))
