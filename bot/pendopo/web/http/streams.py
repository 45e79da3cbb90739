"""The live stream of a page (server-sent events), resumable by the number of the last change it has seen."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Any, Protocol

SILENCE = 15.0  # seconds after which a comment is sent, so that nobody between thinks the line dead
HELLO = ": pendopo\n\n"
"""A comment, as server-sent events know it: some proxies and browsers wait for the first bytes."""
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""nginx gives a stream on at once instead of gathering it."""


class Change(Protocol):
    """A change as the messenger tells it."""

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
    """Where changes come from."""

    @property
    def latest(self) -> int: ...

    def changed(self, after: int) -> Awaitable[Sequence[Change]]:
        """The changes after this number, at once or when there are any."""
        ...


class Streams:
    """All open streams; `close` ends them, which a server must do before it can stop."""

    def __init__(self) -> None:
        self._closing = asyncio.Event()

    def close(self) -> None:
        self._closing.set()

    async def wait_closed(self) -> None:
        """Wait until all streams are to end."""
        await self._closing.wait()

    async def stream_changes(self, source: Source, after: int) -> AsyncIterator[str]:
        """The events after this number, then comments and events until the streams are closed."""
        yield HELLO
        if after > source.latest:  # the page is from before the log was started anew
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
                for text in format_changes(changes):
                    yield text
        finally:
            closing.cancel()
            news.cancel()


def format_changes(changes: Sequence[Change]) -> list[str]:
    """Changes as events: every toast, and one event for all that must be drawn again."""
    last = changes[-1].number
    toasts = [format_event(c.number, "toast", {"person": c.person, "text": c.toast}) for c in changes if c.toast]
    people = sorted({person for change in changes for person in change.people})
    return [*toasts, format_event(last, "changed", {"people": people})]


def format_event(number: int, name: str, data: dict[str, Any]) -> str:
    """One server-sent event."""
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
