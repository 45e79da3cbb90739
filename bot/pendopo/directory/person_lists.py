"""Reads lists of people: names, posts, units, forums and groups such as "semua camat"; every name that is not clear is told."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pendopo.directory.names import NameMatch
from pendopo.directory.people import People, format_reference
from pendopo.directory.post_forms import blank_degrees, expand_word, find_role, load_words, normalise_words, split_words
from pendopo.model import Person, Post, Unit

MOST = 6
"""Persons offered at most for one name."""
JOINED = 3
"""Parts joined by "dan" that are tried as one name: "Kadis SDA dan Bina Marga"."""
UNKNOWN_WORDS = 3
"""Words of a name that nobody has, at most."""
_SEPARATOR = re.compile(r"[,;\n]+")
_AND = re.compile(r"\s+(?:dan|serta|beserta|sareng|sarta|and|&|\+)\s+|\s*[&+]\s*", re.IGNORECASE)
_EXCEPT = re.compile(r"\s*,?\s*(?:kecuali|selain|terkecuali|minus)\s+", re.IGNORECASE)
_COMMA_EXCEPT = re.compile(r",(?=\s*(?:kecuali|selain|terkecuali)\s)", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()\n]*\)")
_BULLET = re.compile(r"(?:\d{1,3}[.)]|[-•*–])\s+")
_WHERE = re.compile(r"(?:se-?|di|pada|dari|wilayah|lingkungan|lingkup|untuk|kota)\s*", re.IGNORECASE)
_STAFF = frozenset(("jajaran", "pejabat", "pegawai", "staf", "anggota", "unsur", "asn", "personel", "peserta"))
_SIGNS = " \t\n,;&+"
"""Signs that join the names of a list."""
_EDGES = " \t\n.@:!?\"'“”"


class UnclearName(NamedTuple):
    """A name in a text that means nobody surely, and the persons it may mean."""

    start: int
    end: int
    said: str
    choices: Sequence[Person] = ()
    unit: str = ""
    """A unit that it may mean as a whole."""


class PersonList(NamedTuple):
    """The persons that a text names, and the names that are not clear."""

    persons: Sequence[Person]
    unclear: Sequence[UnclearName] = ()


class _Group(NamedTuple):
    """What a plural names; `end` is where it ends in the text."""

    persons: Sequence[Person]
    end: int


class PersonListReader:
    """Reads lists as one speaker means them. `resolve_special` knows words of the caller's own ("grup"), None for others.

    `list_acting` gives those a post stands for; by default its holders.
    """

    def __init__(
        self,
        people: People,
        speaker: Person | None = None,
        resolve_special: Callable[[str], Sequence[Person] | None] = lambda word: None,
        list_acting: Callable[[Post], Sequence[Person]] | None = None,
    ) -> None:
        self._people = people
        self._speaker = speaker
        self._resolve_special = resolve_special
        self._list_acting = list_acting or people.acting_persons

    def read_list(self, text: str) -> PersonList:
        """All that a list names, each once, in its order."""
        blank = _blank_matches(_COMMA_EXCEPT, _blank_matches(_ASIDE, blank_degrees(text)))
        persons: list[Person] = []
        unclear: list[UnclearName] = []
        begin = 0
        for end, following in [*((found.start(), found.end()) for found in _SEPARATOR.finditer(blank)), (len(blank), 0)]:
            for part in self._read_element(blank, begin, end):
                if isinstance(part, UnclearName):
                    unclear.append(part._replace(said=text[part.start : part.end].strip(_EDGES)))
                else:
                    persons += part
            begin = following
        return PersonList(list(dict.fromkeys(persons)), unclear)

    def read_opening(self, text: str) -> tuple[PersonList, str]:
        """The persons that a text begins with ("Kadis PU, Kadishub dan semua camat …"), and the rest of the text."""
        persons: list[Person] = []
        at = 0
        while (found := self._read_name(text, at)) is not None:
            if isinstance(found, UnclearName):
                return PersonList(list(dict.fromkeys(persons)), [found]), text[found.end :].strip()
            persons += found.persons
            at = found.end
            following = _JOINT.match(text, at)
            if following is None or self._read_name(text, following.end()) is None:
                break
            at = following.end()
        return PersonList(list(dict.fromkeys(persons))), text[at:].strip(" ,;:\n") if persons else text

    def _read_name(self, text: str, at: int) -> _Group | UnclearName | None:
        """The name or group that stands at a place of a text."""
        left = text[at:]
        if (group := self._read_group(left, open_ended=True)) is not None:
            return _Group(group.persons, at + group.end)
        found = self._people.find_opening(left, self._speaker)
        if found is None:
            near = self._people.person_finder.suggest_opening(left, self._people.units_near(self._speaker), MOST)
            return _make_unclear(near, left, at) if near is not None else None
        if not found.sure:
            return _make_unclear(found, left, at)
        post = self._people.post_finder.find_opening(left, self._people.units_near(self._speaker))
        acting = self._list_acting(post.values[0]) if post is not None and post.sure and post.end == found.end else []
        return _Group(acting[:1] or found.values[:1], at + found.end)

    def _read_element(self, text: str, start: int, end: int) -> Iterator[Sequence[Person] | UnclearName]:
        start, end = _trim(text, start, end)
        if start == end:
            return
        if (whole := self._resolve_name(text[start:end])) is not None:
            yield whole
            return
        places = [start, *(place for found in _AND.finditer(text, start, end) for place in found.span()), end]
        parts = [_trim(text, *pair) for pair in zip(places[::2], places[1::2], strict=True)]
        yield from self._read_joined(text, parts)

    def _read_joined(self, text: str, parts: Sequence[tuple[int, int]]) -> Iterator[Sequence[Person] | UnclearName]:
        at, every = 0, ""
        while at < len(parts):
            for last in range(min(at + JOINED, len(parts)) - 1, at - 1, -1):
                said = text[parts[at][0] : parts[last][1]]
                found = self._resolve_name(said)
                if found is None and every:  # "para camat dan lurah"
                    found = self._resolve_group(f"{every} {said}")
                if found is not None:
                    every = _find_every(said) or every
                    yield found
                    at = last + 1
                    break
            else:
                start, end = parts[at]
                if start < end:
                    yield self._explain_unclear(text[start:end], start)
                at += 1

    def _resolve_name(self, said: str) -> Sequence[Person] | None:
        """The persons that one name stands for; None where it means nobody surely."""
        known = self._resolve_special(said)
        if known is not None:
            return known
        if (group := self._resolve_group(said)) is not None:
            return group
        referred = self._people.find_reference(said)
        near = self._people.units_near(self._speaker)
        referred = referred if referred is not None and referred.end - referred.start == len(said.strip()) else None
        found = referred or self._people.person_finder.find_whole(said, near)
        if found is not None and found.sure:
            return found.values[:1]
        if forum := self._find_forum(said):
            return forum
        if role := self._people.with_role(said.lower().replace(" ", "_"), self._people.taken_at):
            return role
        unit = self._find_unit(said)
        return self._list_members(unit) if unit is not None and _names_kind(said) else None

    def _resolve_group(self, said: str) -> Sequence[Person] | None:
        cut = _EXCEPT.search(said)
        group = self._read_group(said[: cut.start()] if cut else said, open_ended=False)
        if group is None or cut is None:
            return group.persons if group else None
        left_out = self._resolve_exception(said[cut.end() :])
        return None if left_out is None else [person for person in group.persons if person not in left_out]

    def _resolve_exception(self, said: str) -> Sequence[Person] | None:
        """Those whom "kecuali" leaves out; None where that is not clear."""
        listed = self.read_list(said)
        if not listed.unclear:
            return listed.persons
        units = [self._find_unit(name.said) for name in listed.unclear]
        if not all(units):
            return None
        return [*listed.persons, *(person for unit in units if unit is not None for person in self._list_members(unit))]

    def _read_group(self, text: str, open_ended: bool) -> _Group | None:
        """A plural that a text begins with; unless `open_ended`, it must be the whole text."""
        words = split_words(text)
        if len(words) < 2 or words[0].text not in load_words("every") or text[: words[0].start].strip(_EDGES):
            return None
        first = 2 if words[1].text in load_words("every") and len(words) > 2 else 1
        for last in range(min(first + 3, len(words)) - 1, first - 1, -1):
            named = text[words[first].start : words[last].end]
            posts = self._list_posts(named)
            if posts:
                return self._narrow_group(text, words[last].end, posts, open_ended)
        rest = text[words[first].start :]
        if words[first].text in _STAFF and len(words) > first + 1:
            rest = text[words[first + 1].start :]
        unit = None if open_ended else self._find_unit(rest)
        members = self._find_forum(rest) or (self._list_members(unit) if unit else [])
        return _Group(members, len(text)) if members and not open_ended else None

    def _list_posts(self, named: str) -> list[Post]:
        role = named.lower().replace(" ", "_").replace("-", "_")
        coded = [post for post in self._people.posts.values() if role in post.roles]
        return list(dict.fromkeys([*self._people.posts_in_role(named), *coded]))

    def _narrow_group(self, text: str, end: int, posts: Sequence[Post], open_ended: bool) -> _Group | None:
        """The posts of a plural, within the unit that is named behind it."""
        left = text[end:]
        if not left.strip(_EDGES):
            return _Group(self._list_holders(posts), len(text))
        where = _WHERE.match(left.lstrip())
        begin = len(left) - len(left.lstrip()) + (where.end() if where else 0)
        found = self._people.unit_finder.find_opening(left[begin:], weak=True)
        units = [unit for unit in found.values if self._select_within(posts, unit)] if found is not None else []
        if found is not None and len(units) == 1:
            stop = end + begin + found.end
            if open_ended or not text[stop:].strip(_EDGES):
                return _Group(self._list_holders(self._select_within(posts, units[0])), stop)
        if where is not None and not left[begin:].strip(_EDGES):  # "semua camat sekota"
            return _Group(self._list_holders(posts), len(text))
        misspelt = self._people.unit_finder.suggest_opening(left, (), 1)
        return _Group(self._list_holders(posts), end) if open_ended and misspelt is None else None

    def _select_within(self, posts: Sequence[Post], unit: Unit) -> list[Post]:
        return [post for post in posts if post.unit and self._people.is_within(post.unit, unit.code)]

    def _list_holders(self, posts: Sequence[Post]) -> list[Person]:
        return list(dict.fromkeys(person for post in posts for person in self._list_acting(post)[:1]))

    def _list_members(self, unit: Unit) -> list[Person]:
        posts = self._select_within(list(self._people.posts.values()), unit)
        return list(dict.fromkeys(p for post in posts for p in self._people.holders_of(post.code, self._people.taken_at)))

    def _find_unit(self, said: str) -> Unit | None:
        found = self._people.unit_finder.find_whole(said)
        return found.values[0] if found is not None and found.sure else None

    def _find_forum(self, said: str) -> list[Person]:
        wanted = normalise_words(said)
        forum = next((each for each in self._people.forums if normalise_words(each.name) == wanted), None)
        return self._people.members_of(forum, self._people.taken_at) if forum is not None else []

    def _explain_unclear(self, said: str, start: int) -> UnclearName:
        near = self._people.suggest_persons(said, self._speaker, MOST)
        unit = self._find_unit(said)
        return UnclearName(start, start + len(said), said, near.values if near else (), unit.name if unit else "")


_JOINT = re.compile(
    r"\s*(?:[,;&+]\s*(?:dan\s+|serta\s+)?|\n\s*(?:\d+[.)]\s*)?|(?:dan|serta|sareng|and)\s+)(?=\S)", re.IGNORECASE
)
_JOINING = frozenset(("dan", "serta", "beserta", "sareng", "sarta", "and"))


def replace_name(text: str, unclear: UnclearName, person: Person) -> str:
    """The text with a person chosen for a name that was not clear."""
    return f"{text[: unclear.start]}{format_reference(person)}{text[unclear.end :]}"


def drop_name(text: str, unclear: UnclearName) -> str:
    """The text without a name that was not clear."""
    before, after = text[: unclear.start].rstrip(_SIGNS), text[unclear.end :]
    while before.rpartition(" ")[2].lower() in _JOINING:
        before = before.rpartition(" ")[0].rstrip(_SIGNS)
    if not before.strip():
        after = after.lstrip(_SIGNS)
        while after.partition(" ")[0].lower() in _JOINING:
            after = after.partition(" ")[2].lstrip(_SIGNS)
    return f"{before}{after}".strip(_SIGNS)


def label_person(person: Person, others: Sequence[Person]) -> str:
    """What a choice calls a person: the post, with the name where another has the same."""
    same = sum(other.called == person.called for other in others) > 1
    return f"{person.called} ({person.name})" if same and person.title else person.called


def find_name_end(text: str, start: int = 0) -> int:
    """Where a name ends that nobody has, but that a title or a role opens; 0 for a text that may hold no name at all."""
    words = [word for word in split_words(text) if word.start >= start]
    if not words or not (words[0].text in load_words("address") or find_role(expand_word(words[0].text))):
        return 0
    end = words[0].end
    for word in words[1:UNKNOWN_WORDS]:
        if word.text in load_words("after_role") or any(sign in text[end : word.start] for sign in ",;:\n"):
            break
        end = word.end
    return end


def _make_unclear(found: NameMatch[Person], text: str, at: int) -> UnclearName:
    said = text[found.start : found.end].strip(_EDGES)
    return UnclearName(at + found.start, at + found.end, said, found.values[:MOST])


def _blank_matches(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: " " * len(found[0]), text)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of a part without signs at its ends and without a bullet."""
    while start < end and text[start] in _EDGES and text[start : start + 2] != "@#":
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    bullet = _BULLET.match(text, start, end)
    return (bullet.end(), end) if bullet else (start, end)


def _find_every(said: str) -> str:
    words = split_words(said)
    return words[0].text if words and words[0].text in load_words("every") else ""


def _names_kind(said: str) -> bool:
    """Whether a unit is said in full: "Coblong" alone may be its camat."""
    words = normalise_words(said)
    return len(words) > 1 and words[0] in load_words("kinds")
