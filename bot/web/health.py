"""For whatever watches over the process: is it up, can it work, what does it count."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from .access import ANYONE, Guarded
from .engine import Engine


class Health:
    """/healthz (the process answers), /readyz (it can do its work, else 503) and /metrics (Prometheus text)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[Guarded]:
        return [
            Guarded("/healthz", self.alive, policy=ANYONE),
            Guarded("/readyz", self.ready, policy=ANYONE),
            Guarded("/metrics", self.metrics, policy=ANYONE),
        ]

    async def alive(self, request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(self, request: Request) -> Response:
        report = await self._engine.readiness()
        return JSONResponse(report, status_code=200 if report.get("ok") else 503)

    async def metrics(self, request: Request) -> Response:
        """Counters and gauges; the library is imported when somebody asks for them first."""
        from .metrics import TYPE, text

        return Response(text(self._engine.metrics, await self._engine.gauges()), media_type=TYPE)
