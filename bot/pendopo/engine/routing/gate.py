"""The gate that every call of a handler passes. A check that fails is a refusal."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog

from pendopo.directory import Decision, decide
from pendopo.directory.policy import CHANGED, SYSTEM, UNKNOWN, split_policy
from pendopo.engine.routing.router import Router, Rule
from pendopo.errors import PluginError, UserError
from pendopo.model import JobDue, Phrase
from pendopo.plugin.context import Context, effects_of
from pendopo.plugin.route import Route, describe_place

log = structlog.get_logger(__name__)
ASKED = frozenset({"command", "action", "on"})
"""Kinds of routes that people start from a chat."""
NONE: frozenset[str] = frozenset()
BROKEN = Decision(False, "gate", Phrase("gerbang.tidak_dapat_diperiksa"))


def ignore_failure(error: Exception) -> None:
    """Nobody wants to hear of it but the log."""


class Fault(msgspec.Struct, frozen=True):
    """Why a plugin cannot work now: its code in the log, the tries so far, and when it is tried again (milliseconds)."""

    code: str
    tries: int
    again_at: int


class Gate:
    """Decides whether a person may take a route, with these arguments."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self.report_failure: Callable[[Exception], None] = ignore_failure
        """Hears of each failure in code of a plugin, beside the log: a test raises it."""
        self.degraded: dict[str, Fault] = {}
        """The plugins that cannot work now: their routes are closed and their jobs wait."""
        self._names: dict[Rule, tuple[str, ...]] = {}

    async def check(self, ctx: Context, route: Route, args: Mapping[str, Any]) -> Decision:
        """Decides one call. An error on the way is a refusal."""
        effects_of(ctx).action = route.name
        if route.policy == "system":
            return SYSTEM if isinstance(ctx.event, JobDue) else Decision(False, "system", Phrase("gerbang.bukan_untuk_orang"))
        # Strangers must not learn which plugins exist.
        if (ctx.sender is not None or route.policy == "anyone") and (closed := self._check_availability(ctx, route)):
            return closed
        try:
            decision = await self._try_alternatives(ctx, route, args)
            if decision is UNKNOWN and ctx.account and ctx.people.to_confirm(ctx.account.aliases):
                return CHANGED
            ctx.acting_as = decision.capacity
            return decision
        except UserError:
            raise  # a refusal with a sentence of its own: no such number
        except Exception as error:
            log.exception("a policy failed; the answer is no", event_name="policy_failed", route=route.name)
            self.report_failure(error)
            return BROKEN

    async def _try_alternatives(self, ctx: Context, route: Route, args: Mapping[str, Any]) -> Decision:
        """Returns the first yes of the policy's alternatives, else the last no."""
        answer = BROKEN
        for policy in split_policy(route.policy):
            # A feed has no person: only the plugin's own rule can judge its token.
            asked = route.kind != "feed"
            decided = decide(ctx.people, policy, ctx.sender, ctx.now, route.name) if asked else None
            answer = decided if decided is not None else await self._ask_plugin(ctx, route, policy, args)
            if answer.allowed:
                return answer
        return answer

    async def may_begin(self, ctx: Context, route: Route) -> bool:
        """Tells whether a person could take a route with some arguments: for help texts, suggestions and questions."""
        if route.policy == "system" or self._check_availability(ctx, route):
            return False
        if any(self._router.find_rule(route, policy) is not None for policy in split_policy(route.policy)):
            return ctx.sender is not None
        return (await self.check(ctx, route, {})).allowed

    def _check_availability(self, ctx: Context, route: Route) -> Decision | None:
        """Refuses everyone while the plugin cannot work, or is switched off in this chat.

        Switching off stops what people ask for; jobs planned before still run.
        """
        if route.plugin in self.degraded:
            return Decision(False, "degraded", Phrase("gerbang.plugin_terganggu", {"plugin": route.plugin}))
        if route.kind in ASKED and route.plugin in ctx.people.off.get(ctx.chat.key, NONE):
            return Decision(False, "plugin_off", Phrase("gerbang.plugin_mati", {"plugin": route.plugin}))
        return None

    async def _ask_plugin(self, ctx: Context, route: Route, policy: str, args: Mapping[str, Any]) -> Decision:
        rule = self._router.find_rule(route, policy)
        if rule is None:
            return BROKEN
        decision = await rule(ctx, **{name: args[name] for name in self._list_parameters(rule)})
        if type(decision) is bool:
            return Decision(decision, policy, None if decision else Phrase("gerbang.bukan_hak"))
        if type(decision) is not Decision:  # anything else that a rule returns is not a yes
            raise PluginError(
                f"{describe_place(rule)}: the policy {policy} returned {decision!r:.60}: return a Decision or a bool"
            )
        return decision

    def list_rule_arguments(self, route: Route) -> frozenset[str]:
        """Returns the arguments of a route that its rules look at."""
        rules = (self._router.find_rule(route, policy) for policy in split_policy(route.policy))
        return frozenset(name for rule in rules if rule is not None for name in self._list_parameters(rule))

    def _list_parameters(self, rule: Rule) -> tuple[str, ...]:
        if rule not in self._names:
            self._names[rule] = tuple(list(inspect.signature(rule).parameters)[1:])
        return self._names[rule]
