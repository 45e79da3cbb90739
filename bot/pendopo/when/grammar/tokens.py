"""Stage one: splits a text into tokens with their places in it.

Each kind of token has a letter of a private alphabet, so that a tokenised text is also a string on which regular
expressions find the shapes of times.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from pendopo.when.lexicon import LANGUAGES, Lexicon, load_lexicon, names


def _split_kinds(text: str) -> list[str]:
    return text.split()


KINDS = _split_kinds(
    # numbers
    "num year dec hm nth ymd stamp dm junk "
    # nouns of the calendar and the clock
    "wday wabbr month day yday now part prayer slot noon tonight lastnight weekend workday dayh hminus "
    "jam pukul at hour hari minggu pekan bulan tahun menit detik min zone ampm oclock "
    # words that bind them
    "every freq once other ahead onward next this last lastord in during range done half quarter minus plus tgl later "
    "earlier from before after approx exact ish ord edge and or between article teen ten soft times except "
    # the rest
    "word comma dash slash paren dot nl punct"
)
CODES = {kind: chr(0xA1 + i) for i, kind in enumerate(KINDS)}
"""Letters from ¡ on, none of which means anything in a regular expression."""


class Token(NamedTuple):
    """A word, number or sign; `start` and `end` are places in the original text."""

    kind: str
    value: Any
    start: int
    end: int
    word: str


_SHAPES = r"""[^\S\n]*+(?:(?P<plain>[a-z]{2,}(?=[ ,]+[a-z]|\s*$))  # most of a message: a word before a word
    |(?P<junk>https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|@\w+|\#\w+|(?:rp|idr|usd)\.?\s?\d[\d.,]*
        |(?:\+62|\b62|\b0)[ -]?8\d{1,2}[-. ]?\d{3,4}[-. ]?\d{2,5}\b|\(?\b0\d{2,3}\)?[- ]\d{5,8}\b
        |\b(?:no|nomor|nomer|nmr|rt|rw|pasal|ayat|bab|lantai|lt|kelas|blok|km|gg|jilid|butir|poin|kamar|ruang|smp|sma|smpn
          |sdn|sman|smkn|smk|perwal|perda|uu|pp|pergub|permen|inpres|seri|halaman|versi|hal|kav|room|ext|nip|nik|vol|edisi
          |angkatan|zona|posko|tps|koridor|gate|pos|semester|termin|shift|periode|grup|jalur|page|chapter)
         \b[.:]?\s?\d{1,4}(?![.:]\d\d|\d|\s?(?:menit|mnt|jam|hari|minggu)\s+(?:lagi|sebelum|sblm|setelah))
        |\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?\s?(?:%|ribu\b|rb\b|juta\b|jt\b|miliar\b|persen\b))
    |(?P<stamp>\d{4}-\d\d-\d\d[t ]\d\d[:.]\d\d(?::\d\d(?:\.\d+)?)?(?:z\b|[+-]\d\d:?\d\d)?)
    |(?P<iso>\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?)(?![\d/])
    |(?P<dmy>(?<!\d)(?<!\d/)\d{1,2}(?:/\d{1,2}/|-\d{1,2}-)(?:\d{4}|\d\d)(?!\d|/(?!\d\d?[.:]\d\d))|\d{1,2}\.\d{1,2}\.\d{4}(?!\d))
    |(?P<letter>(?=[\w.-]*/|[a-z]{1,4}-\d)(?!DAYLIKE|\d{1,2}/(?:MONTHS)\b|(?:MONTHS)/\d{1,2}[.:]\d\d|(?<=\d/)(?:MONTHS)/\d{2,4}\b|(?:19|20)\d\d/\d\d?[.:]\d\d)
        (?:(?=[\w./-]*\d)(?:[a-z]{1,3}\b|\d)[\w.-]*/(?:[\w.-]*/)+[\w.-]+|\d+/[a-z][\w.-]*|[a-z]{1,5}\.?/\d{2,}[\w./-]*
        |\d{3,}/\d+|\d+/\d{3,}|(?<!\w)[a-z]{1,4}-\d{2,}/\S+))
    |(?P<dm>(?<!\w)(?<!\d/)\d{1,2}/\d{1,2}(?![\d/]))
    |(?P<hminus>\bh\s?[-–+]\s?\d{1,3}\b)
    |(?P<range>\bs\s?[./]\s?d\b\.?)
    |(?P<ampm>(?<=[\d\s])[ap]\.m\b\.?)
    |(?P<nth>\d{1,2}(?:st|nd|rd|th)\b|\bke\s?-?\s?\d{1,2}\b)
    |(?P<hm>(?<![\d.,])\d{1,2}[.:]\d\d(?::\d\d)?(?![\d:]|\.\d)|(?<=\s)0\d[0-5]\d(?=\s?(?:wi|-|$)))
    |(?P<dec>\d+[.,]\d(?!\d))
    |(?P<num>\d+)
    |(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    |(?P<sign>[^\w\s]|_|\n))"""
_DAYLIKE = {"wday", "wabbr", "minggu", "day", "yday", "tgl", "pukul", "jam", "hari", "part"}
"""Words that stand before a slash and a date ("Kamis/27 Agustus"), where other short words begin a letter's number."""
_LETTER_PREFIX = 5
_SIGNS = {",": "comma", "/": "slash", ".": "dot", "\n": "nl", "(": "paren", ")": "paren", "*": "paren", "_": "paren"}
_SIGNS |= dict.fromkeys("-–—~", "dash") | {"&": "and", "@": "at", "|": "comma", ";": "nl", "±": "approx"}
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´ʿʾ"), "'") | {ord("⁄"): "/"}
_ODD = {"min", "x", "kali"}
"""Words of no lexicon that mean something beside a number."""
_DOUBLED = {"tiap", "pagi", "siang", "sore", "malam", "hari", "kira"}
"""Words that are also written with a 2: "pagi2"."""
_SPELT = {"num", "teen", "ten"}


def scan_tokens(text: str, words: Lexicon) -> list[Token]:
    """Split `text` into tokens; what looks like a time and is none becomes junk."""
    folded, places = fold_text(text)
    raw: list[Token] = []
    for found in _compile_pattern().finditer(folded):
        group = found.lastgroup or "sign"
        word = found[group]
        start, end = found.span(group)
        start, end = places[start], places[end - 1] + 1
        if group == "word":
            word = word.replace("'", "")
        raw.append(Token("word" if group == "plain" else group, None, start, end, word))
    named = _name_tokens(raw, words, text)
    if any(token.kind in _SPELT and not token.word[0].isdigit() for token in named):
        named = _join_numbers(named)
    if any(token.kind == "dec" for token in named):
        named = _split_listed_days(named)
    return _mark_stale(_mark_junk(named))


def join_words(tokens: Sequence[Token]) -> str:
    """The words of these tokens, separated by spaces."""
    return " ".join(token.word for token in tokens)


def encode_tokens(tokens: Sequence[Token]) -> str:
    """The tokens as one letter each, for the patterns."""
    return "".join([CODES[token.kind] for token in tokens])


@cache
def _compile_pattern() -> re.Pattern[str]:
    """Compile the pattern on first use: importing the package stays cheap."""
    named = load_lexicon(LANGUAGES).words
    before_slash = [word for word, (kind, _) in named.items() if kind in _DAYLIKE and len(word) <= _LETTER_PREFIX]
    months = [word for word, (kind, _) in named.items() if kind == "month"]
    shapes = _SHAPES.replace("DAYLIKE", f"(?:{'|'.join(before_slash)})\\.?/").replace("MONTHS", "|".join(months))
    return re.compile(shapes, re.VERBOSE)


def fold_text(text: str) -> tuple[str, Sequence[int]]:
    """Lower `text` and remove accents; returns that with the place of each letter in `text`."""
    if text.isascii():
        return text.lower().translate(_APOSTROPHES), range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text.translate(_APOSTROPHES)):
        for letter in unicodedata.normalize("NFKD", sign).lower() if not sign.isascii() else sign.lower():
            if not unicodedata.combining(letter):
                letters.append("/" if letter == "⁄" else letter)
                places.append(place)
    places.append(len(text))
    return "".join(letters), places


def _name_tokens(raw: list[Token], words: Lexicon, text: str) -> list[Token]:
    """Give each word its meaning, phrases first, and each number its value."""
    named: list[Token] = []
    i = 0
    while i < len(raw):
        token = raw[i]
        if token.kind == "word" and token.word not in words.known and token.word not in _ODD:
            named.append(token)
            i += 1
            continue
        if token.kind in ("word", "range", "ampm"):
            length = _match_phrase(raw, i, words, named) if token.word in words.phrases else 0
            if not length:
                _append_word(token, words, named, text[token.start].isupper())
            i += length or 1
            if token.word in _DOUBLED and i < len(raw) and raw[i].word == "2" and raw[i].start == token.end:
                i += 1  # "tiap2" is "tiap-tiap"
            continue
        named.append(_name_sign(token) if token.kind == "sign" else _parse_figure(token))
        i += 1
    return named


def _match_phrase(raw: list[Token], i: int, words: Lexicon, named: list[Token]) -> int:
    if i + 1 == len(raw):
        return 0
    following = raw[i + 1].word
    for rest, (kind, value) in words.phrases[raw[i].word]:
        if rest[0] != following:
            continue
        tail = raw[i + 1 : i + 1 + len(rest)]
        if len(tail) == len(rest) and all(token.word == word for token, word in zip(tail, rest, strict=True)):
            word = " ".join((raw[i].word, *rest))
            start = raw[i].start
            if kind in ("day", "yday") and words.words.get(raw[i].word, ("", 0))[0] == "hari" and _is_share(named, value):
                _append_word(raw[i], words, named, False)  # "setengah hari ini": the half of a day, which is today
                start = tail[0].start
            _append_token(named, kind, value, start, tail[-1].end, word)
            return 1 + len(rest)
    return 0


def _is_share(named: list[Token], ahead: int) -> bool:
    """Whether "hari" counts what stands before it: "setengah hari ini", "3 hari lusa"; not "rapat 12 hari ini"."""
    if not named:
        return False
    counted = named[-1].kind == "num" and (ahead != 0 or (len(named) > 1 and named[-2].kind == "during"))
    return counted or named[-1].kind in ("half", "dm", "dec")


def _append_word(token: Token, words: Lexicon, named: list[Token], capital: bool) -> None:
    if token.kind == "range":
        named.append(token._replace(value=0))
    elif token.kind == "ampm":
        named.append(token._replace(value=token.word[0] + "m"))
    elif token.word == "min":
        named.append(token._replace(kind="min"))
    elif token.word in ("x", "kali") and named and named[-1].kind == "num":
        named.append(token._replace(kind="times"))
    else:
        kind, value = words.words.get(token.word, ("word", None))
        if kind == "minggu" and capital:
            value = 0  # capitalised like the day; the week is not
        _append_token(named, kind, value, token.start, token.end, token.word)


def _append_token(named: list[Token], kind: str, value: Any, start: int, end: int, word: str) -> None:
    if ":" in kind:  # "sejam" is one word for "satu jam"
        count, kind = kind.split(":")
        named.append(Token("num", int(count), start, end, word))
    named.append(Token(kind, value, start, end, word))


def _name_sign(token: Token) -> Token:
    return token._replace(kind=_SIGNS.get(token.word, "punct"))


def _parse_figure(token: Token) -> Token:
    """Give a token of digits its value; digits that cannot be a time are junk."""
    kind, word = token.kind, token.word
    if kind == "num":
        if len(word) > 4:
            return token._replace(kind="junk")
        number = int(word)
        return token._replace(kind="year" if 1900 <= number <= 2199 else "num", value=number)
    if kind in ("iso", "dmy"):
        parts = [int(part) for part in re.split(r"[/.-]", word)]
        return token._replace(kind="ymd", value=tuple(parts if kind == "iso" else reversed(parts)))
    if kind == "dm":
        day, month = map(int, word.split("/"))
        fits = 1 <= day <= 31 and 1 <= month <= 12
        return token._replace(kind="dm" if fits else "junk", value=(day, month))
    if kind == "hm":
        parts = [int(part) for part in re.split(r"[.:]", word)] if len(word) != 4 or not word.isdigit() else []
        return token._replace(value=(parts[0], parts[1]) if parts else (int(word[:2]), int(word[2:])))
    return _figure_rest(token)


def _figure_rest(token: Token) -> Token:
    kind, word = token.kind, token.word
    digits = "".join(sign for sign in word if sign.isdigit())
    if kind == "nth":
        return token._replace(kind="ord" if word.startswith("ke") else "nth", value=int(digits))
    if kind == "hminus":
        return token._replace(value=int(digits) * (1 if "+" in word else -1))
    if kind == "dec":
        return token._replace(value=float(word.replace(",", ".")))
    if kind == "stamp":
        try:
            return token._replace(value=datetime.fromisoformat(word.upper().replace(".", ":", 1)))
        except ValueError:
            return token._replace(kind="junk")
    return token._replace(kind="junk" if kind == "letter" else kind)


def _join_numbers(tokens: list[Token]) -> list[Token]:
    """Join number words: "dua puluh lima", "dua belas", "twenty five"."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        spelt = last is not None and last.kind == "num" and not last.word[0].isdigit() and " " not in last.word[:1]
        if last and spelt and token.kind in ("teen", "ten") and last.value < 10 and last.word[:2] not in ("se", "sa"):
            value = last.value + 10 if token.kind == "teen" else last.value * 10
            joined[-1] = last._replace(value=value, end=token.end, word=f"{last.word} {token.word}")
        elif last and spelt and _can_complete(last, token):
            joined[-1] = last._replace(value=last.value + token.value, end=token.end, word=f"{last.word} {token.word}")
        else:
            joined.append(token._replace(kind="word") if token.kind in ("teen", "ten") else token)
    return joined


def _can_complete(last: Token, token: Token) -> bool:
    if token.kind != "num" or token.word[0].isdigit() or not 0 < token.value < 10 or token.start == last.start:
        return False
    return bool(last.value >= 20 and last.value % 10 == 0)


def _split_listed_days(tokens: list[Token]) -> list[Token]:
    """Read "7,8" as two days where a list of days is: "tgl 7,8,9 sep". Elsewhere it is a number."""
    split: list[Token] = []
    dated = False  # whether the number that comes next belongs to a list of days
    ends = _find_list_ends(tokens)
    for place, token in enumerate(tokens):
        if token.kind == "dec" and "," in token.word and (dated or ends[place]):
            first, second = token.word.split(",")
            comma = token.start + len(first)
            split.append(Token("num", int(first), token.start, comma, first))
            split.append(Token("comma", None, comma, comma + 1, ","))
            split.append(Token("num", int(second), comma + 1, token.end, second))
        else:
            split.append(token)
        dated = token.kind == "tgl" or (dated and token.kind in _LISTED)
    return split


_LISTED = {"num", "dec", "comma", "and", "range", "dash"}


def _find_list_ends(tokens: Sequence[Token]) -> list[bool]:
    """For each token whether only numbers and their signs stand between it and a month."""
    ends = [False] * (len(tokens) + 1)
    for place in range(len(tokens) - 1, -1, -1):
        ends[place] = tokens[place].kind == "month" or (tokens[place].kind in _LISTED and ends[place + 1])
    return ends


def _mark_stale(tokens: list[Token]) -> list[Token]:
    """Turn the old time in brackets into junk: "Rabu, 19 Agustus (semula Selasa, 18 Agustus)"."""
    for i, token in enumerate(tokens):
        if token.word in names.FORMERLY and i and tokens[i - 1].word == "(":
            for j in range(i + 1, len(tokens)):
                if tokens[j].word == ")":
                    break
                tokens[j] = tokens[j]._replace(kind="junk")
    return tokens


def _mark_junk(tokens: list[Token]) -> list[Token]:
    """Turn what looks like a time and is none into junk: streets, people, sizes, codes."""
    for i, token in enumerate(tokens):
        if token.kind not in _SUSPECTS:
            continue
        before = tokens[i - 1] if i else None
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if token.kind == "dm" and token.value == (1, 2) and before and before.kind in ("jam", "pukul") and after:
            tokens[i] = token._replace(kind="half" if after.kind == "num" else "dm")  # "jam 1/2 8"
        elif _SUSPECTS[token.kind](tokens, i, before, after):
            tokens[i] = token._replace(kind="junk" if token.kind != "wabbr" else "word")
    return tokens


def _number_is_junk(tokens: list[Token], i: int, before: Token | None, after: Token | None) -> bool:
    token = tokens[i]
    if not token.word[0].isdigit():
        return False
    glued = bool(before and before.end == token.start and before.kind in ("word", "junk"))
    glued = glued or bool(after and after.start == token.end and after.kind in ("word", "junk"))
    return glued or bool(after and after.word in names.UNITS and after.kind == "word") or _is_street(tokens, i, after)


def _is_street(tokens: list[Token], i: int, after: Token | None) -> bool:
    if not after or after.kind != "month":
        return False
    place = next((token.word for token in reversed(tokens[max(0, i - 2) : i]) if token.kind != "dot"), "")
    if place not in names.PLACES:
        return False
    tokens[i + 1] = after._replace(kind="junk")
    return True


def _month_is_name(tokens: list[Token], i: int, before: Token | None, after: Token | None) -> bool:
    return bool(before and before.word in names.TITLES)


def _clock_is_size(tokens: list[Token], i: int, before: Token | None, after: Token | None) -> bool:
    return bool((before and before.word in names.MEASURES) or (after and after.word in names.UNITS and after.kind == "word"))


def _abbreviation_is_word(tokens: list[Token], i: int, before: Token | None, after: Token | None) -> bool:
    """Read "Sen" and "Sat" as weekdays only where a date or a time follows."""
    if before and before.kind in ("num", "junk") and before.word[0].isdigit():
        return True
    follows = [token.kind for token in tokens[i + 1 : i + 4] if token.kind not in ("comma", "dot", "paren", "slash")]
    marked = bool(after and after.kind in ("comma", "dot", "paren", "slash"))
    if tokens[i].word == "rab" and not marked:
        return True
    return not follows or (follows[0] not in _DATED and follows[:2] not in (["num", "month"], ["num", "ampm"]))


_DATED = {"dm", "ymd", "hm", "tgl", "jam", "pukul"}
_SUSPECTS = {
    "num": _number_is_junk,
    "month": _month_is_name,
    "hm": _clock_is_size,
    "dec": _clock_is_size,
    "dm": _clock_is_size,
    "wabbr": _abbreviation_is_word,
}
