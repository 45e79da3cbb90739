"""Builds nodes from the other shapes; None where the tokens turn out to be no time."""

import re
from datetime import timedelta
from typing import Any

from pendopo.when.grammar.clock_builders import UNITS, Match, Tokens, get_matched, get_token
from pendopo.when.grammar.nodes import (
    DateNode,
    DayPartNode,
    EdgeNode,
    InvalidNode,
    Length,
    NthNode,
    PrayerNode,
    RecurrenceNode,
    RelativeNode,
    WeekdayNode,
)
from pendopo.when.grammar.tokens import Token, join_words
from pendopo.when.lexicon import names
from pendopo.when.lexicon.names import word_set

BEARING = word_set(
    "num hm nth ymd stamp dm wday wabbr month day yday now part prayer slot noon tonight lastnight weekend workday dayh hminus"
    " jam hour hari minggu pekan bulan tahun menit every later half dec"
)
_FRACTIONS = {(1, 2), (1, 3), (1, 4), (3, 4), (2, 3)}
_FIRM_MONTHS = re.compile("^(?:januari|februari|maret|juni|agustus|september|oktober|november|desember|january|february|"
                          "august|october|december|nopember)$")  # fmt: skip


def _token_in(tokens: Tokens, match: Match, group: str) -> Token | None:
    place = match.start(group) if group in match.re.groupindex else -1
    return tokens[place] if place >= 0 else None


def _value_in(tokens: Tokens, match: Match, group: str) -> Any:
    token = _token_in(tokens, match, group)
    return token.value if token else None


def read_value(tokens: Tokens, match: Match) -> Any:
    """Read the value of the first token, True for a sign or binding word, which has none."""
    found = tokens[match.start()].value
    return True if found is None else found


# --- dates ----------------------------------------------------------------------------------------------------------


def read_date(tokens: Tokens, match: Match) -> DateNode | InvalidNode:
    """Read a day of a month."""
    day, month, year = (_value_in(tokens, match, group) for group in "DMY")
    text = join_words(get_matched(tokens, match))
    limit = 31 if month is None or not 1 <= month <= 12 else (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    if not 1 <= day <= limit or (month is not None and not 1 <= month <= 12):
        return InvalidNode(text)
    return DateNode(day, month, year, text)


def read_numeric_date(tokens: Tokens, match: Match) -> DateNode | InvalidNode | None:
    """Read 21/8/2026, 2026-08-21 or 21/8, unless it is a fraction."""
    token = tokens[match.end() - 1]
    if token.kind == "ymd":
        year, month, day = token.value
        return DateNode(day, month, year + 2000 if year < 100 else year, token.word)
    day, month = token.value
    after, before = get_token(tokens, match.end()), get_token(tokens, match.start() - 1)
    if token.value in _FRACTIONS and match.end() - match.start() == 1:
        led = before and before.kind in ("wday", "paren", "soft", "comma", "range", "dash")
        followed = after is None or after.kind in ("jam", "pukul", "hm", "comma", "paren", "range", "dash")
        if not led and (not followed or (after is None and before is not None)):
            return None
    if after and after.kind in UNITS - {"jam"}:
        return None
    return DateNode(day, month, None, token.word)


def read_date_range(tokens: Tokens, match: Match) -> tuple[DateNode, DateNode] | InvalidNode | None:
    """Read "14-16 Agustus" or "tgl 14 s.d. 16"."""
    month, year = _value_in(tokens, match, "M"), _value_in(tokens, match, "Y")
    part = get_matched(tokens, match)
    if month is None and not any(token.kind == "tgl" for token in part):
        return None
    if month is None and any(token.kind in UNITS for token in tokens[match.end() : match.end() + 1]):
        return None
    first, last = _value_in(tokens, match, "A"), _value_in(tokens, match, "B")
    if not (1 <= first <= 31 and 1 <= last <= 31):
        return InvalidNode(join_words(part))
    opening, opening_year = month, year
    if month is not None and first > last:  # "28 s.d. 2 September" begins in the month before
        opening, opening_year = (month - 2) % 12 + 1, year if year is None or month > 1 else year - 1
    return DateNode(first, opening, opening_year, join_words(part)), DateNode(last, month, year, join_words(part))


def read_date_list(tokens: Tokens, match: Match) -> list[DateNode] | None:
    """Read "tgl 5 dan 20" or "3, 4, dan 5 September"."""
    month, year = _value_in(tokens, match, "M"), _value_in(tokens, match, "Y")
    part = get_matched(tokens, match)
    if month is None and not any(token.kind == "tgl" for token in part):
        return None
    days = [token.value for token in part if token.kind == "num"]
    return [DateNode(day, month, year, join_words(part)) for day in days] if all(1 <= day <= 31 for day in days) else None


def read_month(tokens: Tokens, match: Match) -> EdgeNode | None:
    """Read a month by itself. Mei, April and Juli are also names, so they need "bulan" or a year."""
    token = tokens[match.start("M")]
    before = get_token(tokens, match.start() - 1)
    since = before is not None and before.word in names.BACKWARD
    if match.start("C") < 0 and match.start("Y") < 0 and not since and not _FIRM_MONTHS.match(token.word):
        return None
    if before and before.kind in ("num", "junk") and match.start("C") < 0:
        return None
    return EdgeNode(-1, "bulan", None, token.value, _value_in(tokens, match, "Y"))


def _find_which(tokens: Tokens, match: Match) -> int | None:
    for group in ("PRE", "POST"):
        token = _token_in(tokens, match, group)
        if token:
            return 2 if token.kind == "day" else int(token.value)
    return None


def read_weekday(tokens: Tokens, match: Match) -> WeekdayNode | None:
    """Read "Jumat", "Jumat depan", "last Friday", "Jumat besok"."""
    token = tokens[match.start("W")]
    post = _token_in(tokens, match, "POST")
    if post and post.kind == "day" and post.value != 1:
        return None
    return WeekdayNode(6 if token.kind == "minggu" else token.value, _find_which(tokens, match))


def read_sunday(tokens: Tokens, match: Match) -> WeekdayNode | None:
    """Read "Minggu" as the day, unless it is a number of weeks."""
    before = get_token(tokens, match.start() - 1)
    return None if before and before.kind == "num" and before.word != "minggu" else WeekdayNode(6)


def read_weekday_list(tokens: Tokens, match: Match) -> list[int]:
    """Read "Senin, Rabu, dan Jumat"."""
    return [6 if t.kind == "minggu" else t.value for t in get_matched(tokens, match) if t.kind in ("wday", "minggu")]


def read_relative(tokens: Tokens, match: Match) -> RelativeNode | None:
    """Read "minggu depan", "next month", "tahun ini"."""
    unit = tokens[match.start("U")].kind
    return RelativeNode("minggu" if unit == "pekan" else unit, _find_which(tokens, match) or 0)


def read_night_before(tokens: Tokens, match: Match) -> WeekdayNode | None:
    """Read "malam Minggu", which is Saturday night."""
    if tokens[match.start()].value != "malam" or tokens[match.start()].word in ("night", "evening"):
        return None
    token = tokens[match.start("W")]
    return WeekdayNode(6 if token.kind == "minggu" else token.value, _find_which(tokens, match))


def read_day_part(tokens: Tokens, match: Match) -> DayPartNode:
    """Read "pagi", "nanti sore", "malam ini", "tadi pagi"."""
    word = tokens[match.start("P")].value
    tense: int | None = None
    for group in ("PRE", "POST"):
        token = _token_in(tokens, match, group)
        if token:
            tense = {"later": 1, "this": 0, "earlier": -1, "lastord": -2, "yday": -2}[token.kind]
    return DayPartNode(word, tense)


def read_night_word(tokens: Tokens, match: Match) -> DayPartNode:
    """Read "tonight" and "semalam"."""
    return DayPartNode("malam", 1 if tokens[match.start()].kind == "tonight" else -2)


def read_later(tokens: Tokens, match: Match) -> int:
    """Read "nanti" (1) and "tadi" (-1)."""
    return 1 if tokens[match.start()].kind == "later" else -1


def read_prayer(tokens: Tokens, match: Match) -> PrayerNode | None:
    """Read "ba'da magrib", "sebelum subuh", "nanti isya"."""
    lead = _token_in(tokens, match, "R")
    if not lead and _token_in(tokens, match, "POST") is None:
        before = get_token(tokens, match.start() - 1)
        led = bool(before and before.kind in ("day", "wday", "month", "year", "every", "before", "after"))
        alone = led or len(tokens) == match.end() - match.start()
        return PrayerNode(tokens[match.start("P")].value, 0) if alone else None
    side = {"before": -1, "after": 1}.get(lead.kind, 0) if lead else 0
    return PrayerNode(tokens[match.start("P")].value, side)


def read_friday_prayer(tokens: Tokens, match: Match) -> PrayerNode | None:
    """Read "ba'da Jumat", which is after the Friday prayer."""
    lead, named = tokens[match.start("R")], tokens[match.start("P")]
    return PrayerNode("jumat", 1) if named.value == 4 and lead.word not in ("after", "setelah", "sesudah") else None


# --- lengths --------------------------------------------------------------------------------------------------------

_STEP = {"detik": 1 / 60, "menit": 1, "min": 1, "jam": 60, "hour": 60, "hari": 1440, "workday": 1440}
_STEP |= {"minggu": 10080, "pekan": 10080}
_MONTHS = {"bulan": 1, "tahun": 12}


class _LengthSum:
    """A length being added up: `amount` waits for its unit, `step` is the last unit in minutes."""

    def __init__(self) -> None:
        self.minutes = self.months = self.amount = self.times = self.step = 0.0
        self.whole = True

    def add_number(self, token: Token) -> None:
        """Add a number, a half or an article."""
        if token.kind in ("num", "dec"):
            self.amount = float(token.value)
        elif token.kind == "dm":
            self.amount = token.value[0] / token.value[1]
        elif token.kind in ("article", "ish"):
            self.amount = self.amount if self.amount or self.minutes or self.months else 1.0
        elif token.kind == "times":  # "2x24 jam"
            self.times = self.amount
        elif token.kind in ("half", "quarter"):
            share = 0.5 if token.kind == "half" else 0.25
            if self.amount or not (self.minutes or self.months):
                self.amount += share
            else:  # "sejam setengah"
                self.minutes += share * self.step

    def add_unit(self, token: Token) -> None:
        """Add a unit, which applies to the number before it."""
        if token.kind in _STEP:
            self.step = _STEP[token.kind]
            self.minutes += self.amount * self.step * (self.times or 1)
            self.whole = self.whole and self.step >= 1440
        else:
            self.months += self.amount * _MONTHS[token.kind]
        self.amount = 0.0


def read_length(tokens: Tokens, match: Match) -> Length | None:
    """Add up "1 jam 30 menit", "satu setengah jam", "2x24 jam"."""
    total = _LengthSum()
    covered = get_matched(tokens, match)
    before = get_token(tokens, match.start() - 1)
    if before and before.kind == "times" and not covered[0].word[0].isdigit() and covered[0].kind != "during":
        # "3x sehari" is a frequency, not a length
        return None
    if any(token.kind == "dm" and token.value not in _FRACTIONS for token in covered):
        return None
    if any(token.kind == "times" and token.word != "x" for token in covered):  # "10 kali 2 jam" is no "2x24 jam"
        return None
    for token in covered:
        if token.kind in _STEP or token.kind in _MONTHS:
            total.add_unit(token)
        elif token.kind == "and":
            total.amount = 0.0
        else:
            total.add_number(token)
    months = int(total.months)
    minutes = total.minutes + (total.months - months) * 30 * 1440
    units = {token.kind for token in covered if token.kind in _STEP or token.kind in _MONTHS}
    half = minutes == 720 and not months and units <= {"hari", "workday"}
    working = "workday" in units and not half
    return Length(timedelta(minutes=minutes), months, total.whole and minutes % 1440 == 0, working, half)


def read_ahead(tokens: Tokens, match: Match) -> Length | None:
    """Read "2 jam lagi", "in an hour"."""
    return read_length(tokens, match)


def read_ago(tokens: Tokens, match: Match) -> Length | None:
    """Read "3 hari lalu"."""
    found = read_length(tokens, match)
    return found and Length(-found.delta, -found.months, found.whole)


def read_count(tokens: Tokens, match: Match) -> int:
    """Read the number of working days."""
    return int(_value_in(tokens, match, "N"))


def read_offset(tokens: Tokens, match: Match) -> Length | None:
    """Read "30 menit sebelum"."""
    found = read_length(tokens, match)
    following = get_token(tokens, match.end())
    if found and found.half:  # "setengah hari sesudah pukul 12.00" is the half after noon
        return None
    if found and found.whole and following and following.kind == "prayer":  # "3 hari ba'da isya" is two things
        return None
    return read_ago(tokens, match) if found and tokens[match.start("R")].kind == "before" else found


def read_hminus(tokens: Tokens, match: Match) -> Length:
    """Read "H-1" and "hari H"."""
    token = tokens[match.start()]
    return Length(timedelta(days=token.value), 0, True)


def read_edge(tokens: Tokens, match: Match) -> EdgeNode:
    """Read "akhir bulan depan", "awal September"."""
    unit = _token_in(tokens, match, "U")
    name = "bulan" if unit is None else "minggu" if unit.kind == "pekan" else unit.kind
    return EdgeNode(
        tokens[match.start("E")].value,
        name,
        _find_which(tokens, match),
        _value_in(tokens, match, "M"),
        _value_in(tokens, match, "Y"),
    )


def read_weekend(tokens: Tokens, match: Match) -> int:
    """Read "akhir pekan depan"."""
    which = _find_which(tokens, match)
    return 0 if which is None else which


def read_nth(tokens: Tokens, match: Match) -> NthNode | None:
    """Read "Senin pertama bulan depan", "last Friday of the month", "minggu kedua September"."""
    token = _token_in(tokens, match, "W")
    index = int(token.value) if token else 6 if _token_in(tokens, match, "S") else None
    order = tokens[match.start("O")]
    number = -1 if order.kind == "lastord" else int(order.value)
    if number > 5:
        return None
    return NthNode(number, index, _find_which(tokens, match), _value_in(tokens, match, "M"), _value_in(tokens, match, "Y"))


_MONTH_STEP = 30 * 1440
_LONGEST_CYCLE = 10 * 366 * 1440
"""Minutes from one turn to the next; whoever says more mistyped a number."""


def read_from(tokens: Tokens, match: Match) -> str:
    """Read "mulai" ("on") and "sejak" ("back"), which looks back unless something begins to count then."""
    before = get_token(tokens, match.start() - 1)
    counted = before is not None and before.word in ("berlaku", "terhitung", "effective")
    return "back" if tokens[match.start()].word in names.BACKWARD and not counted else "on"


def read_exception(tokens: Tokens, match: Match) -> list[int]:
    """Read the weekdays of "kecuali Sabtu dan Minggu"."""
    return read_weekday_list(tokens, match)


_MOST_TURNS = 1000


def read_times(tokens: Tokens, match: Match) -> int | InvalidNode | None:
    """Read the number of turns: "10 kali", "sebanyak 10x"."""
    count = int(_value_in(tokens, match, "N"))
    return InvalidNode(join_words(get_matched(tokens, match))) if count > _MOST_TURNS else count or None


def read_every(tokens: Tokens, match: Match) -> RecurrenceNode | InvalidNode | None:
    """Read how often: "setiap", "setiap 2 minggu", "sebulan sekali", "every other"."""
    part = get_matched(tokens, match)
    kinds = [token.kind for token in part]
    if "workday" in kinds or "weekend" in kinds:
        singular = any(token.word in ("weekday", "weekdays", "weekend", "weekends") for token in part)
        if "every" not in kinds and not (singular and any(token.word.endswith("s") for token in part)):
            return None
        return RecurrenceNode("workday" if "workday" in kinds else "weekend")
    if kinds[0] == "freq":
        return RecurrenceNode(part[0].value)
    number = next((token.value for token in part if token.kind == "num"), 1)
    if "other" in kinds:
        number = number + 1 if part[kinds.index("other")].word == "selang" else 2
    unit = next((kind for kind in kinds if kind in UNITS), None)
    if unit == "detik" or number == 0:
        return None
    if "junk" in kinds or (unit and number * _STEP.get(unit, _MONTHS.get(unit, 0) * _MONTH_STEP) > _LONGEST_CYCLE):
        return InvalidNode(join_words(part)) if all(t.word.isdigit() for t in part if t.kind == "junk") else None
    return RecurrenceNode(unit, number, unit == "minggu" and part[kinds.index("minggu")].value == 0)
