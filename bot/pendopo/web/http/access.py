"""Access policies: every route declares who may use it, and one without a policy fails when the app is built."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from pendopo.errors import PluginError

ANYONE, SIGNED, LOCAL, TOKEN = "anyone", "signed", "local", "token"
"""`anyone`: shows no personal data. `signed`: the messenger's signature on the raw bytes proves the request. `local`: answers
only under a loopback name, which the guard checks. `token`: the address holds a secret that a plugin's own rule checks."""
POLICIES = frozenset({ANYONE, SIGNED, LOCAL, TOKEN})
SIGNED_IN = ("known", "role:", "page:")
"""Policies of signed-in people, by their beginning; after `page:` stands the route whose gate decides."""

Endpoint = Callable[[Request], Awaitable[Response]] | ASGIApp


class GuardedRoute(Route):
    """A route with its policy. Raises `PluginError` for an unknown policy."""

    def __init__(self, path: str, endpoint: Endpoint, *, policy: str, methods: Sequence[str] | None = None) -> None:
        if policy not in POLICIES and not policy.startswith(SIGNED_IN):
            raise PluginError(f"{path}: there is no policy {policy!r} for a page")
        super().__init__(path, endpoint, methods=list(methods) if methods else None)
        self.policy = policy


def check_routes(routes: Sequence[BaseRoute], local: Sequence[str]) -> list[BaseRoute]:
    """Return the routes; `local` are the prefixes of paths that the guard keeps to this machine.

    Raises `PluginError` for a route without a policy, or a `local` one outside these prefixes.
    """
    for route in routes:
        if not isinstance(route, GuardedRoute):
            raise PluginError(f"{getattr(route, 'path', route)} does not say who may take it")
        if route.policy == LOCAL and not route.path.startswith(tuple(local)):
            raise PluginError(f"{route.path} is for this machine only, but the guard does not know of it")
    return list(routes)
