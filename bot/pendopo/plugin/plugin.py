"""A plugin: a value that holds routes and takes effect only in a bot it is given to."""

import functools
import inspect
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import sqlalchemy as sa
from msgspec import Struct

from pendopo.config import Options
from pendopo.directory import Decision
from pendopo.errors import PluginError
from pendopo.plugin.page_parts import Overview, Page
from pendopo.plugin.route import Preview, Route, RouteDeclaration, describe_place, read_route
from pendopo.plugin.values import Item, PluginHealth
from pendopo.store import Row
from pendopo.store.migrate import Schema

RESERVED = frozenset({"core", "pendopo", "umum", "tanya", "waktu", "gerbang", "tombol", "berkas", "direktori", "web"})
"""Names of the engine itself: in version tables, in routes, in the keys of its phrases."""

H = TypeVar("H", bound=Callable[..., Awaitable[None]])
F = TypeVar("F", bound=Callable[..., Awaitable[Item | None]])
B = TypeVar("B", bound=Callable[..., Awaitable[tuple[bytes, str]]])
G = TypeVar("G", bound=Callable[..., Awaitable[Page]])
V = TypeVar("V", bound=Callable[..., Awaitable[Overview]])
S = TypeVar("S", bound=Callable[..., Awaitable[None]])
C = TypeVar("C", bound=Callable[..., Awaitable[PluginHealth]])
P = TypeVar("P", bound=Callable[..., Awaitable[Decision | bool]])


Q = ParamSpec("Q")
D = TypeVar("D")


def with_brackets(declare: Callable[Concatenate["Plugin", Q], D]) -> Callable[Concatenate["Plugin", Q], D]:
    """Says so where a decorator is written without its brackets, and is given the handler in place of an option."""

    @functools.wraps(declare)
    def checked(plugin: "Plugin", /, *args: Q.args, **options: Q.kwargs) -> D:
        if args and inspect.isfunction(args[0]):
            inside = '("word")' if declare.__name__ == "command" else "()"
            said = f"@{plugin.name}.{declare.__name__} needs brackets: write @plugin.{declare.__name__}{inside}"
            raise PluginError(f"{said} ({describe_place(args[0])})")
        return declare(plugin, *args, **options)

    return checked


MenuPlace = Literal["menu", "settings", ""]


class Plugin:
    """Declares what a plugin answers to.

    `policy` is who may use its routes unless a route says otherwise: `anyone`, `known`, `role:sekda,walikota`, or a name
    given by `@plugin.policy`. A route for which neither says anything is refused at start. `tables` is the base of the
    plugin's rows, `options` what its operator decides in `[plugin.NAME]`. One that is `required` cannot be switched off in
    a chat. `path` is the folder with `locale/` and `migrations/`: where it is
    not given, that of its package, or of the one module it is.
    """

    def __init__(
        self,
        name: str,
        *,
        summary: str,
        policy: str = "",
        tables: type[Row] | None = None,
        options: type[Options] | None = None,
        required: bool = False,
        path: Path | None = None,
    ) -> None:
        if not name.isidentifier() or not name.islower():
            raise PluginError(f"a plugin's name is a lower-case word, not {name!r}")
        if name in RESERVED:
            raise PluginError(f"a plugin cannot be named {name}: that is the core's own")
        self.name = name
        self.summary = summary
        self.tables = tables
        self.options = options
        self.required = required
        self.hooks: dict[str, Callable[..., Awaitable[Any]]] = {}
        self.policies: dict[str, Callable[..., Awaitable[Decision | bool]]] = {}
        self.personal: list[PersonalData] = []
        self.handles: list[Callable[..., Awaitable[None]]] = []
        self._path = path
        self._policy = policy
        self._declared: list[RouteDeclaration] = []
        self._routes: list[Route] = []

    @with_brackets
    def command(
        self,
        word: str,
        *,
        aliases: Sequence[str] = (),
        policy: str = "",
        confirm: bool | Preview = False,
        drafts: bool = False,
        examples: Sequence[str] = (),
        hidden: bool = False,
    ) -> Callable[[H], H]:
        """Answers a typed word, or two (`izin saya`). `confirm` reads everything back before the handler runs.

        It may be a function that takes what the handler takes, and returns the sentences to read back; a `UserError` of it
        refuses the request before anybody confirms it.

        A sentence begins the command too, if it opens with a phrase of the catalogue's `PLUGIN.pembuka.HANDLER`; then
        everything is read back, unless the handler only makes a draft (`drafts`) and reads that back itself.
        """
        words = (word.lower(), *(alias.lower() for alias in aliases))
        more = {"confirm": confirm, "drafts": drafts, "hidden": hidden}
        return self._declare_route("command", policy, words=words, examples=tuple(examples), **more)

    @with_brackets
    def action(self, *, policy: str = "", confirm: bool = False, offers: str = "") -> Callable[[H], H]:
        """Answers a button; the decorated function is the handle that `Button` takes.

        With a label in `offers` it is offered on the items of other plugins (`ctx.plugins.list_item_buttons`), and given an
        item's key first.
        """
        return self._declare_route("action", policy, confirm=confirm, offers=offers)

    def handle(self, declared: H) -> H:
        """Declares a handler whose module cannot be imported here: buttons and timers point at this function instead.

        The handler has the same name and parameters; a handle without one is refused at start.
        """

        @functools.wraps(declared)
        async def uncallable(*args: Any, **kwargs: Any) -> None:
            raise PluginError(f"{self.name}.{declared.__name__} is a handle, for buttons and timers: call the handler itself")

        self.handles.append(uncallable)
        return uncallable  # type: ignore[return-value]  # wraps() keeps the signature, which the type checker cannot see

    @with_brackets
    def item(self, *, policy: str = "") -> Callable[[F], F]:
        """Lets other plugins show this one's things: a function from a number to an `Item`, None where there is none.

        It is called only for people who pass the policy.
        """
        return self._declare_route("item", policy)

    @with_brackets
    def job(self, *, cron: str = "", policy: str = "", on_calendar_change: bool = False) -> Callable[[H], H]:
        """Runs at a planned time: `ctx.schedule(at, job)`, or by `cron` ("0 7 * * mon-fri", weekdays by name).

        With `on_calendar_change` it runs whenever a calendar entry is put, moved or removed, and gets its key.
        """
        return self._declare_route("job", policy, cron=cron, follows=on_calendar_change)

    @with_brackets
    def on(self, event: type[Any], *, policy: str = "") -> Callable[[H], H]:
        """Answers every event of a type that nothing else answered."""
        return self._declare_route("on", policy, event=event)

    @with_brackets
    def feed(self, *, policy: str) -> Callable[[B], B]:
        """Answer who fetches `ctx.dashboard.build_feed_url(feed, token)`: `async def feed(ctx, token: str)`, bytes and MIME.

        The handler is `async def feed(ctx, token: str)`. The policy is a rule of the plugin that knows the token; a refused
        request finds nothing there.
        """
        return self._declare_route("feed", policy)

    @with_brackets
    def page(self, path: str, *, title: str = "", policy: str = "", menu: MenuPlace = "menu") -> Callable[[G], G]:
        """Adds a page to the dashboard: `async def papan(ctx, status: str = "") -> Page`, for people who pass the policy.

        A name in braces in `path` (`/izin/{nomor}`) is a parameter; others come from the address and have defaults. `menu`:
        "menu" lists it under its `title`, "settings" among a person's settings, "" leaves it to links. A page changes nothing:
        it offers buttons, and a press is an event.
        """
        return self._declare_route("page", policy, path=path, title=title, place=menu)

    @with_brackets
    def overview(self, *, policy: str = "") -> Callable[[V], V]:
        """Reports what waits for a person, what is new since an instant, and some figures: `async def ikhtisar(ctx, sejak)`.

        The dashboard's first page and the digests are made of it.
        """
        return self._declare_route("overview", policy)

    @with_brackets
    def startup(self) -> Callable[[S], S]:
        """Runs before anything else of the plugin: `async def mulai(ctx)` checks that all it needs is there.

        An error is logged under a code, and the hook runs again later and later; meanwhile people are told. The context's
        effects are not committed.
        """
        return self._register_hook("startup")

    @with_brackets
    def shutdown(self) -> Callable[[S], S]:
        """Runs when the bot stops, for what `startup` opened: `async def tutup(ctx)`. It has ten seconds."""
        return self._register_hook("shutdown")

    @with_brackets
    def health(self) -> Callable[[C], C]:
        """Say how the plugin is: `async def kabar(ctx) -> PluginHealth`, for /readyz, the doctor and the operations page."""
        return self._register_hook("health")

    def _register_hook(self, kind: str) -> Callable[[Any], Any]:
        def declare(hook: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
            if kind in self.hooks:
                raise PluginError(f"{self.name} has two hooks for {kind}")
            self.hooks[kind] = hook
            return hook

        return declare

    @with_brackets
    def policy(self, name: str) -> Callable[[P], P]:
        """Names a rule: a `Decision`, or yes or no. It takes the context and those of the route's arguments that it names."""

        def declare(rule: P) -> P:
            self.policies[name] = rule
            return rule

        return declare

    def declare_personal_data(
        self,
        model: type[Row],
        *,
        subject: str,
        text_fields: Sequence[str] = (),
        file_fields: Sequence[str] = (),
        since: str = "",
        retention: timedelta | None = None,
    ) -> None:
        """Declares rows about a person: exported and erased with them, their texts removed after `retention`."""
        personal = PersonalData(model, subject, tuple(text_fields), tuple(file_fields), since, retention)
        names = {column.name for column in personal.table.columns}
        if unknown := {subject, *text_fields, *file_fields, *([since] if since else [])} - names:
            raise PluginError(f"{self.name} holds {personal.table.name}, which has no column {min(unknown)!r}")
        self.personal.append(personal)

    def list_handlers(self) -> Sequence[Callable[..., Awaitable[Any]]]:
        """Returns the functions that the plugin declared: handlers, hooks and rules."""
        return [*(route.handler for route in self._declared), *self.hooks.values(), *self.policies.values()]

    @property
    def path(self) -> Path:
        """The folder with its catalogue and its migrations."""
        declared = (self.tables, *self.list_handlers())
        return self._path or next((_find_folder(each.__module__) for each in declared if each is not None), Path())

    @property
    def schema(self) -> Schema | None:
        """The plugin's tables with their migrations; None where it has none."""
        if self.tables is None:
            return None
        folder = self.path / "migrations"
        return Schema(self.name, folder if folder.is_dir() else None, self.tables.metadata)

    def list_routes(self) -> Sequence[Route]:
        """Returns the routes with their signatures read. Raises `PluginError` on anything that cannot work."""
        if len(self._routes) != len(self._declared):
            self._routes = [self._read_declared(declared) for declared in self._declared]
        return self._routes

    def _read_declared(self, declared: RouteDeclaration) -> Route:
        try:
            return read_route(self.name, declared, self.policies)
        except (PluginError, NameError, TypeError) as error:
            raise PluginError(f"{error} ({describe_place(declared.handler)})") from error

    def _declare_route(self, kind: str, policy: str, **more: Any) -> Callable[[Any], Any]:
        def declare(handler: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
            self._declared.append(RouteDeclaration(kind, handler, policy or self._policy, **more))
            return handler

        return declare


class PersonalData(Struct, frozen=True):
    """Rows about a person (`subject`): their `text_fields` are erased with the person, and after `retention` since `since`.

    `file_fields` name stored files (or hold JSON that does): they are blanked too, and the files removed, unless another
    person's row names them.
    """

    model: type[Row]
    subject: str
    text_fields: tuple[str, ...] = ()
    file_fields: tuple[str, ...] = ()
    since: str = ""
    retention: timedelta | None = None

    @property
    def table(self) -> sa.Table:
        found: sa.Table = self.model.__table__  # type: ignore[attr-defined]  # set by SQLAlchemy
        return found


def _find_folder(module: str) -> Path:
    """The folder of a module; where that holds neither catalogue nor migrations, of the nearest package around it that does."""
    around = [name for at in range(module.count(".") + 1) if (name := module.rsplit(".", at)[0]) in sys.modules]
    folders = [Path(file).parent for name in around if (file := getattr(sys.modules[name], "__file__", None))]
    holding = (each for each in folders if (each / "locale").is_dir() or (each / "migrations").is_dir())
    return next(holding, folders[0] if folders else Path())
