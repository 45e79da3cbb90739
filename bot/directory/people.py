"""The directory at one moment, in memory: persons, the posts they hold, whom they answer to, and the names they go by."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import Person


@dataclass(frozen=True)
class Unit:
    """A part of the administration."""

    code: str
    name: str
    parent: str = ""


@dataclass(frozen=True)
class Post:
    """A position in a unit; rights belong to it and not to whoever holds it."""

    code: str
    title: str
    unit: str = ""
    superior: str = ""
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Holding:
    """A person on a post from `since` until before `until` (milliseconds; 0: without end)."""

    person: int
    post: str
    since: int = 0
    until: int = 0

    def at(self, instant: datetime) -> bool:
        now_ms = int(instant.timestamp() * 1000)
        return self.since <= now_ms and (not self.until or now_ms < self.until)


@dataclass(frozen=True)
class Forum:
    """A group of people on one or several messengers; `members` are roles, `chats` chat keys."""

    name: str
    chats: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass
class People:
    """A snapshot of the directory. Look-ups cost a dictionary each."""

    persons: Mapping[int, Person] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    holdings: Sequence[Holding] = ()
    forums: Sequence[Forum] = ()

    def __post_init__(self) -> None:
        self._by_person: dict[int, list[Holding]] = {}
        self._by_post: dict[str, list[Holding]] = {}
        for holding in self.holdings:
            self._by_person.setdefault(holding.person, []).append(holding)
            self._by_post.setdefault(holding.post, []).append(holding)
        self._accounts: dict[int, list[str]] = {}
        for alias, person in self.aliases.items():
            self._accounts.setdefault(person, []).append(alias)
        self._names = self._name_index()

    def person(self, id_: int) -> Person | None:
        """The active person with this id."""
        return self.persons.get(id_)

    def by_alias(self, aliases: Sequence[str]) -> Person | None:
        """The one person these aliases belong to. Nobody when they belong to two: then none can be trusted."""
        known = self.aliases
        if len(aliases) == 1:
            return self.persons.get(known.get(aliases[0], 0))
        found = {known[alias] for alias in aliases if alias in known}
        return self.persons.get(found.pop()) if len(found) == 1 else None

    def accounts(self, person: Person) -> Sequence[str]:
        """All aliases linked to a person."""
        return self._accounts.get(person.id, ())

    def posts_of(self, person: Person, at: datetime) -> list[Post]:
        """The posts a person holds at this moment."""
        return [self.posts[h.post] for h in self._by_person.get(person.id, ()) if h.at(at) and h.post in self.posts]

    def roles(self, person: Person, at: datetime) -> frozenset[str]:
        """The roles a person has at this moment, through their posts."""
        return frozenset().union(*(post.roles for post in self.posts_of(person, at)))

    def holders(self, post: str, at: datetime) -> list[Person]:
        """Who holds a post at this moment."""
        held = (h.person for h in self._by_post.get(post, ()) if h.at(at))
        return [self.persons[id_] for id_ in held if id_ in self.persons]

    def with_role(self, role: str, at: datetime) -> list[Person]:
        """Everybody who has a role at this moment."""
        return [person for post in self.posts.values() if role in post.roles for person in self.holders(post.code, at)]

    def superior(self, person: Person, at: datetime) -> Person | None:
        """Whom a person answers to: the holder of the post above, past posts that nobody holds."""
        for post in self.posts_of(person, at):
            above, seen = post.superior, {post.code}
            while above and above not in seen:
                seen.add(above)
                if holders := [p for p in self.holders(above, at) if p.id != person.id]:
                    return holders[0]
                above = self.posts[above].superior if above in self.posts else ""
        return None

    def named_in(self, text: str) -> tuple[Person | None, str]:
        """The person whose name or post the text names (the longest name wins), and the text without it."""
        for name, person, pattern in self._names:
            if found := pattern.search(text):
                same = {other.id for other_name, other, _ in self._names if other_name == name}
                if len(same) == 1:
                    return person, (text[: found.start()] + " " + text[found.end() :]).strip()
        return None, text

    def like(self, text: str, most: int = 3) -> list[Person]:
        """Persons whose name or post resembles the text."""
        names = {name: person for name, person, _ in self._names}
        close = difflib.get_close_matches(text.strip().lower(), names, n=most * 2, cutoff=0.6)
        return list({names[name].id: names[name] for name in close}.values())[:most]

    def _name_index(self) -> list[tuple[str, Person, re.Pattern[str]]]:
        entries: list[tuple[str, Person]] = []
        for person in self.persons.values():
            entries.append((person.name.lower(), person))
            entries += [
                (self.posts[h.post].title.lower(), person)
                for h in self._by_person.get(person.id, ())
                if h.post in self.posts and not h.until
            ]
        entries.sort(key=lambda entry: -len(entry[0]))
        return [(name, person, re.compile(rf"@?(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)) for name, person in entries]
