"""Every path of the web app says who may take it; one that says nothing is refused when the app is built."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from pendopo.errors import PluginError

ANYONE, SIGNED, LOCAL, TOKEN = "anyone", "signed", "local", "token"
"""Who may take a path: everybody, who is signed in, this machine only, or who holds the token in the address."""
POLICIES = frozenset({ANYONE, SIGNED, LOCAL, TOKEN})
"""`anyone`: shows nothing of anybody. `signed`: proves itself by its messenger's signature on the raw bytes. `local`:
answers only under a name of this very machine (the guard sees to that). `token`: carries a secret that a plugin's own rule
knows. Other policies are of people who are signed in: `known`, `role:…`, or `page:` and the route whose gate is asked."""
SIGNED_IN = ("known", "role:", "page:")

Endpoint = Callable[[Request], Awaitable[Response]] | ASGIApp


class GuardedRoute(Route):
    """A route with its policy."""

    def __init__(self, path: str, endpoint: Endpoint, *, policy: str, methods: Sequence[str] | None = None) -> None:
        if policy not in POLICIES and not policy.startswith(SIGNED_IN):
            raise PluginError(f"{path}: there is no policy {policy!r} for a page")
        super().__init__(path, endpoint, methods=list(methods) if methods else None)
        self.policy = policy


def check_routes(routes: Sequence[BaseRoute], local: Sequence[str]) -> list[BaseRoute]:
    """The routes, when each says who may take it; `local` are the beginnings of paths the guard keeps to this machine.

    Raises `PluginError` when one does not say so, or says `local` where the guard does not look.
    """
    for route in routes:
        if not isinstance(route, GuardedRoute):
            raise PluginError(f"{getattr(route, 'path', route)} does not say who may take it")
        if route.policy == LOCAL and not route.path.startswith(tuple(local)):
            raise PluginError(f"{route.path} is for this machine only, but the guard does not know of it")
    return list(routes)
