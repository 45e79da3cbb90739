"""Built-in policies: they decide who may do what, the same way for commands, buttons, jobs and pages."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from pendopo.directory.people import People
from pendopo.model import Capacity, Person, Phrase


class Decision(msgspec.Struct, frozen=True):
    """The answer of a policy."""

    allowed: bool
    rule: str
    reason: Phrase | None = None
    """Why it was denied, in words that reveal nothing hidden."""
    capacity: str = ""
    """The post the person acts in, "Sekda" or "Plh. Sekda"; empty when they act as themselves."""


class Resource(msgspec.Struct, frozen=True):
    """The thing a right is asked for, with its unit and forum."""

    kind: str = ""
    id: int = 0
    owner: int = 0
    """A person's id; 0 for none."""
    unit: str = ""
    forum: str = ""
    routine: bool = True
    """False for decisions that a Plh or Plt may take only if their mandate names them."""


CITY_OVERSIGHT = "role:walikota,wakil_walikota,sekda,pemantau"
"""The policy for seeing everything in the city, no matter who owns it."""
ANYONE = Decision(True, "anyone")
KNOWN = Decision(True, "known")
UNKNOWN = Decision(False, "known", Phrase("gerbang.tidak_dikenal"))
CHANGED = Decision(False, "confirmed", Phrase("gerbang.nomor_berganti"))
SYSTEM = Decision(True, "system")
NOTHING = Resource()
BUILT_IN = frozenset({"anyone", "known", "system", "owner", "superior", "member"})
"""The policies that are one word; `role:…`, `unit:…` and `post:…` list codes after the colon."""


def decide(
    people: People, policy: str, person: Person | None, at: datetime, action: str = "", thing: Resource = NOTHING
) -> Decision | None:
    """The answer of one built-in policy; None if it is not one of these:

    `anyone`: everyone, known or not. `known`: people in the directory. `role:a,b`: people who have one of the roles now, by a
    post of their own or by a mandate that covers the action. `unit:a,b`: the same, in the unit of the thing or one above it;
    a thing without a unit is in nobody's; where there is no thing, as `role`. `post:a`: people who act in that post.
    `superior`: people who act in the post above the thing's owner. `owner`: the owner of the thing. `member`: members of the
    thing's forum. `system`: no person; only the engine takes such routes.
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
        return Decision(False, "system", Phrase("gerbang.bukan_untuk_orang"))
    kind, _, roles = policy.partition(":")
    return _RULES[kind](_PolicyQuestion(people, policy, roles.split(","), person, at, action, thing))


class _PolicyQuestion(msgspec.Struct, frozen=True):
    """One question, as the rules receive it."""

    people: People
    policy: str
    roles: Sequence[str]
    person: Person
    at: datetime
    action: str
    thing: Resource

    def list_capacities(self) -> Sequence[Capacity]:
        return self.people.capacities_of(self.person, self.at, self.action, self.thing.routine)

    def allow(self, capacity: Capacity | None = None) -> Decision:
        return Decision(True, self.policy, None, str(capacity) if capacity else "")

    def deny(self, key: str, **args: object) -> Decision:
        return Decision(False, self.policy, Phrase(key, args))


def _by_role(asked: _PolicyQuestion) -> Decision:
    for capacity in asked.list_capacities():
        if capacity.post.roles.intersection(asked.roles):
            return asked.allow(capacity)
    titles = dict.fromkeys(post.title for post in asked.people.posts.values() if post.roles.intersection(asked.roles))
    return asked.deny("gerbang.bukan_jabatan", jabatan=", ".join(list(titles)[:3]) or ", ".join(asked.roles))


def _by_unit(asked: _PolicyQuestion) -> Decision:
    if asked.thing == NOTHING:
        return _by_role(asked)
    if not asked.thing.unit:
        return asked.deny("gerbang.tanpa_unit")
    for capacity in asked.list_capacities():
        post = capacity.post
        if post.roles.intersection(asked.roles) and post.unit and asked.people.is_within(asked.thing.unit, post.unit):
            return asked.allow(capacity)
    unit = asked.people.units.get(asked.thing.unit)
    return asked.deny("gerbang.bukan_unit", unit=unit.name if unit else asked.thing.unit)


def _by_post(asked: _PolicyQuestion) -> Decision:
    for capacity in asked.list_capacities():
        if capacity.post.code in asked.roles:
            return asked.allow(capacity)
    titles = [asked.people.posts[code].title for code in asked.roles if code in asked.people.posts]
    return asked.deny("gerbang.bukan_jabatan", jabatan=", ".join(titles) or ", ".join(asked.roles))


def _as_superior(asked: _PolicyQuestion) -> Decision:
    people, owner = asked.people, asked.people.find_person(asked.thing.owner)
    if owner is None:
        return asked.deny("gerbang.tanpa_pemilik")
    above = people.superior_post(owner, asked.at, asked.action, asked.thing.routine)
    if above is None:
        return asked.deny("gerbang.tanpa_atasan", siapa=owner.called)
    for capacity in asked.list_capacities() if asked.person.id != owner.id else ():
        if capacity.post.code == above.code:
            return asked.allow(capacity)
    first = people.superior_of(owner, asked.at, asked.action, asked.thing.routine)
    return asked.deny("gerbang.bukan_atasan", atasan=first.called if first else above.title)


def _as_owner(asked: _PolicyQuestion) -> Decision:
    return asked.allow() if asked.thing.owner == asked.person.id else asked.deny("gerbang.bukan_pemilik")


def _as_member(asked: _PolicyQuestion) -> Decision:
    forum = asked.people.find_forum(asked.thing.forum)
    if forum is not None and asked.people.roles_of(asked.person, asked.at).intersection(forum.members):
        return asked.allow()
    return asked.deny("gerbang.bukan_anggota", forum=asked.thing.forum)


_RULES = {
    "role": _by_role,
    "unit": _by_unit,
    "post": _by_post,
    "superior": _as_superior,
    "owner": _as_owner,
    "member": _as_member,
}


def split_policy(policy: str) -> Iterator[str]:
    """The alternatives of a policy, one of which must allow: `owner|role:sekda`."""
    return (part.strip() for part in policy.split("|"))
