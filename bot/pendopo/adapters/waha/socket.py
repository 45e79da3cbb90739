"""Events over a websocket, for a bot the gateway cannot reach. Events during a disconnection are lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlencode

import structlog

from pendopo.adapters.waha.incoming import EVENTS
from pendopo.model import pick_delay

log = structlog.get_logger(__name__)
RETRY_PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds between attempts to connect; the last one repeats."""
LARGEST_FRAME = 8 * 1024 * 1024
UNAUTHORISED = 1008
"""The close code for a wrong API key (RFC 6455: policy violation)."""


class EventSocket:
    """A websocket that reconnects whenever it breaks. `take` stores an event before it returns."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        session: str,
        take: Callable[[bytes], Awaitable[None]],
        tell: Callable[[bool, bool], None],
        pauses: Sequence[float] = RETRY_PAUSES,
    ) -> None:
        # For websockets the gateway accepts the key only in the URL (WAHA, WebSocketAuth).
        query = urlencode({"session": session, "events": ",".join(EVENTS), "x-api-key": api_key}, safe=",")
        self._url = f"ws{base_url.removeprefix('http')}/ws?{query}"
        self._take, self._tell, self._pauses = take, tell, pauses
        self._failures = 0

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            await self._listen_once()
            await asyncio.sleep(pick_delay(self._pauses, self._failures))
            self._failures += 1

    async def _listen_once(self) -> None:
        from websockets.asyncio.client import connect
        from websockets.exceptions import ConnectionClosed, WebSocketException

        refused = False
        try:
            # A silent logger, since the library's own writes the URL with the key at DEBUG.
            async with connect(
                self._url, max_size=LARGEST_FRAME, compression=None, proxy=None, logger=_make_silent_logger()
            ) as connection:
                self._tell(True, False)
                async for frame in connection:
                    self._failures = 0
                    await self._store_event(frame if isinstance(frame, bytes) else frame.encode())
                refused = connection.close_code == UNAUTHORISED
        except ConnectionClosed as closed:
            refused = closed.rcvd is not None and closed.rcvd.code == UNAUTHORISED
        except (WebSocketException, OSError) as error:
            log.warning("the websocket failed", event_name="waha_socket_failed", error=type(error).__name__)
        finally:
            self._tell(False, refused)

    async def _store_event(self, frame: bytes) -> None:
        """Store an event, however often it takes: a websocket has no acknowledgement to withhold. Later events wait."""
        attempts = 0
        while True:
            try:
                return await self._take(frame)
            except Exception:
                log.exception("an event could not be stored and is held", event_name="waha_event_held")
            await asyncio.sleep(pick_delay(self._pauses, attempts))
            attempts += 1


def _make_silent_logger() -> logging.Logger:
    logger = logging.Logger("waha")  # not registered, so that no logging configuration enables it
    logger.disabled = True
    return logger
