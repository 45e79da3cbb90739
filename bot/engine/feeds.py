"""Feeds: files of a plugin for whoever holds a secret address, such as a calendar that a phone subscribes to."""

from collections.abc import Awaitable, Callable

from bot.errors import UserError
from bot.model import Chat, ChatKind, JobDue
from bot.plugin import Context
from bot.plugin.host import ENGINE
from bot.store import Unit

from .core import Core


async def fetch(core: Core, name: str, token: str) -> tuple[bytes, str] | None:
    """The bytes and the MIME type of a feed. None when there is no such feed, or its rule does not know the token."""
    route = core.router.routes.get(name)
    if route is None or route.kind != "feed":
        return None
    now = core.clock.now()
    event = JobDue(key="feed", chat=Chat(ENGINE, name, ChatKind.GROUP), at=now, route=name, due=now)
    ctx = Context(core, Unit(core.database), event, None, now)
    handler: Callable[..., Awaitable[tuple[bytes, str]]] = route.handler
    try:
        decision = await core.gate.check(ctx, route, {"token": token})
        return await handler(ctx, token) if decision.allowed else None
    except UserError:
        return None
