"""Spans for OpenTelemetry, configured by its own variables (`OTEL_EXPORTER_OTLP_ENDPOINT` and others).

The steps of one delivery are one trace, though they may lie hours and restarts apart: the trace id is derived from the
delivery's number.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags, set_span_in_context


def make_otel_spans(place: str) -> "OtelSpans":
    """Makes spans for the collector that the environment names; `place` tells installations apart."""
    provider = TracerProvider(resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", "pendopo")}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OtelSpans(provider, place)


class OtelSpans:
    """Implements `Spans`. Exports neither what people wrote nor the text of errors."""

    def __init__(self, provider: TracerProvider, place: str) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("pendopo")
        self._place = place

    def start_span(self, name: str, event_id: int, **about: str) -> AbstractContextManager[object]:
        return self._record_span(name, event_id, about)

    @contextmanager
    def _record_span(self, name: str, event_id: int, about: dict[str, str]) -> Iterator[None]:
        attributes = {f"pendopo.{key}": value for key, value in about.items()} | {"pendopo.correlation": event_id}
        with self._tracer.start_as_current_span(
            name,
            context=set_span_in_context(NonRecordingSpan(self._root_context(event_id))),
            attributes=attributes,
            # The text of an error may quote people: only its type is exported, below.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def _root_context(self, event_id: int) -> SpanContext:
        digest = hashlib.sha256(f"{self._place}:{event_id}".encode()).digest()
        ids = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
        return SpanContext(*ids, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))

    def close(self) -> None:
        self._provider.shutdown()
