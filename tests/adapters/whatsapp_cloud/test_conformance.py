"""WhatsApp Cloud through the suite that every adapter passes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.conformance import Conformance

from .bench import CloudBench
from .bench import bench as on_bench


class TestWhatsAppCloud(Conformance):
    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[CloudBench]:
        async with on_bench(tmp_path) as ready:
            yield ready
