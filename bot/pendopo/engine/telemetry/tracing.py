"""Follows one delivery through the bot by its number: in every log line, and in spans where these are collected."""

import secrets
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from structlog.contextvars import bind_contextvars, get_contextvars, reset_contextvars, unbind_contextvars

CORRELATION = "correlation"
"""The field of log lines, audit lines and deliveries that names the inbox row they come from."""

ROUTE = "route"
"""The field of log lines that names the route a person uses."""
COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""OpenTelemetry's own variables that say where spans are collected; either one turns them on."""


class StepLogging:
    """Whether each step of a delivery is logged: asking the logger itself costs more than most steps do."""

    enabled = False


class Spans(Protocol):
    """Receives how long each step took."""

    def start_span(self, name: str, event_id: int, **about: str) -> AbstractContextManager[object]:
        """Returns a context manager around one step of a delivery."""

    def close(self) -> None:
        """Exports what is left. May take a while."""


class NoSpans:
    """Records nothing."""

    _nothing = nullcontext()

    def start_span(self, name: str, event_id: int, **about: str) -> AbstractContextManager[object]:
        return self._nothing

    def close(self) -> None:
        return


class trace_step:  # noqa: N801  it is used like a function
    """One step of a delivery: a span, and its number in every log line meanwhile."""

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
    """Adds the route that a person uses to every log line from here."""
    bind_contextvars(**{ROUTE: route})


def bound_route() -> str:
    """Returns the route of `bind_route` in this step, or ""."""
    return str(get_contextvars().get(ROUTE, ""))


def new_error_code() -> str:
    """A short code a person can read out and an operator can find in the log: K7-3F2A."""
    return f"K{secrets.randbelow(10)}-{secrets.token_hex(2).upper()}"
