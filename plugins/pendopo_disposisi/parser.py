"""Items and deadlines in the text of a disposisi: "izin 27", "#311"; a day means the end of its office hours."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pendopo import ApproximateTime, Context, DateRange, Day, Duration, Instant, Message, TimeRange, UserError, When

from pendopo_disposisi.plugin import DisposisiOptions

_BEFORE = re.compile(r"(?<!\w)(?:sebelum|sblm|sebelom|saacan|before)(?!\w)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|;|&|\+|(?:dan|serta|and|sareng)(?!\w))\s*(?=\S)", re.IGNORECASE)


def resolve_deadline(ctx: Context, waktu: When | None) -> str:
    """The deadline in ISO 8601, "" for none. Raises `UserError` when it has passed."""
    if waktu is None:
        return ""
    at = _resolve_instant(ctx, waktu)
    if at <= ctx.now:
        raise UserError("disposisi.waktu_lewat", param="waktu", waktu=waktu)
    return at.isoformat()


def after_comma(text: str) -> str | None:
    """The text after a leading comma or "and"; None when it begins with neither."""
    found = _AND.match(text)
    return text[found.end() :] if found else None


def _resolve_instant(ctx: Context, waktu: When) -> datetime:
    match waktu:
        case Instant(at):
            return at
        case Day(on):
            return _get_end_before(ctx, on) if _is_exclusive(ctx) else _get_closing_time(ctx, on)
        case DateRange(_, last):
            return _get_closing_time(ctx, last)
        case TimeRange(begin, end) | ApproximateTime(begin, end):
            return end or begin
        case Duration(delta, _):
            days = delta >= timedelta(days=1)
            return _get_closing_time(ctx, (ctx.now + delta).astimezone(ctx.zone).date()) if days else ctx.now + delta
    raise UserError("disposisi.waktu_tanpa_hari", param="waktu", waktu=waktu)


def _is_exclusive(ctx: Context) -> bool:
    """Whether the text says "sebelum Jumat": the day itself is too late."""
    return isinstance(ctx.event, Message) and _BEFORE.search(ctx.event.text) is not None


def _get_end_before(ctx: Context, day: date) -> datetime:
    """Closing time of the previous working day; once that has passed, opening time of the day itself."""
    last = _get_closing_time(ctx, ctx.work_calendar.add_working_days(day, -1))
    return last if last > ctx.now else ctx.at(day, ctx.options(DisposisiOptions).get_day_hours(day).opens)


def _get_closing_time(ctx: Context, day: date) -> datetime:
    return ctx.at(day, ctx.options(DisposisiOptions).get_day_hours(day).closes)


_ALSO: Mapping[str, str] = {"ijin": "izin", "lapor": "laporan", "dispo": "disposisi", "meeting": "rapat"}
"""Other words for a plugin's name."""
_FIRST = re.compile(r"\s*(?:(?P<word>[^\W\d_]{3,20})\s*)?(?:no\.?\s*|#)?(?P<number>\d{1,9})(?!\w|[.:]\d)[\s,:]*", re.IGNORECASE)
_CARD = re.compile(r"(?<!\w)(?P<word>[^\W\d_]{3,20})\s*#(?P<number>\d{1,9})(?!\w)")


class ItemRef(NamedTuple):
    """An item named in a text: its number (0: none) and its plugin ("": not said)."""

    number: int = 0
    plugin: str = ""


def parse_reference(text: str) -> tuple[ItemRef, str]:
    """The item a text begins with, and the rest of the text."""
    found = _FIRST.match(text)
    if found is None:
        return ItemRef(), text.strip()
    return _make_reference(found), text[found.end() :].strip()


def find_references(text: str) -> Iterator[ItemRef]:
    """The items a card names, in order."""
    return (_make_reference(found) for found in _CARD.finditer(text))


def _make_reference(found: re.Match[str]) -> ItemRef:
    word = (found["word"] or "").lower()
    return ItemRef(int(found["number"]), _ALSO.get(word, word))
