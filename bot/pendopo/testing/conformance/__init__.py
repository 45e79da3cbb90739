"""What every adapter and every plugin must do, as tests to subclass. It needs pytest and pytest-asyncio.

class TestConformance(AdapterConformance):
    @pytest.fixture
    async def bench(self, tmp_path): ...

class TestConformance(PluginConformance, plugin=plugin):
    \"\"\"…\"\"\"
"""

import pytest

# Its assertions should say as much as those of any test, so this stands before they are imported.
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
