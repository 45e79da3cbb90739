"""Reads from a purpose which kind of izin was asked for, and whether it leads abroad; pure functions.

A kind is read from the command's grammar only, never from a word that stands somewhere in a purpose. What may be meant besides
is a guess, which the applicant confirms by a button.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from pendopo_izin.settings import IzinKind

_TOKEN = re.compile(r"\w+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BESIDE = _words(
    """
    saya sy sya kami karena krn sebab lagi sedang pak bu bapak ibu mohon izin ijin mau akan ambil mengambil
    mengajukan dan yang hari ini besok kemarin lusa maaf nih
    """
)
"""Words beside a kind that change nothing about it."""
_OFFICES = _words(
    """
    kementerian kemenlu kementrian menteri dirjen direktorat ditjen biro dinas bagian hubungan politik kebijakan
    """
)
"""Words before "luar negeri" that make it part of a name."""


class Abroad(StrEnum):
    """Whether a purpose leads abroad."""

    NO = "tidak"
    MAYBE = "mungkin"
    YES = "ya"


class KindReading(NamedTuple):
    """The kind that was asked for ("" for none), and those that may be meant besides."""

    kind: str
    guesses: Sequence[str]


def read_kind(purpose: str, kinds: Mapping[str, IzinKind]) -> KindReading:
    """Reads the kind. One that lets pass or hides must be all that is said; another must stand first."""
    words = _split_words(purpose)
    named = [(_split_words(said), name) for name, kind in kinds.items() for said in kind.kata]
    named.sort(key=lambda each: -len(each[0]))
    asked = next((name for name in dict.fromkeys(name for _, name in named) if _is_asked(words, name, kinds[name], named)), "")
    guesses = [name for said, name in named if name != asked and _holds(words, said)]
    return KindReading(asked, list(dict.fromkeys(guesses)))


def read_abroad(purpose: str, sure: Sequence[str], maybe: Sequence[str]) -> Abroad:
    """Reads whether a purpose leads abroad: surely by words such as "luar negeri", perhaps by the name of a foreign place."""
    words = _split_words(purpose)
    for said in map(_split_words, sure):
        led = said[:1] in (["ke"], ["di"])
        if any(at == 0 or led or words[at - 1] not in _OFFICES for at in _find_all(words, said)):
            return Abroad.YES
    return Abroad.MAYBE if any(_holds(words, _split_words(said)) for said in maybe) else Abroad.NO


def _is_asked(words: Sequence[str], name: str, kind: IzinKind, named: Sequence[tuple[Sequence[str], str]]) -> bool:
    at, found = 0, ""
    whole = kind.otomatis_hari > 0 or kind.rahasia
    while at < len(words):
        said, owner = next(((said, owner) for said, owner in named if list(words[at : at + len(said)]) == list(said)), ((), ""))
        if owner and owner != name:
            return False
        if not owner and words[at] not in BESIDE:
            return bool(found) and not whole and _holds_none(words, kind.bukan)
        found, at = owner or found, at + max(1, len(said))
    return bool(found) and _holds_none(words, kind.bukan)


def _holds_none(words: Sequence[str], phrases: Sequence[str]) -> bool:
    return not any(_holds(words, _split_words(said)) for said in phrases)


def _split_words(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def _find_all(words: Sequence[str], said: Sequence[str]) -> list[int]:
    return [at for at in range(len(words) - len(said) + 1) if list(words[at : at + len(said)]) == list(said)]


def _holds(words: Sequence[str], said: Sequence[str]) -> bool:
    return bool(_find_all(words, said))
