"""Forms of names: words as people shorten them, and the forms in which one post is said.

Two names are the same when `normalise_words` makes the same words of them: "Kadinkes" and "Kepala Dinas Kesehatan".
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_SEED = Path(__file__).with_name("post_forms.toml")
_WORD = re.compile(r"[^\W_]+")
_DEGREES = re.compile(
    r"(?:\s*,\s*|\s+)(?:(?:S|M|A|D)\.\s?(?:[A-Z][A-Za-z]{0,5}\.?)(?:\s?[A-Z][a-z]{0,4}\.)*|(?:SE|SH|ST|ST[Pp]|S?IP|MM|MH|MT|MSi|MBA|MAP|MPd|SPd|"
    r"SKM|AMd|SSTP|MKes|Ph\.?\s?D\.?|Sp\.\s?[A-Z]+\.?)\b\.?)(?=[\s,;)]|$)"
)
"""An academic degree behind a name: ", S.STP., M.Si."."""
KEPT = 20_000
"""Names and words whose forms are kept: a directory is read anew with each change, and nearly all of it is the same."""
_ASIDE = re.compile(r"\([^()]*\)")
_JOINED = frozenset({"dan", "of"})
"""Words that a name may be said with or without."""


class Word(NamedTuple):
    """A word of a text, in lower case, and where it stands."""

    text: str
    start: int
    end: int


@cache
def load_seed() -> Mapping[str, Any]:
    """The words and forms of `post_forms.toml`."""
    return tomllib.loads(_SEED.read_text(encoding="utf-8"))


@cache
def load_words(name: str) -> frozenset[str]:
    """One of the seed's lists of words: titles, address, relations, elsewhere, every."""
    return frozenset(load_seed()[name])


def split_words(text: str) -> list[Word]:
    """The words of a text."""
    return [Word(found[0].casefold(), found.start(), found.end()) for found in _WORD.finditer(text)]


@lru_cache(maxsize=KEPT)
def expand_word(word: str) -> tuple[str, ...]:
    """The words that one word stands for: `kadinkes` is `kepala dinas kesehatan`."""
    seed = load_seed()
    for table in ("words", "units"):
        if word in seed[table]:
            return tuple(str(seed[table][word]).split())
    for prefix in _list_prefixes():
        rest = word.removeprefix(prefix)
        if rest != word and rest in seed["units"]:
            return expand_word(prefix) + expand_word(rest)
    return () if word in _JOINED else (word.lstrip("0") or word,)


@cache
def _list_prefixes() -> tuple[str, ...]:
    """Words that are written together with a unit, the longest first."""
    return ("kasubbag", "kasubag", "kadis", "kaban", "kabag", "kabid", "sekdis", "sekban", "ka", "sek", "ses")


def extend_words(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    """Adds the words that one stands for; "dinas dinas …" becomes one."""
    for each in expand_word(word):
        if not words or words[-1] != each:
            words = (*words, each)
    return words


@lru_cache(maxsize=KEPT)
def normalise_words(text: str) -> tuple[str, ...]:
    """The words of a name, each as it is written in full."""
    words: tuple[str, ...] = ()
    for word in split_words(text):
        words = extend_words(words, word.text)
    return words


def strip_degrees(text: str) -> str:
    """The text without the academic degrees behind names."""
    return _DEGREES.sub("", text)


def blank_degrees(text: str) -> str:
    """The text with blanks for the academic degrees in it: their commas part no list."""
    return _DEGREES.sub(lambda found: " " * len(found[0]), text)


def degrees_after(text: str, at: int) -> int:
    """Where the degrees end that stand behind a name; `at` where there are none."""
    while found := _DEGREES.match(text, at):
        at = found.end()
    return at


def find_role(words: tuple[str, ...]) -> tuple[str, ...]:
    """The role that a post's words begin with, () for none."""
    for role in _list_roles():
        if words[: len(role)] == role:
            return role
    return ()


@cache
def _list_roles() -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(role.split()) for role in load_seed()["roles"]), key=len, reverse=True))


@cache
def load_role_words() -> frozenset[str]:
    """The words of all roles: they tell nothing of which post is meant."""
    return frozenset(word for role in _list_roles() for word in role) | load_words("kinds")


@cache
def list_compounds() -> Sequence[str]:
    """Words such as `kadishub`, made of a role and a unit."""
    return [prefix + unit for prefix in _list_prefixes() for unit in load_seed()["units"]]


@cache
def _index_forms() -> Mapping[tuple[str, ...], tuple[Sequence[str], ...]]:
    """The groups of forms by each of their forms."""
    found: dict[tuple[str, ...], list[Sequence[str]]] = {}
    for group in load_seed()["forms"]["posts"]:
        for key in dict.fromkeys(map(normalise_words, group)):
            found.setdefault(key, []).append(group)
    return {key: tuple(groups) for key, groups in found.items()}


_KINDS: Mapping[tuple[str, ...], str] = {
    ("kepala", "dinas"): "dinas",
    ("sekretaris", "dinas"): "dinas",
    ("kepala", "badan"): "badan",
    ("sekretaris", "badan"): "badan",
    ("camat",): "kecamatan",
    ("sekretaris", "kecamatan"): "kecamatan",
    ("lurah",): "kelurahan",
    ("sekretaris", "kelurahan"): "kelurahan",
}
"""The kind of unit that a role heads."""


@lru_cache(maxsize=KEPT)
def list_forms(title: str, unit: str) -> tuple[tuple[str, ...], ...]:
    """Other forms of a post's title (words in full): with its unit's name, and those of the seed. `unit` may be ""."""
    words = normalise_words(title)
    said = [words, normalise_words(_ASIDE.sub(" ", title))]
    if words[:2] == ("kepala", "seksi") and words[-1] in ("kecamatan", "kelurahan"):
        said.append(words[:-1])
    role, named = find_role(words), normalise_words(unit)
    if role in _KINDS and named[:1] == (_KINDS[role],):
        # "Kadis PU" of the "Dinas Pekerjaan Umum dan Tata Ruang" is the head of that, too.
        said.append(role + named[1:])
    groups = [group for key in said for group in _index_forms().get(key, ())]
    return tuple(dict.fromkeys([*(normalise_words(form) for group in groups for form in group), *said[1:]]))


@lru_cache(maxsize=KEPT)
def list_person_forms(name: str) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """The forms of a person's name (words in full), and whether each counts only behind a title or alone."""
    full = tuple(word.text for word in split_words(name))
    bare = tuple(word.text for word in split_words(strip_degrees(name)))
    while len(bare) > 1 and bare[0] in load_words("titles"):
        bare = bare[1:]
    forms = [(words, False) for words in dict.fromkeys((normalise_words(name), _expand_all(full), _expand_all(bare)))]
    some = min(len(bare), 6)
    parts = [bare[begin:end] for begin in range(some) for end in range(begin + 1, some + 1) if end - begin < len(bare)]
    return (*forms, *((_expand_all(part), len(part) == 1) for part in parts if len(part) > 1 or len(part[0]) > 2))


def _expand_all(words: Sequence[str]) -> tuple[str, ...]:
    said: tuple[str, ...] = ()
    for word in words:
        said = extend_words(said, word)
    return said
