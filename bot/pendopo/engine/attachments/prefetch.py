"""Fetches the files of known people as soon as their messages are stored, since a file's address expires soon."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial

import structlog

from pendopo.adapters.contract import Incoming
from pendopo.engine.clock import Timer
from pendopo.engine.runtime import Runtime
from pendopo.errors import SendError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Attachment, Message
from pendopo.model.cleaning import clean_texts

log = structlog.get_logger(__name__)
FILE_LIMIT = 20_000_000
"""The largest file taken, in bytes: Telegram's limit for downloads by a bot."""
AT_ONCE = 4
"""Downloads that run at a time."""
MOST_WAITING = 2_000
"""Files that may wait to be fetched; those beyond it are fetched when a handler wants them."""
PAUSES = (1.0, 5.0, 30.0)
"""Seconds before a failed fetch is tried again."""
PATIENCE = 20.0
"""Seconds a handler waits for a running fetch before it fetches the file itself."""
PRUNE_MS = 3_600_000
"""How often expired files are removed from the cache, at most."""


class Prefetch:
    """Prefetches files. Those of strangers are not fetched, so that they cannot fill the disk."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._places = asyncio.Semaphore(AT_ONCE)
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._later: dict[tuple[str, str], Timer] = {}
        self._pruned_at = 0
        self._pruning: asyncio.Task[int] | None = None

    def schedule(self, adapter: str, incoming: Sequence[Incoming]) -> None:
        """Starts fetching the files of messages that were stored."""
        for item in incoming:
            if len(self._running) + len(self._later) < MOST_WAITING:
                for attachment in self._list_wanted(adapter, item):
                    self._start_fetch(adapter, attachment)

    async def stream_bytes(self, adapter: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """Streams the bytes of a file: as prefetched, else from the messenger. Raises a `SendError`."""
        if task := self._running.get((adapter, attachment.ref)):
            await asyncio.wait([task], timeout=PATIENCE)
        arrivals = self._runtime.arrivals
        kept = arrivals.has_file(adapter, attachment.ref)
        source = arrivals.stream_file(adapter, attachment.ref) if kept else self._runtime.adapters[adapter].download(attachment)
        async for piece in source:
            yield piece

    async def idle(self) -> None:
        """Waits until no fetch is running; those due later are not waited for."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def close(self) -> None:
        for timer in self._later.values():
            timer.cancel()
        tasks = [*self._running.values(), *([self._pruning] if self._pruning else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _list_wanted(self, adapter: str, item: Incoming) -> list[Attachment]:
        try:
            events = [clean_texts(event) for event in self._runtime.adapters[adapter].convert(item)]
        except Exception:
            return []  # its lane makes a dead letter of it
        return [
            attachment
            for event in events
            if isinstance(event, Message) and event.account and self._runtime.people.by_alias(event.account.aliases)
            for attachment in event.attachments
        ]

    def _start_fetch(self, adapter: str, attachment: Attachment, attempt: int = 0) -> None:
        key = (adapter, attachment.ref)
        self._later.pop(key, None)
        if key in self._running or self._runtime.arrivals.has_file(*key):
            return
        now = self._runtime.clock.now()
        if self._runtime.now_ms() - self._pruned_at > PRUNE_MS:
            self._pruned_at = self._runtime.now_ms()
            self._pruning = asyncio.get_running_loop().create_task(asyncio.to_thread(self._runtime.arrivals.prune_files, now))
        task = self._running[key] = asyncio.get_running_loop().create_task(self._fetch_file(adapter, attachment, attempt))
        task.add_done_callback(lambda _: self._running.pop(key, None))

    async def _fetch_file(self, adapter: str, attachment: Attachment, attempt: int) -> None:
        try:
            async with self._places:
                await self._download_once(adapter, attachment)
        except SendError as error:
            # After the last try a handler that wants the file tries once more, and tells the person if it is gone.
            log.warning("a file could not be fetched", event_name="arrival_failed", error=self._runtime.redact_error(error))
            if isinstance(error, (TemporarySendError, UnknownOutcomeError)) and attempt < len(PAUSES):
                due = self._runtime.now_ms() + int(PAUSES[attempt] * 1000)
                again = partial(self._start_fetch, adapter, attachment, attempt + 1)
                self._later[adapter, attachment.ref] = self._runtime.clock.call_at(due, again)
        except Exception:
            log.exception("a file could not be kept", event_name="arrival_failed", adapter=adapter)

    async def _download_once(self, adapter: str, attachment: Attachment) -> None:
        source = self._runtime.adapters[adapter].download(attachment)
        if not await self._runtime.arrivals.store_file(adapter, attachment.ref, source, FILE_LIMIT, self._runtime.clock.now()):
            log.info("a file is too large to be kept", event_name="arrival_left", adapter=adapter)
