"""How each shape becomes what was said; None where the tokens turn out to be no time."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from .said import Bad, ClockSaid, DateSaid, EdgeSaid, EverySaid, Length, NthSaid, PartSaid, PrayerSaid, Rel, WeekdaySaid
from .tokens import CODES, Token

Tokens = Sequence[Token]
Match = re.Match[str]

BEARING = set(
    "num hm nth ymd stamp dm wday wabbr month day yday now part prayer slot noon tonight lastnight weekend workday dayh "
    "hminus jam hour hari minggu pekan bulan tahun menit every later half dec".split()
)
_AFTER_DATE = {"day", "wday", "next", "this", "ymd", "dm", "month", "year", "part", "minggu", "last"}
_UNITS = {"menit", "min", "detik", "jam", "hour", "hari", "minggu", "pekan", "bulan", "tahun"}
_FRACTIONS = {(1, 2), (1, 3), (1, 4), (3, 4), (2, 3)}
_FIRM_MONTHS = re.compile("^(?:januari|februari|maret|juni|agustus|september|oktober|november|desember|january|february|"
                          "august|october|december|nopember)$")  # fmt: skip
_PRAYER_PART = {"subuh": "dini", "zuhur": "siang", "asar": "sore", "magrib": "sore", "isya": "malam", "jumat": "siang"}
SPELL_KIND = {code: kind for kind, code in CODES.items()}


def _at(tokens: Tokens, match: Match, group: str) -> Token | None:
    place = match.start(group) if group in match.re.groupindex else -1
    return tokens[place] if place >= 0 else None


def _value(tokens: Tokens, match: Match, group: str) -> Any:
    token = _at(tokens, match, group)
    return token.value if token else None


def _slice(tokens: Tokens, match: Match, group: str | int = 0) -> Tokens:
    return tokens[match.start(group) : match.end(group)]


def _beside(tokens: Tokens, place: int) -> Token | None:
    return tokens[place] if 0 <= place < len(tokens) else None


def text_of(tokens: Tokens) -> str:
    """Return the words of these tokens."""
    return " ".join(token.word for token in tokens)


def value(tokens: Tokens, match: Match) -> Any:
    """Take the value of the first token; a sign or binding word has none and counts as said."""
    found = tokens[match.start()].value
    return True if found is None else found


# --- clocks ---------------------------------------------------------------------------------------------------------


def dial(tokens: Tokens) -> ClockSaid | Bad | None:
    """Read the words of one clock."""
    kinds = [token.kind for token in tokens]
    numbers = [token.value for token in tokens if token.kind == "num"]
    exact = False
    if "hm" in kinds:
        token = tokens[kinds.index("hm")]
        hour, minute = token.value
        exact = token.word[0] == "0" or hour >= 13
    else:
        hour, minute = numbers.pop(0), 0
        exact = hour >= 13 or hour == 0
    said = hour
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return Bad(text_of(tokens))
    shift = _turn(tokens, kinds, numbers)
    total = max(hour * 60 + minute + shift, 0)
    return ClockSaid(total // 60, total % 60, said, _part(tokens, kinds), exact, _loose(kinds), _zone(tokens))


def _turn(tokens: Tokens, kinds: list[str], numbers: list[int]) -> int:
    """Return the minutes before or after the hour: "setengah", "kurang 10", "lewat seperempat", "half past"."""
    if "half" in kinds:
        base = 30 if "plus" in kinds[kinds.index("half") :][:2] else -30
        kinds = [kind for kind in kinds if kind != "plus"] if base > 0 else kinds
    else:
        base = 0
    if "quarter" in kinds and kinds.index("quarter") < kinds.index("num"):
        return 15 if "plus" in kinds else -15
    sign = 1 if "plus" in kinds else -1 if "minus" in kinds else 0
    amount = 15 if "quarter" in kinds else numbers[0] if numbers else 0
    return base + sign * amount


def _part(tokens: Tokens, kinds: list[str]) -> str | None:
    for token in tokens:
        if token.kind == "ampm" or token.kind == "part":
            return str(token.value)
        if token.kind == "prayer":
            return _PRAYER_PART[token.value]
    return None


def _zone(tokens: Tokens) -> int | None:
    return next((token.value for token in tokens if token.kind == "zone"), None)


def _loose(kinds: list[str]) -> bool:
    return "approx" in kinds or "ish" in kinds


def _evidence(tokens: Tokens, start: int, end: int) -> bool:
    """Whether these tokens say by themselves that they are a time of day."""
    part = tokens[start:end]
    kinds = {token.kind for token in part}
    if kinds & {"jam", "pukul", "ampm", "oclock", "part", "zone", "prayer"}:
        return True
    if "at" in kinds:
        after = _beside(tokens, end)
        return after is None or after.kind not in _UNITS | {"month", "junk"}
    if "half" in kinds or "quarter" in kinds or "plus" in kinds:
        after = _beside(tokens, end)
        return (after is None or after.kind != "word") and "approx" not in kinds and bool(kinds & {"half", "quarter", "hm"})
    return "hm" in kinds and _clean_hm(next(token for token in part if token.kind == "hm"), _dated(tokens, start))


def _dated(tokens: Tokens, start: int) -> bool:
    before = _beside(tokens, start - 1)
    if before and before.kind in ("comma", "paren", "soft", "dash"):
        before = _beside(tokens, start - 2)
    return bool(before and before.kind in _AFTER_DATE)


def _clean_hm(token: Token, dated: bool) -> bool:
    """Whether "14.00" stands for a time with no "pukul" before it; "3.27" may be anything."""
    hour, minute = token.value
    return dated or token.word[0] == "0" or ":" in token.word or minute in (0, 15, 30, 45) or (hour >= 13 and minute % 5 == 0)


def clock(tokens: Tokens, match: Match) -> ClockSaid | Bad | None:
    """Read one time of day, where something says that it is one."""
    start, end = match.span()
    if not _evidence(tokens, start, end):
        return None
    after = _beside(tokens, end)
    if after and tokens[end - 1].kind == "num" and after.kind in ("month", "dm"):
        return None
    if after and tokens[end - 1].kind == "num" and after.kind in _UNITS - {"hari", "minggu", "jam"} and end - start < 3:
        return None
    said = dial(tokens[start:end])
    return None if isinstance(said, Bad) and not _cued(tokens[start:end]) else said


def _cued(tokens: Tokens) -> bool:
    return any(token.kind in ("jam", "pukul", "zone") for token in tokens)


def spoken_clock(tokens: Tokens, match: Match) -> ClockSaid | Bad | None:
    """Read "pukul delapan tiga puluh": two numbers in words."""
    part = _slice(tokens, match)
    hour, minute = (token for token in part if token.kind == "num")
    if hour.word[0].isdigit() or minute.word[0].isdigit() or minute.value < 5:
        return None
    kinds = [token.kind for token in part]
    said = ClockSaid(hour.value, minute.value, hour.value, _part(part, kinds), hour.value > 12, _loose(kinds), _zone(part))
    return said if hour.value < 24 and minute.value < 60 else Bad(text_of(part))


def noon(tokens: Tokens, match: Match) -> ClockSaid:
    """Read noon and midnight."""
    part = _slice(tokens, match)
    return ClockSaid(part[0].value, 0, part[0].value, None, True, False, _zone(part))


def hours(tokens: Tokens, match: Match) -> tuple[ClockSaid, ClockSaid] | Bad | None:
    """Read "jam 9-11", "2 to 4pm", "08.00 s.d. 10.00"; bare numbers only after a date."""
    (start, end), after = match.span(), _beside(tokens, match.end())
    firm = _evidence(tokens, start, end) or "between" in {token.kind for token in tokens[start:end]}
    both_hm = all(any(token.kind == "hm" for token in _slice(tokens, match, group)) for group in "AB")
    led = tokens[start].kind == "from" or (after and after.kind in ("day", "wday", "later"))
    if not firm and not both_hm and not _dated(tokens, start) and not led:
        return None
    if after and tokens[end - 1].kind == "num" and (after.kind in {"month", "dm", "junk"} or (after.kind in _UNITS and not firm)):
        return None
    first, second = dial(_slice(tokens, match, "A")), dial(_slice(tokens, match, "B"))
    if isinstance(first, Bad) or isinstance(second, Bad):
        return Bad(text_of(tokens[start:end])) if firm and _cued(tokens[start:end]) else None
    return (first, second) if first and second else None


# --- dates ----------------------------------------------------------------------------------------------------------


def date_said(tokens: Tokens, match: Match) -> DateSaid | Bad:
    """Read a day of a month."""
    day, month, year = (_value(tokens, match, group) for group in "DMY")
    text = text_of(_slice(tokens, match))
    limit = 31 if month is None or not 1 <= month <= 12 else (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    if not 1 <= day <= limit or (month is not None and not 1 <= month <= 12):
        return Bad(text)
    return DateSaid(day, month, year, text)


def figures(tokens: Tokens, match: Match) -> DateSaid | Bad | None:
    """Read 21/8/2026, 2026-08-21 or 21/8; a fraction is no date."""
    token = tokens[match.end() - 1]
    if token.kind == "ymd":
        year, month, day = token.value
        return DateSaid(day, month, year + 2000 if year < 100 else year, token.word)
    day, month = token.value
    after, before = _beside(tokens, match.end()), _beside(tokens, match.start() - 1)
    if token.value in _FRACTIONS and match.end() - match.start() == 1:
        led = before and before.kind in ("wday", "paren", "soft", "comma", "range", "dash")
        followed = after is None or after.kind in ("jam", "pukul", "hm", "comma", "paren", "range", "dash")
        if not led and (not followed or (after is None and before is not None)):
            return None
    if after and after.kind in _UNITS - {"jam"}:
        return None
    return DateSaid(day, month, None, token.word)


def date_range(tokens: Tokens, match: Match) -> tuple[DateSaid, DateSaid] | Bad | None:
    """Read "14-16 Agustus" or "tgl 14 s.d. 16"."""
    month, year = _value(tokens, match, "M"), _value(tokens, match, "Y")
    part = _slice(tokens, match)
    if month is None and not any(token.kind == "tgl" for token in part):
        return None
    if month is None and any(token.kind in _UNITS for token in tokens[match.end() : match.end() + 1]):
        return None
    first, last = _value(tokens, match, "A"), _value(tokens, match, "B")
    if not (1 <= first <= 31 and 1 <= last <= 31):
        return Bad(text_of(part))
    if month is not None and first >= last:
        return Bad(text_of(part))
    return DateSaid(first, month, year, text_of(part)), DateSaid(last, month, year, text_of(part))


def date_list(tokens: Tokens, match: Match) -> list[DateSaid] | None:
    """Read "tgl 5 dan 20" or "3, 4, dan 5 September"."""
    month, year = _value(tokens, match, "M"), _value(tokens, match, "Y")
    part = _slice(tokens, match)
    if month is None and not any(token.kind == "tgl" for token in part):
        return None
    days = [token.value for token in part if token.kind == "num"]
    return [DateSaid(day, month, year, text_of(part)) for day in days] if all(1 <= day <= 31 for day in days) else None


def whole_month(tokens: Tokens, match: Match) -> EdgeSaid | None:
    """Read a month by itself; Mei, April and Juli are also names, so they need "bulan" or a year."""
    token = tokens[match.start("M")]
    if match.start("C") < 0 and match.start("Y") < 0 and not _FIRM_MONTHS.match(token.word):
        return None
    before = _beside(tokens, match.start() - 1)
    if before and before.kind in ("num", "junk") and match.start("C") < 0:
        return None
    return EdgeSaid(-1, "bulan", None, token.value, _value(tokens, match, "Y"))


def _which(tokens: Tokens, match: Match) -> int | None:
    for group in ("PRE", "POST"):
        token = _at(tokens, match, group)
        if token:
            return 2 if token.kind == "day" else int(token.value)
    return None


def weekday(tokens: Tokens, match: Match) -> WeekdaySaid | None:
    """Read "Jumat", "Jumat depan", "last Friday", "Jumat besok"."""
    token = tokens[match.start("W")]
    post = _at(tokens, match, "POST")
    if post and post.kind == "day" and post.value != 1:
        return None
    return WeekdaySaid(6 if token.kind == "minggu" else token.value, _which(tokens, match))


def sunday(tokens: Tokens, match: Match) -> WeekdaySaid:
    """Read "Minggu" where nothing makes it a week."""
    return WeekdaySaid(6)


def weekday_list(tokens: Tokens, match: Match) -> list[int]:
    """Read "Senin, Rabu, dan Jumat"."""
    return [6 if t.kind == "minggu" else t.value for t in _slice(tokens, match) if t.kind in ("wday", "minggu")]


def rel(tokens: Tokens, match: Match) -> Rel | None:
    """Read "minggu depan", "next month", "tahun ini"."""
    unit = tokens[match.start("U")].kind
    return Rel("minggu" if unit == "pekan" else unit, _which(tokens, match) or 0)


def night_before(tokens: Tokens, match: Match) -> WeekdaySaid | None:
    """Read "malam Minggu", which is Saturday night."""
    if tokens[match.start()].value != "malam" or tokens[match.start()].word in ("night", "evening"):
        return None
    token = tokens[match.start("W")]
    return WeekdaySaid(6 if token.kind == "minggu" else token.value, _which(tokens, match))


def part(tokens: Tokens, match: Match) -> PartSaid:
    """Read "pagi", "nanti sore", "malam ini", "tadi pagi"."""
    word = tokens[match.start("P")].value
    tense: int | None = None
    for group in ("PRE", "POST"):
        token = _at(tokens, match, group)
        if token:
            tense = {"later": 1, "this": 0, "earlier": -1, "lastord": -2, "yday": -2}[token.kind]
    return PartSaid(word, tense)


def night_word(tokens: Tokens, match: Match) -> PartSaid:
    """Read "tonight" and "semalam"."""
    return PartSaid("malam", 1 if tokens[match.start()].kind == "tonight" else -2)


def later(tokens: Tokens, match: Match) -> int:
    """Read "nanti" (1) and "tadi" (-1)."""
    return 1 if tokens[match.start()].kind == "later" else -1


def prayer(tokens: Tokens, match: Match) -> PrayerSaid | None:
    """Read "ba'da magrib", "sebelum subuh", "nanti isya"."""
    lead = _at(tokens, match, "R")
    if not lead and match.start("POST") < 0:
        before = _beside(tokens, match.start() - 1)
        alone = len(tokens) == match.end() - match.start() or bool(before and before.kind in ("day", "wday", "month", "year", "every"))
        return PrayerSaid(tokens[match.start("P")].value, 0) if alone else None
    side = {"before": -1, "after": 1}.get(lead.kind, 0) if lead else 0
    return PrayerSaid(tokens[match.start("P")].value, side)


def friday_prayer(tokens: Tokens, match: Match) -> PrayerSaid | None:
    """Read "ba'da Jumat", which is after the Friday prayer."""
    lead, named = tokens[match.start("R")], tokens[match.start("P")]
    return PrayerSaid("jumat", 1) if named.value == 4 and lead.word not in ("after", "setelah", "sesudah") else None


# --- lengths --------------------------------------------------------------------------------------------------------

_STEP = {"detik": 1 / 60, "menit": 1, "min": 1, "jam": 60, "hour": 60, "hari": 1440, "workday": 1440, "minggu": 10080, "pekan": 10080}


def length(tokens: Tokens, match: Match) -> Length | None:
    """Add up "1 jam 30 menit", "satu setengah jam", "2x24 jam"."""
    minutes, months, amount, whole = 0.0, 0.0, 0.0, True
    step = 0.0
    for token in _slice(tokens, match):
        if token.kind == "and":
            amount = 0.0
        elif token.kind in ("num", "dec"):
            amount = float(token.value)
        elif token.kind in ("article", "ish"):
            amount = amount if amount or minutes or months else 1.0
        elif token.kind == "times":
            step = amount  # "2x24 jam"
        elif token.kind == "dm":
            if token.value not in _FRACTIONS:
                return None
            amount = token.value[0] / token.value[1]
        elif token.kind in ("half", "quarter"):
            share = 0.5 if token.kind == "half" else 0.25
            if amount or not (minutes or months):
                amount += share
            else:
                minutes += share * step
        elif token.kind in _STEP:
            minutes += amount * _STEP[token.kind] * (step or 1 if token.kind == "jam" and step else 1)
            whole, step, amount = whole and _STEP[token.kind] >= 1440, _STEP[token.kind], 0.0
        elif token.kind in ("bulan", "tahun"):
            months += amount * (1 if token.kind == "bulan" else 12)
            amount = 0.0
    if months != int(months):
        minutes, months = minutes + (months - int(months)) * 30 * 1440, int(months)
    return Length(timedelta(minutes=minutes), int(months), whole and minutes % 1440 == 0)


def ahead(tokens: Tokens, match: Match) -> Length | None:
    """Read "2 jam lagi", "in an hour"."""
    return length(tokens, match)


def ago(tokens: Tokens, match: Match) -> Length | None:
    """Read "3 hari lalu"."""
    found = length(tokens, match)
    return found and Length(-found.delta, -found.months, found.whole)


def count(tokens: Tokens, match: Match) -> int:
    """Read the number of working days."""
    return int(_value(tokens, match, "N"))


def offset(tokens: Tokens, match: Match) -> Length | None:
    """Read "30 menit sebelum"."""
    found = length(tokens, match)
    return ago(tokens, match) if found and tokens[match.start("R")].kind == "before" else found


def hminus(tokens: Tokens, match: Match) -> Length:
    """Read "H-1" and "hari H"."""
    token = tokens[match.start()]
    return Length(timedelta(days=token.value), 0, True)


def edge(tokens: Tokens, match: Match) -> EdgeSaid:
    """Read "akhir bulan depan", "awal September"."""
    unit = _at(tokens, match, "U")
    name = "bulan" if unit is None else "minggu" if unit.kind == "pekan" else unit.kind
    return EdgeSaid(
        tokens[match.start("E")].value, name, _which(tokens, match), _value(tokens, match, "M"), _value(tokens, match, "Y")
    )


def weekend(tokens: Tokens, match: Match) -> int:
    """Read "akhir pekan depan"."""
    which = _which(tokens, match)
    return 0 if which is None else which


def nth(tokens: Tokens, match: Match) -> NthSaid | None:
    """Read "Senin pertama bulan depan", "last Friday of the month", "minggu kedua September"."""
    token = _at(tokens, match, "W")
    index = None if token is None else 6 if token.kind == "minggu" else int(token.value)
    order = tokens[match.start("O")]
    number = -1 if order.kind == "lastord" else int(order.value)
    if number > 5:
        return None
    return NthSaid(number, index, _which(tokens, match), _value(tokens, match, "M"), _value(tokens, match, "Y"))


def every(tokens: Tokens, match: Match) -> EverySaid | None:
    """Read how often: "setiap", "setiap 2 minggu", "sebulan sekali", "every other"."""
    part = _slice(tokens, match)
    kinds = [token.kind for token in part]
    if "workday" in kinds or "weekend" in kinds:
        singular = any(token.word in ("weekday", "weekdays", "weekend", "weekends") for token in part)
        if "every" not in kinds and not (singular and any(token.word.endswith("s") for token in part)):
            return None
        return EverySaid("workday" if "workday" in kinds else "weekend")
    if kinds[0] == "freq":
        return EverySaid(part[0].value)
    number = next((token.value for token in part if token.kind == "num"), 1)
    if "other" in kinds:
        number = number + 1 if part[kinds.index("other")].word == "selang" else 2
    unit = next((kind for kind in kinds if kind in _UNITS), None)
    return EverySaid(unit, number)
