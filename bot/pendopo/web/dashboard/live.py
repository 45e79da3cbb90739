"""What happened lately, for open pages: one look at the database for all of them, wherever it happened.

Many processes may work on one database, so nothing here listens to the process it is in. `Pulse.look` is the one place that
finds out; whoever can be told earlier calls it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import structlog

from pendopo.engine.runtime import Runtime
from pendopo.store.queries import audit, deliveries
from pendopo.web.http.streams import HELLO, SILENCE, Streams

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.25  # seconds between looks, while a page is open
MAX_AUDIT_LINES = 500
"""With more news than this at one look, every page is told that everything may have changed."""
StillSigned = Callable[[], Awaitable[bool]]
SIGNING = "web"
"""What happens when somebody signs in or out is told under this name."""


class LiveNews(NamedTuple):
    """What one look found: which plugins something happened in, and on whose pages something was said."""

    number: int
    topics: frozenset[str]
    people: frozenset[int]


class Pulse:
    """Looks while somebody listens."""

    def __init__(self, core: Runtime) -> None:
        self._core = core
        self._changed = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self._audit = self._delivery = -1  # nothing was looked at yet
        self._news = LiveNews(0, frozenset(), frozenset())
        self._recent: list[LiveNews] = []
        self.listeners = 0

    @property
    def latest(self) -> int:
        return self._news.number

    async def check_news(self) -> None:
        """Find out whether anything happened since the last look, and tell everybody who listens."""
        database = self._core.database
        line, sent = (await audit.read_newest(database))[0], await deliveries.read_newest_id(database)
        if (line, sent) == (self._audit, self._delivery):
            return
        first = self._audit < 0
        topics = set() if first else await self._read_topics()
        people = set() if first else await self._read_people()
        self._audit, self._delivery = line, sent
        if first or topics or people:
            await self._notify_listeners(LiveNews(self._news.number + 1, frozenset(topics), frozenset(people)))

    async def _read_topics(self) -> set[str]:
        actions = await audit.list_actions(self._core.database, self._audit, MAX_AUDIT_LINES)
        return {action.partition(".")[0] for action in actions} if len(actions) < MAX_AUDIT_LINES else {"*"}

    async def _read_people(self) -> set[int]:
        lanes = await deliveries.list_page_lanes(self._core.database, self._delivery, MAX_AUDIT_LINES)
        return {int(lane.removeprefix("web:").partition("#")[0]) for lane in lanes}

    async def _notify_listeners(self, news: LiveNews) -> None:
        async with self._changed:
            self._news = news
            self._recent = [*self._recent[-200:], news]
            self._changed.notify_all()

    async def wait_for_news(self, number: int) -> list[LiveNews]:
        """What happened after a number, at once or when anything does."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._news.number > number)
            return [news for news in self._recent if news.number > number]

    async def _keep_looking(self) -> None:
        while self.listeners:
            try:
                await self.check_news()
            except Exception:
                log.exception("cannot look for news", event_name="pulse_failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def stream_news(self, streams: Streams, person: int, signed: StillSigned, seen: int = 0) -> AsyncIterator[str]:
        """The stream of one page: what is new since it was drawn, when `seen` was the newest line of the audit log.

        `signed` tells whether whoever reads it is still signed in; the stream ends soon after they no longer are.
        """
        self.listeners += 1
        if self._looking is None or self._looking.done():
            await self.check_news()
            self._looking = asyncio.create_task(self._keep_looking())
        number = self.latest
        asked = _loop_time()
        closing = asyncio.ensure_future(streams.wait_closed())
        waiting = asyncio.ensure_future(self.wait_for_news(number))
        try:
            yield HELLO
            if 0 < seen < self._audit:  # while the page was on its way
                yield format_changed(["*"])
            while True:
                done, _ = await asyncio.wait({closing, waiting}, timeout=SILENCE, return_when=asyncio.FIRST_COMPLETED)
                if closing in done:
                    return
                if _loop_time() - asked >= SILENCE or (waiting in done and _concerns_sign_in(waiting.result())):
                    if not await signed():
                        return
                    asked = _loop_time()
                if waiting not in done:
                    yield ":\n\n"
                    continue
                found = waiting.result()
                number = found[-1].number
                waiting = asyncio.ensure_future(self.wait_for_news(number))
                for text in format_news(found, person):
                    yield text
        finally:
            self.listeners -= 1
            closing.cancel()
            waiting.cancel()


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _concerns_sign_in(found: list[LiveNews]) -> bool:
    return any(SIGNING in news.topics or "*" in news.topics for news in found)


def format_news(found: list[LiveNews], person: int) -> list[str]:
    """News as server-sent events: that something was answered here, and in which plugins something happened."""
    topics = sorted({topic for news in found for topic in news.topics})
    said = any(person in news.people for news in found)
    answered = ["event: answered\ndata: {}\n\n"] if said else []
    return [*answered, *([format_changed(topics)] if topics else [])]


def format_changed(topics: list[str]) -> str:
    """The event that something happened in some plugins; `*` is any."""
    return f"event: changed\ndata: {json.dumps(topics)}\n\n"
