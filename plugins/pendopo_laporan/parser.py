"""Reads a report's text: its kind, severity, harm, needs, and when it happened."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from pendopo import ApproximateTime, Context, Day, Instant, When

from pendopo_laporan.models import Read
from pendopo_laporan.settings import IMPORTANT, LEVELS, URGENT, USUAL, LaporanOptions, Level

_URGENT = re.compile(r"(?<!\w)(darurat|gawat|sos|emergency|genting)(?!\w)", re.IGNORECASE)
_IMPORTANT = re.compile(r"(?<!\w)(penting|mendesak|segera)(?!\w)", re.IGNORECASE)
_SECRET = re.compile(r"^\s*(?:laporan\s+)?(rahasia|tertutup)\b[\s:,-]*", re.IGNORECASE)
_HARM = re.compile(
    r"(?<![\w.,])(\d{1,6})\s*(jiwa|orang|warga|kk|keluarga|rumah|bangunan|korban|luka(?:-luka)?|meninggal|mengungsi|pengungsi|"
    r"hilang|kendaraan|pohon|hektar|ha)\b",
    re.IGNORECASE,
)
_HEIGHT = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,2})?)\s*(cm|senti|meter|m)(?=[\s.,;)]|$)", re.IGNORECASE)
_NEED = re.compile(r"(?<!\w)(?:membutuhkan|butuh|perlu|kebutuhan|mohon bantuan)\b[\s:]+([^.;\n]{2,200})", re.IGNORECASE)
_SAME = {"keluarga": "kk", "warga": "jiwa", "orang": "jiwa", "pengungsi": "mengungsi", "luka-luka": "luka", "hektar": "ha"}
"""Words that are counted as one."""
_AHEAD = re.compile(r"(?<!\w)(besok|lusa|nanti|depan|mendatang|akan|énjing|isukan)(?!\w)", re.IGNORECASE)
"""Words for the future, in Indonesian and Sundanese: such a text does not say when it happened."""
DAY, YEAR = timedelta(days=1), timedelta(days=365)
LONGEST = 4000
"""Characters of a report that are kept."""


def parse_report(text: str, options: LaporanOptions) -> Read:
    """Reads the text of a report."""
    said, secret = _SECRET.subn("", text.strip(), count=1)
    kind = options.detect_kind(said)
    usual = options.find_kind(kind).tingkat
    stated: Level = URGENT if _URGENT.search(said) else IMPORTANT if _IMPORTANT.search(said) else USUAL
    level: Level = max(stated, usual, key=LEVELS.index)
    need = _NEED.search(said)
    whole = said[:1].upper() + said[1:LONGEST]
    return Read(whole, kind, level, bool(secret), parse_harm(said), need[1].strip() if need else "")


def parse_harm(text: str) -> dict[str, float]:
    """The harm in numbers (people, households, houses), and the height of water in cm."""
    found: dict[str, float] = {}
    for number, what in _HARM.findall(text):
        name = what.lower()
        found[_SAME.get(name, name)] = found.get(_SAME.get(name, name), 0) + int(number)
    if (height := _HEIGHT.search(text)) is not None:
        value = float(height[1].replace(",", "."))
        found["cm"] = value if height[2].lower() in ("cm", "senti") else value * 100
    return found


async def parse_happened_at(ctx: Context, text: str) -> datetime | None:
    """When it happened: of the moments the text can mean, the last one of the past 31 days; else None.

    Doubts are not asked about: a report must not wait, and only what is past can be meant.
    """
    reading = await ctx.parse_time(text)
    if reading is None or _AHEAD.search(text):
        return None
    moments = [at for value in (reading.value, *reading.others) for at in _list_moments(value, ctx)]
    past = [at for at in moments if ctx.now - timedelta(days=31) <= at <= ctx.now]
    return max(past, default=None)


def _list_moments(value: When, ctx: Context) -> Sequence[datetime]:
    match value:
        case Instant(at):
            return (at, at - DAY, at - YEAR)  # a time without a day is read as the next one, but a report looks back
        case ApproximateTime(start, _):
            return (start, start - DAY)
        case Day(on) if on < ctx.today:
            return (ctx.at(on, time(12)),)
        case _:
            return ()
