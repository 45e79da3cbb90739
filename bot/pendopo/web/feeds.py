"""Feeds: files that programs fetch by a secret address, as a phone's calendar subscription does."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pendopo.web.engine_port import Engine
from pendopo.web.http.access import TOKEN, GuardedRoute


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
