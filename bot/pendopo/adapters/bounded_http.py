"""The one HTTP client of all adapters: an answer has an end, in bytes as they come, in bytes once unpacked, and in time.

httpx unpacks a piece whole before anybody can count it, as many layers as the answer names, and limits only the time between
two bytes.
"""

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator
from functools import cache
from typing import Any

import httpx

MOST_BYTES = "pendopo.most_bytes"
"""The extension of a request that allows its answer more bytes than its client does; only a success may use it."""
MOST_ANSWER = 1024 * 1024
PIECE_BYTES = 64 * 1024
MOST_FILE = 20_000_000 + 2 * PIECE_BYTES
"""A little above the largest file that is taken (20 MB), so that whoever takes it sees that there is more."""
SLOWEST = 32 * 1024
"""Bytes a second. What is slower for longer than the patience of its call is cut off, in either direction."""
PACKED = frozenset({"gzip", "x-gzip", "deflate"})


class OversizeAnswerError(httpx.DecodingError):
    """An answer is larger than it may be, as it came or once unpacked."""


class BoundedClient(httpx.AsyncClient):
    """A client whose calls end after `connect` and `read` of their timeout, and what their bytes take at the slowest pace."""

    def __init__(self, *, most_answer: int = MOST_ANSWER, **options: Any) -> None:
        super().__init__(verify=_make_tls_context(), **options)
        self._most_answer = most_answer

    async def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        """Send a request. Raises `OversizeAnswerError`, and `httpx.ReadTimeout` when the time is over, also while reading."""
        request.headers["Accept-Encoding"] = "identity"
        ends = asyncio.get_running_loop().time() + _count_seconds(request)
        try:
            async with asyncio.timeout_at(ends):
                response = await super().send(request, stream=True, **options)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the call took too long", request=request) from error
        try:
            response.stream = _BoundedBody(response, self._most_answer, ends)
            if not stream:
                await response.aread()
        except BaseException:
            await response.aclose()
            raise
        return response


@cache
def _make_tls_context() -> ssl.SSLContext:
    """Cached for all clients, since loading all certificates takes as long as a hundred calls and clients are rebuilt."""
    return httpx.create_ssl_context()


def _count_seconds(request: httpx.Request) -> float:
    patience = request.extensions.get("timeout", {})
    upload = int(request.headers.get("content-length", 0)) / SLOWEST
    return float(patience.get("connect") or 10.0) + float(patience.get("read") or 60.0) + upload


class _BoundedBody(httpx.AsyncByteStream):
    """The body of an answer, unpacked by one layer at most and in small steps."""

    def __init__(self, response: httpx.Response, limit: int, ends: float) -> None:
        layers = [each for each in response.headers.get_list("content-encoding", split_commas=True) if each != "identity"]
        if len(layers) > 1 or not PACKED.issuperset(layers):
            raise httpx.DecodingError(f"an answer is packed as {', '.join(layers)[:60]}", request=response.request)
        response.headers.pop("content-encoding", "")
        self._request, self._ends = response.request, ends
        self._limit = response.request.extensions.get(MOST_BYTES, limit) if response.is_success else limit
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32) if layers else None
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101  an asynchronous client has no other
        self._source = response.stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        come = made = 0
        pieces = aiter(self._source)
        while piece := await self._read_piece(pieces, self._ends + come / SLOWEST):
            come += len(piece)
            for part in self._unpack(piece):
                made += len(part)
                if max(come, made) > self._limit:
                    raise OversizeAnswerError(f"an answer is larger than {self._limit} bytes", request=self._request)
                yield part
        if self._unpacker is not None and not self._unpacker.eof:
            raise httpx.DecodingError("a packed answer has no end", request=self._request)

    async def aclose(self) -> None:
        await self._source.aclose()

    async def _read_piece(self, pieces: AsyncIterator[bytes], ends: float) -> bytes:
        """The next bytes, b"" after the last."""
        try:
            async with asyncio.timeout_at(ends):
                return await anext(pieces, b"")
        except TimeoutError as error:
            raise httpx.ReadTimeout("an answer took too long", request=self._request) from error

    def _unpack(self, piece: bytes) -> Iterator[bytes]:
        if self._unpacker is None:
            yield piece
            return
        try:
            while piece and not self._unpacker.eof:
                yield self._unpacker.decompress(piece, PIECE_BYTES)
                piece = self._unpacker.unconsumed_tail
        except zlib.error as error:
            raise httpx.DecodingError("an answer is not packed as it says", request=self._request) from error
        if piece or self._unpacker.unused_data:
            raise httpx.DecodingError("something follows a packed answer", request=self._request)
