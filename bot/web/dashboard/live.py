"""What happened lately, for open pages: one look at the database for all of them, wherever it happened.

Many processes may work on one database, so nothing here listens to the process it is in. `Pulse.look` is the one place that
finds out; whoever can be told earlier calls it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import structlog

from bot.engine.core import Core
from bot.store import audit, delivery

from ..stream import HELLO, SILENCE, Streams

log = structlog.get_logger(__name__)
EVERY = 0.25  # seconds between looks, while a page is open
MOST = 500
StillSigned = Callable[[], Awaitable[bool]]
SIGNING = "web"
"""What happens when somebody signs in or out is told under this name."""


class News(NamedTuple):
    """What one look found: which plugins something happened in, and on whose pages something was said."""

    number: int
    topics: frozenset[str]
    people: frozenset[int]


class Pulse:
    """Looks while somebody listens."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._changed = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self._audit = self._delivery = -1  # nothing was looked at yet
        self._news = News(0, frozenset(), frozenset())
        self._recent: list[News] = []
        self.listeners = 0

    @property
    def latest(self) -> int:
        return self._news.number

    async def look(self) -> None:
        """Find out whether anything happened since the last look, and tell everybody who listens."""
        database = self._core.database
        line, sent = (await audit.head(database))[0], await delivery.read_newest_id(database)
        if (line, sent) == (self._audit, self._delivery):
            return
        first = self._audit < 0
        topics = set() if first else await self._topics()
        people = set() if first else await self._people()
        self._audit, self._delivery = line, sent
        if first or topics or people:
            await self._tell(News(self._news.number + 1, frozenset(topics), frozenset(people)))

    async def _topics(self) -> set[str]:
        actions = await audit.list_actions(self._core.database, self._audit, MOST)
        return {action.partition(".")[0] for action in actions} if len(actions) < MOST else {"*"}

    async def _people(self) -> set[int]:
        lanes = await delivery.list_page_lanes(self._core.database, self._delivery, MOST)
        return {int(lane.removeprefix("web:").partition("#")[0]) for lane in lanes}

    async def _tell(self, news: News) -> None:
        async with self._changed:
            self._news = news
            self._recent = [*self._recent[-200:], news]
            self._changed.notify_all()

    async def after(self, number: int) -> list[News]:
        """What happened after a number, at once or when anything does."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._news.number > number)
            return [news for news in self._recent if news.number > number]

    async def _keep_looking(self) -> None:
        while self.listeners:
            try:
                await self.look()
            except Exception:
                log.exception("cannot look for news", event_name="pulse_failed")
            await asyncio.sleep(EVERY)

    async def follow(self, streams: Streams, person: int, signed: StillSigned, seen: int = 0) -> AsyncIterator[str]:
        """The stream of one page: what is new since it was drawn, when `seen` was the newest line of the audit log.

        `signed` tells whether whoever reads it is still signed in; the stream ends soon after they no longer are.
        """
        self.listeners += 1
        if self._looking is None or self._looking.done():
            await self.look()
            self._looking = asyncio.create_task(self._keep_looking())
        number = self.latest
        asked = _now()
        closing = asyncio.ensure_future(streams.closed())
        waiting = asyncio.ensure_future(self.after(number))
        try:
            yield HELLO
            if 0 < seen < self._audit:  # while the page was on its way
                yield changed(["*"])
            while True:
                done, _ = await asyncio.wait({closing, waiting}, timeout=SILENCE, return_when=asyncio.FIRST_COMPLETED)
                if closing in done:
                    return
                if _now() - asked >= SILENCE or (waiting in done and _signing(waiting.result())):
                    if not await signed():
                        return
                    asked = _now()
                if waiting not in done:
                    yield ":\n\n"
                    continue
                found = waiting.result()
                number = found[-1].number
                waiting = asyncio.ensure_future(self.after(number))
                for text in told(found, person):
                    yield text
        finally:
            self.listeners -= 1
            closing.cancel()
            waiting.cancel()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _signing(found: list[News]) -> bool:
    return any(SIGNING in news.topics or "*" in news.topics for news in found)


def told(found: list[News], person: int) -> list[str]:
    """News as server-sent events: that something was answered here, and in which plugins something happened."""
    topics = sorted({topic for news in found for topic in news.topics})
    said = any(person in news.people for news in found)
    answered = ["event: answered\ndata: {}\n\n"] if said else []
    return [*answered, *([changed(topics)] if topics else [])]


def changed(topics: list[str]) -> str:
    """The event that something happened in some plugins; `*` is any."""
    return f"event: changed\ndata: {json.dumps(topics)}\n\n"
