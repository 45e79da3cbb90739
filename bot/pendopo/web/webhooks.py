"""Webhooks: a messenger's request is answered with 200 only after everything in it is stored."""

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from pendopo.adapters.contract import Adapter, DeliveryEnricher, WebhookChallenge
from pendopo.errors import InvalidWebhookError
from pendopo.web.engine_port import Engine
from pendopo.web.http.access import SIGNED, GuardedRoute
from pendopo.web.http.bodies import read_body

LARGEST = 4 * 1024 * 1024
"""Largest delivery in bytes. Deliveries hold addresses of files, not files; Meta's largest have some 3 MB."""
EMPTY = ((b"content-length", b"0"), (b"content-type", b"text/plain; charset=utf-8"))
"""Headers of the answer to a stored delivery; its body is empty, since senders read only the status."""


class WebhookRoutes:
    """The routes under /hooks/, which the adapters of the engine share."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[GuardedRoute]:
        return [
            GuardedRoute("/hooks/{adapter}", WebhookEndpoint(self._engine), policy=SIGNED, methods=["POST"]),
            GuardedRoute("/hooks/{adapter}", self.answer_challenge, policy=SIGNED, methods=["GET"]),
        ]

    async def answer_challenge(self, request: Request) -> Response:
        """Answer the messenger's verification request. Raises `HTTPException` when the adapter has none or refuses it."""
        adapter = _find_adapter(self._engine, request.path_params["adapter"])
        if not isinstance(adapter, WebhookChallenge):
            raise HTTPException(404)
        try:
            return PlainTextResponse(adapter.answer_challenge(dict(request.query_params)))
        except InvalidWebhookError as refused:
            raise HTTPException(refused.status) from refused


class WebhookEndpoint:
    """Accepts deliveries, in plain ASGI: Starlette's request and response objects would cost more time than storing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._completers: dict[str, DeliveryEnricher | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Verify and store a delivery, then answer 200. Errors are logged, not shown to the sender."""
        adapter = _find_adapter(self._engine, scope["path_params"]["adapter"])
        # Reversed, so that the first of repeated headers counts.
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
        if headers.get("content-encoding", "identity") != "identity":  # no messenger packs what it delivers
            raise HTTPException(415)
        try:
            body = await read_body(receive, LARGEST)
        except ClientDisconnect:
            return  # the sender is gone, and will deliver again what was not answered
        try:
            incoming = adapter.receive(body, headers)
        except InvalidWebhookError as refused:
            raise HTTPException(refused.status) from refused
        # Cached: an isinstance check against a protocol takes longer than the rest of a delivery's way through here.
        if adapter.name not in self._completers:
            self._completers[adapter.name] = adapter if isinstance(adapter, DeliveryEnricher) else None
        if completer := self._completers[adapter.name]:
            incoming = await completer.enrich_incoming(incoming)
        await self._engine.accept(adapter.name, incoming)
        await send({"type": "http.response.start", "status": 200, "headers": [*EMPTY]})
        await send({"type": "http.response.body"})


def _find_adapter(engine: Engine, name: str) -> Adapter:
    adapter = engine.adapters.get(name)
    if adapter is None:
        raise HTTPException(404)
    return adapter
