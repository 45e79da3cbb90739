"""The directory at one moment, in memory: people, the posts they hold, their superiors, and their names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeVar

from pendopo.directory.name_finder import NameFinder
from pendopo.directory.names import NameMatch, Rank
from pendopo.directory.post_forms import find_role, list_forms, list_person_forms, load_words, normalise_words
from pendopo.errors import UserError
from pendopo.model import Capacity, Employment, Forum, Holding, Mandate, Person, Post, Unit
from pendopo.model.ids import to_ms

T = TypeVar("T")
_REFERENCE = re.compile(r"@#(\d{1,18})(?!\w)", re.ASCII)
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
    called: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """What people are called besides their names, by their ids."""
    employed: Mapping[int, Employment] = field(default_factory=dict)
    """On what terms people work, by their ids."""

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

    def get_employment(self, person: Person) -> Employment:
        """On what terms somebody works, as far as it is known."""
        return self.employed.get(person.id, Employment())

    def by_alias(self, aliases: Sequence[str]) -> Person | None:
        """The person these aliases belong to; None while one is unconfirmed, or if they contradict each other.

        They do if they belong to two people, or if one belongs to nobody though the person is known by another of its kind.
        """
        known = self.aliases
        if self.unconfirmed and any(alias in self.unconfirmed for alias in aliases):
            return None
        if aliases and aliases[0].startswith(OWN_PAGE):  # only our own web app makes this alias, after sign-in
            return self.persons.get(int(aliases[0].removeprefix(OWN_PAGE)))
        if len(aliases) == 1:
            return self.persons.get(known.get(aliases[0], 0))
        owners = self._list_owners(aliases)
        return owners[0] if len(owners) == 1 and not self._is_replaced(aliases, owners[0]) else None

    def find_contradicted(self, aliases: Sequence[str]) -> list[Person]:
        """Those whose account this was by one of its names, while another says that it is somebody else's by now."""
        owners = self._list_owners(aliases)
        return owners if len(owners) > 1 or (owners and self._is_replaced(aliases, owners[0])) else []

    def _list_owners(self, aliases: Sequence[str]) -> list[Person]:
        return self.list_persons(self.aliases[alias] for alias in aliases if alias in self.aliases)

    def _is_replaced(self, aliases: Sequence[str], owner: Person) -> bool:
        """Whether a name that nobody has stands beside one of a person who is known by another name of its kind."""
        new = {alias.partition(":")[0] for alias in aliases if alias not in self.aliases}
        kept = {alias.partition(":")[0] for alias in aliases if alias in self.aliases}
        return bool(new) and any(alias.partition(":")[0] in new - kept for alias in self.accounts_of(owner))

    def to_confirm(self, aliases: Sequence[str]) -> Person | None:
        """The person whose account this was before one of its names changed; it has no rights until they confirm it."""
        ids = (self.unconfirmed[alias] for alias in aliases if alias in self.unconfirmed)
        return self.persons.get(next(ids, 0)) or next(iter(self.find_contradicted(aliases)), None)

    def add_alias(self, alias: str, person: Person) -> None:
        """Link one more alias to a person, in this snapshot only."""
        self.aliases = {**self.aliases, alias: person.id}
        self._accounts.setdefault(person.id, []).append(alias)

    def accounts_of(self, person: Person) -> Sequence[str]:
        """All aliases linked to a person."""
        return self._accounts.get(person.id, ())

    def has_accounts(self, person: Person) -> bool:
        """Whether any account is a person's, also one that is to be confirmed."""
        return bool(self.accounts_of(person) or self.list_doubted(person))

    def list_doubted(self, person: Person) -> list[str]:
        """The messengers of those accounts that a person is to confirm."""
        return sorted({self.messenger_name(alias) for alias, owner in self.unconfirmed.items() if owner == person.id})

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

    def posts_ahead(self, person: Person, at: datetime) -> list[Post]:
        """The posts that a person holds or is lent at an instant or later."""
        periods = (*self._by_person.get(person.id, ()), *self._lent_to.get(person.id, ()))
        codes = dict.fromkeys(each.post for each in periods if not each.until or each.until > to_ms(at))
        return [self.posts[code] for code in codes if code in self.posts]

    def is_over(self, post: Post, person: Person, at: datetime) -> bool:
        """Whether a post is above one that a person holds or is lent."""
        mine = self.posts_ahead(person, at)
        return any(above.code == post.code for own in mine for above in self.posts_above(own))

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
        # Who stands in for an absent superior decides neither their own request nor that of somebody above them: go higher.
        acting = self.acting_in(post.code, at, action, routine)
        stands_in = acting and self.is_barred(acting[0], post.code, person, at)
        return iter(()) if stands_in else (other for other in acting if other.id != person.id)

    def is_barred(self, person: Person, post: str, applicant: Person, at: datetime) -> bool:
        """Whether a person acts in a post by mandate only, and may not decide what the applicant asks: themselves, or above."""
        if all(m.person != person.id for m in self.mandates_of(post, at)) or person in self.holders_of(post, at):
            return False
        return person.id == applicant.id or self.is_below(person, applicant, at)

    def is_below(self, person: Person, other: Person, at: datetime) -> bool:
        """Whether a post of one person is below a post of another."""
        codes = {post.code for post in self.posts_of(other, at)}
        return any(above.code in codes for post in self.posts_of(person, at) for above in self.posts_above(post))

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

    def named_in(self, text: str, speaker: Person | None = None) -> tuple[Person | None, str]:
        """The person that the text names first, and the text without the name.

        A post without its unit ("Sekdis") is that of the speaker's own unit. None where several are meant, or nobody surely.
        """
        return _split_match(self.find_name(text, speaker), text)

    def find_name(self, text: str, speaker: Person | None = None) -> NameMatch[Person] | None:
        """The name that stands first in the text, sure or not; a reference goes before all names."""
        near = self.units_near(speaker)
        found = self.find_reference(text) or self.person_finder.find_first(text, near)
        if found is not None and found.rank == Rank.ROLE and not found.sure:  # "Camat Coblog"
            spelt = self.person_finder.suggest_opening(text[found.start :], near)
            found = spelt._replace(start=found.start + spelt.start, end=found.start + spelt.end) if spelt is not None else found
        return found

    def iter_names(self, text: str, speaker: Person | None = None) -> Iterator[NameMatch[Person]]:
        """The names in the text, in order, sure or not; a reference alone where there is one."""
        referred = self.find_reference(text)
        return iter([referred]) if referred else self.person_finder.iter_names(text, self.units_near(speaker))

    def find_opening(self, text: str, speaker: Person | None = None) -> NameMatch[Person] | None:
        """The name that the text begins with, sure or not."""
        referred = self.find_reference(text)
        if referred is not None and not text[: referred.start].strip(" ,;:"):
            return referred
        found = self.person_finder.find_opening(text, self.units_near(speaker))
        return self.find_name(text, speaker) if found is not None and not found.sure else found

    def find_reference(self, text: str) -> NameMatch[Person] | None:
        """The person that a text names as `format_reference` writes them."""
        found = _REFERENCE.search(text)
        person = self.persons.get(int(found[1])) if found else None
        return NameMatch(found.start(), found.end(), [person]) if found and person else None

    def person_opening(self, text: str, speaker: Person | None = None) -> tuple[Person | None, str]:
        """The person whose name or post the text begins with, and the rest of the text."""
        return _split_match(self.find_opening(text, speaker), text)

    def post_opening(self, text: str, speaker: Person | None = None) -> tuple[Post | None, str]:
        """The post whose title the text begins with, and the rest of the text."""
        return _split_match(self.post_finder.find_opening(text, self.units_near(speaker)), text)

    def persons_like(self, text: str, most: int = 3, speaker: Person | None = None) -> list[Person]:
        """Persons whom the text may mean, the likeliest first."""
        found = self.suggest_persons(text, speaker, most)
        return list(found.values) if found is not None else []

    def suggest_persons(self, text: str, speaker: Person | None = None, most: int = 3) -> NameMatch[Person] | None:
        """Where the text may name somebody, and whom it may mean; an unit stands for its head."""
        near = self.units_near(speaker)
        found = self.person_finder.suggest(text, near, most)
        unit = self.unit_finder.find_first(text) if found is None or found.rank != Rank.EXACT else None
        heads = self._list_heads(unit.values[0]) if unit is not None else []
        if unit is None or not heads:
            return found
        if found is None:
            return NameMatch(unit.start, unit.end, heads[:most], Rank.MADE, False)
        return found._replace(values=list(dict.fromkeys([*found.values, *heads]))[:most])

    def suggest_given_name(self, text: str, speaker: Person | None = None) -> NameMatch[Person] | None:
        """A given name that the text begins with, though no title says that it is one."""
        return self.person_finder.find_opening(text, self.units_near(speaker), weak=True)

    def post_named_in(self, text: str, speaker: Person | None = None) -> tuple[Post | None, str]:
        """The post whose title stands first in the text, and the text without it."""
        return _split_match(self.post_finder.find_first(text, self.units_near(speaker)), text)

    def posts_like(self, text: str, most: int = 3, speaker: Person | None = None) -> list[Post]:
        """Posts that the text may mean, the likeliest first."""
        found = self.post_finder.suggest(text, self.units_near(speaker), most)
        return list(found.values) if found is not None else []

    def unit_named_in(self, text: str) -> tuple[Unit | None, str]:
        """The unit whose name or code stands first in the text, and the text without it."""
        return _split_match(self.unit_finder.find_first(text), text)

    def units_like(self, text: str, most: int = 3) -> list[Unit]:
        """Units that the text may mean, the likeliest first."""
        found = self.unit_finder.suggest(text, (), most)
        return list(found.values) if found is not None else []

    def units_near(self, person: Person | None) -> list[str]:
        """The units of the posts that a person holds or is lent."""
        capacities = self.capacities_of(person, self.taken_at) if person is not None else []
        lent = self._lent_to.get(person.id, ()) if person is not None else ()
        serves = [self.posts[m.post].unit for m in lent if m.is_active(self.taken_at) and m.post in self.posts]
        return [unit for unit in dict.fromkeys([*(capacity.post.unit for capacity in capacities), *serves]) if unit]

    def describe_acting(self, person: Person, post: str, at: datetime) -> str:
        """What a person is who acts in a post: its title, or "Plh. Sekda" where a mandate lends it."""
        if post not in self.posts or person in self.holders_of(post, at):
            return person.called
        lent = next((m for m in self.mandates_of(post, at) if m.replaces and m.person == person.id), None)
        return str(Capacity(self.posts[post], lent)) if lent is not None else person.called

    @cached_property
    def person_finder(self) -> NameFinder[Person]:
        """Finds people by their names and posts."""
        units = {id_: [post.unit for post in self.posts_of(person, self.taken_at)] for id_, person in self.persons.items()}
        return NameFinder(self._list_names(), lambda person: units.get(person.id, ()), self._parents)

    @cached_property
    def post_finder(self) -> NameFinder[Post]:
        """Finds posts by their titles."""
        named = ((name, post, rank) for post in self.posts.values() for name, rank in self._list_post_names(post))
        return NameFinder(named, lambda post: (post.unit,), self._parents)

    @cached_property
    def unit_finder(self) -> NameFinder[Unit]:
        """Finds units by their names and codes."""
        named = ((name, unit, rank) for unit in self.units.values() for name, rank in _list_unit_names(unit))
        return NameFinder(named, lambda unit: (unit.code,), self._parents)

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {unit.code: unit.parent for unit in self.units.values()}

    @cached_property
    def _posts_by_role(self) -> dict[tuple[str, ...], list[Post]]:
        found: dict[tuple[str, ...], list[Post]] = {}
        for post in self.posts.values():
            found.setdefault(find_role(normalise_words(post.title)), []).append(post)
        return found

    def posts_in_role(self, role: str) -> list[Post]:
        """The posts that a plural names: "camat", "kadis", "lurah"; none for a word that is no role."""
        words = normalise_words(role)
        return self._posts_by_role.get(words, []) if words and find_role(words) == words else []

    def acting_persons(self, post: Post) -> list[Person]:
        """Those a post's title names: its holders, or while it is vacant who is its Plt."""
        holders = self.holders_of(post.code, self.taken_at)
        return holders or [self.persons[m.person] for m in self.mandates_of(post.code, self.taken_at) if m.replaces]

    def _list_heads(self, unit: Unit) -> list[Person]:
        posts = [post for post in self._posts_by_unit.get(unit.code, ()) if self._heads(post)]
        return [person for post in posts for person in self.acting_persons(post)]

    def _heads(self, post: Post) -> bool:
        above = self.posts.get(post.superior)
        return above is None or above.unit != post.unit

    @cached_property
    def _posts_by_unit(self) -> dict[str, list[Post]]:
        found: dict[str, list[Post]] = {}
        for post in self.posts.values():
            found.setdefault(post.unit, []).append(post)
        return found

    def _list_names(self) -> Iterator[tuple[str | tuple[str, ...], Person, Rank]]:
        for person in self.persons.values():
            for name, weak in list_person_forms(person.name):
                yield name, person, Rank.WEAK if weak else Rank.EXACT
            for alias in self.called.get(person.id, ()):
                yield alias, person, Rank.EXACT
        for post in self.posts.values():
            names = list(self._list_post_names(post))
            for person in self.acting_persons(post):
                yield from ((name, person, rank) for name, rank in names)
            for mandate in self.mandates_of(post.code, self.taken_at):
                yield f"{mandate.kind} {post.title}", self.persons[mandate.person], Rank.EXACT

    def _list_post_names(self, post: Post) -> Iterator[tuple[str | tuple[str, ...], Rank]]:
        for name in (post.title, *post.aliases):
            yield name, Rank.EXACT
        unit = self.units.get(post.unit)
        for name in (post.title, *post.aliases):
            for words in list_forms(name, unit.name if unit else ""):
                yield words, Rank.WEAK if _is_short(words) else Rank.MADE
        if role := find_role(normalise_words(post.title)):
            yield role, Rank.ROLE


def format_reference(person: Person) -> str:
    """Names a person in a text so that no look-up can mistake them: `@#12`."""
    return f"@#{person.id}"


def _is_short(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and (len(words[0]) <= 4 or words[0] in load_words("titles") | load_words("common"))


def _list_unit_names(unit: Unit) -> Iterator[tuple[str | tuple[str, ...], Rank]]:
    yield unit.name, Rank.EXACT
    yield unit.code, Rank.EXACT
    words = normalise_words(unit.name)
    if len(words) > 1 and words[0] in load_words("kinds"):
        yield words[1:], Rank.WEAK


def _split_match(found: NameMatch[T] | None, text: str) -> tuple[T | None, str]:
    return (found.values[0], found.cut_from(text)) if found is not None and found.sure else (None, text)
