"""One number from a delivery to its answer: in the log, in spans, and in what is counted on the way."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from pendopo.cli import logs
from pendopo.engine.telemetry.otel import OtelSpans
from pendopo.engine.telemetry.tracing import StepLogging
from pendopo.testing import Story


@pytest.fixture
def spans(story: Story) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    story.app.core.spans = OtelSpans(provider, "kota")
    return exporter


@pytest.fixture
def _logged() -> Iterator[None]:
    """The log as an operator has it, for one test."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    StepLogging.enabled = False
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("_logged")
async def test_every_line_from_a_delivery_to_its_answer_has_the_same_number(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure((), "debug")
    await story.kadis.says("/gema satu")
    await story.sekda.says("/gema dua")
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    ways: dict[int, list[str]] = {}
    for line in said:
        ways.setdefault(line["correlation"], []).append(line["event"])
    assert list(ways.values()) == [["stored", "gema", "handled", "sent"]] * 2
    assert {line["route"] for line in said if line["event"] in ("gema", "handled")} == {"gema.gema"}
    assert [line for line in said if line["event"] == "sent" and "route" in line] == []


async def test_the_parts_of_a_deliverys_way_are_one_trace(story: Story, spans: InMemorySpanExporter) -> None:
    await story.kadis.says("/gema satu")
    await story.kadis.says("/gema dua")
    done = spans.get_finished_spans()
    assert [span.name for span in done] == ["handle", "send"] * 2
    traces = [span.context.trace_id for span in done if span.context]
    assert traces[0] == traces[1] != traces[2] == traces[3]


async def test_a_span_says_what_failed_and_nothing_of_what_was_said(story: Story, spans: InMemorySpanExporter) -> None:
    await story.kadis.says("/rusak")
    await story.advance(minutes=10)
    told = [span.to_json() for span in spans.get_finished_spans()]
    assert [text for text in told if "rahasia" in text] == []
    assert story.kadis.last.text.startswith("Maaf")


async def test_a_span_of_what_failed_is_marked(story: Story, spans: InMemorySpanExporter) -> None:
    with pytest.raises(ZeroDivisionError), story.app.core.spans.start_span("handle", 1):
        raise ZeroDivisionError("token=rahasia")
    (span,) = spans.get_finished_spans()
    assert (span.status.status_code, span.status.description, span.events) == (StatusCode.ERROR, "ZeroDivisionError", ())
