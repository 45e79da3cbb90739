"""All routes of the dashboard."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.engine.app import App

from .. import stream
from ..access import Guarded
from ..pages import Pages
from .acting import Acting
from .desk import Desk
from .door import Door
from .live import Pulse
from .operations import Operations
from .own import Own
from .posts import Posts
from .session import Signed
from .showing import Showing
from .today import Today
from .trail import Trail


class _Routes(Protocol):
    """A part of the dashboard."""

    def routes(self) -> list[Guarded]: ...


class Dashboard:
    """The dashboard of one app; its plugins must be taken before, since each page is a route."""

    def __init__(self, app: App, pages: Pages, streams: stream.Streams) -> None:
        self._streams = streams
        self.desk = Desk(app, pages)
        self.pulse = Pulse(app.core)
        showing = Showing(self.desk)
        self._today = Today(self.desk)
        own: list[_Routes] = [Posts(self.desk), Trail(self.desk, showing), Operations(self.desk, app), Own(self.desk, showing)]
        self._rest: list[_Routes] = [Door(self.desk), Acting(self.desk, app), showing, *own]

    def routes(self, front: bool) -> list[Guarded]:
        """`front`: the first page is the dashboard's."""
        rest = [route for part in self._rest for route in part.routes()]
        return [*self._today.routes(front), self.desk.guarded("/aliran", self.follow, "known"), *rest]

    async def follow(self, request: Request, signed: Signed) -> Response:
        """The live stream of a page."""
        seen = request.query_params.get("sejak", "")
        since = int(seen) if seen.isdecimal() and len(seen) < 16 else 0

        async def still() -> bool:
            return await self.desk.sessions.of(request) is not None

        lines = self.pulse.follow(self._streams, signed.person.id, still, since)
        return StreamingResponse(lines, media_type="text/event-stream", headers=stream.HEADERS)
