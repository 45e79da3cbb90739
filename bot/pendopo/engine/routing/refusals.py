"""Keeps the last refusal of each person, so that it can be explained and the right person asked."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from pendopo.directory import People
from pendopo.directory.policy import split_policy
from pendopo.engine.routing.gate import Gate
from pendopo.engine.routing.router import Router
from pendopo.errors import UserError
from pendopo.model import Person, Phrase
from pendopo.model.ids import from_ms, to_ms
from pendopo.plugin import Context
from pendopo.plugin.arguments.signature import dump_arguments, load_arguments
from pendopo.plugin.context import context_like, effects_of
from pendopo.plugin.engine_api import Scene
from pendopo.plugin.route import Route
from pendopo.plugin.values import Refusal
from pendopo.store.queries.deliveries import encode
from pendopo.store.queries.people import StoredRefusal, find_refusal, keep_refusal

CANDIDATES = 40
"""Persons checked at most: each costs a decision of the gate."""
NAMED = 3
"""People named at most in an explanation."""
ADMINISTRATORS = ("admin_opd", "admin_sistem")


def record_refusal(ctx: Context, route: Route, values: Mapping[str, Any], rule: str, reason: Phrase) -> None:
    """Records a refusal with its arguments."""
    args = encode(dump_arguments(route.params, values)).decode()
    person, refusal = ctx.person.id, StoredRefusal(to_ms(ctx.now), route.name, args, rule, encode(reason).decode())
    effects_of(ctx).unit.later.append(lambda connection: keep_refusal(connection, person, refusal))


async def find_last_refusal(router: Router, gate: Gate, ctx: Scene) -> Refusal | None:
    """Returns the last refusal of the context's person, and who could do it; None when there is none."""
    refusal = await find_refusal(effects_of(ctx).unit.database, ctx.person.id)
    if refusal is None or refusal.route not in router.routes:
        return None
    route = router.routes[refusal.route]
    try:
        values = load_arguments(route.params, msgspec.json.decode(refusal.args), ctx.people)
    except ValueError:
        values = {}
    return Refusal(
        at=from_ms(refusal.at),
        words=route.words,
        rule=refusal.rule,
        reason=msgspec.json.decode(refusal.reason, type=Phrase),
        ask=await list_permitted(ctx, gate, route, values),
    )


async def list_permitted(ctx: Scene, gate: Gate, route: Route, values: Mapping[str, Any]) -> list[Person]:
    """Returns some people who may take a route: superiors of the person and holders of the roles it asks for."""
    permitted: list[Person] = []
    for person in list(dict.fromkeys(_list_candidates(ctx.people, ctx.sender, route, ctx.now)))[:CANDIDATES]:
        asked = context_like(ctx, person)
        with suppress(UserError):  # a thing that does not exist is open to no one
            if len(permitted) < NAMED and (await gate.check(asked, route, values)).allowed:
                permitted.append(person)
    return permitted or list_administrators(ctx.people, ctx.sender, ctx.now)


def list_administrators(people: People, person: Person | None, at: datetime) -> list[Person]:
    """Returns the administrators of a person's unit, else of the whole installation."""
    unit = people.unit_of(person, at) if person else ""
    for role in ADMINISTRATORS:
        near = [
            holder
            for post in people.posts.values()
            if role in post.roles and (role == ADMINISTRATORS[-1] or people.is_within(unit, post.unit))
            for holder in people.holders_of(post.code, at)
        ]
        if near:
            return near[:NAMED]
    return []


def _list_candidates(people: People, person: Person | None, route: Route, at: datetime) -> Iterator[Person]:
    for policy in split_policy(route.policy):
        if policy.startswith("role:"):
            for role in policy.removeprefix("role:").split(","):
                yield from people.with_role(role, at)
    for post in people.posts_of(person, at) if person else ():
        for above in people.posts_above(post):
            yield from people.acting_in(above.code, at, route.name)
    for role in ADMINISTRATORS:
        yield from people.with_role(role, at)
