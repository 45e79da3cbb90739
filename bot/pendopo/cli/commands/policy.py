"""`pendopo policy`: who may do what, and why."""

from functools import partial
from typing import Any

from pendopo.cli.bootstrap.databases import find_person, open_offline_core
from pendopo.cli.options import InjectedOptions
from pendopo.cli.output import PROBLEM, print_json
from pendopo.directory import Decision
from pendopo.engine.attachments.ingestion import Ingestion
from pendopo.engine.attachments.prefetch import Prefetch
from pendopo.engine.contexts import ContextFactory
from pendopo.engine.operations.retention import run_maintenance
from pendopo.engine.routing.refusals import list_permitted
from pendopo.engine.runtime import Runtime
from pendopo.errors import OperatorError, UserError, suggest_nearest
from pendopo.model import Account, Chat, Message, Person, Phrase
from pendopo.plugin import Context
from pendopo.plugin.arguments.argument_types import ArgumentProblem
from pendopo.plugin.arguments.signature import ParseContext
from pendopo.plugin.route import Route


async def explain_decision(person: str, action: str, thing: str = "", /, *, options: InjectedOptions) -> int:
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
    async with open_offline_core(options.load_settings()) as core:
        word = action.lstrip("/").lower()
        found = core.router.routes.get(action) or core.router.commands.get(word)
        if found is None:
            known = [*core.router.routes, *core.router.commands]
            raise OperatorError(f"there is no action {action!r}{suggest_nearest(word, known)}")
        route, who = found, find_person(core, person)
        ctx = _make_context(core, who, person)
        args = _parse_subject(core, route, thing)
        try:
            decision = await core.gate.check(ctx, route, args)
        except UserError as error:
            decision = Decision(False, route.policy, Phrase(error.key, dict(error.words)))
        ask = [] if decision.allowed else await list_permitted(ctx, core.gate, route, args)
    _print_decision(core, who, route, thing, decision, ask, options.json)
    return 0 if decision.allowed else PROBLEM


def _make_context(core: Runtime, person: Person | None, said: str) -> Context:
    account = Account((said,) if ":" in said else ("cli:operator",))
    event = Message(key="explain", chat=Chat("cli", "operator"), at=core.clock.now(), account=account)
    return ContextFactory(core, Ingestion(core, Prefetch(core)), partial(run_maintenance, core)).open(event, person)


def _parse_subject(core: Runtime, route: Route, thing: str) -> dict[str, Any]:
    """Parse the arguments that the route's rules check: a number, a post, a person. Raises `OperatorError`."""
    wanted = core.gate.list_rule_arguments(route)
    text = thing.rpartition("/")[2]
    around = ParseContext(core.clock.now(), core.zone, core.people)
    args: dict[str, Any] = {}
    for param in (param for param in route.params if param.name in wanted):
        value, _ = param.kind.parse_text(text, around)
        if value is None or isinstance(value, ArgumentProblem):
            raise OperatorError(f"{route.name} is decided by its {param.name}: say which one, like {route.plugin}/27")
        args[param.name] = value
    return args


def _print_decision(
    core: Runtime, who: Person | None, route: Route, thing: str, decision: Decision, ask: list[Person], as_json: bool
) -> None:
    why = core.catalogues.render_text(decision.reason, core.locale) if decision.reason else ""
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
