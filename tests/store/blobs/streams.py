"""Bytes in pieces."""

from collections.abc import AsyncIterator


async def stream_pieces(*pieces: bytes, then: Exception | None = None) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    if then is not None:
        raise then
