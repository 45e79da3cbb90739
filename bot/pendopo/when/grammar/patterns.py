"""Stage two: finds the small shapes that times are made of, by patterns over kinds of tokens.

A pattern is written with names of kinds, which `compile_shape` replaces by their letters. The longest match wins.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from pendopo.when.grammar import clock_builders, node_builders
from pendopo.when.grammar.nodes import Atom
from pendopo.when.grammar.tokens import CODES, Token

Builder = Callable[[Sequence[Token], re.Match[str]], Any]

_UNIT = "(?:menit|min|detik|jam|hour|hari|minggu|pekan|bulan|tahun)"
_ONE = "(?:article|ish)"
# "jam" after a number is a length, unless a clock follows: "Senin 17 jam 9".
_LONG = (
    f"(?:num times num jam|half dash? workday|(?:num half?|dec|half dash? {_ONE}?|quarter|{_ONE}|dm)"
    f"(?:menit|min|detik|hour|hari|minggu|pekan|bulan|tahun|jam(?!hm|half num|num(?!{_UNIT}|times)))"
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
def compile_shape(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of kinds; the names of groups are capital letters."""
    return re.compile(re.sub(r"[a-z]+", lambda kind: CODES[kind.group()], pattern).replace(" ", ""))


_RULES: tuple[tuple[str, str, Builder], ...] = (
    ("clock", _CLOCK, clock_builders.read_clock),
    ("clock", f"{_CUE}num num {_TAIL}", clock_builders.read_spoken_clock),
    ("hours", f"from? (?P<A>{_CLOCK}) soft? {_TO} (?P<B>{_CLOCK})", clock_builders.read_hours),
    ("between", f"between(?P<A>{_CLOCK})(?:and|dash)(?P<B>{_CLOCK})", clock_builders.read_hours),
    ("clock", "noon zone?", clock_builders.read_noon),
    ("date", f"tgl? (?P<D>{_DAYS})(?:dash|slash|soft|bulan)?{_MONTH}", node_builders.read_date),
    ("date", f"(?P<M>month)(?P<D>{_DAYS})(?!month|{_TO}num)(?:comma?(?P<Y>year))?", node_builders.read_date),
    ("date", f"tgl(?P<D>{_DAYS})(?!month)(?:slash?bulan(?P<M>num)(?P<Y>year)?)?", node_builders.read_date),
    ("date", f"soft?(?P<D>ord)soft{_MONTH}", node_builders.read_date),
    ("date", "(?:soft|tgl|(?<=wday)comma?|(?<=every))(?P<D>nth)", node_builders.read_date),
    ("date", f"(?<=wday)(?P<D>num)(?=comma?{_CUE})", node_builders.read_date),
    ("date", "tgl?(?:ymd|dm)", node_builders.read_numeric_date),
    ("stamp", "stamp", node_builders.read_value),
    ("dates", f"from? tgl?(?P<A>{_DAYS}){_TO}tgl?(?P<B>{_DAYS})(?:dash|soft)?{_MONTH}?", node_builders.read_date_range),
    (
        "dates",
        f"from? (?P<M>month)(?P<A>{_DAYS}){_TO}(?P<B>{_DAYS})(?!month)(?:comma?(?P<Y>year))?",
        node_builders.read_date_range,
    ),
    ("datelist", f"tgl?num(?:{_LIST}tgl?num)+{_MONTH}?", node_builders.read_date_list),
    ("monthspan", "(?P<C>bulan)?(?P<M>month)(?P<Y>year)?", node_builders.read_month),
    ("weekdays", f"hari?(?:wday|minggu)(?:{_LIST}hari?(?:wday|minggu))+", node_builders.read_weekday_list),
    ("weekday", f"hari?(?P<W>wday|wabbr)dot?(?P<POST>{_WHICH}|day)?", node_builders.read_weekday),
    ("weekday", f"(?P<PRE>{_ERST})(?P<W>wday|wabbr)", node_builders.read_weekday),
    ("weekday", f"hari(?P<W>minggu)(?P<POST>{_WHICH})?", node_builders.read_weekday),
    ("weekday", f"(?P<W>minggu)(?!{_WHICH}|ord)", node_builders.read_sunday),
    ("rel", f"(?P<U>minggu|pekan|bulan|tahun)(?P<POST>{_WHICH})", node_builders.read_relative),
    ("rel", f"(?P<PRE>{_ERST})(?P<U>minggu|pekan|bulan|tahun)", node_builders.read_relative),
    ("night", f"part(?P<W>wday|minggu)(?P<POST>{_WHICH})?", node_builders.read_night_before),
    ("day", "(?:day|yday)", node_builders.read_value),
    ("now", "now", node_builders.read_value),
    (
        "part",
        "(?:(?P<PRE>later|earlier|this|lastord)(?=part))?(?P<P>part)(?P<POST>later|this|earlier|yday)?",
        node_builders.read_day_part,
    ),
    ("part", "tonight|lastnight", node_builders.read_night_word),
    ("later", "later|earlier", node_builders.read_later),
    ("prayer", "(?P<R>before|after|approx|soft|jam|later|at|exact)?(?P<P>prayer)(?P<POST>later)?", node_builders.read_prayer),
    ("prayer", "(?<=(?:before|after))(?P<P>prayer)", node_builders.read_prayer),
    ("prayer", "(?P<R>after)(?P<P>wday)", node_builders.read_friday_prayer),
    ("slot", "slot", node_builders.read_value),
    ("shift", f"in? {_LENGTH} ahead", node_builders.read_ahead),
    ("shift", f"in {_LENGTH}", node_builders.read_ahead),
    ("shift", f"{_LENGTH} last", node_builders.read_ago),
    ("onward", f"in? {_LENGTH} onward", node_builders.read_length),
    ("distance", "(?P<N>num)(?:hari|minggu|pekan|bulan|tahun)next", node_builders.read_length),
    ("workdays", "in?(?P<N>num)workday(?:ahead|onward|next)", node_builders.read_count),
    ("workdays", "in(?P<N>num)workday", node_builders.read_count),
    ("duration", f"during? {_LENGTH}", node_builders.read_length),
    ("duration", "during?num(?:workday|hari num part)", node_builders.read_length),
    ("offset", f"{_LENGTH}(?P<R>before|after)", node_builders.read_offset),
    ("hminus", "hminus|dayh", node_builders.read_hminus),
    (
        "edge",
        f"(?P<E>edge)soft*(?P<PRE>{_ERST})?(?P<U>bulan|tahun|minggu|pekan)(?P<POST>{_WHICH})?(?!month)",
        node_builders.read_edge,
    ),
    ("edge", f"(?P<E>edge)soft*(?:bulan)?{_MONTH}", node_builders.read_edge),
    ("edge", "(?P<E>edge)(?P<U>tahun)(?P<Y>year)", node_builders.read_edge),
    ("weekend", f"(?P<PRE>{_ERST})?weekend(?P<POST>{_WHICH})?", node_builders.read_weekend),
    ("nth", f"(?:hari?(?P<W>wday)(?:minggu)?|hari(?P<S>minggu))(?P<O>ord){_OF}?", node_builders.read_nth),
    ("nth", f"(?P<O>ord|lastord)hari?(?P<W>wday){_OF}", node_builders.read_nth),
    ("nth", "(?<=every)(?P<O>ord|lastord)(?P<W>wday)", node_builders.read_nth),
    ("nth", f"(?P<U>minggu|pekan)(?P<O>ord){_OF}?", node_builders.read_nth),
    ("every", "every other?", node_builders.read_every),
    ("every", f"every junk{_UNIT}", node_builders.read_every),
    ("except", f"except hari?(?:wday|minggu)(?:{_LIST} hari?(?:wday|minggu))*", node_builders.read_exception),
    ("times", "during?(?P<N>num)times(?!num)", node_builders.read_times),
    ("every", f"every(?:other|num)?(?!jam(?:num|hm|half)){_UNIT}once?(?!wday)", node_builders.read_every),
    ("every", f"num{_UNIT}once", node_builders.read_every),
    ("every", f"other num{_UNIT}", node_builders.read_every),
    ("every", "every? (?:workday|weekend)(?!ahead|onward)", node_builders.read_every),
    ("every", "freq(?=at|soft|jam|pukul|hm|num)", node_builders.read_every),
    ("zone", "zone", node_builders.read_value),
    ("open", f"{_TO}done", node_builders.read_value),
    ("from", "from", node_builders.read_from),
    ("range", _TO, node_builders.read_value),
    ("and", "and|comma", node_builders.read_value),
    ("or", "or", node_builders.read_value),
    ("limit", "before|after", node_builders.read_value),
)
_TIMES = re.compile("[" + "".join(code for kind, code in CODES.items() if kind in node_builders.BEARING) + "]")


@cache
def _find_required_kind(pattern: str) -> str:
    """The letter of a kind that a pattern cannot match without, or "": most rules need not be tried on a text."""
    pattern = re.sub(r"\(\?P<\w>([a-z]+)\)(?![?*])", r" \1 ", pattern)
    while "(" in pattern:  # what is in brackets may be an alternative
        pattern = re.sub(r"\([^()]*\)[?*+]?", " ", pattern)
    if "|" in pattern:
        return ""
    return next((CODES[kind] for kind in re.findall(r"[a-z]+(?![a-z?*])", pattern)), "")


def find_atoms(tokens: Sequence[Token], codes: str) -> list[Atom]:
    """The atoms in `tokens`, without overlaps: the leftmost, there the longest, there that of the first rule."""
    if not _TIMES.search(codes):
        return []
    found: list[tuple[int, int, int, str, Any]] = []
    for order, (kind, pattern, builder) in enumerate(_RULES):
        if _find_required_kind(pattern) not in codes:
            continue
        for match in compile_shape(pattern).finditer(codes):
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
