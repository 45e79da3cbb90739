"""Arguments that name something of the directory: a person, a post or a unit."""

from collections.abc import Sequence
from typing import Any

from bot.directory import People

from .kinds import Around, Plain, Trouble


class PersonKind(Plain):
    """Somebody of the directory: mentioned, or named by name or post."""

    order = 2
    name = "@siapa"

    def take(self, text: str, around: Around) -> tuple[Any, str]:
        for mention in around.message.mentions if around.message else ():
            if mention.alias and mention.text in text and (person := around.people.by_alias((mention.alias,))):
                return person, text.replace(mention.text, " ", 1).strip()
        if not text.strip():
            return None, text
        exact, left = around.people.named_in(text)
        if exact is not None:
            return exact, left
        close = [(person.called, person) for person in around.people.like(text)]
        return _nobody("tanya.siapa", "tanya.tidak_dikenal", text, close), text

    def dump(self, value: Any) -> Any:
        return value.id

    def load(self, data: Any, people: People) -> Any:
        person = people.person(data)
        if person is None:
            raise ValueError(f"person {data} is no longer in the directory")
        return person


class PostKind(Plain):
    """A post of the directory, by its title."""

    order = 2
    name = "jabatan"

    def take(self, text: str, around: Around) -> tuple[Any, str]:
        if not text.strip():
            return None, text
        exact, left = around.people.post_named_in(text)
        if exact is not None:
            return exact, left
        close = [(post.title, post) for post in around.people.posts_like(text)]
        return _nobody("tanya.jabatan", "tanya.bukan_jabatan", text, close), text

    def dump(self, value: Any) -> Any:
        return value.code

    def load(self, data: Any, people: People) -> Any:
        return people.posts[data]


class UnitKind(Plain):
    """A unit of the directory, by its name or code."""

    order = 2
    name = "unit"

    def take(self, text: str, around: Around) -> tuple[Any, str]:
        if not text.strip():
            return None, text
        exact, left = around.people.unit_named_in(text)
        if exact is not None:
            return exact, left
        close = [(unit.name, unit) for unit in around.people.units_like(text)]
        return _nobody("tanya.unit", "tanya.bukan_unit", text, close), text

    def dump(self, value: Any) -> Any:
        return value.code

    def load(self, data: Any, people: People) -> Any:
        return people.units[data]


def _nobody(near: str, none: str, text: str, close: Sequence[tuple[str, Any]]) -> Trouble:
    return Trouble(near if close else none, {"tertulis": text.strip()[:60]}, tuple(close))
