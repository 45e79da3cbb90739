"""`pendopo policy`: who may do what, and why."""

import asyncio
from typing import Any

from bot.directory import Decision
from bot.engine.contexts import Contexts
from bot.engine.core import Core
from bot.engine.fetching import Fetching
from bot.engine.intake import Intake
from bot.engine.refusals import who_may
from bot.engine.router import Router
from bot.errors import OperatorError, UserError
from bot.model import Account, Chat, Message, Person, Said
from bot.plugin import Context
from bot.plugin.arguments import Surroundings
from bot.plugin.kinds import Trouble
from bot.plugin.route import Route

from .beside import core_beside, person_named
from .compose import beside
from .given import Given, Options
from .near import near
from .output import print_json

PROBLEM = 1


def explain(person: str, action: str, thing: str = "", /, *, given: Given) -> int:
    """Say whether somebody may do something, by which rule, and whom to ask otherwise. The exit code is 1 for a no.

    Parameters
    ----------
    person
        A name, a number of the directory, or an account (telegram:1000000001).
    action
        A command ("/izin batal") or a route (izin.setujui).
    thing
        What it is about, where the rule looks at one: izin/27, or the title of a post.
    """
    return asyncio.run(_explain(given, person, action, thing))


async def _explain(given: Options, person: str, action: str, thing: str) -> int:
    settings = given.settings()
    async with beside(settings) as database:
        core = await core_beside(settings, database)
        route, who = _route(core.router, action), person_named(core, person)
        ctx = _context(core, who, person)
        args = _args(core, route, thing)
        try:
            decision = await core.gate.check(ctx, route, args)
        except UserError as error:
            decision = Decision(False, route.policy, Said(error.key, dict(error.words)))
        ask = [] if decision.allowed else await who_may(ctx, core.gate, route, args)
    _tell(core, who, route, thing, decision, ask, given.json)
    return 0 if decision.allowed else PROBLEM


def _route(router: Router, action: str) -> Route:
    word = action.lstrip("/").lower()
    found = router.routes.get(action) or router.commands.get(word)
    if found is None:
        known = [*router.routes, *router.commands]
        raise OperatorError(f"there is no action {action!r}{near(word, known)}")
    return found


def _context(core: Core, person: Person | None, said: str) -> Context:
    account = Account((said,) if ":" in said else ("cli:operator",))
    event = Message(key="explain", chat=Chat("cli", "operator"), at=core.clock.now(), account=account)
    return Contexts(core, Intake(core, Fetching(core))).open(event, person)


def _args(core: Core, route: Route, thing: str) -> dict[str, Any]:
    """What the route's rules look at, read from the words: a number, a post, a person."""
    wanted = core.gate.wanted(route)
    text = thing.rpartition("/")[2]
    around = Surroundings(core.clock.now(), core.zone, core.people)
    args: dict[str, Any] = {}
    for param in (param for param in route.params if param.name in wanted):
        value, _ = param.kind.take(text, around)
        if value is None or isinstance(value, Trouble):
            raise OperatorError(f"{route.name} is decided by its {param.name}: say which one, like {route.plugin}/27")
        args[param.name] = value
    return args


def _tell(
    core: Core, who: Person | None, route: Route, thing: str, decision: Decision, ask: list[Person], as_json: bool
) -> None:
    why = core.catalogues.words(decision.reason, core.locale) if decision.reason else ""
    shown = {
        "person": who.name if who else None,
        "action": route.name,
        "object": thing,
        "allowed": decision.allowed,
        "policy": route.policy,
        "rule": decision.rule,
        "capacity": decision.capacity,
        "reason": why,
        "ask": [person.name for person in ask],
    }
    if as_json:
        print_json(shown)
        return
    print(f"{'YES' if decision.allowed else 'NO'}   {who.name if who else 'somebody unknown'}, {route.name} {thing}".rstrip())
    rows = (("rule", decision.rule), ("as", decision.capacity), ("why", why), ("ask", ", ".join(person.name for person in ask)))
    for name, value in rows:
        if value:
            print(f"{name:<5}{value}")
