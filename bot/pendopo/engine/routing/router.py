"""Holds all routes of all plugins, found by dictionary look-ups; what cannot work is refused at start."""

import difflib
import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, get_type_hints

from pendopo.directory import Decision
from pendopo.directory.policy import BUILT_IN, split_policy
from pendopo.errors import PluginError, suggest_nearest
from pendopo.model import Event
from pendopo.plugin import Plugin
from pendopo.plugin.arguments.signature import dump_arguments
from pendopo.plugin.buttons import RouteName, Target
from pendopo.plugin.command_text import TypedCommand
from pendopo.plugin.route import Route, describe_place

Rule = Callable[..., Awaitable[Decision | bool]]
OPEN = frozenset({"anyone", "known", "system"})
"""Built-in policies that judge no thing, as `role:…` does. All others are answered by a plugin's own rule."""
RESERVED = frozenset({"batal", "kembali"})
"""Commands of the dialogs themselves."""
OWN_PATHS = frozenset(
    {
        *("masuk", "keluar", "hari-ini", "tekan", "ucap", "jawaban", "aliran", "berkas", "orang", "audit", "operasi"),
        *("pengaturan", "rekap", "simulator", "hooks", "feed", "static", "healthz", "readyz", "metrics"),
    }
)
"""First words of paths that belong to the web app."""


CALLABLE = frozenset({"action", "command", "job"})
"""Kinds of routes that a button or a timer can lead to."""
_WORDS = re.compile(r"[^\W_]\w*( \S+)?")


def _check_policy(route: Route, rules: Mapping[str, Rule]) -> None:
    """Checks that each policy is known, and that a rule's arguments exist in every route it guards."""
    for policy in split_policy(route.policy):
        if policy in OPEN or policy.startswith("role:"):
            continue
        if policy not in rules:
            raise PluginError(
                f"{route.name}: nobody has declared the policy {policy!r}{suggest_nearest(policy, [*OPEN, *rules])}"
            )
        if unknown := _read_subject(rules[policy]).difference(param.name for param in route.params):
            raise PluginError(f"{route.name}: its policy {policy!r} looks at {min(unknown)}, which is no parameter of it")


@lru_cache(maxsize=1024)
def _read_subject(rule: Rule) -> frozenset[str]:
    """Returns the names of the parameters of a rule after its context; functions do not change, so each is read once."""
    return frozenset(list(inspect.signature(rule).parameters)[1:])


def _check_handles(plugin: Plugin, routes: Sequence[Route]) -> None:
    """Checks that each handle has one handler with the same parameters: else a button would fail only when pressed."""
    answers = {route.name: route for route in routes if route.kind in CALLABLE}
    seen: set[str] = set()
    for handle in plugin.handles:
        name = f"{plugin.name}.{handle.__name__}"
        if name in seen:
            raise PluginError(f"the handle {name} is declared twice: keep one, and import it where the other was")
        if name not in answers:
            raise PluginError(
                f"nobody answers the handle {name}: declare a handler of that name with @{plugin.name}.action, command or job"
            )
        handler = answers[name].handler
        if _parameters(handle) != _parameters(handler):
            raise PluginError(
                f"the handle {name} takes {inspect.signature(handle)}, and its handler {inspect.signature(handler)}: "
                "give both the same names, types and defaults"
            )
        seen.add(name)


@lru_cache(maxsize=1024)
def _parameters(function: Callable[..., Any]) -> list[tuple[str, Any, Any]]:
    """Returns the name, annotation and default of each parameter of a handler after its context; each function is read once."""
    hints = get_type_hints(function, include_extras=True)
    params = list(inspect.signature(function).parameters.values())[1:]
    return [(param.name, hints.get(param.name), param.default) for param in params]


def _check_taken(route: Route, names: set[str], words: dict[str, str], paths: dict[str, str]) -> None:
    """Takes the name, the path and the words of a route. Raises `PluginError` where one is another's, or cannot be used."""
    if route.name in names:
        raise PluginError(f"{route.name} is declared twice")
    names.add(route.name)
    if route.path:
        shape = re.sub(r"\{\w+\}", "{}", route.path)
        if shape in paths or route.path.split("/")[1] in OWN_PATHS:
            raise PluginError(f"{route.name}: the page {route.path} belongs to {paths.get(shape, 'the dashboard')} already")
        paths[shape] = route.plugin
    for word in route.words:
        if not _WORDS.fullmatch(word):
            raise PluginError(f"{route.name}: nobody can type the command /{word}; it is one word, or two")
        if word in words or word.split()[0] in RESERVED:
            raise PluginError(f"{route.name}: the command /{word} belongs to {words.get(word, 'the dialogs')} already")
        words[word] = route.plugin


class Router:
    """Maps every command word, button, job and event type to its route."""

    def __init__(self, plugins: Iterable[Plugin] = ()) -> None:
        self.plugins: dict[str, Plugin] = {}
        self.routes: dict[str, Route] = {}
        self.commands: dict[str, Route] = {}
        self.listeners: dict[type[Event], list[Route]] = {}
        self.followers: list[str] = []
        self.items: dict[str, Route] = {}
        self.offers: list[Route] = []
        self.pages: dict[str, Route] = {}
        self.overviews: list[Route] = []
        self._pairs: set[str] = set()
        self._handlers: dict[Callable[..., Any], Route] = {}
        self._initials: dict[str, list[str]] = {}
        for plugin in plugins:
            self.add_plugin(plugin)

    def add_plugin(self, plugin: Plugin) -> None:
        """Adds a plugin's routes, all or none. Raises `PluginError` on a clash or anything that cannot work."""
        if plugin.name in self.plugins:
            raise PluginError(f"there are two plugins named {plugin.name}")
        routes = plugin.list_routes()
        self._check_routes(plugin, routes)
        _check_handles(plugin, routes)
        self.plugins[plugin.name] = plugin
        for route in routes:
            self._add_route(route)
        for handle in plugin.handles:
            self._handlers[handle] = self.routes[f"{plugin.name}.{handle.__name__}"]

    def _check_routes(self, plugin: Plugin, routes: Sequence[Route]) -> None:
        paths = {path: route.plugin for path, route in self.pages.items()}
        names, words = set(self.routes), {word: route.plugin for word, route in self.commands.items()}
        if taken := BUILT_IN.intersection(plugin.policies):
            raise PluginError(f"{plugin.name}: the policy {min(taken)!r} is built in and cannot be given again")
        for route in routes:
            try:
                _check_taken(route, names, words, paths)
                _check_policy(route, plugin.policies)
            except PluginError as error:
                raise PluginError(f"{error} ({describe_place(route.handler)})") from error

    def _add_route(self, route: Route) -> None:
        self.routes[route.name] = route
        self._handlers[route.handler] = route
        if route.kind == "item":
            self.items[route.plugin] = route
        if route.path:
            self.pages[re.sub(r"\{\w+\}", "{}", route.path)] = route
        if route.kind == "overview":
            self.overviews.append(route)
        if route.offers:
            self.offers.append(route)
        if route.follows:
            self.followers.append(route.name)
        if route.event is not None:
            self.listeners.setdefault(route.event, []).append(route)
        for word in route.words:
            self.commands[word] = route
            first, _, second = word.partition(" ")
            if second:
                self._pairs.add(first)
            else:
                self._initials.setdefault(word[0], []).append(word)

    def find_command(self, typed: TypedCommand) -> tuple[Route, str] | None:
        """Returns the route of a typed command, and the text left for its arguments. Two words go before one."""
        if typed.word in self._pairs:
            second, _, rest = typed.rest.partition(" ")
            route = self.commands.get(f"{typed.word} {second.lower()}")
            # "/izin saya" is a list, "/izin saya sakit hari ini" an izin.
            if route is not None and (route.params or not rest.strip() or typed.word not in self.commands):
                return route, rest.strip()
        route = self.commands.get(typed.word)
        return (route, typed.rest) if route is not None else None

    def route_for(self, target: Target) -> Route:
        """Returns the route of a handler, a handle or a stored name. Raises `PluginError` when no plugin in use has it."""
        if isinstance(target, str):
            raise PluginError(f"{target!r} is a string, and no target: pass the function itself, or a handle to it")
        if isinstance(target, RouteName):
            name, route = target.name, self.routes.get(target.name)
        else:
            name, route = getattr(target, "__qualname__", ""), self._handlers.get(target)
        if route is None:
            raise PluginError(f"{name} is no action, job or command of a plugin in use")
        return route

    def similar_commands(self, word: str) -> list[Route]:
        """Returns commands similar to a mistyped word, the likeliest first."""
        near = [w for w in self._initials.get(word[:1], ()) if abs(len(w) - len(word)) <= 2][:500]
        return [self.commands[close] for close in difflib.get_close_matches(word, near, n=3, cutoff=0.7)]

    def encode_arguments(self, name: str, args: Sequence[Any]) -> dict[str, Any]:
        """Encodes positional arguments of a route as JSON-able data, to wait in a button or a job."""
        params = self.routes[name].params
        if len(args) > len(params):
            raise PluginError(f"{name} takes {len(params)} arguments, {len(args)} were given")
        return dump_arguments(params, {param.name: arg for param, arg in zip(params, args, strict=False)})

    def find_rule(self, route: Route, policy: str) -> Rule | None:
        """Returns the plugin's own rule behind a policy of its route."""
        return self.plugins[route.plugin].policies.get(policy)
