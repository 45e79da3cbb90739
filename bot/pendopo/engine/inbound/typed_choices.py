"""Reads what a person typed in answer to a message with choices: one choice, a doubt to ask back about, or nothing.

Words decide only when they are nothing but the choice and courtesy ("acc pak", "setuju 🙏"). A condition, a question, another
choice's word or the number of another item decides nothing; it becomes a doubt that names what may have been meant.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from pendopo.plugin.arguments.argument_types import RestKind, RestRole
from pendopo.plugin.arguments.signature import Param
from pendopo.store.queries.buttons import StoredButton


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_OFFERED = 3
"""Choices offered in a doubt."""
COURTESY = _words(
    """
    pak bu bapak ibu bpk bp bapa kang teh teteh aa ceu ndan komandan pimpinan yth siap baik ya iya yaa nggih muhun sumuhun
    terima kasih terimakasih makasih trims trimakasih tks thx thanks nuhun hatur punten mohon izin ijin izinnya ijinnya
    permohonan permohonannya ini itu saya sy kami saja aja deh lah dong kok nih dan selamat bertugas jalan hati semoga
    lancar sukses salam assalamualaikum waalaikumsalam wr wb bismillah alhamdulillah tolong please yes kadis sekdis sekda
    camat sekcam lurah seklur kabid kasi kabag kasubag asisten wali wakil kota walikota kepala dinas sekretaris ajudan
    nomor nomer no nmr
    """
)
"""Words that change nothing beside a choice; alone they choose nothing."""
NEGATIONS = _words(
    """
    tidak tdk tak gak ga nggak enggak ndak jangan jgn belum blm bukan batal henteu teu ulah not dont
    """
)
QUESTIONS = _words(
    """
    siapa sp apa apakah kapan kenapa mengapa bagaimana gimana gmn berapa brp mana dimana kemana saha naha kumaha iraha
    sabaraha why who when what
    """
)
HEDGES = _words(
    """
    tapi tp tetapi namun kalau kalo klo kl jika bila apabila asal asalkan sepanjang selama nanti ntar engke dulu dl dahulu
    sementara maksimal minimal menunggu tunggu nunggu sambil syarat pelajari dipelajari pertimbangkan cek besok lusa atau
    atw mungkin insyaallah kayaknya sepertinya if but maybe
    """
)
"""Words of a condition or a postponement."""
_CONTRARY = frozenset("❌👎🚫⛔✖")
_NUMBER = re.compile(
    r"\s*(?:(?:no|nomor|nomer|nmr|pilih|pilihan|angka|opsi)\b\.?\s*)?#?(\d{1,2})[\s.!)\ufe0f\u20e3]*(?=$|\D)", re.IGNORECASE
)
_NUMERALS = {
    word: at for at, word in enumerate(["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"], 1)
}
_BECAUSE = re.compile(r"(?:karena|krn|karna|sebab|alasan(?:nya)?|because|lantaran)\b[\s:,]*", re.IGNORECASE)
_CONNECTOR = re.compile(r"(?:tapi|tetapi|tp|namun|(?:dengan|dgn|dg)\s+catatan|catatan(?:nya)?)\b[\s:,]*", re.IGNORECASE)
_TOKEN = re.compile(r"\w+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


class Takes(StrEnum):
    """What words beside a choice are to it."""

    NOTHING = "nothing"
    NOTE = "note"
    WORDS = "words"
    INQUIRY = "inquiry"
    ANSWER = "answer"
    ARGUMENT = "argument"


class TypedChoice(msgspec.Struct, frozen=True):
    """A choice as typed text is held against it: its `names`, each a tuple of words, and what it `takes`."""

    button: StoredButton
    names: frozenset[tuple[str, ...]]
    takes: Takes

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers of the item it stands for."""
        return frozenset(str(value) for value in self.button.args.values() if isinstance(value, int))


class Doubt(msgspec.Struct, frozen=True):
    """What may have been meant: choices, each with the words that would come with it."""

    offers: Sequence[StoredButton]


def find_takes(params: Sequence[Param], known: Iterable[str]) -> Takes:
    """Returns what words beside a choice are to its route, given the parameters that its button fills."""
    left = [param for param in params if param.name not in set(known)]
    for param in left:
        if isinstance(param.kind, RestKind):
            roles = {RestRole.NOTE: Takes.NOTE, RestRole.INQUIRY: Takes.INQUIRY, RestRole.ANSWER: Takes.ANSWER}
            return roles.get(param.kind.role, Takes.WORDS)
    return Takes.ARGUMENT if left else Takes.NOTHING


def split_words(text: str) -> tuple[str, ...]:
    """Splits a text into words: lower case, compatible forms joined, stretched letters shortened ("okeee" is "oke")."""
    return tuple(_TOKEN.findall(_STRETCHED.sub(r"\1", unicodedata.normalize("NFKC", text).casefold())))


def read_number(text: str) -> int:
    """Returns the number of a choice that a text consists of ("2", "no 2.", "dua", "2️⃣ pak"), 0 when it is something else."""
    if match := _NUMBER.match(text):
        rest = split_words(text[match.end() :])
        return int(match[1]) if all(word in COURTESY for word in rest) and "?" not in text else 0
    words = [word for word in split_words(text) if word not in COURTESY and word not in ("pilih", "pilihan", "opsi")]
    return _NUMERALS.get(words[0], 0) if len(words) == 1 and "?" not in text else 0


def read_choice(choices: Sequence[TypedChoice], text: str) -> StoredButton | None:
    """Returns the choice that a text names without doubt, with the words that came with it."""
    number = read_number(text)
    if number and (numbered := [choice.button for choice in choices if choice.button.ordinal == number]):
        return numbered[0]
    exact = [choice for choice in choices if _is_exact(choice, text)]
    if exact:
        return exact[0].button
    for choice in choices:
        words = _take_words(choice, choices, text)
        if words:
            return msgspec.structs.replace(choice.button, words=words)
    return None


def read_answer(choices: Sequence[TypedChoice], text: str) -> StoredButton | None:
    """Returns the one choice that takes any text as its answer, as a question to a person does."""
    if len(choices) == 1 and choices[0].takes == Takes.ANSWER and text.strip():
        return msgspec.structs.replace(choices[0].button, words=text.strip())
    return None


def list_doubts(choices: Sequence[TypedChoice], text: str) -> Doubt | None:
    """Returns what a text that names no choice clearly may have meant; None for an empty text or no choices."""
    if not choices or not text.strip():
        return None
    words = split_words(text)
    asks = "?" in text or not QUESTIONS.isdisjoint(words)
    denies = not NEGATIONS.isdisjoint(words) or not _CONTRARY.isdisjoint(text)
    named = {choice.button.token for choice in choices if any(_holds(words, name) for name in choice.names)}
    offers: list[StoredButton] = []
    for choice in choices:
        if choice.takes == Takes.NOTE:
            if choice.button.token in named and not denies and not asks:
                offers.append(msgspec.structs.replace(choice.button, words=_strip_name(choice, text)))
        elif choice.takes in (Takes.INQUIRY, Takes.ANSWER):
            if (asks and choice.takes == Takes.INQUIRY) or not (named or denies):
                offers.append(msgspec.structs.replace(choice.button, words=text.strip()))
        elif choice.button.token in named or (denies and choice.takes == Takes.WORDS):
            offers.append(choice.button)
    return Doubt((offers or [choice.button for choice in choices])[:MOST_OFFERED])


def find_rest(choice: TypedChoice, text: str) -> str:
    """Returns what follows a choice that a text begins with, courtesy passed over; "" where it begins with something else."""
    rest = _strip_name(choice, text)
    words = list(_TOKEN.finditer(rest))
    said = next((word.start() for word in words if word[0].casefold() not in COURTESY), len(rest))
    return rest[said:] if rest != text.strip() else ""


def _is_exact(choice: TypedChoice, text: str) -> bool:
    """Whether a text is nothing but this choice, courtesy and the item's own number."""
    if "?" in text or not _CONTRARY.isdisjoint(text):
        return False
    words, at, named = split_words(text), 0, False
    while at < len(words):
        name = max((name for name in choice.names if words[at : at + len(name)] == name), key=len, default=())
        if name:
            at, named = at + len(name), True
        elif words[at] in COURTESY or words[at] in choice.numbers:
            at += 1
        else:
            return False
    return named


def _take_words(choice: TypedChoice, choices: Sequence[TypedChoice], text: str) -> str:
    """Returns the words that come with a choice ("tolak karena hujan"), "" where they are none or in doubt."""
    if choice.takes in (Takes.NOTHING, Takes.NOTE):
        return ""
    rest = _strip_name(choice, text)
    if not rest or rest == text.strip():
        return ""
    if choice.takes in (Takes.INQUIRY, Takes.ANSWER):
        return rest
    because = _BECAUSE.match(rest)
    said = rest[because.end() :].strip() if because else rest
    words = split_words(said)
    if "?" in said or not words or words[0] in QUESTIONS:
        return ""
    if because and choice.takes == Takes.WORDS:
        return said
    return "" if _is_unsure(words, choice, choices) else said


def _is_unsure(words: Sequence[str], choice: TypedChoice, choices: Sequence[TypedChoice]) -> bool:
    """Whether words beside a choice are a condition or a question, or name another choice."""
    if not HEDGES.isdisjoint(words) and choice.takes == Takes.WORDS:
        return True
    others = (name for other in choices if other is not choice for name in other.names)
    return not QUESTIONS.isdisjoint(words) or any(_holds(words, name) for name in others)


def _strip_name(choice: TypedChoice, text: str) -> str:
    """Returns a text without the choice it begins with; the whole text where it begins with something else."""
    said = text.strip()
    tokens = list(_TOKEN.finditer(said))
    for start in _list_starts([token[0] for token in tokens]):
        for name in sorted(choice.names, key=len, reverse=True):
            end = start + len(name)
            if split_words(" ".join(token[0] for token in tokens[start:end])) == name:
                rest = said[tokens[end - 1].end() :].lstrip(" ,:;.!-–\n")
                return rest[match.end() :] if (match := _CONNECTOR.match(rest)) else rest
    return said


def _list_starts(words: Sequence[str]) -> Iterator[int]:
    """Where a choice may begin: at the start, or behind courtesy."""
    for at in range(min(len(words), 4)):
        yield at
        if words[at].casefold() not in COURTESY:
            return


def _holds(words: Sequence[str], name: tuple[str, ...]) -> bool:
    return any(tuple(words[at : at + len(name)]) == name for at in range(len(words) - len(name) + 1))
