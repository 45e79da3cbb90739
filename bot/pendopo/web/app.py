"""One ASGI app: webhooks, the simulator's page, health, metrics and static files."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

from pendopo.engine.app import App
from pendopo.web.dashboard import Dashboard
from pendopo.web.engine_port import Engine
from pendopo.web.health import HealthRoutes
from pendopo.web.http.access import ANYONE, TOKEN, GuardedRoute, check_routes
from pendopo.web.http.security import Guard
from pendopo.web.http.streams import Streams
from pendopo.web.http.templates import Assets, Templates
from pendopo.web.simulator.routes import SimulatedMessenger, SimulatorPages
from pendopo.web.simulator.story import list_commands
from pendopo.web.webhooks import WebhookRoutes


class FeedRoutes:
    """The routes under /feed/. A wrong name, a wrong token and a renewed one all answer 404 alike."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[GuardedRoute]:
        return [GuardedRoute("/feed/{name}/{token}", self.serve_feed, policy=TOKEN)]

    async def serve_feed(self, request: Request) -> Response:
        """Answer with the plugin's bytes. Raises `HTTPException` 404."""
        found = await self._engine.feed(request.path_params["name"], request.path_params["token"])
        if found is None:
            raise HTTPException(404)
        data, mime = found
        return Response(data, media_type=mime)


LOCAL_PATHS = ("/simulator",)
"""Paths that need no sign-in and therefore answer on this machine only."""


class WebApp(Starlette):
    """A Starlette app with the guard around everything, so that even its error pages carry the security headers."""

    hosts: Sequence[str] = ()
    """The names of the site, besides those of this machine."""

    def build_middleware_stack(self) -> ASGIApp:
        return Guard(super().build_middleware_stack(), local=LOCAL_PATHS, hosts=self.hosts)


EXAMPLES = ("/bantuan", "/izin", "/batal")
"""Commands that the simulator's phones offer where no bot says which it has."""


def build_web_app(
    engine: Engine,
    messenger: SimulatedMessenger | None = None,
    timezone: str = "Asia/Jakarta",
    examples: Sequence[str] = (),
    dashboard: App | None = None,
) -> Starlette:
    """Build the web app of a bot; with a `messenger`, the simulator is served at /simulator, on this machine only.

    `examples` are the commands that its phones offer, by default one of each plugin. `dashboard` is a started bot: its people
    may sign in and see the pages of its plugins. `app.state.streams.close()` ends the live streams, as `server.Server` does
    when it stops.
    """
    assets, streams = Assets(), Streams()
    pages = Templates(assets)
    routes: list[GuardedRoute] = [
        *WebhookRoutes(engine).routes(),
        *HealthRoutes(engine, dashboard.settings.web.monitor_token.get_secret_value() if dashboard else "").routes(),
        *FeedRoutes(engine).routes(),
        *assets.routes(),
    ]
    if messenger is not None:
        offered = examples or (list_commands(dashboard) if dashboard else EXAMPLES)
        simulator = SimulatorPages(engine, messenger, pages, streams, ZoneInfo(timezone), offered, dashboard is not None)
        routes += [GuardedRoute("/", _redirect_to_simulator, policy=ANYONE), *simulator.routes()]
    if dashboard is not None:
        routes += Dashboard(dashboard, pages, streams).routes(front=messenger is None)
    failed: Mapping[type[Exception], object] = {HTTPException: pages.show_error, Exception: pages.show_error}
    app = WebApp(routes=check_routes(routes, LOCAL_PATHS), exception_handlers=failed)  # type: ignore[arg-type]  # Starlette types only int keys well
    site = urlsplit(dashboard.core.site).hostname if dashboard is not None else None
    app.hosts = [site] if site else ()
    app.state.streams = streams
    return app


async def _redirect_to_simulator(request: Request) -> Response:
    return RedirectResponse("/simulator", status_code=307)
