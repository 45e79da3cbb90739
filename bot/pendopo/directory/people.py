"""The directory at one moment, in memory: people, the posts they hold, their superiors, and their names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pendopo.directory.names import NameIndex
from pendopo.errors import UserError
from pendopo.model import Capacity, Forum, Holding, Mandate, Person, Post, Unit
from pendopo.model.ids import to_ms

_HIDDEN = {"bsuid": "whatsapp", "lid": "whatsapp"}
"""Kinds of aliases that users never see, and the messenger that uses them."""
OWN_PAGE = "web:"
"""Prefix of the alias of a person signed in to the dashboard; their directory id follows."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class People:
    """A snapshot of the directory, indexed so that a look-up costs one dictionary access."""

    persons: Mapping[int, Person] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    holdings: Sequence[Holding] = ()
    forums: Sequence[Forum] = ()
    mandates: Sequence[Mandate] = ()
    nips: frozenset[str] = frozenset()
    revision: int = 0
    """Grows with every change of the directory in the database."""
    taken_at: datetime = _EPOCH
    unconfirmed: Mapping[str, int] = field(default_factory=dict)
    """Aliases of accounts that changed their number, each with the id of the person who must confirm it."""
    off: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Chat key to the plugins switched off there."""

    def __post_init__(self) -> None:
        self._by_person: dict[int, list[Holding]] = {}
        self._by_post: dict[str, list[Holding]] = {}
        for holding in self.holdings:
            self._by_person.setdefault(holding.person, []).append(holding)
            self._by_post.setdefault(holding.post, []).append(holding)
        self._lent_to: dict[int, list[Mandate]] = {}
        self._lent_by: dict[str, list[Mandate]] = {}
        for mandate in self.mandates:
            self._lent_to.setdefault(mandate.person, []).append(mandate)
            self._lent_by.setdefault(mandate.post, []).append(mandate)
        self._accounts: dict[int, list[str]] = {}
        for alias, person in self.aliases.items():
            self._accounts.setdefault(person, []).append(alias)
        taken = to_ms(self.taken_at)
        edges = (edge for period in (*self.holdings, *self.mandates) for edge in (period.since, period.until))
        self.edge = min((edge for edge in edges if edge > taken), default=None)
        """When a term or mandate next begins or ends by itself, Unix time in milliseconds; None when none does."""
        self._names = NameIndex(self._list_names())
        self.post_titles = NameIndex((post.title, post) for post in self.posts.values())
        self.unit_names = NameIndex(entry for unit in self.units.values() for entry in ((unit.name, unit), (unit.code, unit)))

    # -- who -----------------------------------------------------------------------------------------------------

    def find_person(self, id_: int) -> Person | None:
        """The active person with this id."""
        return self.persons.get(id_)

    def get_person(self, id_: int) -> Person:
        """The active person with this id. Raises `UserError` when they have left."""
        if id_ not in self.persons:
            raise UserError("direktori.orang_keluar")
        return self.persons[id_]

    def list_persons(self, ids: Iterable[int]) -> list[Person]:
        """The active persons with these ids, each once."""
        return [self.persons[id_] for id_ in dict.fromkeys(ids) if id_ in self.persons]

    def get_name(self, id_: int) -> str:
        """The form of address of the person with this id, "–" when they have left."""
        person = self.persons.get(id_)
        return person.called if person else "–"

    def by_alias(self, aliases: Sequence[str]) -> Person | None:
        """The person these aliases belong to; None if they belong to two people, or while one alias is unconfirmed."""
        known = self.aliases
        if self.unconfirmed and any(alias in self.unconfirmed for alias in aliases):
            return None
        if aliases and aliases[0].startswith(OWN_PAGE):  # only our own web app makes this alias, after sign-in
            return self.persons.get(int(aliases[0].removeprefix(OWN_PAGE)))
        if len(aliases) == 1:
            return self.persons.get(known.get(aliases[0], 0))
        ids = {known[alias] for alias in aliases if alias in known}
        return self.persons.get(ids.pop()) if len(ids) == 1 else None

    def to_confirm(self, aliases: Sequence[str]) -> Person | None:
        """The person whose account this was before its number changed; it has no rights until they confirm it."""
        ids = (self.unconfirmed[alias] for alias in aliases if alias in self.unconfirmed)
        return self.persons.get(next(ids, 0))

    def add_alias(self, alias: str, person: Person) -> None:
        """Link one more alias to a person, in this snapshot only."""
        self.aliases = {**self.aliases, alias: person.id}
        self._accounts.setdefault(person.id, []).append(alias)

    def accounts_of(self, person: Person) -> Sequence[str]:
        """All aliases linked to a person."""
        return self._accounts.get(person.id, ())

    def messengers_of(self, person: Person) -> list[str]:
        """The messengers a person has an account on."""
        return sorted({self.messenger_name(alias) for alias in self.accounts_of(person)})

    @staticmethod
    def messenger_name(alias: str) -> str:
        """The messenger of an alias, by the name users know."""
        kind = alias.partition(":")[0]
        return _HIDDEN.get(kind, kind)

    # -- posts ---------------------------------------------------------------------------------------------------

    def posts_of(self, person: Person, at: datetime) -> list[Post]:
        """The posts a person holds at an instant, without those lent by mandate."""
        return [self.posts[h.post] for h in self._by_person.get(person.id, ()) if h.is_active(at) and h.post in self.posts]

    def roles_of(self, person: Person, at: datetime) -> frozenset[str]:
        """The roles a person has at an instant through their own posts."""
        return frozenset().union(*(post.roles for post in self.posts_of(person, at)))

    def holders_of(self, post: str, at: datetime) -> list[Person]:
        """The holders of a post at an instant."""
        held = (h.person for h in self._by_post.get(post, ()) if h.is_active(at))
        return [self.persons[id_] for id_ in held if id_ in self.persons]

    def terms_of(self, post: str) -> Sequence[Holding]:
        """All terms on a post: past, present and future."""
        return self._by_post.get(post, ())

    def with_role(self, role: str, at: datetime) -> list[Person]:
        """Everyone who has a role at an instant through a post of their own."""
        return [person for post in self.posts.values() if role in post.roles for person in self.holders_of(post.code, at)]

    def mandates_of(self, post: str, at: datetime) -> list[Mandate]:
        """The mandates of a post in force at an instant, of people who have not left."""
        return [m for m in self._lent_by.get(post, ()) if m.is_active(at) and m.person in self.persons]

    def capacities_of(self, person: Person, at: datetime, action: str = "", routine: bool = True) -> list[Capacity]:
        """The capacities a person may act in: the posts they hold, then those whose mandate covers the action."""
        own = [Capacity(post) for post in self.posts_of(person, at)]
        lent = [m for m in self._lent_to.get(person.id, ()) if m.is_active(at) and m.covers_action(action, routine)]
        return own + [Capacity(self.posts[mandate.post], mandate) for mandate in lent if mandate.post in self.posts]

    def acting_in(self, post: str, at: datetime, action: str = "", routine: bool = True) -> list[Person]:
        """Who acts in a post, in the order to ask them: a Plh or Plt whose mandate covers the action, then the holder."""
        lent = [m for m in self.mandates_of(post, at) if m.replaces and m.covers_action(action, routine)]
        first = [self.persons[m.person] for m in lent]
        return first + [person for person in self.holders_of(post, at) if person not in first]

    # -- who is above whom ---------------------------------------------------------------------------------------

    def superior_of(self, person: Person, at: datetime, action: str = "", routine: bool = True) -> Person | None:
        """The superior of a person: who acts in the nearest post above them in which another person acts."""
        post = self.superior_post(person, at, action, routine)
        return next(self._others_acting(post, person, at, action, routine), None) if post else None

    def superior_post(self, person: Person, at: datetime, action: str = "", routine: bool = True) -> Post | None:
        """The nearest post above a person in which another person acts."""
        for post in self.posts_of(person, at):
            for above in self.posts_above(post):
                if next(self._others_acting(above, person, at, action, routine), None):
                    return above
        return None

    def subordinates_of(self, person: Person, at: datetime) -> list[Person]:
        """Everyone below a person, directly or not, through their own posts and those lent to them."""
        codes = {capacity.post.code for capacity in self.capacities_of(person, at)}
        posts = {post.code for post in self.posts.values() if any(above.code in codes for above in self.posts_above(post))}
        ids = (holding.person for holding in self.holdings if holding.post in posts and holding.is_active(at))
        return [self.persons[id_] for id_ in ids if id_ in self.persons and id_ != person.id]

    def posts_above(self, post: Post) -> Iterator[Post]:
        """The posts above a post, the nearest first."""
        code, seen = post.superior, {post.code}
        while code in self.posts and code not in seen:
            seen.add(code)
            yield self.posts[code]
            code = self.posts[code].superior

    def _others_acting(self, post: Post, person: Person, at: datetime, action: str, routine: bool) -> Iterator[Person]:
        # A person who stands in for an absent superior may not decide their own request, and the superior is away: go higher.
        acting = self.acting_in(post.code, at, action, routine)
        stands_in = acting and acting[0].id == person.id and any(m.person == person.id for m in self.mandates_of(post.code, at))
        return iter(()) if stands_in else (other for other in acting if other.id != person.id)

    # -- units and forums ----------------------------------------------------------------------------------------

    def is_within(self, unit: str, of: str) -> bool:
        """Whether a unit is the same as another or part of it."""
        seen: set[str] = set()
        while unit and unit not in seen:
            if unit == of:
                return True
            seen.add(unit)
            unit = self.units[unit].parent if unit in self.units else ""
        return False

    def unit_of(self, person: Person, at: datetime) -> str:
        """The unit of a person's first post, "" for none."""
        return next((post.unit for post in self.posts_of(person, at) if post.unit), "")

    def forum_of(self, chat: str) -> Forum | None:
        """The forum a chat (by its key) belongs to."""
        return next((forum for forum in self.forums if chat in forum.chats), None)

    def find_forum(self, name: str) -> Forum | None:
        """The forum with this name."""
        return next((forum for forum in self.forums if forum.name == name), None)

    def members_of(self, forum: Forum, at: datetime) -> list[Person]:
        """The members of a forum, by the roles of their posts."""
        wanted = set(forum.members)
        return [person for person in self.persons.values() if wanted.intersection(self.roles_of(person, at))]

    # -- names ---------------------------------------------------------------------------------------------------

    def named_in(self, text: str) -> tuple[Person | None, str]:
        """The person whose name or post the text names (the longest name wins), and the text without it."""
        return self._names.named_in(text)

    def person_opening(self, text: str) -> tuple[Person | None, str]:
        """The person whose name or post the text begins with, and the rest of the text."""
        return self._names.match_opening(text)

    def persons_like(self, text: str, most: int = 3) -> list[Person]:
        """Persons whose name or post resembles the text."""
        return self._names.similar_values(text, most)

    def _list_names(self) -> Iterator[tuple[str, Person]]:
        for person in self.persons.values():
            yield person.name, person
            for post in self.posts_of(person, self.taken_at):
                yield post.title, person
