"""Reading request bodies that may be as large as their sender likes."""

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

SMALL = 64 * 1024


def bounded(request: Request, limit: int = SMALL) -> Request:
    """The same request, whose body may not be larger than `limit` bytes."""
    return Request(request.scope, limited(request.receive, limit))


async def whole(receive: Receive, limit: int) -> bytes:
    """A body of at most `limit` bytes. Raises `HTTPException` 413 when it is larger, `ClientDisconnect` when it breaks off."""
    pieces, receive = [], limited(receive, limit)
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


def limited(receive: Receive, limit: int) -> Receive:
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
