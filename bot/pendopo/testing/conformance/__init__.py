"""Conformance tests of adapters and plugins, to subclass. They need pytest and pytest-asyncio.

class TestConformance(AdapterConformance):
    @pytest.fixture
    async def bench(self, tmp_path): ...

class TestConformance(PluginConformance, plugin=plugin):
    \"\"\"…\"\"\"
"""

import pytest

# pytest rewrites the assertions of registered modules only, and only if they are registered before their import.
pytest.register_assert_rewrite("pendopo.testing.conformance.adapter", "pendopo.testing.conformance.plugin")

from pendopo.testing.conformance.adapter import AdapterConformance  # noqa: E402
from pendopo.testing.conformance.plugin import PluginConformance  # noqa: E402
from pendopo.testing.conformance.recording_engine import (  # noqa: E402
    PNG,
    AdapterHarness,
    Failure,
    NativeMessage,
    RecordingEngine,
    make_text,
    run_adapter,
)

__all__ = [
    "PNG",
    "AdapterConformance",
    "AdapterHarness",
    "Failure",
    "NativeMessage",
    "PluginConformance",
    "RecordingEngine",
    "make_text",
    "run_adapter",
]
