"""All routes of the dashboard."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pendopo.engine.app import App
from pendopo.model.numbers import parse_number
from pendopo.web.dashboard.actions import DashboardActions
from pendopo.web.dashboard.live import Pulse
from pendopo.web.dashboard.page_context import PageContext
from pendopo.web.dashboard.pages.audit import AuditPage
from pendopo.web.dashboard.pages.operations import OperationsPage
from pendopo.web.dashboard.pages.people import PeoplePages
from pendopo.web.dashboard.pages.plugin_pages import PluginPages
from pendopo.web.dashboard.pages.preferences import Preferences
from pendopo.web.dashboard.pages.today import TodayPage
from pendopo.web.dashboard.sessions import Visitor
from pendopo.web.dashboard.sign_in import SignInPages
from pendopo.web.http import streams as stream
from pendopo.web.http.access import GuardedRoute
from pendopo.web.http.templates import Templates


class _Routes(Protocol):
    """A part of the dashboard with routes of its own."""

    def routes(self) -> list[GuardedRoute]: ...


class Dashboard:
    """The dashboard of one app, whose plugins must be registered before, since each page is a route."""

    def __init__(self, app: App, pages: Templates, streams: stream.Streams) -> None:
        self._streams = streams
        self.context = PageContext(app, pages)
        self.pulse = Pulse(app.core)
        plugin_pages = PluginPages(self.context)
        self._today = TodayPage(self.context)
        own: list[_Routes] = [
            PeoplePages(self.context),
            AuditPage(self.context, plugin_pages),
            OperationsPage(self.context, app),
            Preferences(self.context, plugin_pages),
        ]
        self._rest: list[_Routes] = [SignInPages(self.context), DashboardActions(self.context, app), plugin_pages, *own]

    def routes(self, front: bool) -> list[GuardedRoute]:
        """All routes of the dashboard; `front`: / leads to it."""
        rest = [route for part in self._rest for route in part.routes()]
        return [*self._today.routes(front), self.context.guard_route("/aliran", self.stream_page, "known"), *rest]

    async def stream_page(self, request: Request, signed: Visitor) -> Response:
        """Stream live news to a page."""
        seen = request.query_params.get("sejak", "")
        since = parse_number(seen) or 0

        async def still() -> bool:
            return await self.context.sessions.find_visitor(request) is not None

        lines = self.pulse.stream_news(self._streams, signed.person.id, still, since)
        return StreamingResponse(lines, media_type="text/event-stream", headers=stream.HEADERS)
