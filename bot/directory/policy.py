"""Who may do what: one answer with its rule and its reason, the same for commands, buttons, jobs and pages."""

from datetime import datetime

import msgspec

from bot.model import Person, Said

from .people import People


class Decision(msgspec.Struct, frozen=True):
    """Yes or no, by which rule, and for a no the sentence that says why without showing what must stay hidden."""

    allowed: bool
    rule: str
    reason: Said | None = None


ANYONE = Decision(True, "anyone")
KNOWN = Decision(True, "known")
UNKNOWN = Decision(False, "known", Said("gerbang.tidak_dikenal"))
SYSTEM = Decision(True, "system")


def decide(people: People, policy: str, person: Person | None, at: datetime) -> Decision | None:
    """The answer of a policy that needs nothing but the person. None: the policy is not one of these.

    `anyone`: everybody, known or not. `known`: whoever is in the directory. `role:a,b`: whoever has one of the roles at
    this moment. `system`: nobody; only the engine itself takes such routes.
    """
    if policy == "anyone":
        return ANYONE
    if person is None:
        return UNKNOWN
    if policy == "known":
        return KNOWN
    if policy == "system":
        return Decision(False, "system", Said("gerbang.bukan_untuk_orang"))
    if policy.startswith("role:"):
        return _by_role(people, policy, person, at)
    return None


def _by_role(people: People, policy: str, person: Person, at: datetime) -> Decision:
    wanted = policy.removeprefix("role:").split(",")
    if people.roles(person, at).intersection(wanted):
        return Decision(True, policy)
    return Decision(False, policy, Said("gerbang.bukan_jabatan", {"jabatan": _titles(people, wanted)}))


def _titles(people: People, roles: list[str]) -> str:
    titles = dict.fromkeys(post.title for post in people.posts.values() if post.roles.intersection(roles))
    return ", ".join(list(titles)[:3]) or ", ".join(roles)
