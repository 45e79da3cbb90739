"""Live streams of pages (server-sent events), resumable by the number of the last change."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Any, Protocol

SILENCE = 15.0
"""Seconds after which a comment is sent, so that no proxy closes the connection as idle."""
HELLO = ": pendopo\n\n"
"""A first comment, since some proxies and browsers wait for the first bytes."""
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""`x-accel-buffering` makes nginx pass the stream on at once instead of buffering it."""


class Change(Protocol):
    """A change on the simulator's screens; `people` must be redrawn, `person` sees the toast."""

    @property
    def number(self) -> int: ...
    @property
    def chat(self) -> str: ...
    @property
    def people(self) -> Sequence[str]: ...
    @property
    def person(self) -> str: ...
    @property
    def toast(self) -> str: ...


class Source(Protocol):
    """A source of numbered changes."""

    @property
    def latest(self) -> int: ...

    def changed(self, after: int) -> Awaitable[Sequence[Change]]:
        """Return the changes after this number, waiting until there are some."""


class Streams:
    """All open streams; a server must `close` them before it can stop."""

    def __init__(self) -> None:
        self._closing = asyncio.Event()

    def close(self) -> None:
        self._closing.set()

    async def wait_closed(self) -> None:
        """Wait until all streams are to end."""
        await self._closing.wait()

    async def stream_changes(self, source: Source, after: int) -> AsyncIterator[str]:
        """Stream the events after this number until the streams are closed."""
        yield HELLO
        if after > source.latest:  # the page is older than the log, which was restarted
            after = source.latest
            yield format_event(after, "changed", {"people": ["*"]})
        closing = asyncio.ensure_future(self._closing.wait())
        news = asyncio.ensure_future(source.changed(after))
        try:
            while True:
                done, _ = await asyncio.wait({closing, news}, timeout=SILENCE, return_when=asyncio.FIRST_COMPLETED)
                if closing in done:
                    return
                if news not in done:
                    yield ":\n\n"
                    continue
                changes = news.result()
                after = changes[-1].number
                news = asyncio.ensure_future(source.changed(after))
                last = changes[-1].number
                toasts = [format_event(c.number, "toast", {"person": c.person, "text": c.toast}) for c in changes if c.toast]
                people = sorted({person for change in changes for person in change.people})
                for text in [*toasts, format_event(last, "changed", {"people": people})]:
                    yield text
        finally:
            closing.cancel()
            news.cancel()


def format_event(number: int, name: str, data: dict[str, Any]) -> str:
    """Format one server-sent event."""
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
