"""Telegram in both of its modes through the suite that every adapter passes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing.conformance import AdapterConformance

from .bench import TelegramBench, fake, open_bench


@pytest.fixture(params=["polling", "webhook"])
async def on_bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TelegramBench]:
    async with fake() as api, open_bench(tmp_path, request.param, api) as ready:
        yield ready


class TestTelegram(AdapterConformance):
    @pytest.fixture
    def bench(self, on_bench: TelegramBench) -> TelegramBench:
        return on_bench
