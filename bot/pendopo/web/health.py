"""Health checks and metrics, for monitoring."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pendopo.web.engine_port import Engine
from pendopo.web.http.access import ANYONE, GuardedRoute


class HealthRoutes:
    """/healthz (the process answers), /readyz (it can do its work, else 503) and /metrics (Prometheus text)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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
        return JSONResponse(report, status_code=200 if report.get("ok") else 503)

    async def show_metrics(self, request: Request) -> Response:
        """Render counters and gauges; the library is imported at the first request."""
        from pendopo.web.metrics import TYPE, render_metrics

        return Response(render_metrics(self._engine.metrics, await self._engine.gauges()), media_type=TYPE)
