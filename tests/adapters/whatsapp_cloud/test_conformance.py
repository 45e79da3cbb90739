"""WhatsApp Cloud through the suite that every adapter passes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing.conformance import AdapterConformance

from .bench import CloudBench, open_bench


class TestWhatsAppCloud(AdapterConformance):
    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[CloudBench]:
        async with open_bench(tmp_path) as ready:
            yield ready
