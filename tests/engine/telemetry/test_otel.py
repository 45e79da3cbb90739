"""Spans are sent where the environment says, and only with the library that does it."""

import pytest
from pendopo.errors import ConfigError
from pendopo.testing import Story

from .conftest import plugin


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
