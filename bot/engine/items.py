"""Things of plugins, found by their numbers for whoever may see them."""

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from bot.errors import UserError
from bot.plugin import Context, Item, RouteName
from bot.plugin.route import Route
from bot.store import Unit

from .gate import Gate
from .router import Router


async def items(ctx: Context, router: Router, gate: Gate, number: int, plugin: str) -> Sequence[Item]:
    """What a number may stand for: each plugin is asked in a context of its own, which can change nothing."""
    routes = [route for name, route in router.items.items() if plugin in ("", name)]
    found = [await _one(ctx, router, gate, route, number) for route in routes]
    return [item for item in found if item is not None]


async def _one(ctx: Context, router: Router, gate: Gate, route: Route, number: int) -> Item | None:
    asked = Context(ctx.host, Unit(ctx.unit.database), ctx.event, ctx.sender, ctx.now)
    values = {route.params[0].name: number}
    with suppress(UserError):  # there is none of that number
        if (await gate.check(asked, route, values)).allowed:
            found = await route.handler(asked, **values)
            return _named(found, router) if isinstance(found, Item) else None
    return None


def _named(item: Item, router: Router) -> Item:
    """The item with the name of its job, so that another plugin can store it. Raises `PluginError` where there is none."""
    if item.passed is None:
        return item
    return msgspec.structs.replace(item, route=RouteName(router.of(item.passed).name))
