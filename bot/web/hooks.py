"""Webhooks: a messenger's request is answered with 200 only after everything in it is stored."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.adapters.adapter import Adapter, Challenger, Completer
from bot.errors import Refused

from .access import SIGNED, Guarded
from .body import bounded
from .engine import Engine

LARGEST = 4 * 1024 * 1024


class Hooks:
    """The routes under /hooks/, one for each adapter of the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._completers: dict[Adapter, Completer | None] = {}

    def routes(self) -> list[Guarded]:
        return [
            Guarded("/hooks/{adapter}", self.take, policy=SIGNED, methods=["POST"]),
            Guarded("/hooks/{adapter}", self.challenge, policy=SIGNED, methods=["GET"]),
        ]

    async def take(self, request: Request) -> Response:
        """Verify, store, and only then say so. What went wrong is for our log, not for whoever asked."""
        adapter = self._adapter(request)
        body = await bounded(request, LARGEST).body()
        try:
            incoming = adapter.receive(body, dict(request.headers))
        except Refused as refused:
            raise HTTPException(refused.status) from refused
        if completer := self._completer(adapter):
            incoming = await completer.complete(incoming)
        await self._engine.accept(adapter.name, incoming)
        return PlainTextResponse("")

    async def challenge(self, request: Request) -> Response:
        """Echo the messenger's challenge."""
        adapter = self._adapter(request)
        if not isinstance(adapter, Challenger):
            raise HTTPException(404)
        try:
            return PlainTextResponse(adapter.challenge(dict(request.query_params)))
        except Refused as refused:
            raise HTTPException(refused.status) from refused

    def _completer(self, adapter: Adapter) -> Completer | None:
        """Asking a protocol takes longer than all else that happens to a delivery here, so it is asked once."""
        if adapter not in self._completers:
            self._completers[adapter] = adapter if isinstance(adapter, Completer) else None
        return self._completers[adapter]

    def _adapter(self, request: Request) -> Adapter:
        adapter = self._engine.adapters.get(request.path_params["adapter"])
        if adapter is None:
            raise HTTPException(404)
        return adapter
