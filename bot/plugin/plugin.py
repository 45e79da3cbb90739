"""A plugin: a value that holds routes, until a bot is given it."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from bot.config import Options
from bot.directory import Decision
from bot.errors import PluginError
from bot.model import Event
from bot.store import Row

from .address import check_page
from .arguments import Param, read_signature
from .host import Health
from .item import Item
from .page import Overview, Page
from .personal import Personal

RESERVED = frozenset({"core", "pendopo", "umum", "tanya", "waktu", "gerbang", "tombol", "berkas", "direktori", "web"})
"""Names that stand for the core itself: in version tables, in routes, in the keys of its sentences."""

H = TypeVar("H", bound=Callable[..., Awaitable[None]])
F = TypeVar("F", bound=Callable[..., Awaitable[Item | None]])
B = TypeVar("B", bound=Callable[..., Awaitable[tuple[bytes, str]]])
G = TypeVar("G", bound=Callable[..., Awaitable[Page]])
V = TypeVar("V", bound=Callable[..., Awaitable[Overview]])
S = TypeVar("S", bound=Callable[..., Awaitable[None]])
C = TypeVar("C", bound=Callable[..., Awaitable[Health]])
P = TypeVar("P", bound=Callable[..., Awaitable[Decision]])


@dataclass(frozen=True)
class Route:
    """One way to a handler. `kind` is command | action | job | on | item | feed | page | overview; `words` a command's names.

    `offers` is the label under which an action is offered on the items of other plugins. `path` is where a page is, `title`
    what it is called in the menu, and `place` where it is shown.
    """

    name: str
    plugin: str
    kind: str
    handler: Callable[..., Awaitable[Any]]
    policy: str
    params: tuple[Param, ...]
    words: tuple[str, ...] = ()
    summary: str = ""
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
    wants_files: bool = False

    @property
    def version(self) -> str:
        """Changes when the signature does, so that a dialog begun before a deploy is not continued wrongly."""
        return ",".join(f"{param.name}:{type(param.kind).__name__}" for param in self.params)


Place = Literal["menu", "settings", ""]


@dataclass(frozen=True)
class _Declared:
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


class Plugin:
    """Declares what a plugin answers to.

    `policy` is who may use its routes unless a route says otherwise: `anyone`, `known`, `role:sekda,walikota`, or a name
    given by `@plugin.policy`. A route for which neither says anything is refused at start. `tables` is the base of the
    plugin's rows, `options` what its operator decides in `[plugin.NAME]`. One that is there `always` cannot be switched off in
    a chat. `home` is the folder with `locale/` and
    `migrations/`, by default that of the calling module.
    """

    def __init__(
        self,
        name: str,
        *,
        summary: str,
        policy: str = "",
        tables: type[Row] | None = None,
        options: type[Options] | None = None,
        always: bool = False,
        home: Path | None = None,
    ) -> None:
        if not name.isidentifier() or not name.islower():
            raise PluginError(f"a plugin's name is a lower-case word, not {name!r}")
        if name in RESERVED:
            raise PluginError(f"a plugin cannot be named {name}: that is the core's own")
        self.name = name
        self.summary = summary
        self.tables = tables
        self.options = options
        self.always = always
        # The folder of the module that makes the plugin: its catalogue and migrations lie beside it.
        self.home = home or Path(sys._getframe(1).f_globals.get("__file__", ".")).parent
        self.hooks: dict[str, Callable[..., Awaitable[Any]]] = {}
        self.policies: dict[str, Callable[..., Awaitable[Decision]]] = {}
        self.personal: list[Personal] = []
        self._policy = policy
        self._declared: list[_Declared] = []

    def command(
        self,
        word: str,
        *,
        aliases: Sequence[str] = (),
        policy: str = "",
        confirm: bool = False,
        examples: Sequence[str] = (),
        hidden: bool = False,
    ) -> Callable[[H], H]:
        """Answer a typed word, or two (`izin saya`). `confirm` reads everything back before the handler runs."""
        words = (word.lower(), *(alias.lower() for alias in aliases))

        def declare(handler: H) -> H:
            self._declared.append(_Declared("command", handler, policy, words, tuple(examples), confirm, hidden))
            return handler

        return declare

    def action(self, *, policy: str = "", confirm: bool = False, offers: str = "") -> Callable[[H], H]:
        """Answer a button; the decorated function is the handle that `Button` takes.

        With a label in `offers` it is offered on the items of other plugins (`ctx.offers`), and given an item's key first.
        """

        def declare(handler: H) -> H:
            self._declared.append(_Declared("action", handler, policy, confirm=confirm, offers=offers))
            return handler

        return declare

    def item(self, *, policy: str = "") -> Callable[[F], F]:
        """Let other plugins speak of this one's things: a function from a number to an `Item`, None where there is none.

        It is asked only for whoever passes the policy.
        """

        def declare(handler: F) -> F:
            self._declared.append(_Declared("item", handler, policy))
            return handler

        return declare

    def job(self, *, cron: str = "", policy: str = "", follows: bool = False) -> Callable[[H], H]:
        """Run at a planned time: `ctx.schedule(at, job)`, or by `cron` ("0 7 * * mon-fri", weekdays by name).

        With `follows` it runs whenever something in calendars was put, moved or taken out, and is given that entry's key.
        """

        def declare(handler: H) -> H:
            self._declared.append(_Declared("job", handler, policy, cron=cron, follows=follows))
            return handler

        return declare

    def on(self, event: type[Any], *, policy: str = "") -> Callable[[H], H]:
        """Answer every event of a type that nothing else answered."""

        def declare(handler: H) -> H:
            self._declared.append(_Declared("on", handler, policy, event=event))
            return handler

        return declare

    def feed(self, *, policy: str) -> Callable[[B], B]:
        """Answer whoever fetches `ctx.address(feed, token)` on the web: `async def feed(ctx, token: str)`, bytes and MIME.

        The policy is a rule of the plugin's own that knows the token; what it refuses is not there.
        """

        def declare(handler: B) -> B:
            self._declared.append(_Declared("feed", handler, policy))
            return handler

        return declare

    def page(self, path: str, *, title: str = "", policy: str = "", place: Place = "menu") -> Callable[[G], G]:
        """Give the dashboard a page: `async def papan(ctx, status: str = "") -> Page`, shown to whoever passes the policy.

        What stands in braces in the `path` (`/izin/{nomor}`) is a parameter; others come from the address and have defaults.
        `place`: in the "menu" under its `title`, among a person's "settings", or "" where only links lead to it. A page changes
        nothing: it names what can be done, and that is an event.
        """

        def declare(handler: G) -> G:
            self._declared.append(_Declared("page", handler, policy, path=path, title=title, place=place))
            return handler

        return declare

    def overview(self, *, policy: str = "") -> Callable[[V], V]:
        """Say what waits for a person, what is new since a moment, and how things stand: `async def ikhtisar(ctx, sejak)`.

        The first page of the dashboard and the digests are made of it.
        """

        def declare(handler: V) -> V:
            self._declared.append(_Declared("overview", handler, policy))
            return handler

        return declare

    def startup(self) -> Callable[[S], S]:
        """Run before anything of the plugin does: `async def mulai(ctx)` looks whether all is there that it needs.

        What it raises is logged under a code; it is tried again, later and later, and meanwhile people are told. What it
        gathers in its context is not kept.
        """
        return self._hook("startup")

    def health(self) -> Callable[[C], C]:
        """Say how the plugin is: `async def kabar(ctx) -> Health`, for /readyz, `pendopo doctor` and the operations page."""
        return self._hook("health")

    def _hook(self, kind: str) -> Callable[[Any], Any]:
        def declare(hook: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
            if kind in self.hooks:
                raise PluginError(f"{self.name} has two hooks for {kind}")
            self.hooks[kind] = hook
            return hook

        return declare

    def policy(self, name: str) -> Callable[[P], P]:
        """Give a rule a name. It takes the context and those of the route's arguments that it names."""

        def declare(rule: P) -> P:
            self.policies[name] = rule
            return rule

        return declare

    def holds(
        self,
        model: type[Row],
        *,
        of: str,
        words: Sequence[str] = (),
        files: Sequence[str] = (),
        since: str = "",
        keep: timedelta | None = None,
    ) -> None:
        """Declare rows that tell of a person: exported and erased with them, their words removed after a time to `keep`."""
        personal = Personal(model, of, tuple(words), tuple(files), since, keep)
        names = {column.name for column in personal.table.columns}
        if unknown := {of, *words, *files, *([since] if since else [])} - names:
            raise PluginError(f"{self.name} holds {personal.table.name}, which has no column {min(unknown)!r}")
        self.personal.append(personal)

    def routes(self) -> list[Route]:
        """The routes with their signatures read. Raises `PluginError` on anything that could not work."""
        return [self._route(declared) for declared in self._declared]

    def _route(self, d: _Declared) -> Route:
        policy = d.policy or self._policy
        name = f"{self.name}.{d.handler.__name__}"
        if not policy:
            raise PluginError(f"{name} has no policy: say who may use it (policy=…)")
        params = () if d.kind in ("on", "overview") else read_signature(d.handler)
        if d.cron and (policy not in ("system", "anyone") or any(param.required for param in params)):
            raise PluginError(f'{name} runs by cron, for nobody: give it policy="system" and no required parameters')
        if d.follows and (policy != "system" or [param.name for param in params] != ["key"]):
            raise PluginError(f'{name} follows calendars: give it policy="system" and one parameter, key: str')
        if d.kind == "item" and [type(param.kind).__name__ for param in params] != ["IntKind"]:
            raise PluginError(f"{name} finds an item by its number: it takes one parameter, an int")
        if d.kind == "feed" and (policy not in self.policies or [param.name for param in params] != ["token"]):
            raise PluginError(f"{name} is a feed: it takes a token and names a rule of its own that knows it")
        if d.kind == "page":
            check_page(name, d.path, params)
        return Route(
            name=name,
            plugin=self.name,
            kind=d.kind,
            handler=d.handler,
            policy=policy,
            params=params,
            words=d.words,
            summary=(d.handler.__doc__ or "").strip().split("\n")[0],
            examples=d.examples,
            confirm=d.confirm,
            hidden=d.hidden,
            event=d.event,
            cron=d.cron,
            follows=d.follows,
            offers=d.offers,
            path=d.path,
            title=d.title,
            place=d.place,
            wants_files=any(type(param.kind).__name__ == "FilesKind" for param in params),
        )
