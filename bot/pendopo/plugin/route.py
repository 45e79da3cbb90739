"""A route: a plugin's declaration with the handler's signature read."""

import inspect
import re
import sys
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pendopo.errors import PluginError
from pendopo.model import Event, Phrase
from pendopo.plugin.arguments.argument_types import RestKind
from pendopo.plugin.arguments.signature import Param, read_signature

Preview = Callable[..., Awaitable[Sequence[Phrase]]]
"""Takes what a handler takes, and returns the sentences in which its request is read back."""


@dataclass(frozen=True)
class RouteDeclaration:
    """A plugin's declaration of a handler. `kind` is command | action | job | on | item | feed | page | overview."""

    kind: str
    handler: Callable[..., Awaitable[Any]]
    policy: str
    words: tuple[str, ...] = ()
    """The names of a command, the first of them in menus and help."""
    examples: tuple[str, ...] = ()
    confirm: bool | Preview = False
    """Whether everything is read back before the handler runs, or what reads it back."""
    drafts: bool = False
    """The handler only makes a draft, which it reads back itself."""
    hidden: bool = False
    event: type[Event] | None = None
    cron: str = ""
    follows: bool = False
    """Runs when a calendar entry changes."""
    offers: str = ""
    """The label of an action on items of other plugins."""
    path: str = ""
    title: str = ""
    place: str = ""
    """Where the menu shows a page: "menu", "settings" or ""."""


@dataclass(frozen=True, kw_only=True)
class Route(RouteDeclaration):
    """A declared route with its name, plugin and parameters."""

    name: str
    plugin: str
    params: tuple[Param, ...]

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().split("\n")[0]

    @property
    def version(self) -> str:
        """Changes with the signature, so that a dialog begun before a deploy is not continued wrongly."""
        return ",".join(f"{param.name}:{type(param.kind).__name__}" for param in self.params)

    @cached_property
    def wants_files(self) -> bool:
        return any(type(param.kind).__name__ == "FilesKind" for param in self.params)


def describe_place(function: Callable[..., Any]) -> str:
    """Where a function stands, without the folders of the machine: `kas/__init__.py:80`."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return f"{'/'.join(Path(code.co_filename).parts[-2:])}:{code.co_firstlineno}" if code else function.__module__


def read_route(plugin: str, declared: RouteDeclaration, rules: Collection[str]) -> Route:
    """Reads a declaration; `rules` are the plugin's own. Raises `PluginError` on anything that cannot work."""
    name = f"{plugin}.{declared.handler.__name__}"
    if not declared.policy:
        raise PluginError(f"{name} has no policy: say who may use it (policy=…)")
    _check_decorators(name, declared.handler)
    params = () if declared.kind in ("on", "overview") else read_signature(declared.handler)
    route = Route(**vars(declared), name=name, plugin=plugin, params=params)
    _check_route(route, rules)
    return route


def _check_decorators(name: str, handler: Callable[..., Any]) -> None:
    """Refuses a decorator above the one of the plugin: what it makes of the handler would never run."""
    shown = getattr(sys.modules.get(handler.__module__), handler.__name__, None)
    if shown is not handler and getattr(shown, "__wrapped__", None) is handler:
        raise PluginError(f"{name}: a decorator stands above the plugin's own and would never run; put it below")


def _check_route(route: Route, rules: Collection[str]) -> None:
    name, policy = route.name, route.policy
    taken = [param.name for param in route.params]
    rests = [param.name for param in route.params if isinstance(param.kind, RestKind)]
    if route.kind == "command" and len(rests) > 1:
        raise PluginError(f"{name}: {' and '.join(rests)} both take the rest of the text; only one can")
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


_IN_PATH = re.compile(r"\{(\w+)\}")
_PATH = re.compile(r"/[a-z][a-z_-]*(/[a-z_-]+|/\{\w+\})*")


def check_page_path(name: str, path: str, params: Sequence[Param]) -> None:
    """Raises `PluginError` when an address can never fill the parameters of a page."""
    if not _PATH.fullmatch(path):
        raise PluginError(f"{name}: {path!r} is no path of a page, such as /izin/{{nomor}}")
    inside = set(_IN_PATH.findall(path))
    if unknown := inside - {param.name for param in params}:
        raise PluginError(f"{name}: its path names {min(unknown)}, which is no parameter of it")
    if missing := [param.name for param in params if param.required and param.name not in inside]:
        raise PluginError(f"{name}: {missing[0]} stands neither in its path nor has a default")
