"""The gate every path to a handler passes. What it cannot answer, it answers with no."""

import inspect
from collections.abc import Mapping
from typing import Any

import structlog

from bot.directory import Decision, decide
from bot.directory.policy import SYSTEM
from bot.errors import UserError
from bot.model import JobDue, Said
from bot.plugin.context import Context
from bot.plugin.plugin import Route

from .router import Router

log = structlog.get_logger(__name__)
BROKEN = Decision(False, "gate", Said("gerbang.tidak_dapat_diperiksa"))


class Gate:
    """Decides whether a person may take a route, with these arguments."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._names: dict[str, frozenset[str]] = {}

    async def check(self, ctx: Context, route: Route, args: Mapping[str, Any]) -> Decision:
        """The decision for one call. Anything that fails on the way there is a refusal."""
        if route.policy == "system":
            return SYSTEM if isinstance(ctx.event, JobDue) else Decision(False, "system", Said("gerbang.bukan_untuk_orang"))
        try:
            decision = decide(ctx.people, route.policy, ctx.sender, ctx.now)
            return decision if decision is not None else await self._ask_plugin(ctx, route, args)
        except UserError:
            raise  # a refusal with a sentence of its own: no such number
        except Exception:
            log.exception("a policy failed; the answer is no", event_name="policy_failed", route=route.name)
            return BROKEN

    async def may_begin(self, ctx: Context, route: Route) -> bool:
        """Whether a person could take a route at all: for help texts, suggestions and questions."""
        if route.policy == "system":
            return False
        if self._router.rule(route) is not None:
            return ctx.sender is not None
        return (await self.check(ctx, route, {})).allowed

    async def _ask_plugin(self, ctx: Context, route: Route, args: Mapping[str, Any]) -> Decision:
        rule = self._router.rule(route)
        if rule is None:
            return BROKEN
        if route.name not in self._names:
            self._names[route.name] = frozenset(list(inspect.signature(rule).parameters)[1:])
        decision = await rule(ctx, **{name: args[name] for name in self._names[route.name]})
        return decision if type(decision) is Decision else BROKEN  # whatever else a rule returned, it is no yes
