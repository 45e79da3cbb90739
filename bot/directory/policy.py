"""Who may do what: one answer with its rule and its reason, the same for commands, buttons, jobs and pages."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from bot.model import Person, Said

from .people import People
from .posts import Capacity


class Decision(msgspec.Struct, frozen=True):
    """Yes or no, by which rule, and for a no the sentence that says why without showing what must stay hidden.

    `capacity` is in what the person acts: "Sekda", or "Plh. Sekda"; empty where it is as themselves.
    """

    allowed: bool
    rule: str
    reason: Said | None = None
    capacity: str = ""


class Thing(msgspec.Struct, frozen=True):
    """What a right is asked for: whose it is (a person's id), in which unit it lies, and the forum it belongs to.

    `routine` is False for what a Plh or Plt may decide only where their mandate names it.
    """

    kind: str = ""
    id: int = 0
    owner: int = 0
    unit: str = ""
    forum: str = ""
    routine: bool = True


ALL_SEEING = "role:walikota,wakil_walikota,sekda,pemantau"
"""The policy of who sees everything in a city, whose it may be."""
ANYONE = Decision(True, "anyone")
KNOWN = Decision(True, "known")
UNKNOWN = Decision(False, "known", Said("gerbang.tidak_dikenal"))
CHANGED = Decision(False, "confirmed", Said("gerbang.nomor_berganti"))
SYSTEM = Decision(True, "system")
NOTHING = Thing()
BUILT_IN = frozenset({"anyone", "known", "system", "owner", "superior", "member"})
"""The policies by name; `role:…` and `unit:…` carry roles with them."""


def decide(
    people: People, policy: str, person: Person | None, at: datetime, action: str = "", thing: Thing = NOTHING
) -> Decision | None:
    """The answer of one policy. None: the policy is not one of these.

    `anyone`: everybody, known or not. `known`: whoever is in the directory. `role:a,b`: whoever has one of the roles at this
    moment, by a post of their own or by a mandate that covers the action. `unit:a,b`: the same, in the unit of the thing or
    one above it. `post:a`: who acts in that post. `superior`: who acts in the post above the thing's owner. `owner`: whose
    the thing is. `member`: whoever belongs to the forum of the thing. `system`: nobody; only the engine itself takes such
    routes.
    """
    if policy == "anyone":
        return ANYONE
    if not (policy in BUILT_IN or policy.startswith(("role:", "unit:", "post:"))):
        return None if person is not None else UNKNOWN
    if person is None:
        return UNKNOWN
    if policy == "known":
        return KNOWN
    if policy == "system":
        return Decision(False, "system", Said("gerbang.bukan_untuk_orang"))
    kind, _, roles = policy.partition(":")
    return _RULES[kind](_Asked(people, policy, roles.split(","), person, at, action, thing))


class _Asked(msgspec.Struct, frozen=True):
    """One question, as the rules take it."""

    people: People
    policy: str
    roles: Sequence[str]
    person: Person
    at: datetime
    action: str
    thing: Thing

    def capacities(self) -> Sequence[Capacity]:
        return self.people.capacities(self.person, self.at, self.action, self.thing.routine)

    def yes(self, capacity: Capacity | None = None) -> Decision:
        return Decision(True, self.policy, None, str(capacity) if capacity else "")

    def no(self, key: str, **args: object) -> Decision:
        return Decision(False, self.policy, Said(key, args))


def _by_role(asked: _Asked) -> Decision:
    for capacity in asked.capacities():
        if capacity.post.roles.intersection(asked.roles):
            return asked.yes(capacity)
    return asked.no("gerbang.bukan_jabatan", jabatan=_titles(asked.people, asked.roles))


def _by_unit(asked: _Asked) -> Decision:
    if not asked.thing.unit:
        return _by_role(asked)
    for capacity in asked.capacities():
        post = capacity.post
        if post.roles.intersection(asked.roles) and post.unit and asked.people.within(asked.thing.unit, post.unit):
            return asked.yes(capacity)
    unit = asked.people.units.get(asked.thing.unit)
    return asked.no("gerbang.bukan_unit", unit=unit.name if unit else asked.thing.unit)


def _by_post(asked: _Asked) -> Decision:
    for capacity in asked.capacities():
        if capacity.post.code in asked.roles:
            return asked.yes(capacity)
    titles = [asked.people.posts[code].title for code in asked.roles if code in asked.people.posts]
    return asked.no("gerbang.bukan_jabatan", jabatan=", ".join(titles) or ", ".join(asked.roles))


def _as_superior(asked: _Asked) -> Decision:
    people, owner = asked.people, asked.people.person(asked.thing.owner)
    if owner is None:
        return asked.no("gerbang.tanpa_pemilik")
    above = people.superior_post(owner, asked.at, asked.action, asked.thing.routine)
    if above is None:
        return asked.no("gerbang.tanpa_atasan", siapa=owner.called)
    for capacity in asked.capacities() if asked.person.id != owner.id else ():
        if capacity.post.code == above.code:
            return asked.yes(capacity)
    first = people.superior(owner, asked.at, asked.action, asked.thing.routine)
    return asked.no("gerbang.bukan_atasan", atasan=first.called if first else above.title)


def _as_owner(asked: _Asked) -> Decision:
    return asked.yes() if asked.thing.owner == asked.person.id else asked.no("gerbang.bukan_pemilik")


def _as_member(asked: _Asked) -> Decision:
    forum = asked.people.forum(asked.thing.forum)
    if forum is not None and asked.people.roles(asked.person, asked.at).intersection(forum.members):
        return asked.yes()
    return asked.no("gerbang.bukan_anggota", forum=asked.thing.forum)


_RULES = {
    "role": _by_role,
    "unit": _by_unit,
    "post": _by_post,
    "superior": _as_superior,
    "owner": _as_owner,
    "member": _as_member,
}


def _titles(people: People, roles: Sequence[str]) -> str:
    titles = dict.fromkeys(post.title for post in people.posts.values() if post.roles.intersection(roles))
    return ", ".join(list(titles)[:3]) or ", ".join(roles)


def alternatives(policy: str) -> Iterator[str]:
    """The parts of a policy; one of them is enough: `owner|role:sekda`."""
    return (part.strip() for part in policy.split("|"))
