"""One number from a delivery to its answer: in the log, in spans, and in what is counted on the way."""

import json
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from pendopo import Context, Plugin
from pendopo.cli import logs
from pendopo.engine.telemetry.otel import OtelSpans
from pendopo.engine.telemetry.tracing import StepLogging
from pendopo.errors import ConfigError
from pendopo.testing import Story

plugin = Plugin("gema", summary="Echoes", policy="anyone")
log = structlog.get_logger(__name__)


@plugin.command("gema")
async def gema(ctx: Context, teks: str) -> None:
    """Say it again."""
    log.info("asked for an echo", event_name="gema")
    await ctx.reply(teks)


@plugin.command("diam")
async def diam(ctx: Context) -> None:
    """Say nothing at all."""


@plugin.command("rusak")
async def rusak(ctx: Context) -> None:
    """Fail, with a secret in what it says."""
    raise ValueError("token=rahasia")


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story([plugin]) as told:
        yield told


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


async def test_the_first_reply_of_each_command_is_timed_and_silence_is_counted(story: Story) -> None:
    metrics = story.app.core.metrics
    await story.kadis.says("/gema satu")
    await story.kadis.says("bukan perintah", group=True)
    counts = {route: histogram.buckets()[0][-1] for route, histogram in metrics.first_replies.items()}
    assert counts == {"gema.gema": ("+Inf", 1)}
    assert metrics.silent == {}
    await story.kadis.says("/diam")
    assert metrics.silent == {"gema.diam": 1}


def test_whoever_asks_for_spans_without_the_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from pendopo.cli.bootstrap.composition import _make_spans
    from pendopo.config import Settings

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "pendopo.engine.telemetry.otel", None)
    with pytest.raises(ConfigError, match=r"pip install 'pendopo\[otel\]'"):
        _make_spans(Settings())


async def test_spans_reach_the_collector_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    from pendopo.cli.bootstrap.composition import _make_spans
    from pendopo.config import Settings

    from tests.engine.collector import collector

    async with collector() as (address, bodies):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        async with Story([plugin]) as story:
            story.app.core.spans = _make_spans(Settings())
            await story.kadis.says("/gema satu")
    assert b"handle" in b"".join(bodies)
    assert b"send" in b"".join(bodies)
