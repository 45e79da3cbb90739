"""How the gateway is, as last seen: for /readyz and for whoever looks after the bot."""

from datetime import datetime

from pendopo.adapters.contract import AdapterHealth
from pendopo.adapters.waha.api import KEY_REFUSED, NOT_WORKING, UNREACHABLE

WORKING = "WORKING"
SAFE_ENGINES = frozenset({"GOWS", "NOWEB"})
"""Engines that send under an id of ours, since 2026.4.3."""
SAFE_SINCE = (2026, 4, 3)

DEAF_SECONDS = 300.0
"""Seconds after which a message to a person of which no event told means that events are lost (WAHA issue #2151)."""


class SessionHealth:
    """What calls, events and the websocket tell. `silence` is after how many seconds without an event that is worth a word."""

    def __init__(self, silence: float) -> None:
        self._silence = silence
        self._engine, self._version = "", ""
        self._fault, self._detail = "", ""
        self.status = ""
        self.refused = 0
        self.connected = True
        self.heard_at: datetime | None = None
        self._unconfirmed_since: datetime | None = None
        self.since: datetime | None = None

    def record_call(self, fault: str, detail: str) -> None:
        """A call ended: well, or with the gateway as a whole at fault."""
        self._fault, self._detail = fault, detail
        if fault == NOT_WORKING:
            self.status = detail or "STOPPED"

    def note_event(self, at: datetime) -> None:
        """An event came."""
        self.heard_at, self._unconfirmed_since = at, None

    def note_sent(self, at: datetime) -> None:
        """Something was sent to a person, of which an event should tell within seconds."""
        self._unconfirmed_since = self._unconfirmed_since or at

    def set_environment(self, engine: str, version: str) -> None:
        self._engine, self._version = engine or self._engine, version or self._version

    def note_working(self, at: datetime) -> None:
        """Something was sent, or the session says it is WORKING."""
        if self.status != WORKING:
            self.status, self.since = WORKING, at

    @property
    def repeatable(self) -> bool:
        """Whether a message sent twice under the same id is one message."""
        return self._engine in SAFE_ENGINES and _parse_version(self._version) >= SAFE_SINCE

    def get_health(self, now: datetime, notes: list[str]) -> AdapterHealth:
        """The sum of it. `notes` are what else the operator should know; they do not make it unwell."""
        wrong = self._list_faults(now)
        heard = -1.0 if self.heard_at is None else max(0.0, (now - self.heard_at).total_seconds())
        quiet = (now - max(filter(None, (self.heard_at, self.since)), default=now)).total_seconds()
        if not wrong and quiet >= self._silence:
            # GOWS has been known to stop telling while its session stayed WORKING (WAHA issue #2151).
            notes = [f"WORKING, and nothing heard for {int(quiet // 60)} minutes: does the gateway still deliver?", *notes]
        if self.refused:
            notes = [*notes, f"{self.refused} requests with a wrong signature"]
        return AdapterHealth(not wrong, heard, "; ".join([*wrong, *notes]))

    def _list_faults(self, now: datetime) -> list[str]:
        wrong = []
        if self._fault == KEY_REFUSED:
            wrong.append("the gateway refuses our API key")
        elif self._fault == UNREACHABLE:
            wrong.append("the gateway cannot be reached")
        elif self.status != WORKING:
            wrong.append(f"the session is {self.status}" if self.status else "the session's state is not known yet")
        if self._unconfirmed_since is not None and (now - self._unconfirmed_since).total_seconds() >= DEAF_SECONDS:
            wrong.append("what we say arrives, and no event tells of it: the gateway no longer delivers to us")
        if not self.connected:
            wrong.append("the websocket is not connected")
        return wrong


def _parse_version(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
