"""The part of the engine that webhooks, health, feeds and the simulator use, so that their tests can use a small double.

The dashboard shows all data of a bot, so it takes the whole `App`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from pendopo.adapters.contract import Adapter, Incoming
from pendopo.engine.telemetry.metrics import Measure, Metrics


class Clock(Protocol):
    """The engine's time."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""


class MovableClock(Clock, Protocol):
    """A clock that can be moved, for the simulator only."""

    async def shift(self, delta: timedelta) -> None:
        """Move the time and run what has become due."""


class Engine(Protocol):
    """The running bot."""

    @property
    def adapters(self) -> Mapping[str, Adapter]: ...

    @property
    def clock(self) -> Clock: ...

    async def accept(self, adapter: str, incoming: Sequence[Incoming]) -> None:
        """Store everything durably; raises when that fails."""

    async def feed(self, name: str, token: str) -> tuple[bytes, str] | None:
        """Return bytes and MIME type of a secret address; None when there is no such feed."""

    @property
    def metrics(self) -> Metrics: ...

    async def gauges(self) -> list[Measure]:
        """Measure queues, dead letters and messengers at this moment."""

    async def readiness(self) -> dict[str, Any]:
        """Report the bot's state as plain JSON values; `ok`: whether it can work."""
