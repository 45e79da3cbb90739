"""Reads request bodies with a limit on their size."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

SMALL_BODY = 64 * 1024
"""Default limit in bytes; a form without files is far smaller."""


def limit_body(request: Request, limit: int = SMALL_BODY) -> Request:
    """Return the request with its body limited to `limit` bytes."""
    return Request(request.scope, limit_receive(request.receive, limit))


async def read_body(receive: Receive, limit: int) -> bytes:
    """Read a body of at most `limit` bytes. Raises `HTTPException` 413 for a larger one, `ClientDisconnect` for half a one."""
    pieces, receive = [], limit_receive(receive, limit)
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


def limit_receive(receive: Receive, limit: int) -> Receive:
    """Wrap `receive` so that it raises `HTTPException` 413 after `limit` bytes of body."""
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
    """Return a text field, or "" when it is missing or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
