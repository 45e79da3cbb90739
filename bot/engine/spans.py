"""The way of one delivery through the bot, under one number: in every line that is logged on it, and, if wanted, as spans."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars, unbind_contextvars

CORRELATION = "correlation"
"""Under which lines of the log, of the audit log and of the outbox name the delivery they come from."""

ROUTE = "route"
COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""With one of these whoever starts the process names where spans are collected, as OpenTelemetry has it."""


class Spans(Protocol):
    """Who is told how long each part of the way took."""

    def span(self, name: str, event_id: int, **about: str) -> AbstractContextManager[object]:
        """Around one part of the way of a delivery."""
        ...

    def close(self) -> None:
        """Hand over what was not yet. May take a while."""
        ...


class NoSpans:
    """Nobody is told."""

    _nothing = nullcontext()

    def span(self, name: str, event_id: int, **about: str) -> AbstractContextManager[object]:
        return self._nothing

    def close(self) -> None:
        return


@contextmanager
def on_the_way(spans: Spans, name: str, event_id: int, **about: str) -> Iterator[None]:
    """One part of the way: a span, and a number in each line that is logged meanwhile."""
    with bound_contextvars(**{CORRELATION: event_id}), spans.span(name, event_id, **about):
        try:
            yield
        finally:
            unbind_contextvars(ROUTE)


def asks_for(route: str) -> None:
    """Name what a person uses, in each line of the log from here."""
    bind_contextvars(**{ROUTE: route})


def asked_for() -> str:
    """What `asks_for` named on this part of the way, or ""."""
    return str(get_contextvars().get(ROUTE, ""))
