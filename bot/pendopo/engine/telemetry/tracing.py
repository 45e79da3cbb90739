"""The way of one delivery through the bot, under one number: in every line that is logged on it, and, if wanted, as spans."""

import secrets
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from structlog.contextvars import bind_contextvars, get_contextvars, reset_contextvars, unbind_contextvars

CORRELATION = "correlation"
"""Under which lines of the log, of the audit log and of the outbox name the delivery they come from."""

ROUTE = "route"
COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""With one of these whoever starts the process names where spans are collected, as OpenTelemetry has it."""


class StepLogging:
    """Whether each step of a delivery is told in the log: asking the log itself costs more than most steps do."""

    enabled = False


class Spans(Protocol):
    """Who is told how long each part of the way took."""

    def start_span(self, name: str, event_id: int, **about: str) -> AbstractContextManager[object]:
        """Around one part of the way of a delivery."""
        ...

    def close(self) -> None:
        """Hand over what was not yet. May take a while."""
        ...


class NoSpans:
    """Nobody is told."""

    _nothing = nullcontext()

    def start_span(self, name: str, event_id: int, **about: str) -> AbstractContextManager[object]:
        return self._nothing

    def close(self) -> None:
        return


class trace_step:  # noqa: N801  it is used like a function
    """One part of the way: a span, and a number in each line that is logged meanwhile."""

    __slots__ = ("_event_id", "_span", "_tokens")

    def __init__(self, spans: Spans, name: str, event_id: int, **about: str) -> None:
        self._event_id = event_id
        self._span = spans.start_span(name, event_id, **about)

    def __enter__(self) -> None:
        self._tokens = bind_contextvars(**{CORRELATION: self._event_id})
        self._span.__enter__()

    def __exit__(self, *raised: Any) -> None:
        try:
            self._span.__exit__(*raised)
        finally:
            unbind_contextvars(ROUTE)
            reset_contextvars(**self._tokens)


def bind_route(route: str) -> None:
    """Name what a person uses, in each line of the log from here."""
    bind_contextvars(**{ROUTE: route})


def bound_route() -> str:
    """What `bind_route` named on this part of the way, or ""."""
    return str(get_contextvars().get(ROUTE, ""))


def new_error_code() -> str:
    """A short code a person can read out and an operator can find in the log: K7-3F2A."""
    return f"K{secrets.randbelow(10)}-{secrets.token_hex(2).upper()}"
