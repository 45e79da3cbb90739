"""Asks plugins what they know: items by number, and overviews, each only for people who may see them."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import msgspec
import structlog

from pendopo.engine.routing.gate import Gate
from pendopo.engine.routing.router import Router
from pendopo.errors import UserError
from pendopo.model import Person
from pendopo.model.numbers import LARGEST_ROW
from pendopo.plugin import Context, Item, RouteName
from pendopo.plugin.context import context_like
from pendopo.plugin.engine_api import Scene
from pendopo.plugin.page_parts import Overview
from pendopo.plugin.route import Route

log = structlog.get_logger(__name__)


async def find_items(router: Router, gate: Gate, ctx: Scene, number: int, plugin: str) -> Sequence[Item]:
    """Returns what a number may stand for. Each plugin is asked in a context of its own, which changes nothing."""
    if abs(number) > LARGEST_ROW:
        return []
    routes = [route for name, route in router.items.items() if plugin in ("", name)]
    items = [await _ask_item(ctx, router, gate, route, number) for route in routes]
    return [item for item in items if item is not None]


async def _ask_item(ctx: Scene, router: Router, gate: Gate, route: Route, number: int) -> Item | None:
    asked = context_like(ctx, ctx.sender)
    values = {route.params[0].name: number}
    with suppress(UserError):  # there is none of that number
        if (await gate.check(asked, route, values)).allowed:
            item = await route.handler(asked, **values)
            return _named(item, router) if isinstance(item, Item) else None
    return None


async def collect_overviews(router: Router, gate: Gate, ctx: Scene, since: datetime, person: Person) -> Sequence[Overview]:
    """Collects the overviews of all plugins; one that fails is left out."""
    answers = [await _ask_overview(gate, context_like(ctx, person), route, since) for route in router.overviews]
    return [answer for answer in answers if answer is not None]


async def _ask_overview(gate: Gate, asked: Context, route: Route, since: datetime) -> Overview | None:
    try:
        allowed = (await gate.check(asked, route, {})).allowed
        overview = await route.handler(asked, since) if allowed else None
    except Exception as error:
        log.exception("an overview failed", event_name="overview_failed", route=route.name)
        gate.report_failure(error)
        return None
    return overview if isinstance(overview, Overview) else None


def _named(item: Item, router: Router) -> Item:
    """Adds the name of the item's job, so that another plugin can store it. Raises `PluginError` where there is none."""
    if item.passed is None:
        return item
    return msgspec.structs.replace(item, route=RouteName(router.route_for(item.passed).name))
