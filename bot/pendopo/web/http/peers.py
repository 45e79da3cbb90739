"""Cuts peers that do not finish a request, and more connections than one address, or this process, may hold."""

import asyncio
import ipaddress
import resource
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import structlog
from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as BaseProtocol
else:
    BaseProtocol = AutoHTTPProtocol

log = structlog.get_logger(__name__)

HEAD_SECONDS = 10.0
"""For the head of a request, from its first byte (or the connection's begin) to its last, however it drips."""
BODY_SECONDS = 60.0
"""The same for its body: a report with photos from a slow phone."""
PER_ADDRESS = 64
"""Connections of one address. A proxy on this machine stands for everybody, and has only the limit of the process."""
LOG_SECONDS = 60.0


def _count_most() -> int:
    """Returns how many connections are taken: half of what the system allows to be open stays for calls of our own."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(16, min(soft, 65_536) // 2)


class PeerLimits:
    """Who is connected, and what was cut."""

    def __init__(self) -> None:
        self.most = _count_most()
        self._open: Counter[str] = Counter()
        self._cut = 0
        self._logged = float("-inf")

    def admit(self, address: str) -> bool:
        """Counts a connection; False when it is one too many."""
        self._open[address] += 1
        local = not address or ipaddress.ip_address(address).is_loopback
        return self._open.total() <= self.most and (local or self._open[address] <= PER_ADDRESS)

    def release(self, address: str) -> None:
        """Counts a connection no more."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]

    def note_cut(self, address: str, why: str) -> None:
        """Counts a cut connection; the log has a line a minute."""
        self._cut += 1
        if time.monotonic() - self._logged > LOG_SECONDS:
            log.warning("connections are cut", event_name="peers_cut", address=address, why=why, count=self._cut)
            self._logged, self._cut = time.monotonic(), 0


class BoundedProtocol(BaseProtocol):
    """A connection that is cut when its peer keeps a request unfinished."""

    def __init__(self, limits: PeerLimits, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limits = limits
        self._timer: asyncio.TimerHandle | None = None
        self._state = self._address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0].partition("%")[0] if self.client else ""
        if self._limits.admit(self._address):
            self._watch_state("head")
        else:
            self._cut("too many connections")

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle: Any = self.cycle  # None until the first head is read
        if cycle is None or cycle.response_complete:
            self._watch_state("head")
        else:
            self._watch_state("body" if cycle.more_body else "")

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.cycle.more_body:
            self._watch_state("")  # between requests the server's own time to keep a connection counts

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch_state("")
        self._limits.release(self._address)
        super().connection_lost(exc)

    def _watch_state(self, state: str) -> None:
        if state == self._state:
            return
        self._state = state
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if state:
            seconds = HEAD_SECONDS if state == "head" else BODY_SECONDS
            self._timer = asyncio.get_running_loop().call_later(seconds, self._cut, f"its {state} takes too long")

    def _cut(self, why: str) -> None:
        self._limits.note_cut(self._address, why)
        self.transport.abort()
