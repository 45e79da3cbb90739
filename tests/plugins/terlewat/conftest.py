"""Stories of /terlewat: a bot whose plugins have something to tell, on a Wednesday morning."""

from collections.abc import AsyncIterator

import pytest
from pendopo.testing import Story

from .steps import PLUGINS, WEDNESDAY


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story(PLUGINS, start=WEDNESDAY) as told:
        yield told
