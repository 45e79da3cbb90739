"""Reads amounts as Indonesians write them: `250rb`, `1,5 jt`, `Rp 75.000,-`, `dua ratus ribu`. Whole, or not at all."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

LONGEST = 200
"""Characters at the start of a text in which an amount is looked for."""
_SCALES: Mapping[str, int] = {
    **dict.fromkeys(("ribu", "rb", "rbu", "rebu", "thousand"), 10**3),
    **dict.fromkeys(("juta", "jt", "jta", "million"), 10**6),
    **dict.fromkeys(("miliar", "milyar", "billion"), 10**9),
    **dict.fromkeys(("triliun", "trilyun", "trillion"), 10**12),
}
_GLUED: Mapping[str, int] = {"k": 10**3, "m": 10**9, "t": 10**12}
"""Scales of one letter: beside its number it is one, behind a space it may be a measure (`5 m kain`)."""
_UNITS: Mapping[str, int] = {
    word: value
    for words in (
        "nol satu dua tiga empat lima enam tujuh delapan sembilan",
        "nol hiji dua tilu opat lima genep tujuh dalapan salapan",
        "zero one two three four five six seven eight nine",
    )
    for value, word in enumerate(words.split())
}
_TEENS: Mapping[str, int] = {
    **{word: 10 + n for n, word in enumerate(["sepuluh", "sebelas"])},
    **{word: 10 + n for n, word in enumerate(["sapuluh", "sabelas"])},
    **{
        word: 10 + n
        for n, word in enumerate(
            ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
        )
    },
}
_TENS: Mapping[str, int] = {
    word: 20 + 10 * n for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
_WHOLE: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("seribu", "sarebu"), ("satu", "ribu")),
    **dict.fromkeys(("sejuta", "sajuta"), ("satu", "juta")),
    **dict.fromkeys(("seratus", "saratus"), ("satu", "ratus")),
    "semiliar": ("satu", "miliar"),
    "semilyar": ("satu", "miliar"),
}
_HUNDRED, _TEN, _TEEN, _HALF = {"ratus", "hundred"}, {"puluh"}, {"belas", "welas"}, {"setengah", "satengah"}
_WORDS = frozenset({*_SCALES, *_UNITS, *_TEENS, *_TENS, *_WHOLE, *_HUNDRED, *_TEN, *_TEEN, *_HALF})
_OPENING = re.compile(r"\s*(?:(?:sebesar|senilai|sejumlah|sebanyak)\s+)?(?:(?:rp|idr)\b\.?|rp\.?(?=\d))?\s*", re.IGNORECASE)
_TOKEN = re.compile(r"\s*(?:(?P<number>\d(?:[\d.,]*\d)?)(?P<glued>[^\W\d_]*)|(?P<word>[^\W\d_]+))")
_CLOSING = re.compile(r"(?:[.,]-{1,2}(?!\w))?(?:\s*(?:rupiah|rp|idr|perak)(?!\w)\.?)?", re.IGNORECASE)
_GOES_ON = re.compile(
    r"[^\W_]|[.,]\d|\s*[x×*+%~–—-]+\s*(?:rp\.?\s*)?\d|\s*%|\s+(?:(?:sampai|hingga|s\.?d\.?|atau|or|to|until|koma)\s+)?(?:rp\.?\s*)?\d"
    r"|\s+(?:[kmt]|usd|us|dolar|dollar|ringgit|euro|yen|sgd|persen|percent|kali|x)(?!\w)",
    re.IGNORECASE,
)
"""What stands behind an amount and may belong to it."""


_MONEY = re.compile(
    r"(?<!\w)(?:(?:rp|idr)\.?\s{0,3}(?=\d)|(?=\d[\d.,]{0,20}\s?(?:rb|ribu|jt|juta|k|miliar|milyar)(?!\w)))", re.IGNORECASE
)
"""An amount of money that stands further on in a text."""


class Amount(Struct, frozen=True):
    """An amount at the start of a text: its value, where it ends, and whether more of the text may belong to it."""

    value: Decimal
    end: int
    doubtful: bool = False
    others: tuple[Decimal, ...] = ()
    """What else may be meant."""


class _Part(Struct, frozen=True):
    """A piece of an amount: words in lower case or digits, with the scale that is written beside them."""

    value: Decimal | None
    word: str
    end: int
    glued: int = 1


def read_amount(text: str) -> Amount | None:
    """Returns the amount with which a text begins, None where it begins with none that can be read."""
    said = text[:LONGEST]
    opening = _OPENING.match(said)
    start = opening.end() if opening else 0
    summed = _sum_parts([*_iter_parts(said, start)])
    if summed is None:
        return None
    value, end, clear = summed
    end = closing.end() if (closing := _CLOSING.match(said, end)) else end
    follows, word = _GOES_ON.match(said, end), _TOKEN.match(said, end)
    more = word is not None and bool(word["word"]) and _is_number_word(word["word"].lower())
    marked = bool(opening and opening[0].strip()) or bool(closing and closing[0])
    others = tuple(dict.fromkeys(_list_other_meanings(value, said[end:], marked)))
    doubtful = not clear or follows is not None or more or bool(others) or len(text) > LONGEST == end
    return Amount(value, end, doubtful, others)


def _is_number_word(word: str) -> bool:
    return word in _WORDS or (word.endswith("an") and word[:-2] in _WORDS)


def _list_other_meanings(value: Decimal, rest: str, marked: bool) -> Iterator[Decimal]:
    """What else may be meant, by what follows and by the size: no price is below Rp100."""
    if value < 100 and not marked:
        yield value * 1000
    if (found := _MONEY.search(rest)) and (summed := _sum_parts([*_iter_parts(rest, found.end())])):
        yield summed[0]
    if value < 1000 and (found := re.match(r"((?: \d{3})+)(?![\d.,]|\s?[^\W\d_]{1,2}\b|\s?ribu)", rest)):  # blanks for dots
        yield Decimal(f"{value:f}{found[1].replace(' ', '')}")
    if (word := _TOKEN.match(rest)) and (scale := _SCALES.get((word["word"] or "").lower().removesuffix("an"))):
        yield value * scale
    if found := re.match(r"\s+([kmt])(?!\w)", rest, re.IGNORECASE):
        yield value * _GLUED[found[1].lower()]


def _iter_parts(text: str, start: int) -> Iterator[_Part]:
    while (token := _TOKEN.match(text, start)) is not None:
        start = token.end()
        if word := (token["word"] or "").lower():
            if word not in _WORDS:
                return
            yield from (_Part(None, each, start) for each in _WHOLE.get(word, (word,)))
            continue
        glued = (token["glued"] or "").lower()
        scale = _SCALES.get(glued) or _GLUED.get(glued)
        value = _read_digits(token["number"], scaled=scale is not None or _is_scaled(text, start))
        if value is None or (glued and scale is None and glued not in ("rupiah", "rp", "perak")):
            return
        yield _Part(value, "", start, scale or 1)


def _is_scaled(text: str, at: int) -> bool:
    """Whether a scale follows, as a word of its own."""
    follows = _TOKEN.match(text, at)
    return follows is not None and (follows["word"] or "").lower() in {*_SCALES, *_HUNDRED}


def _read_digits(said: str, scaled: bool) -> Decimal | None:
    """The value of digits with dots and commas; None where they can be read in two ways, or in none."""
    if re.fullmatch(r"\d{1,18}", said):
        return Decimal(said)
    if re.fullmatch(r"\d{1,3}(\.\d{3}){1,5}(,\d{1,2})?", said):  # as Indonesians write it
        return Decimal(said.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(,\d{3}){1,5}(\.\d{1,2})?", said) and not (scaled and said.count(",") == 1 and "." not in said):
        return Decimal(said.replace(",", ""))  # as keyboards and banks do
    if re.fullmatch(r"\d{1,3}[.,]\d{1,3}" if scaled else r"\d{3,15},\d{1,2}|\d{4,15}\.\d{1,2}", said):
        return Decimal(said.replace(",", "."))
    return None


def _sum_parts(parts: list[_Part]) -> tuple[Decimal, int, bool] | None:
    """The sum of `1 juta 250 ribu`, where it ends, and whether it is clear; None where nothing of it can be read."""
    total, ceiling, at, clear = Decimal(0), 10**15, 0, True
    end: int | None = None
    while at < len(parts):
        read = _read_section(parts, at)
        if read is None:
            clear = False
            break
        section, after = read
        scale = parts[after - 1].glued
        if scale == 1 and after < len(parts) and (found := _SCALES.get(parts[after].word)):
            scale, after = found, after + 1
        spoken = all(part.value is None for part in parts[:after])
        if scale >= ceiling or (scale == 1 and at and not (spoken and ceiling == 1000)):
            clear = False  # `1 juta 500` is 1,500,000 to most who write it, and 500 may be the number of something
            break
        total, ceiling, at = total + section * scale, scale, after
        end = parts[after - 1].end
    return None if end is None else (total, end, clear)


def _read_section(parts: list[_Part], at: int) -> tuple[Decimal, int] | None:
    """The number below one thousand at a place (or written in digits), with the place behind it."""
    first = parts[at]
    if first.value is not None:
        behind = at + 1
        if behind < len(parts) and parts[behind].word in _HALF and first.glued == 1:
            return first.value + Decimal("0.5"), behind + 1
        return first.value, behind
    if first.word in _HALF:
        return Decimal("0.5"), at + 1
    value, floor = 0, 1000
    start = at
    while at < len(parts) and parts[at].value is None:
        read = _read_step(parts, at, floor)
        if read is None:
            break
        step, floor, at = read
        value += step
    if at == start:
        return None
    if at < len(parts) and parts[at].word in _HALF:
        return Decimal(value) + Decimal("0.5"), at + 1
    return Decimal(value), at


def _read_step(parts: list[_Part], at: int, floor: int) -> tuple[int, int, int] | None:
    """One step of a number in words: its value, the value below which the next one must be, and the place behind it."""
    word = parts[at].word
    behind = parts[at + 1].word if at + 1 < len(parts) else ""
    if word in _TEENS or word in _TENS:
        value = _TEENS.get(word) or _TENS[word]
        return (value, 1 if word in _TEENS else 10, at + 1) if floor > 10 else None
    if word not in _UNITS:
        return None
    unit = _UNITS[word]
    for words, factor, plus in ((_HUNDRED, 100, 0), (_TEN, 10, 0), (_TEEN, 1, 10)):
        if behind in words:
            value = unit * factor + plus
            return (value, 1 if plus else factor, at + 2) if floor > max(factor, plus) else None
    return (unit, 1, at + 1) if floor > 1 else None


def format_rupiah(value: Decimal) -> str:
    """Writes an amount of money as Indonesians do: `Rp1.250.000`, with sen where there are any."""
    whole = value == value.to_integral()
    said = f"{value:,.0f}" if whole else f"{value:,.2f}"
    return "Rp" + said.translate(str.maketrans(",.", ".,"))
