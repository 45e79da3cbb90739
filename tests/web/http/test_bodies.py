"""Bodies that are too large or break off are not read to their end."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pendopo.web.webhooks import WebhookEndpoint
from starlette.types import Message

from tests.web.fakes import Engine
from tests.web.test_webhooks import RIGHT


@pytest.mark.parametrize("declared", [True, False], ids=["content-length", "chunked"])
async def test_more_than_four_megabytes_are_not_read(client: httpx.AsyncClient, engine: Engine, declared: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 1024 * 1024

    content = b"x" * (4 * 1024 * 1024 + 1) if declared else pieces()
    answer = await client.post("/hooks/hooked", content=content, headers=RIGHT)
    assert answer.status_code == 413
    assert engine.stored == []


async def test_a_delivery_that_breaks_off_is_not_stored_and_no_error_of_ours(engine: Engine) -> None:
    pieces: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return pieces.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await WebhookEndpoint(engine)({"path_params": {"adapter": "hooked"}, "headers": [(b"x-token", b"right")]}, receive, send)
    assert engine.stored == []
    assert sent == []
