"""Feeds: files of a plugin for whoever holds a secret address, such as a calendar that a phone subscribes to."""

from collections.abc import Awaitable, Callable

from pendopo.engine.contexts import ContextFactory
from pendopo.engine.runtime import Runtime
from pendopo.errors import UserError


async def fetch_feed(core: Runtime, contexts: ContextFactory, name: str, token: str) -> tuple[bytes, str] | None:
    """The bytes and the MIME type of a feed. None when there is no such feed, or its rule does not know the token."""
    route = core.router.routes.get(name)
    if route is None or route.kind != "feed":
        return None
    ctx = contexts.open_for_plugin(name)
    handler: Callable[..., Awaitable[tuple[bytes, str]]] = route.handler
    try:
        decision = await core.gate.check(ctx, route, {"token": token})
        return await handler(ctx, token) if decision.allowed else None
    except UserError:
        return None
