"""A route: what a plugin declared, with the handler's signature read."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pendopo.errors import PluginError
from pendopo.model import Event
from pendopo.plugin.arguments.signature import Param, read_signature
from pendopo.plugin.pages.page_paths import check_page_path


@dataclass(frozen=True)
class RouteDeclaration:
    """What a plugin says of a handler. `kind` is command | action | job | on | item | feed | page | overview.

    `words` are a command's names, `offers` is the label under which an action is offered on the items of other plugins. `path`
    is where a page is, `title` what it is called in the menu, and `place` where it is shown.
    """

    kind: str
    handler: Callable[..., Awaitable[Any]]
    policy: str
    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    confirm: bool = False
    hidden: bool = False
    event: type[Event] | None = None
    cron: str = ""
    follows: bool = False
    offers: str = ""
    path: str = ""
    title: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Route(RouteDeclaration):
    """One way to a handler."""

    name: str
    plugin: str
    params: tuple[Param, ...]

    @property
    def summary(self) -> str:
        return (self.handler.__doc__ or "").strip().split("\n")[0]

    @property
    def version(self) -> str:
        """Changes when the signature does, so that a dialog begun before a deploy is not continued wrongly."""
        return ",".join(f"{param.name}:{type(param.kind).__name__}" for param in self.params)

    @cached_property
    def wants_files(self) -> bool:
        return any(type(param.kind).__name__ == "FilesKind" for param in self.params)


def read_route(plugin: str, declared: RouteDeclaration, rules: Collection[str]) -> Route:
    """A route of a plugin that has these rules. Raises `PluginError` on anything that could not work."""
    name = f"{plugin}.{declared.handler.__name__}"
    if not declared.policy:
        raise PluginError(f"{name} has no policy: say who may use it (policy=…)")
    params = () if declared.kind in ("on", "overview") else read_signature(declared.handler)
    route = Route(**vars(declared), name=name, plugin=plugin, params=params)
    _check_route(route, rules)
    return route


def _check_route(route: Route, rules: Collection[str]) -> None:
    name, policy = route.name, route.policy
    taken = [param.name for param in route.params]
    if route.cron and (policy not in ("system", "anyone") or any(param.required for param in route.params)):
        raise PluginError(f'{name} runs by cron, for nobody: give it policy="system" and no required parameters')
    if route.follows and (policy != "system" or taken != ["key"]):
        raise PluginError(f'{name} follows calendars: give it policy="system" and one parameter, key: str')
    if route.kind == "item" and [type(param.kind).__name__ for param in route.params] != ["IntKind"]:
        raise PluginError(f"{name} finds an item by its number: it takes one parameter, an int")
    if route.kind == "feed" and (policy not in rules or taken != ["token"]):
        raise PluginError(f"{name} is a feed: it takes a token and names a rule of its own that knows it")
    if route.kind == "page":
        check_page_path(name, route.path, route.params)


__all__ = ["Route", "RouteDeclaration", "read_route"]
