"""Fetches updates by long polling (Bot API, getUpdates).

Telegram considers an update received when the next poll names a higher offset, so the offset moves only after the updates
are stored. Updates stay raw objects: a client that parses a batch as a whole gets stuck forever on one malformed update.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from pendopo.adapters.foreign_json import get_int
from pendopo.adapters.telegram.api import BotApiClient, Timing
from pendopo.adapters.telegram.errors import FloodControlError, has_phrase, redact_error
from pendopo.adapters.telegram.health import ConnectionHealth
from pendopo.adapters.telegram.incoming import UPDATE_KINDS
from pendopo.model import pick_delay

log = structlog.get_logger(__name__)

BATCH = 100
"""Updates in one answer at most (Bot API, getUpdates)."""
CONFLICT_NOTE = "another process polls with the same token (409); this one gets no updates until that one stops"
REFUSED_NOTE = "Telegram refuses the token (401): write the one that BotFather gave into adapters.telegram.token"

UpdateStorer = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]


class PollStalledError(Exception):
    """A poll neither answered nor failed in time."""


class Polling:
    """Polls until cancelled. `connect` makes a client; `take` stores updates before it returns."""

    def __init__(
        self, connect: Callable[[], BotApiClient], take: UpdateStorer, pulse: ConnectionHealth, timing: Timing, token: str
    ) -> None:
        self._connect, self._take, self._pulse, self._timing, self._token = connect, take, pulse, timing, token
        self._client = connect()
        self._offset: int | None = None
        self._left: set[asyncio.Task[Any]] = set()
        self.rebuilt = 0
        """How often the client was replaced."""

    async def run(self) -> None:
        """Poll until cancelled; failures are retried with back-off."""
        failures = 0
        try:
            while True:
                try:
                    await self._poll_once()
                    failures = 0
                except Exception as error:
                    wait = await self._handle_failure(error, failures)
                    failures += 1
                    await asyncio.sleep(wait)
        finally:
            for task in self._left:
                task.cancel()
            with suppress(Exception):
                await self._client.close()

    async def _poll_once(self) -> None:
        updates = await self._fetch_updates()
        ids = [number for update in updates if (number := get_int(update, "update_id")) is not None]
        if updates and not ids:
            raise ValueError("updates without an id")
        await self._take([update for update in updates if get_int(update, "update_id") is not None])
        if ids:
            self._offset = max(ids) + 1
        self._pulse.note_success()

    async def _fetch_updates(self) -> list[dict[str, Any]]:
        """Make one poll with a watchdog: a half-open connection can hang forever and still look healthy."""
        longest = self._timing.poll + self._timing.margin
        poll = asyncio.ensure_future(
            self._client.call_method(
                "getUpdates",
                longest,
                offset=self._offset,
                limit=BATCH,
                timeout=max(1, int(self._timing.poll)),
                allowed_updates=list(UPDATE_KINDS),
            )
        )
        try:
            done, _ = await asyncio.wait({poll}, timeout=longest)
        except asyncio.CancelledError:
            poll.cancel()
            raise
        if not done:
            poll.cancel()  # not awaited: a stuck request may ignore the cancellation
            self._detach_task(poll)
            raise PollStalledError(f"no answer to a poll within {longest:g} s")
        answer = poll.result()
        return [update for update in answer if isinstance(update, dict)] if isinstance(answer, list) else []

    async def _handle_failure(self, error: Exception, failures: int) -> float:
        """Record a failed poll; returns the seconds to wait."""
        words = redact_error(error, self._token)
        log.warning("a poll failed", event_name="poll_failed", error=words)
        wait = pick_delay(self._timing.back_off, failures)
        if isinstance(error, FloodControlError):
            return max(error.seconds, wait)
        if isinstance(error, Conflict):
            await self._handle_conflict(error)
        elif isinstance(error, InvalidToken):
            self._pulse.set_fault(REFUSED_NOTE)
        else:
            self._pulse.note_failure(words)
            if isinstance(error, TelegramError | PollStalledError):
                self.rebuilt += 1
                old, self._client = self._client, self._connect()
                self._detach_task(asyncio.ensure_future(old.close()))
        return wait

    async def _handle_conflict(self, error: Conflict) -> None:
        if not has_phrase(error, "webhook"):
            self._pulse.set_fault(CONFLICT_NOTE)
            return
        self._pulse.note_failure("a webhook was set; it is removed")
        with suppress(TelegramError):
            await self._client.call_method("deleteWebhook")

    def _detach_task(self, task: "asyncio.Task[Any] | asyncio.Future[Any]") -> None:
        """Let a task end by itself and ignore its result."""
        if isinstance(task, asyncio.Task):
            self._left.add(task)
            task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[Any]) -> None:
        self._left.discard(task)
        if not task.cancelled():
            task.exception()
