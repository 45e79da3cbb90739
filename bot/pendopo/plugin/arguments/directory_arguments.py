"""Arguments that name a person, a post or a unit of the directory."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from pendopo.directory import People
from pendopo.directory.person_lists import find_name_end, label_person
from pendopo.model import Person
from pendopo.plugin.arguments.argument_types import ArgumentProblem, ParseContext, PlainKind

MOST = 6
"""Persons offered at most where several have one name."""
_NUMBERS = re.compile(r"\s*(?:(?:no|nomor)\b\.?\s*)?#?\d+(?!\w)[\s.,:)]*", re.IGNORECASE)


class PersonKind(PlainKind):
    """A person of the directory: mentioned, or named by name or post."""

    order = 2
    """After times, before plain words."""
    name = "@siapa"
    holds = int

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        for mention in around.message.mentions if around.message else ():
            if mention.alias and mention.text in text and (person := around.people.by_alias((mention.alias,))):
                return person, text.replace(mention.text, " ", 1).strip()
        if not text.strip():
            return None, text
        found = around.people.find_name(text, around.speaker)
        if found is not None and found.sure:
            return found.values[0], found.cut_from(text)
        return _report_person(text, around)

    def dump_value(self, value: Any) -> Any:
        return value.id

    def load_value(self, data: Any, people: People) -> Any:
        person = people.find_person(super().load_value(data, people))
        if person is None:
            raise ValueError(f"person {data} is no longer in the directory")
        return person


def _report_person(text: str, around: ParseContext) -> tuple[ArgumentProblem, str]:
    """What is wrong with a name, and the text without it: what else was said is kept."""
    skipped = found.end() if (found := _NUMBERS.match(text)) else 0
    near = around.people.suggest_persons(text[skipped:], around.speaker, MOST)
    if near is None:
        end = find_name_end(text, skipped)
        said = text[skipped : end or None].strip(" ,.;:@")
        left = f"{text[:skipped].rstrip()} {text[end:].lstrip()}".strip() if end else text
        return ArgumentProblem("tanya.tidak_dikenal", {"tertulis": said[:60]}), left
    start, end = skipped + near.start, skipped + near.end
    said = text[start:end].strip(" ,.;:@")
    options = tuple((label_person(person, near.values), person) for person in near.values)
    return ArgumentProblem(
        "tanya.siapa", {"tertulis": said[:60]}, options, True
    ), f"{text[:start].rstrip()} {text[end:].lstrip()}".strip()


class _CodedKind(PlainKind):
    """A thing of the directory that has a code, by its name."""

    order = 2
    near: str
    none: str
    """The keys of the phrases for a near match and for none."""

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        if not text.strip():
            return None, text
        exact, left = self.named_in(around.people, text, around.speaker)
        if exact is not None:
            return exact, left
        close = [(self.get_label(value), value) for value in self.list_similar(around.people, text, around.speaker)]
        return _report_unknown(self.near, self.none, text, close), text

    def dump_value(self, value: Any) -> Any:
        return value.code

    @abstractmethod
    def named_in(self, people: People, text: str, speaker: Person | None) -> tuple[Any, str]:
        """Returns what the text names, and the text without it."""

    @abstractmethod
    def list_similar(self, people: People, text: str, speaker: Person | None) -> Sequence[Any]:
        """Returns what the text may mean."""

    @abstractmethod
    def get_label(self, value: Any) -> str:
        """Returns the name people know it by."""


class PostKind(_CodedKind):
    """A post of the directory, by its title."""

    name, near, none = "jabatan", "tanya.jabatan", "tanya.bukan_jabatan"

    def named_in(self, people: People, text: str, speaker: Person | None) -> tuple[Any, str]:
        return people.post_named_in(text, speaker)

    def list_similar(self, people: People, text: str, speaker: Person | None) -> Sequence[Any]:
        return people.posts_like(text, 3, speaker)

    def get_label(self, value: Any) -> str:
        return str(value.title)

    def load_value(self, data: Any, people: People) -> Any:
        return people.posts[super().load_value(data, people)]


class MarkedPostKind(PostKind):
    """A post that is named behind one of a few words only: "untuk Camat Coblong"."""

    order = 1
    """Before persons: the post's words must not be taken for its holder."""

    def __init__(self, words: Sequence[str]) -> None:
        marks = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
        self._mark = re.compile(rf"(?<!\w)(?:{marks})(?!\w)[\s:]*(?:(?:plh|plt)\b\.?\s*)?(?=\S)", re.IGNORECASE)

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        near = around.people.units_near(around.speaker)
        for mark in self._mark.finditer(text):
            said = text[mark.end() :]
            found = around.people.post_finder.find_opening(said, near)
            spelt = found or around.people.post_finder.suggest_opening(said, near)
            if spelt is None:
                continue
            left = f"{text[: mark.start()].rstrip()} {said[spelt.end :].lstrip()}".strip()
            if found is not None and found.sure:
                return found.values[0], left
            close = [(self.get_label(post), post) for post in spelt.values[:MOST]]
            return _report_unknown(self.near, self.none, said[: spelt.end], close), left
        return None, text


class UnitKind(_CodedKind):
    """A unit of the directory, by its name or code."""

    name, near, none = "unit", "tanya.unit", "tanya.bukan_unit"

    def named_in(self, people: People, text: str, speaker: Person | None) -> tuple[Any, str]:
        return people.unit_named_in(text)

    def list_similar(self, people: People, text: str, speaker: Person | None) -> Sequence[Any]:
        return people.units_like(text)

    def get_label(self, value: Any) -> str:
        return str(value.name)

    def load_value(self, data: Any, people: People) -> Any:
        return people.units[super().load_value(data, people)]


def _report_unknown(near: str, none: str, text: str, close: Sequence[tuple[str, Any]]) -> ArgumentProblem:
    return ArgumentProblem(near if close else none, {"tertulis": text.strip()[:60]}, tuple(close), bool(close))
