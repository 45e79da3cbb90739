"""News for open pages: one poll of the database serves all of them.

It polls since many processes may work on one database; events of this process alone would miss the others'. Only
`Pulse.check_news` looks; code that knows of news earlier may call it.
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
LOOK_SECONDS = 0.25
"""Seconds between polls, while a page is open."""
MAX_AUDIT_LINES = 500
"""With this many new lines at one poll, every page is told that anything may have changed."""
StillSigned = Callable[[], Awaitable[bool]]
SIGNING = "web"
"""The topic of signing in and out: the first part of their actions in the audit log."""


class LiveNews(NamedTuple):
    """The result of one poll: plugins in which something happened, and persons (ids) with a new answer on their page."""

    number: int
    topics: frozenset[str]
    people: frozenset[int]


class Pulse:
    """Polls for news while a page listens."""

    def __init__(self, core: Runtime) -> None:
        self._core = core
        self._changed = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self._audit = self._delivery = -1  # before the first poll
        self._news = LiveNews(0, frozenset(), frozenset())
        self._recent: list[LiveNews] = []
        self.listeners = 0

    @property
    def latest(self) -> int:
        return self._news.number

    async def check_news(self) -> None:
        """Poll for news since the last call, and notify all listeners of it."""
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
        """Return the news after a number, waiting until there is some."""
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
        """Stream server-sent events to one page, drawn when `seen` was the newest line of the audit log.

        `signed` tells whether the reader is still signed in; it is asked about every SILENCE seconds; False ends the stream.
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
            if 0 < seen < self._audit:  # something happened while the page was on its way
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
                topics = sorted({topic for news in found for topic in news.topics})
                said = any(person in news.people for news in found)
                answered = ["event: answered\ndata: {}\n\n"] if said else []
                for text in [*answered, *([format_changed(topics)] if topics else [])]:
                    yield text
        finally:
            self.listeners -= 1
            closing.cancel()
            waiting.cancel()


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _concerns_sign_in(found: list[LiveNews]) -> bool:
    return any(SIGNING in news.topics or "*" in news.topics for news in found)


def format_changed(topics: list[str]) -> str:
    """Format the event that something changed in these plugins; `*` is any."""
    return f"event: changed\ndata: {json.dumps(topics)}\n\n"
