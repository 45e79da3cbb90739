"""What webhooks, health, feeds and the simulator's page need of the engine, so that a small one serves their tests.

The dashboard shows everything that a bot has, so it takes the whole `App`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from pendopo.adapters.contract import Adapter, Incoming
from pendopo.engine.telemetry.metrics import Measure, Metrics


class Clock(Protocol):
    """The engine's time."""

    def now(self) -> datetime:
        """UTC-aware."""
        ...


class MovableClock(Clock, Protocol):
    """A time that can be moved, for the simulator only."""

    async def shift(self, delta: timedelta) -> None:
        """Move the time and let what has become due happen."""
        ...


class Engine(Protocol):
    """The running bot."""

    @property
    def adapters(self) -> Mapping[str, Adapter]: ...

    @property
    def clock(self) -> Clock: ...

    async def accept(self, adapter: str, incoming: Sequence[Incoming]) -> None:
        """Returns once everything is durably stored; raises when it is not."""
        ...

    async def feed(self, name: str, token: str) -> tuple[bytes, str] | None:
        """Bytes and MIME type for whoever holds a secret address; None when it leads to nothing."""
        ...

    @property
    def metrics(self) -> Metrics: ...

    async def gauges(self) -> list[Measure]:
        """What stands at this moment: queues, dead letters, messengers."""
        ...

    async def readiness(self) -> dict[str, Any]:
        """JSON-able; `ok` says whether the bot can do its work."""
        ...
