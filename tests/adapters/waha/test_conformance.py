"""The suite that every adapter passes: by webhook and by websocket, with choices as numbers and as polls."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pendopo.testing.conformance import AdapterConformance

from .bench import WahaBench, benched

WAYS = [
    pytest.param({}, id="webhook"),
    pytest.param({"choices": "polls"}, id="polls"),
    pytest.param({"mode": "websocket", "choices": "polls", "engine": "NOWEB"}, id="websocket-noweb"),
]


class TestWaha(AdapterConformance):
    @pytest.fixture(params=WAYS)
    async def bench(self, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WahaBench]:
        way: dict[str, Any] = request.param
        async with benched(tmp_path, **way) as bench:
            yield bench
