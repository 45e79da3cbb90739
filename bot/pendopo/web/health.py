"""Health checks and metrics, for monitoring.

Whether the bot is ready is told to anybody; the rest to this machine, and to whoever has the token of the settings.
"""

import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pendopo.web.engine_port import Engine
from pendopo.web.http.access import ANYONE, GuardedRoute
from pendopo.web.http.security import is_local


class HealthRoutes:
    """/healthz (the process answers), /readyz (it can do its work, else 503) and /metrics (Prometheus text)."""

    def __init__(self, engine: Engine, token: str = "") -> None:
        self._engine = engine
        self._token = token

    def routes(self) -> list[GuardedRoute]:
        return [
            GuardedRoute("/healthz", self.show_alive, policy=ANYONE),
            GuardedRoute("/readyz", self.show_readiness, policy=ANYONE),
            GuardedRoute("/metrics", self.show_metrics, policy=ANYONE),
        ]

    async def show_alive(self, request: Request) -> Response:
        return PlainTextResponse("ok")

    async def show_readiness(self, request: Request) -> Response:
        report = await self._engine.readiness()
        told = report if self._is_trusted(request) else {"ok": bool(report.get("ok"))}
        return JSONResponse(told, status_code=200 if report.get("ok") else 503)

    async def show_metrics(self, request: Request) -> Response:
        """Render counters and gauges; the library is imported at the first request."""
        if not self._is_trusted(request):
            return PlainTextResponse("Ditolak.", 403)
        from pendopo.web.metrics import TYPE, render_metrics

        return Response(render_metrics(self._engine.metrics, await self._engine.gauges()), media_type=TYPE)

    def _is_trusted(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").encode()
        known = self._token != "" and hmac.compare_digest(given, f"Bearer {self._token}".encode())
        return known or is_local(request.scope)
