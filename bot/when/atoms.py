"""Stage two: the small shapes of which times are made, as patterns over kinds of tokens.

A pattern is written with the names of kinds; `shape` turns each name into its one letter. The longest match wins.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from . import dials, pieces
from .said import Atom
from .tokens import CODES, Token

Builder = Callable[[Sequence[Token], re.Match[str]], Any]

_UNIT = "(?:menit|min|detik|jam|hour|hari|minggu|pekan|bulan|tahun)"
_ONE = "(?:article|ish)"
# "jam" after a number is a length, unless a clock follows: "Senin 17 jam 9".
_LONG = (
    f"(?:num times num jam|(?:num half?|dec|half {_ONE}?|quarter|{_ONE}|dm)"
    f"(?:menit|min|detik|hour|hari|minggu|pekan|bulan|tahun|jam(?!hm|half num|num(?!{_UNIT})))"
    f"(?:and? {_ONE}? half(?!num))?)"
)
_LENGTH = f"(?:{_LONG}(?:and? {_LONG})*)"
_CUE = "(?:jam|pukul|at)"
_PART = "(?:part(?!hari?wday|hari?minggu)|prayer(?!wday))"
_TURN = "(?:(?:minus|plus)(?:num(?:menit|min)?|quarter(?!jam|hour)))"
_DIAL = f"(?:half plus? num|quarter(?:range|plus|minus)num|hm|num){_TURN}?"
_TAIL = f"(?:dash? ish)?(?:menit)? exact? oclock? ampm? (?:{_PART} (?:this|later)?)? {_TURN}? zone?"
_CLOCK = f"approx? {_CUE}? approx? exact? {_DIAL} {_TAIL}"
_TO = "(?:range|dash)"
_WHICH = "(?:next|this|last|yday)"
_ERST = "(?:next|this|lastord)"
_MONTH = "(?:(?P<M>month)(?:(?:dash|slash|comma|soft)?(?P<Y>year))?)"
_OF = f"(?:soft*(?:(?P<PRE>{_ERST})?bulan(?P<POST>{_WHICH})?(?!month|num)|bulan? {_MONTH}))"
_DAYS = "(?:num|nth)"
_LIST = "(?:comma|and|comma and|slash)"


@cache
def shape(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of kinds; capital letters name groups."""
    return re.compile(re.sub(r"[a-z]+", lambda kind: CODES[kind.group()], pattern).replace(" ", ""))


_RULES: tuple[tuple[str, str, Builder], ...] = (
    ("clock", _CLOCK, dials.clock),
    ("clock", f"{_CUE}num num {_TAIL}", dials.spoken_clock),
    ("hours", f"from? (?P<A>{_CLOCK}) soft? {_TO} (?P<B>{_CLOCK})", dials.hours),
    ("between", f"between(?P<A>{_CLOCK})(?:and|dash)(?P<B>{_CLOCK})", dials.hours),
    ("clock", "noon zone?", dials.noon),
    ("date", f"tgl? (?P<D>{_DAYS})(?:dash|slash|soft|bulan)?{_MONTH}", pieces.date_said),
    ("date", f"(?P<M>month)(?P<D>{_DAYS})(?!month|{_TO}num)(?:comma?(?P<Y>year))?", pieces.date_said),
    ("date", f"tgl(?P<D>{_DAYS})(?!month)(?:slash?bulan(?P<M>num)(?P<Y>year)?)?", pieces.date_said),
    ("date", f"soft?(?P<D>ord)soft{_MONTH}", pieces.date_said),
    ("date", "(?:soft|tgl|(?<=wday)comma?|(?<=every))(?P<D>nth)", pieces.date_said),
    ("date", f"(?<=wday)(?P<D>num)(?=comma?{_CUE})", pieces.date_said),
    ("date", "tgl?(?:ymd|dm)", pieces.figures),
    ("stamp", "stamp", pieces.value),
    ("dates", f"from? tgl?(?P<A>{_DAYS}){_TO}tgl?(?P<B>{_DAYS})(?:dash|soft)?{_MONTH}?", pieces.date_range),
    ("dates", f"from? (?P<M>month)(?P<A>{_DAYS}){_TO}(?P<B>{_DAYS})(?!month)(?:comma?(?P<Y>year))?", pieces.date_range),
    ("datelist", f"tgl?num(?:{_LIST}tgl?num)+{_MONTH}?", pieces.date_list),
    ("monthspan", "(?P<C>bulan)?(?P<M>month)(?P<Y>year)?", pieces.whole_month),
    ("weekdays", f"hari?(?:wday|minggu)(?:{_LIST}hari?(?:wday|minggu))+", pieces.weekday_list),
    ("weekday", f"hari?(?P<W>wday|wabbr)dot?(?P<POST>{_WHICH}|day)?", pieces.weekday),
    ("weekday", f"(?P<PRE>{_ERST})(?P<W>wday|wabbr)", pieces.weekday),
    ("weekday", f"hari(?P<W>minggu)(?P<POST>{_WHICH})?", pieces.weekday),
    ("weekday", f"(?P<W>minggu)(?!{_WHICH}|ord)", pieces.sunday),
    ("rel", f"(?P<U>minggu|pekan|bulan|tahun)(?P<POST>{_WHICH})", pieces.rel),
    ("rel", f"(?P<PRE>{_ERST})(?P<U>minggu|pekan|bulan|tahun)", pieces.rel),
    ("night", f"part(?P<W>wday|minggu)(?P<POST>{_WHICH})?", pieces.night_before),
    ("day", "(?:day|yday)", pieces.value),
    ("now", "now", pieces.value),
    ("part", "(?:(?P<PRE>later|earlier|this|lastord)(?=part))?(?P<P>part)(?P<POST>later|this|earlier|yday)?", pieces.part),
    ("part", "tonight|lastnight", pieces.night_word),
    ("later", "later|earlier", pieces.later),
    ("prayer", "(?P<R>before|after|approx|soft|jam|later|at|exact)?(?P<P>prayer)(?P<POST>later)?", pieces.prayer),
    ("prayer", "(?<=(?:before|after))(?P<P>prayer)", pieces.prayer),
    ("prayer", "(?P<R>after)(?P<P>wday)", pieces.friday_prayer),
    ("slot", "slot", pieces.value),
    ("shift", f"in? {_LENGTH} ahead", pieces.ahead),
    ("shift", f"in {_LENGTH}", pieces.ahead),
    ("shift", f"{_LENGTH} last", pieces.ago),
    ("onward", f"in? {_LENGTH} onward", pieces.length),
    ("distance", "(?P<N>num)(?:hari|minggu|pekan|bulan|tahun)next", pieces.length),
    ("workdays", "in?(?P<N>num)workday(?:ahead|onward|next)", pieces.count),
    ("workdays", "in(?P<N>num)workday", pieces.count),
    ("duration", f"during? {_LENGTH}", pieces.length),
    ("duration", "during?num(?:workday|hari num part)", pieces.length),
    ("offset", f"{_LENGTH}(?P<R>before|after)", pieces.offset),
    ("hminus", "hminus|dayh", pieces.hminus),
    ("edge", f"(?P<E>edge)soft*(?P<PRE>{_ERST})?(?P<U>bulan|tahun|minggu|pekan)(?P<POST>{_WHICH})?(?!month)", pieces.edge),
    ("edge", f"(?P<E>edge)soft*(?:bulan)?{_MONTH}", pieces.edge),
    ("edge", "(?P<E>edge)(?P<U>tahun)(?P<Y>year)", pieces.edge),
    ("weekend", f"(?P<PRE>{_ERST})?weekend(?P<POST>{_WHICH})?", pieces.weekend),
    ("nth", f"(?:hari?(?P<W>wday)(?:minggu)?|hari(?P<S>minggu))(?P<O>ord){_OF}?", pieces.nth),
    ("nth", f"(?P<O>ord|lastord)hari?(?P<W>wday){_OF}", pieces.nth),
    ("nth", "(?<=every)(?P<O>ord|lastord)(?P<W>wday)", pieces.nth),
    ("nth", f"(?P<U>minggu|pekan)(?P<O>ord){_OF}?", pieces.nth),
    ("every", "every other?", pieces.every),
    ("every", f"every(?:other|num)?(?!jam(?:num|hm|half)){_UNIT}once?(?!wday)", pieces.every),
    ("every", f"num{_UNIT}once", pieces.every),
    ("every", f"other num{_UNIT}", pieces.every),
    ("every", "every? (?:workday|weekend)(?!ahead|onward)", pieces.every),
    ("every", "freq(?=at|soft|jam|pukul|hm|num)", pieces.every),
    ("zone", "zone", pieces.value),
    ("open", f"{_TO}done", pieces.value),
    ("from", "from", pieces.value),
    ("range", _TO, pieces.value),
    ("and", "and|comma", pieces.value),
    ("or", "or", pieces.value),
    ("limit", "before|after", pieces.value),
)
_TIMES = re.compile("[" + "".join(code for kind, code in CODES.items() if kind in pieces.BEARING) + "]")


@cache
def _needs(pattern: str) -> str:
    """Return one kind without which a pattern cannot match, or nothing: most rules need not even be tried on a text."""
    pattern = re.sub(r"\(\?P<\w>([a-z]+)\)(?![?*])", r" \1 ", pattern)
    while "(" in pattern:  # what stands in brackets may be a choice
        pattern = re.sub(r"\([^()]*\)[?*+]?", " ", pattern)
    if "|" in pattern:
        return ""
    return next((CODES[kind] for kind in re.findall(r"[a-z]+(?![a-z?*])", pattern)), "")


def find(tokens: Sequence[Token], codes: str) -> list[Atom]:
    """Return the atoms in `tokens`, none overlapping: the leftmost first, and there the longest."""
    if not _TIMES.search(codes):
        return []
    found: list[tuple[int, int, int, str, Any]] = []
    for order, (kind, pattern, builder) in enumerate(_RULES):
        if _needs(pattern) not in codes:
            continue
        for match in shape(pattern).finditer(codes):
            data = builder(tokens, match)
            if data is not None:
                found.append((match.start(), -match.end(), order, kind, data))
    found.sort(key=lambda entry: entry[:3])
    atoms: list[Atom] = []
    end = 0
    for start, stop, _, kind, data in found:
        if start >= end:
            end = -stop
            atoms.append(Atom(kind, data, start, end))
    return atoms
