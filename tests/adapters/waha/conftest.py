"""Benches of the tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.adapters.waha import Waha

from .bench import WahaBench, benched, settings


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[WahaBench]:
    """The adapter, fed by webhook, choices as numbers, GOWS."""
    async with benched(tmp_path) as made:
        yield made


@pytest.fixture
async def adapter() -> AsyncIterator[Waha]:
    """The adapter alone, with nothing behind its address."""
    made = Waha(settings("http://127.0.0.1:9"))
    yield made
    await made.close()
