"""Arguments that name a person, a post or a unit of the directory."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from pendopo.directory import People
from pendopo.directory.names import NameIndex
from pendopo.plugin.arguments.argument_types import ArgumentProblem, ParseContext, PlainKind


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
        exact, left = around.people.named_in(text)
        if exact is not None:
            return exact, left
        close = [(person.called, person) for person in around.people.persons_like(text)]
        return _report_unknown("tanya.siapa", "tanya.tidak_dikenal", text, close), text

    def dump_value(self, value: Any) -> Any:
        return value.id

    def load_value(self, data: Any, people: People) -> Any:
        person = people.find_person(super().load_value(data, people))
        if person is None:
            raise ValueError(f"person {data} is no longer in the directory")
        return person


class _CodedKind(PlainKind):
    """A thing of the directory that has a code, by its name."""

    order = 2
    near: str
    none: str
    """The keys of the phrases for a near match and for none."""

    def parse_text(self, text: str, around: ParseContext) -> tuple[Any, str]:
        if not text.strip():
            return None, text
        exact, left = self.get_index(around.people).first_in(text)
        if exact is not None:
            return exact, left
        close = [(self.get_label(value), value) for value in self.get_index(around.people).similar_values(text, 3)]
        return _report_unknown(self.near, self.none, text, close), text

    def dump_value(self, value: Any) -> Any:
        return value.code

    @abstractmethod
    def get_index(self, people: People) -> NameIndex[Any]:
        """Returns the names of all such things."""

    @abstractmethod
    def get_label(self, value: Any) -> str:
        """Returns the name people know it by."""


class PostKind(_CodedKind):
    """A post of the directory, by its title."""

    name, near, none = "jabatan", "tanya.jabatan", "tanya.bukan_jabatan"

    def get_index(self, people: People) -> NameIndex[Any]:
        return people.post_titles

    def get_label(self, value: Any) -> str:
        return str(value.title)

    def load_value(self, data: Any, people: People) -> Any:
        return people.posts[super().load_value(data, people)]


class UnitKind(_CodedKind):
    """A unit of the directory, by its name or code."""

    name, near, none = "unit", "tanya.unit", "tanya.bukan_unit"

    def get_index(self, people: People) -> NameIndex[Any]:
        return people.unit_names

    def get_label(self, value: Any) -> str:
        return str(value.name)

    def load_value(self, data: Any, people: People) -> Any:
        return people.units[super().load_value(data, people)]


def _report_unknown(near: str, none: str, text: str, close: Sequence[tuple[str, Any]]) -> ArgumentProblem:
    return ArgumentProblem(near if close else none, {"tertulis": text.strip()[:60]}, tuple(close))
