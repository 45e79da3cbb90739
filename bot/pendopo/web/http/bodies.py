"""Reading request bodies that may be as large as their sender likes."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

SMALL_BODY = 64 * 1024
"""Bytes: a form without files is far smaller."""


def limit_body(request: Request, limit: int = SMALL_BODY) -> Request:
    """The same request, whose body may not be larger than `limit` bytes."""
    return Request(request.scope, limit_receive(request.receive, limit))


async def read_body(receive: Receive, limit: int) -> bytes:
    """A body of at most `limit` bytes. Raises `HTTPException` 413 when it is larger, `ClientDisconnect` when it breaks off."""
    pieces, receive = [], limit_receive(receive, limit)
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


def limit_receive(receive: Receive, limit: int) -> Receive:
    """A `receive` that gives at most `limit` bytes of body. Raises `HTTPException` 413 on the first byte beyond."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413)
        return message

    return receive_limited


def get_field(form: FormData, name: str) -> str:
    """One text field, empty when it is not there."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
